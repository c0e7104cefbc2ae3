using System.Text.Json;
using System.Text.Json.Nodes;
using Deque.AxeCore.Playwright;
using Microsoft.Playwright;
using Xunit;

namespace Deskbridge.Browser.Tests;

/// <summary>The Query Filter of an Autotask connection, by labels and as its JSON.</summary>
[Collection(BrowserWorld.OneAtATime)]
public sealed class FilterEditorTests(BrowserWorld world)
{
    private const string Filter = "/connections/{autotask}/rules/raise";

    [Fact]
    public async Task Groups_AndJson_StayInStepBothWays_AndHoldApiValues()
    {
        var page = await world.OpenAsync(Device.Desk, Filter);
        var text = page.GetByLabel("Condition as text");
        await page.GetByRole(AriaRole.Button, new() { Name = "Add a group" }).First.ClickAsync();
        var added = page.GetByRole(AriaRole.Group, new() { Name = "Clauses" }).Last;
        await added.GetByLabel("Field").SelectOptionAsync(new SelectOptionValue { Label = "Priority" });
        await added.GetByLabel("How it is tested").SelectOptionAsync(new SelectOptionValue { Label = "is one of" });
        await Assertions.Expect(page.Locator(".app-clause-problem").Last).ToHaveTextAsync("priority: choose a value.");
        await added.GetByLabel("Value", new() { Exact = true }).SelectOptionAsync(new SelectOptionValue { Label = "Critical" });
        await added.GetByLabel("One more value").SelectOptionAsync(new SelectOptionValue { Label = "High" });
        await Assertions.Expect(page.Locator(".app-clause-problem").Last).ToBeEmptyAsync();
        await added.GetByRole(AriaRole.Button, new() { Name = "Add a clause" }).ClickAsync();
        await added.GetByLabel("Field").Last.SelectOptionAsync(new SelectOptionValue { Label = "Company" });
        await added.GetByLabel("Value", new() { Exact = true }).SelectOptionAsync(new SelectOptionValue { Index = 1 });

        var group = JsonNode.Parse(await text.InputValueAsync())!["items"]![1]!;
        Assert.Equal(("or", "in", "priority", 2), (group["op"]!.ToString(), group["items"]![0]!["op"]!.ToString(), group["items"]![0]!["field"]!.ToString(), group["items"]![0]!["value"]!.AsArray().Count));
        Assert.All([.. group["items"]![0]!["value"]!.AsArray(), group["items"]![1]!["value"]], value => Assert.Equal(JsonValueKind.Number, value!.GetValueKind()));
        Assert.Equal("companyID", group["items"]![1]!["field"]!.ToString());
        await Assertions.Expect(page.Locator("#parse")).ToBeEmptyAsync();

        await text.FillAsync("""{"op":"and","items":[{"op":"contains","field":"title","value":"backup"},{"op":"eq","field":"priority","value":"Critical"}]}""");
        await Assertions.Expect(page.GetByLabel("Text", new() { Exact = true })).ToHaveValueAsync("backup");
        await Assertions.Expect(page.GetByRole(AriaRole.Group, new() { Name = "Clauses" })).ToHaveCountAsync(1);
        await Assertions.Expect(page.GetByRole(AriaRole.Button, new() { Name = "Remove: Priority is Critical" })).ToBeVisibleAsync();

        await text.FillAsync("""{"op":"and","items":[{"op":"eq","field":"colour","value":1},{"op":"eq","field":"status","value":1}]}""");
        await Assertions.Expect(page.Locator("#parse")).ToContainTextAsync("Tickets have no field \"colour\".");
        await Assertions.Expect(page.Locator(".app-clause-problem").First).ToContainTextAsync("Tickets have no field \"colour\".");
        foreach (var device in new[] { Device.Desk, Device.Phone })
        {
            await page.SetViewportSizeAsync(device.Size.Width, device.Size.Height);
            Assert.Empty((await page.RunAxe()).Violations.Select(violation => $"{device}: {violation.Id}: {violation.Help}"));
            Assert.True(await page.EvaluateAsync<int>("() => document.documentElement.scrollWidth") <= device.Size.Width);
            if (Environment.GetEnvironmentVariable("SCREENS") is { } screens) await page.ScreenshotAsync(new() { Path = Path.Combine(screens, $"filter-{device.Name}.png"), FullPage = true });
        }
    }

    [Fact]
    public async Task WithoutScript_TheTextIsCheckedAndKept()
    {
        var page = await world.OpenAsync(Device.Phone, Filter, script: false);
        await page.GetByLabel("Condition as text").FillAsync("""{"op":"eq","field":"priority","value":"Enormous"}""");
        await page.GetByRole(AriaRole.Button, new() { Name = "Check" }).ClickAsync();
        await Assertions.Expect(page.GetByRole(AriaRole.Alert)).ToContainTextAsync("priority has no value \"Enormous\"");
        await Assertions.Expect(page.GetByLabel("Condition as text")).ToHaveValueAsync("""{"op":"eq","field":"priority","value":"Enormous"}""");

        await page.GetByRole(AriaRole.Link, new() { Name = "Use New tickets of the highest priority" }).ClickAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Try on 30 days of tickets" }).ClickAsync();
        await Assertions.Expect(page.GetByRole(AriaRole.Heading, new() { Name = "Tried on the last 30 days" })).ToBeVisibleAsync();
    }
}
