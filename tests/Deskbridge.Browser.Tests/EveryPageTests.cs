using Deque.AxeCore.Playwright;
using Xunit;

namespace Deskbridge.Browser.Tests;

/// <summary>What holds for every page, on a phone and on a desk, in both colours. What was seen is kept as pictures in artifacts/screens.</summary>
public sealed class EveryPageTests(BrowserWorld world)
{
    public static TheoryData<string, string, bool> Pages()
    {
        string[] paths =
        [
            "/alerts", "/alerts?status=acknowledged", "/alerts?status=closed&q=nothing", "/alerts/{alert}", "/alerts/{taken}",
            "/duty", "/duty/teams", "/duty/teams/{team}", "/duty/channels",
            "/connections", "/connections/new", "/connections/new/connectwise-psa", "/connections/new/fake-psa",
            "/connections/{connection}", "/connections/{draft}", "/connections/{connection}/settings", "/connections/{connection}/remove",
            "/connections/{connection}/runs/{run}", "/events", "/events/{event}", "/health", "/people", "/people/new", "/settings", "/profile", "/nowhere",
        ];
        var data = new TheoryData<string, string, bool>();
        foreach (var path in paths)
        {
            data.Add(path, "phone", false);
            data.Add(path, "phone", true);
            data.Add(path, "desk", false);
            data.Add(path, "desk", true);
        }

        return data;
    }

    [Theory, MemberData(nameof(Pages))]
    public async Task Page_OnEveryDevice_IsAccessibleAndFitsTheWidth(string path, string device, bool dark)
    {
        var page = await world.OpenAsync(Device.Of(device), path, dark: dark);
        var width = await page.EvaluateAsync<int>("() => document.documentElement.scrollWidth");
        var found = await page.RunAxe();
        var name = string.Concat(path.Trim('/').Select(c => char.IsAsciiLetterOrDigit(c) ? c : '-'));
        await page.ScreenshotAsync(new() { Path = Path.Combine(Screens(), $"{name}.{device}.{(dark ? "dark" : "light")}.png"), FullPage = true });
        await page.Context.CloseAsync();

        Assert.True(width <= Device.Of(device).Size.Width, $"{path} is {width} pixels wide");
        Assert.True(found.Violations.Length == 0, string.Join('\n', found.Violations.Select(violation =>
            $"{violation.Id}: {violation.Help}\n  {string.Join("\n  ", violation.Nodes.Select(node => node.Html))}")));
    }

    [Theory]
    [InlineData("/alerts")]
    [InlineData("/alerts/{alert}")]
    [InlineData("/connections/{connection}")]
    public async Task Page_OnFirstLoad_NeedsUnder150KilobytesCompressed(string path)
    {
        var page = await world.OpenAsync(Device.Phone, "/health/live");
        var sizes = new List<Task<Microsoft.Playwright.RequestSizesResult>>();
        page.RequestFinished += (_, request) => sizes.Add(request.SizesAsync());
        await page.GotoAsync(world.Fill(path));
        var bytes = (await Task.WhenAll(sizes.ToArray())).Sum(size => size.ResponseBodySize + size.ResponseHeadersSize);
        await page.Context.CloseAsync();

        Assert.InRange(bytes, 1, 150_000);
    }

    private static string Screens()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "Deskbridge.slnx"))) folder = folder.Parent;
        var screens = Path.Combine(folder?.FullName ?? AppContext.BaseDirectory, "artifacts", "screens");
        Directory.CreateDirectory(screens);
        return screens;
    }
}
