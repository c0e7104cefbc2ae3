using Deskbridge.Core.Alerting;
using Deskbridge.Core.Data;
using Microsoft.EntityFrameworkCore;
using Microsoft.Playwright;
using Xunit;
using static Microsoft.Playwright.Assertions;

namespace Deskbridge.Browser.Tests;

/// <summary>Working an alert: by thumb, by keyboard, without script.</summary>
[Collection(BrowserWorld.OneAtATime)]
public sealed class AlertFlowTests(BrowserWorld world)
{
    [Fact]
    public async Task Acknowledge_ByTouchInTheList_TakesTheAlert()
    {
        var alert = await world.RaiseAsync("Touch: printer is on fire");
        var page = await world.OpenAsync(Device.Phone, "/alerts");

        await page.Locator($"#take-{alert}").TapAsync();

        await Expect(page.Locator("#notices")).ToContainTextAsync("You have \"Touch: printer is on fire\"");
        await Expect(page.Locator($"#alert-{alert}")).ToHaveCountAsync(0);
        Assert.Equal(AlertStatus.Acknowledged, (await world.AlertAsync(alert)).Status);
        await page.Context.CloseAsync();
    }

    [Fact]
    public async Task Acknowledge_ByKeyboardOnTheAlertPage_TakesGivesBackAndCloses()
    {
        var alert = await world.RaiseAsync("Keys: line is down");
        var page = await world.OpenAsync(Device.Desk, $"/alerts/{alert}");

        await PressAsync(page, "acknowledge");
        await Expect(page.Locator("#notices")).ToContainTextAsync("You have it");
        await PressAsync(page, "unacknowledge");
        await Expect(page.Locator("#acknowledge")).ToBeVisibleAsync();
        await PressAsync(page, "acknowledge");
        await Expect(page.Locator("#unacknowledge")).ToBeVisibleAsync();
        await PressAsync(page, "close");
        await Expect(page.Locator("#reopen")).ToBeVisibleAsync();
        await Expect(page.Locator("#responses")).ToHaveTextAsync("Acknowledged 2 · Closed 1");

        Assert.Equal(AlertStatus.Closed, (await world.AlertAsync(alert)).Status);
        await page.Context.CloseAsync();
    }

    [Fact]
    public async Task Acknowledge_WhenSomebodyWasFirst_SaysWhoHasIt()
    {
        var alert = await world.RaiseAsync("Race: two want it");
        var page = await world.OpenAsync(Device.Phone, $"/alerts/{alert}", script: false);
        var mia = await world.Get<HubStore>().ReadAsync(db => db.People.SingleAsync(person => person.Name == "Mia Chen"), default);
        Assert.Null((await world.Get<AcknowledgeAlert>().RunAsync(alert, mia, default)).Failure);

        await page.Locator("#acknowledge").TapAsync();

        await Expect(page.Locator("#notices")).ToContainTextAsync("You were not the first: Mia Chen has it.");
        await Expect(page.Locator("#notices")).Not.ToContainTextAsync("You have it");
        await page.Context.CloseAsync();
    }

    [Fact]
    public async Task Acknowledge_WithoutScript_WorksAndTheNoteIsAddedOnce()
    {
        var alert = await world.RaiseAsync("Plain: disk is full");
        var page = await world.OpenAsync(Device.Phone, "/alerts", script: false);

        await page.Locator($"#take-{alert}").ClickAsync();
        await page.GotoAsync($"/alerts/{alert}");
        await page.Locator("#note").FillAsync("Deleting logs <b>now</b>");
        await page.GetByRole(AriaRole.Button, new() { Name = "Add the note" }).ClickAsync();

        await Expect(page.Locator("#timeline blockquote")).ToHaveTextAsync("Deleting logs <b>now</b>");
        await Expect(page.Locator("#timeline blockquote")).ToHaveCountAsync(1);
        await page.Context.CloseAsync();
    }

    [Fact]
    public async Task AlertPage_OpenedByALink_ChangesNothing()
    {
        var alert = await world.RaiseAsync("Link: look only");
        var before = await world.AlertAsync(alert);

        var page = await world.OpenAsync(Device.Phone, $"/alerts/{alert}");
        await page.ReloadAsync();

        var after = await world.AlertAsync(alert);
        Assert.Equal((before.Status, before.Transition), (after.Status, after.Transition));
        await page.Context.CloseAsync();
    }

    [Fact]
    public async Task AlertPage_OnAPhone_HasTheActionsAtTheThumb()
    {
        var page = await world.OpenAsync(Device.Phone, "/alerts/{alert}");

        var button = await page.Locator("#acknowledge").BoundingBoxAsync();

        Assert.NotNull(button);
        Assert.InRange(button.Height, 44, 80);
        Assert.InRange(button.Y + button.Height, 600, 740);
        await page.Context.CloseAsync();
    }

    [Fact]
    public async Task List_WhileOpen_ShowsANewAlertByItself()
    {
        var page = await world.OpenAsync(Device.Phone, "/alerts?q=Live");

        var alert = await world.RaiseAsync("Live: appears by itself");

        await Expect(page.Locator($"#alert-{alert}")).ToBeVisibleAsync();
        await page.Context.CloseAsync();
    }

    [Fact]
    public async Task AlertPage_WhileANoteIsTyped_RefreshesAndKeepsTheText()
    {
        var alert = await world.RaiseAsync("Typing: keep my words");
        var page = await world.OpenAsync(Device.Phone, $"/alerts/{alert}");
        await page.Locator("#note").FillAsync("half a sent");

        Assert.Null((await world.Get<AcknowledgeAlert>().RunAsync(alert, world.Dana, default)).Failure);

        await Expect(page.Locator("#unacknowledge")).ToBeVisibleAsync();
        await Expect(page.Locator("#note")).ToHaveValueAsync("half a sent");
        await page.Context.CloseAsync();
    }

    [Fact]
    public async Task Viewer_OnEveryAlert_SeesNoButtonsAndIsRefused()
    {
        var page = await world.OpenAsync(Device.Desk, "/alerts/{alert}", person: "vic.olsen");

        await Expect(page.Locator(".app-actions")).ToHaveCountAsync(0);
        var token = await page.Locator("input[name=__RequestVerificationToken]").First.InputValueAsync();
        var form = page.Context.APIRequest.CreateFormData();
        form.Set("__RequestVerificationToken", token);
        await page.Context.APIRequest.PostAsync(world.Fill("/alerts/{alert}?handler=Acknowledge"), new() { Form = form });

        Assert.Equal(AlertStatus.Open, (await world.AlertAsync(Guid.Parse(world.Fill("{alert}")))).Status);
        await page.Context.CloseAsync();
    }

    private static async Task PressAsync(IPage page, string button)
    {
        await page.Locator("#" + button).FocusAsync();
        await page.Keyboard.PressAsync("Enter");
    }
}
