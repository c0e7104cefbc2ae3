using Deque.AxeCore.Playwright;
using Deskbridge.Core.Connections;
using Microsoft.Playwright;
using Xunit;
using static Microsoft.Playwright.Assertions;

namespace Deskbridge.Browser.Tests;

[Collection(BrowserWorld.OneAtATime)]
public sealed class DutyAndConnectionTests(BrowserWorld world)
{
    [Fact]
    public async Task Channel_AddedAsWebhook_ShowsItsSecretOnce()
    {
        var page = await world.OpenAsync(Device.Phone, "/duty/channels");
        await page.Locator("#kind").SelectOptionAsync("Webhook");
        await page.Locator("#name").FillAsync("Pager duty room");
        await page.Locator("#address").FillAsync("http://127.0.0.1:9/room");
        await page.GetByRole(AriaRole.Button, new() { Name = "Add", Exact = true }).ClickAsync();

        await Expect(page.Locator(".app-secret")).ToContainTextAsync("whsec_");
        await page.GotoAsync("/duty/channels");
        await Expect(page.Locator(".app-secret")).ToHaveCountAsync(0);

        await page.Locator("summary", new() { HasText = "Remove Pager duty room" }).ClickAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Remove Pager duty room" }).ClickAsync();
        await Expect(page.Locator("#notices")).ToContainTextAsync("removed");
        await page.Context.CloseAsync();
    }

    [Fact]
    public async Task Channel_WithAWrongAddress_SaysWhatToEnterAndKeepsWhatWasTyped()
    {
        var page = await world.OpenAsync(Device.Phone, "/duty/channels");
        await page.Locator("#name").FillAsync("My phone");
        await page.Locator("#address").FillAsync("not a topic");
        await page.GetByRole(AriaRole.Button, new() { Name = "Add", Exact = true }).ClickAsync();

        await Expect(page.GetByRole(AriaRole.Alert)).ToContainTextAsync("not the address of an ntfy topic");
        await Expect(page.Locator("#name")).ToHaveValueAsync("My phone");
        await page.Context.CloseAsync();
    }

    [Fact]
    public async Task Channel_OfAChat_SaysWhichAddressIsRefused_AndAsksForItAgain()
    {
        var page = await world.OpenAsync(Device.Phone, "/duty/channels");
        await page.Locator("#kind").SelectOptionAsync("Slack");
        await page.Locator("#name").FillAsync("Night channel");
        await page.Locator("#address").FillAsync("https://slack.example.com/services/T0/B0/only-we-know-it");
        await page.GetByRole(AriaRole.Button, new() { Name = "Add", Exact = true }).ClickAsync();

        await Expect(page.GetByRole(AriaRole.Alert)).ToContainTextAsync("slack.example.com is not where Slack takes messages");
        await Expect(page.Locator("#kind")).ToHaveValueAsync("Slack");
        await Expect(page.Locator("#name")).ToHaveValueAsync("Night channel");
        await Expect(page.Locator("#address")).ToHaveValueAsync("");
        await page.Context.CloseAsync();
    }

    [Fact]
    public async Task Team_Tested_SaysWhoWouldBePagedAndThatNothingReachesThem()
    {
        var page = await world.OpenAsync(Device.Phone, "/duty");
        await page.GetByRole(AriaRole.Button, new() { Name = "Test: who would be paged? (Service Desk)" }).TapAsync();

        await Expect(page.Locator("#tested")).ToContainTextAsync("Dana Reyes cannot be paged: neither channel took the test message.");
        await Expect(page.Locator("#tested")).ToContainTextAsync("could not be reached");
        Assert.Empty((await page.RunAxe()).Violations);
        await page.Context.CloseAsync();
    }

    [Fact]
    public async Task Gallery_SearchedAndFiltered_ShowsWhatFits()
    {
        var page = await world.OpenAsync(Device.Phone, "/connections/new");
        var cards = page.Locator(".app-cards h2");
        await page.Locator("#q").FillAsync("connectwise");
        await page.GetByRole(AriaRole.Button, new() { Name = "Search" }).TapAsync();
        await Expect(cards).ToHaveTextAsync(["ConnectWise PSA"]);

        await page.Locator("#category").SelectOptionAsync("PSA");
        await page.Locator("#q").FillAsync("no such system");
        await page.GetByRole(AriaRole.Button, new() { Name = "Search" }).TapAsync();

        await Expect(page.GetByText("No system matches")).ToBeVisibleAsync();
        await page.Context.CloseAsync();
    }

    [Fact]
    public async Task Connection_WithMissingSettings_NamesEachBesideItsField()
    {
        var page = await world.OpenAsync(Device.Phone, "/connections/new/connectwise-psa");
        await page.Locator("#s-InstanceUri").FillAsync("ftp://wrong");
        await page.GetByRole(AriaRole.Button, new() { Name = "Save, then test" }).ClickAsync();

        await Expect(page.Locator("#s-PrivateKey-problem")).ToBeVisibleAsync();
        await Expect(page.Locator("#s-InstanceUri-problem")).ToBeVisibleAsync();
        await Expect(page.Locator("#s-InstanceUri")).ToHaveValueAsync("ftp://wrong");
        await page.Context.CloseAsync();
    }

