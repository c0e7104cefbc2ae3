using Deque.AxeCore.Playwright;
using Microsoft.Playwright;
using Xunit;

namespace Deskbridge.Browser.Tests;

/// <summary>The rule editor, on rules of the simulated ConnectWise.</summary>
[Collection(BrowserWorld.OneAtATime)]
public sealed class RuleEditorTests(BrowserWorld world)
{
    private const string Rule = "/connections/{psa}/rules/{raises}";

    [Fact]
    public async Task Groups_AndText_StayInStepBothWays()
    {
        var page = await world.OpenAsync(Device.Desk, Rule);
        var text = page.GetByLabel("Condition as text");
        await page.GetByRole(AriaRole.Button, new() { Name = "Add a group" }).First.ClickAsync();
        var added = page.GetByRole(AriaRole.Group, new() { Name = "Clauses" }).Last;
        await added.GetByLabel("Field").SelectOptionAsync("priority");
        await added.GetByLabel("Value").SelectOptionAsync("Priority 1 - Emergency Response");
        await added.GetByRole(AriaRole.Button, new() { Name = "Add a clause" }).ClickAsync();
        await added.GetByLabel("Field").Last.SelectOptionAsync("assigned");
        await added.GetByLabel("How it is tested").Last.SelectOptionAsync(new SelectOptionValue { Label = "no" });

        await Assertions.Expect(text).ToHaveValueAsync(
            "Signl4Retrieved_c is false and Ticket is in New (not responded) status and Ticket Actual Age is less than 360 hours and (Priority is Priority 1 - Emergency Response or Ticket is not currently assigned)");
        await page.GetByRole(AriaRole.Button, new() { Name = "Remove: Ticket is in New (not responded) status" }).ClickAsync();
        await page.GetByLabel("Hours", new() { Exact = true }).FillAsync("24");
        await Assertions.Expect(text).ToHaveValueAsync(
            "Signl4Retrieved_c is false and Ticket Actual Age is less than 24 hours and (Priority is Priority 1 - Emergency Response or Ticket is not currently assigned)");

        await text.FillAsync("Signl4Retrieved_c is false and not Summary contains \"test and demo\" and Ticket Actual Age is less than 360 hours");
        await Assertions.Expect(page.GetByLabel("Text", new() { Exact = true })).ToHaveValueAsync("test and demo");
        await Assertions.Expect(page.GetByRole(AriaRole.Group, new() { Name = "Clauses" })).ToHaveCountAsync(1);

        await text.FillAsync("Ticket is closed");
        await Assertions.Expect(page.Locator("#parse")).ToContainTextAsync("\"Signl4Retrieved_c is false\" must stay");
    }

    [Fact]
    public async Task Check_WithAnUnfinishedClause_KeepsTheGroupsAndMarksIt()
    {
        var page = await world.OpenAsync(Device.Desk, Rule);
        await page.GetByRole(AriaRole.Button, new() { Name = "Add a group" }).First.ClickAsync();
        var added = page.GetByRole(AriaRole.Group, new() { Name = "Clauses" }).Last;
        await added.GetByLabel("Field").SelectOptionAsync("closed");
        await added.GetByRole(AriaRole.Button, new() { Name = "Add a clause" }).ClickAsync();
        await added.GetByLabel("Field").Last.SelectOptionAsync("priority");
        await Assertions.Expect(page.Locator(".app-clause-problem").Last).ToHaveTextAsync("Its value is missing.");
        await page.GetByRole(AriaRole.Button, new() { Name = "Check" }).ClickAsync();

        await Assertions.Expect(page.GetByRole(AriaRole.Alert)).ToContainTextAsync("It cannot be saved like this.");
        await Assertions.Expect(page.GetByRole(AriaRole.Group, new() { Name = "Clauses" })).ToHaveCountAsync(2);
        await Assertions.Expect(page.Locator(".app-clause-problem").Last).ToHaveTextAsync("Its value is missing.");
        foreach (var device in new[] { Device.Desk, Device.Phone })
        {
            await page.SetViewportSizeAsync(device.Size.Width, device.Size.Height);
            Assert.Empty((await page.RunAxe()).Violations.Select(violation => $"{device}: {violation.Id}: {violation.Help}"));
            if (Environment.GetEnvironmentVariable("SCREENS") is { } screens) await page.ScreenshotAsync(new() { Path = Path.Combine(screens, $"rule-unfinished-{device.Name}.png"), FullPage = true });
        }

        await page.GetByLabel("Value").Last.SelectOptionAsync("Priority 1 - Emergency Response");
        await Assertions.Expect(page.Locator(".app-clause-problem").Last).ToBeEmptyAsync();
    }

