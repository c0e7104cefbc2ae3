using Deque.AxeCore.Playwright;
using Deskbridge.Access.Links;
using Deskbridge.Access.SecondFactor;
using Deskbridge.Core.Data;
using Deskbridge.Core.Directory;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Playwright;
using Xunit;

namespace Deskbridge.Browser.Tests;

/// <summary>From the invitation to the sign-in with a second factor, on a phone. That it works without script, the slice tests show: they post plain forms.</summary>
[Collection(BrowserWorld.OneAtATime)]
public sealed class SecondFactorFlowTests(BrowserWorld world)
{
    private static readonly string? Screens = Environment.GetEnvironmentVariable("SCREENS");

    [Fact]
    public async Task InvitedPerson_ChoosesAPassword_SetsUpASecondFactor_AndSignsInWithIt()
    {
        var person = (await world.Get<CreatePerson>().RunAsync(new PersonDraft("Noor Aziz", "noor.aziz@example.test", PersonRole.Dispatcher), world.Dana, default)).Value;
        await RequireAsync(nameof(PersonRole.Dispatcher));
        try
        {
            var page = await world.OpenAsync(Device.Phone, $"/password/{await LinkAsync(person)}", person: "");
            await LookAsync(page, "invited");
            await page.GetByLabel("Password").FillAsync("three tall trees");
            await page.GetByRole(AriaRole.Button, new() { Name = "Keep this password and sign in" }).ClickAsync();

            await LookAsync(page, "enrol");
            var link = await page.GetByRole(AriaRole.Link, new() { Name = "open the app with the key" }).GetAttributeAsync("href");
            var secret = FromBase32(System.Web.HttpUtility.ParseQueryString(new Uri(link!).Query)["secret"]!);
            var step = Totp.Step(TimeProvider.System.GetUtcNow());
            await page.GetByLabel("Enter the six digits").FillAsync(Totp.Code(secret, step));
            await page.GetByRole(AriaRole.Button, new() { Name = "Set it up" }).ClickAsync();
            await LookAsync(page, "recovery-codes");
            await page.GetByRole(AriaRole.Link, new() { Name = "I have kept them, go on" }).ClickAsync();
            await page.WaitForURLAsync("**/alerts");
            await page.Context.CloseAsync();

            var again = await world.OpenAsync(Device.Phone, "/sign-in", person: "");
            await again.GetByLabel("Email").FillAsync(person.Email);
            await again.GetByLabel("Password").FillAsync("three tall trees");
            await again.GetByRole(AriaRole.Button, new() { Name = "Sign in" }).ClickAsync();
            await LookAsync(again, "code");
            await again.GetByLabel("Code", new() { Exact = true }).FillAsync(Totp.Code(secret, step + 1));
            await again.GetByRole(AriaRole.Button, new() { Name = "Sign in", Exact = true }).ClickAsync();
            await again.WaitForURLAsync("**/alerts");
            await again.GotoAsync("/profile/second-factor");
            await Assertions.Expect(again.GetByText("10 recovery codes are left")).ToBeVisibleAsync();
            await LookAsync(again, "in-use");
            await again.Context.CloseAsync();
        }
        finally
        {
            await RequireAsync("");
        }
    }

    private async Task<string> LinkAsync(Person person)
    {
        await using var scope = world.Get<IServiceScopeFactory>().CreateAsyncScope();
        return (await scope.ServiceProvider.GetRequiredService<OneTimeLinks>().MakeAsync(person.Id, LinkPurpose.Invitation, default)).Secret;
    }

    private Task RequireAsync(string role) => world.Get<HubStore>().WriteAsync(
        async db =>
        {
            if (await db.Settings.FindAsync(SettingKeys.SecondFactorFrom) is { } row) row.Value = role;
            else db.Settings.Add(new Setting { Key = SettingKeys.SecondFactorFrom, Value = role });
        },
        default);

    private static async Task LookAsync(IPage page, string name)
    {
        if (Screens is not null) await page.ScreenshotAsync(new() { Path = Path.Combine(Screens, $"second-factor-{name}.png"), FullPage = true });
        Assert.True(await page.EvaluateAsync<int>("() => document.documentElement.scrollWidth") <= Device.Phone.Size.Width, $"{name} is too wide");
        var violations = (await page.RunAxe()).Violations;
        Assert.True(violations.Length == 0, string.Join('\n', violations.Select(found => $"{name}: {found.Id}: {found.Help} {string.Join(' ', found.Nodes.Select(node => node.Html))}")));
    }

    private static byte[] FromBase32(string text)
    {
        var bits = string.Concat(text.Select(c => Convert.ToString("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567".IndexOf(c, StringComparison.Ordinal), 2).PadLeft(5, '0')));
        return [.. bits.Chunk(8).Where(chunk => chunk.Length == 8).Select(chunk => Convert.ToByte(new string(chunk), 2))];
    }
}