    [Fact]
    public async Task StatusMappings_SelectAll_TicksEveryOne()
    {
        var page = await world.OpenAsync(Device.Phone, "/connections/new/connectwise-psa");
        var mappings = page.GetByRole(AriaRole.Group, new() { Name = "Status mappings" });
        var boxes = mappings.GetByRole(AriaRole.Checkbox);
        await Expect(boxes).ToHaveCountAsync(6);
        for (var i = 0; i < 6; i++) await boxes.Nth(i).UncheckAsync();

        await mappings.GetByRole(AriaRole.Button, new() { Name = "Select all" }).TapAsync();

        for (var i = 0; i < 6; i++) await Expect(boxes.Nth(i)).ToBeCheckedAsync();
        await page.Context.CloseAsync();
    }

    [Fact]
    public async Task Connection_RefusedWithASecretTyped_SaysThatItMustBeTypedAgain()
    {
        var page = await world.OpenAsync(Device.Phone, "/connections/new/connectwise-psa");
        await page.Locator("#s-PrivateKey").FillAsync("ShownOnceByConnectWise");
        await page.GetByRole(AriaRole.Button, new() { Name = "Save, then test" }).ClickAsync();

        await Expect(page.Locator("#s-PrivateKey-problem")).ToContainTextAsync("Enter it once more");
        await Expect(page.Locator("#s-PrivateKey")).ToHaveValueAsync("");
        await page.Context.CloseAsync();
    }

    [Fact]
    public async Task Test_StartedByItsButton_ShowsEveryStepAndTheResult()
    {
        var page = await world.OpenAsync(Device.Phone, "/connections/{draft}");
        await page.Locator("#run-Test").TapAsync();

        await Expect(page.Locator("#run-state")).ToHaveTextAsync("succeeded");
        await Expect(page.Locator("#step-1")).ToBeVisibleAsync();
        await page.Context.CloseAsync();
    }

    [Fact]
    public async Task Connection_PausedAndResumed_SaysSoEachTime()
    {
        var page = await world.OpenAsync(Device.Desk, "/connections/{connection}");

        await page.Locator("#pause").ClickAsync();
        await Expect(page.Locator("#notices")).ToContainTextAsync("Paused");
        await page.Locator("#resume").ClickAsync();

        await Expect(page.Locator("#notices")).ToContainTextAsync("Working again");
        await page.Context.CloseAsync();
    }

    [Fact]
    public async Task Connection_Disabled_IsConfirmedOnAPageThatSaysWhatIsDropped()
    {
        var page = await world.OpenAsync(Device.Phone, "/connections/new/fake-psa");
        await page.Locator("#name").FillAsync("Long rest");
        await page.Locator("#s-Url").FillAsync("https://rest.example.test");
        await page.Locator("#s-ApiKey").FillAsync("secret");
        await page.GetByRole(AriaRole.Button, new() { Name = "Save, then test" }).ClickAsync();
        await Expect(page.Locator("#run-state")).ToHaveTextAsync("succeeded");
        await page.GetByRole(AriaRole.Link, new() { Name = "Long rest" }).ClickAsync();
        await Expect(page.GetByRole(AriaRole.Link, new() { Name = "Disable" })).ToHaveCountAsync(0);
        await page.Locator("#run-Install").ClickAsync();
        await Expect(page.Locator("#run-state")).ToHaveTextAsync("failed"); // another connection's objects are there: asked first
        await page.Locator("#adopt").ClickAsync();
        await Expect(page.Locator("#run-state")).ToHaveTextAsync("succeeded");
        await page.GetByRole(AriaRole.Link, new() { Name = "Long rest" }).ClickAsync();
        await page.GetByRole(AriaRole.Link, new() { Name = "Disable" }).ClickAsync();

        await Expect(page.Locator("form.card")).ToContainTextAsync("0 writes wait to be sent: dropped");
        Assert.Empty((await page.RunAxe()).Violations);
        await page.Locator("#disable").TapAsync();

        await Expect(page.Locator("#notices")).ToContainTextAsync("Disabled");
        await Expect(page.Locator(".badge", new() { HasText = "Disabled" })).ToBeVisibleAsync();
        await page.Context.CloseAsync();
    }

    [Fact]
    public async Task Connection_CreatedThenRemoved_IsGone()
    {
        var page = await world.OpenAsync(Device.Phone, "/connections/new/fake-psa");
        await page.Locator("#name").FillAsync("Short life");
        await page.Locator("#s-Url").FillAsync("https://psa.example.test");
        await page.Locator("#s-ApiKey").FillAsync("secret");
        await page.GetByRole(AriaRole.Button, new() { Name = "Save, then test" }).ClickAsync();
        await Expect(page.Locator("#run-state")).ToHaveTextAsync("succeeded");
        await page.GetByRole(AriaRole.Link, new() { Name = "Short life" }).ClickAsync();
        await page.GetByRole(AriaRole.Link, new() { Name = "Remove" }).ClickAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Remove the connection" }).ClickAsync();

        await Expect(page.Locator("#run-state")).ToHaveTextAsync("succeeded");
        var gone = (await world.Get<ConnectionQueries>().ListAsync(withRemoved: true, default)).Single(row => row.Name == "Short life");
        Assert.Equal(ConnectionState.Removed, gone.State);
        await page.Context.CloseAsync();
    }
}