    [Fact]
    public async Task Clause_AboutACustomFieldOfTheInstance_IsPutTogetherAndReadBack()
    {
        var page = await world.OpenAsync(Device.Desk, Rule);
        var text = page.GetByLabel("Condition as text");
        await page.GetByRole(AriaRole.Button, new() { Name = "Add a clause" }).Last.ClickAsync();
        await page.GetByLabel("Field").Last.SelectOptionAsync(new SelectOptionValue { Label = "Change Window (custom field)" });
        await page.GetByLabel("How it is tested").Last.SelectOptionAsync(new SelectOptionValue { Label = "contains" });
        await page.GetByLabel("Text", new() { Exact = true }).FillAsync("Sundays and Mondays");

        await Assertions.Expect(text).ToHaveValueAsync(
            "Signl4Retrieved_c is false and Ticket is in New (not responded) status and Ticket Actual Age is less than 360 hours and Change Window contains \"Sundays and Mondays\"");
        await Assertions.Expect(page.Locator("#parse")).ToBeEmptyAsync();

        await text.FillAsync("Signl4Retrieved_c is false and not Change Window is now and Ticket Actual Age is less than 360 hours");
        await Assertions.Expect(page.GetByLabel("Text", new() { Exact = true })).ToHaveValueAsync("now");
        await text.FillAsync("Signl4Retrieved_c is false and Change Window is true and Ticket Actual Age is less than 360 hours");
        await Assertions.Expect(page.Locator("#parse")).ToContainTextAsync("\"Change Window is true\" at character 32 is not known");
    }

    [Fact]
    public async Task Clause_IsMovedWithTheKeyboardOnThePhone()
    {
        var page = await world.OpenAsync(Device.Phone, Rule);
        await page.GetByRole(AriaRole.Button, new() { Name = "Add a group" }).First.ClickAsync();
        await page.GetByLabel("Field").Last.SelectOptionAsync("closed");
        await page.GetByRole(AriaRole.Button, new() { Name = "Move up: Ticket is closed" }).FocusAsync();
        await page.Keyboard.PressAsync("Enter");

        await Assertions.Expect(page.GetByLabel("Condition as text")).ToHaveValueAsync(
            "Signl4Retrieved_c is false and Ticket is in New (not responded) status and Ticket Actual Age is less than 360 hours and Ticket is closed");
        var hidden = await page.EvaluateAsync<string[]>(
            """
            () => {
              const bar = document.querySelector(".app-bar").getBoundingClientRect().top;
              const shown = [];
              for (const one of document.querySelectorAll("#main :is(a, button, input, select, textarea, summary)")) {
                one.focus();
                const at = one.getBoundingClientRect();
                if (document.activeElement === one && at.height < bar && at.bottom > bar) shown.push(one.outerHTML.slice(0, 80));
              }
              return shown;
            }
            """);
        Assert.Empty(hidden); // the bar at the bottom covers nothing that is focused
        var width = await page.EvaluateAsync<int>("() => document.documentElement.scrollWidth");
        Assert.True(width <= Device.Phone.Size.Width, $"{width} pixels wide");
        if (Environment.GetEnvironmentVariable("SCREENS") is { } screens) await page.ScreenshotAsync(new() { Path = Path.Combine(screens, "rule-builder-phone.png"), FullPage = true });
    }

    [Fact]
    public async Task WithoutScript_TheTextIsCheckedAndTriedAndKept()
    {
        var page = await world.OpenAsync(Device.Desk, Rule, script: false);
        await page.GetByLabel("Condition as text").FillAsync("Ticket is closed and Ticket Actual Age is less than 360 hours");
        await page.GetByRole(AriaRole.Button, new() { Name = "Check" }).ClickAsync();
        await Assertions.Expect(page.GetByRole(AriaRole.Alert)).ToContainTextAsync("\"Signl4Retrieved_c is false\" must stay");
        await Assertions.Expect(page.GetByLabel("Condition as text")).ToHaveValueAsync("Ticket is closed and Ticket Actual Age is less than 360 hours");

        await page.GetByRole(AriaRole.Link, new() { Name = "Use New tickets of the highest priority" }).ClickAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Try on 30 days of tickets" }).ClickAsync();
        await Assertions.Expect(page.GetByRole(AriaRole.Heading, new() { Name = "Tried on the last 30 days" })).ToBeVisibleAsync();
    }

    [Fact]
    public async Task Preview_ListsTicketsWithALinkToTheirExplanation()
    {
        var page = await world.OpenAsync(Device.Desk, Rule + "?template=urgent");
        var began = page.Locator("#preview");
        var another = page.GetByRole(AriaRole.Alert).Filter(new() { HasText = "is at work" }); // the test before may have left one
        await page.GetByRole(AriaRole.Button, new() { Name = "Try on 30 days of tickets" }).ClickAsync();
        await Assertions.Expect(began.Or(another)).ToBeVisibleAsync();
        while (await another.IsVisibleAsync())
        {
            await Task.Delay(TimeSpan.FromSeconds(5), TestContext.Current.CancellationToken);
            await page.GetByRole(AriaRole.Button, new() { Name = "Try on 30 days of tickets" }).ClickAsync();
            await page.WaitForLoadStateAsync();
        }

        await Assertions.Expect(began).ToContainTextAsync("tickets of the last 30 days", new() { Timeout = 120_000 }); // its calls wait for their share of the budget
        await Assertions.Expect(page.Locator("#preview a[href*='/explain?ticket=']").First).ToBeVisibleAsync();
        foreach (var device in new[] { Device.Desk, Device.Phone })
        {
            await page.SetViewportSizeAsync(device.Size.Width, device.Size.Height);
            Assert.Empty((await page.RunAxe()).Violations.Select(violation => $"{device}: {violation.Id}: {violation.Help}"));
            Assert.True(await page.EvaluateAsync<int>("() => document.documentElement.scrollWidth") <= device.Size.Width);
        }

        if (Environment.GetEnvironmentVariable("SCREENS") is { } screens) await page.ScreenshotAsync(new() { Path = Path.Combine(screens, "rule-preview-desk.png"), FullPage = true });
    }
}
