using Deque.AxeCore.Commons;
using Deque.AxeCore.Playwright;
using Microsoft.Playwright;
using Xunit;

namespace Deskbridge.Browser.Tests;

/// <summary>What holds for every page, on a phone and on a desk, in both colours. With the variable SCREENS set to a folder, what was seen is kept there as pictures.</summary>
[Collection(BrowserWorld.OneAtATime)]
public sealed class EveryPageTests(BrowserWorld world)
{
    private static readonly string? Screens = Environment.GetEnvironmentVariable("SCREENS");

    private static readonly AxeRunOptions Contrast = new() { RunOnly = RunOnlyOptions.Rules("color-contrast") };

    public static TheoryData<string, string> Pages()
    {
        string[] paths =
        [
            "/alerts", "/alerts?status=acknowledged", "/alerts?status=closed&q=nothing", "/alerts/{alert}", "/alerts/{taken}", "/alerts/{taken}/notes/{note}", "/alerts/{taken}/attach", "/alerts/{alert}/status",
            "/duty", "/duty/teams", "/duty/teams/{team}", "/duty/teams/{team}/escalation", "/duty/teams/{chained}/escalation", "/duty/teams/{team}/intake", "/duty/teams/{chained}/intake", "/alerts/{mailed}", "/duty/channels", "/duty/teams/{team}/schedule", "/duty/teams/{field}/schedule", "/duty/teams/{field}/schedule/layers",
            "/connections", "/connections/new", "/connections/new/connectwise-psa", "/connections/new/fake-psa",
            "/connections/{connection}", "/connections/{draft}", "/connections/{connection}/settings", "/connections/{connection}/remove", "/connections/{connection}/disable", "/connections/{connection}/rights", "/connections/{connection}/members", "/connections/{draft}/rights",
            "/connections/{connection}/runs/{run}", "/connections/{connection}/runs/{test}", "/connections/{draft}/runs/{adopts}", "/connections/{connection}/explain", "/connections/{connection}/statuses", "/connections/{connection}/writes", "/connections/{connection}/explain?ticket={ticket}", "/events", "/events/{event}", "/health", "/health/nodes",
            "/connections/{psa}/rules", "/connections/{psa}/rules/{raises}?template=waiting", "/connections/{psa}/rules/{writes}",
            "/connections/new/autotask", "/connections/{autotask}", "/connections/{autotask}/settings", "/connections/{autotask}/rules", "/connections/{autotask}/rules/raise?template=urgent", "/connections/{autotask}/rights", "/connections/{autotask}/members", "/alerts/{queued}",
            "/people", "/people/new", "/people/{person}", "/settings",
            "/audit", "/audit?handler=Verify&kind=team", "/profile", "/profile/second-factor", "/forgot", "/password/unknown", "/nowhere",
        ];
        var data = new TheoryData<string, string>();
        foreach (var path in paths)
        {
            data.Add(path, "phone");
            data.Add(path, "desk");
        }

        return data;
    }

    [Theory, MemberData(nameof(Pages))]
    public async Task Page_InBothColours_IsAccessibleAndFitsTheWidth(string path, string device)
    {
        var page = await world.KeptAsync(Device.Of(device), path);
        var width = await page.EvaluateAsync<int>("() => document.documentElement.scrollWidth");
        List<AxeResultItem> violations = [];
        foreach (var colours in new[] { ColorScheme.Light, ColorScheme.Dark })
        {
            await page.EmulateMediaAsync(new() { ColorScheme = colours });
            await page.Locator($"html[data-bs-theme={colours.ToString().ToLowerInvariant()}]").WaitForAsync(new() { State = WaitForSelectorState.Attached });
            violations.AddRange((await page.RunAxe(colours == ColorScheme.Light ? null : Contrast)).Violations);
            if (Screens is not null) await page.ScreenshotAsync(new() { Path = Picture(path, device, colours) });
        }

        Assert.True(width <= Device.Of(device).Size.Width, $"{path} is {width} pixels wide");
        Assert.True(violations.Count == 0, string.Join('\n', violations.Select(violation =>
            $"{violation.Id}: {violation.Help}\n  {string.Join("\n  ", violation.Nodes.Select(node => $"{node.Html} {node.Any.FirstOrDefault()?.Message}"))}")));
    }

    [Theory]
    [InlineData("/alerts")]
    [InlineData("/alerts/{alert}")]
    [InlineData("/connections/{connection}")]
    public async Task Page_OnFirstLoad_NeedsUnder150KilobytesCompressed(string path)
    {
        var page = await world.OpenAsync(Device.Phone, "/health/live");
        var sizes = new List<Task<RequestSizesResult>>();
        page.RequestFinished += (_, request) => sizes.Add(request.SizesAsync());
        await page.GotoAsync(world.Fill(path));
        var bytes = (await Task.WhenAll(sizes.ToArray())).Sum(size => size.ResponseBodySize + size.ResponseHeadersSize);
        await page.Context.CloseAsync();

        Assert.InRange(bytes, 1, 150_000);
    }

    private static string Picture(string path, string device, ColorScheme colours)
    {
        var name = string.Concat(path.Trim('/').Select(c => char.IsAsciiLetterOrDigit(c) ? c : '-'));
        return Path.Combine(Screens!, $"{name}.{device}.{colours.ToString().ToLowerInvariant()}.png");
    }
}
