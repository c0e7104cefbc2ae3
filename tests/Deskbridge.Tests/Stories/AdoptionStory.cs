using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Deskbridge.Core.Alerting;
using Deskbridge.Core.Data;
using Microsoft.EntityFrameworkCore;
using Xunit;
using static Deskbridge.Tests.Stories.StoryWorld;

namespace Deskbridge.Tests.Stories;

/// <summary>A ConnectWise that SIGNL4 was connected to before (engine.md §6.11, §10).</summary>
public sealed class AdoptionStory
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task InstallationOfSignl4_IsShown_AdoptedOnAWord_AndLeftAsItWasWhenRemoved()
    {
        await using var world = await StartAsync(pages: true, install: false);
        using var dana = await world.ProgramAsync();
        var signl4 = new EarlierSignl4(world);
        await signl4.SetUpAsync();
        var (open, taken, resolved) = (await world.PostTicketAsync("Backup failed"), await world.PostTicketAsync("Disk full"), await world.PostTicketAsync("Mail slow"));
        await signl4.MarkAsync(open, null);
        await signl4.MarkAsync(taken, "Acknowledged");
        await signl4.MarkAsync(resolved, "Resolved");
        var asItWas = await signl4.ShowAsync();

        // Shown, and nothing happens without a word.
        var dry = await RunAsync(dana, world, "dry-run");
        Assert.Equal(15, Steps(dry, "adopts").Count);
        Assert.Empty(Steps(dry, "would-create"));
        var trigger = Assert.Single(Steps(dry, "adopts"), step => step["name"]!.ToString() == "Event: Raise an alert")["message"]!.ToString();
        Assert.Contains("Scheduled Maintenance", trigger, StringComparison.Ordinal);
        Assert.Contains("Its condition was edited", trigger, StringComparison.Ordinal);
        Assert.Contains("One made by Install would set Assigned (responded)", Steps(dry, "adopts").Single(step => step["message"]!.ToString().StartsWith("In Progress", StringComparison.Ordinal))["message"]!.ToString(), StringComparison.Ordinal);
        var callback = Assert.Single(Steps(dry, "kept"))["message"]!.ToString();
        Assert.Contains("\"SIGNL4\" tells connect.signl4.test", callback, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", callback, StringComparison.Ordinal);
        var asked = await RunAsync(dana, world, "install");
        Assert.Equal("failed", asked["state"]!.ToString());
        Assert.Contains("15 objects were there before this connection", asked["summary"]!.ToString(), StringComparison.Ordinal);
        Assert.Equal(asItWas, await signl4.ShowAsync());

        // After it: each ticket in its marker's state, and nobody is paged.
        var installed = await RunAsync(dana, world, "install", new { adopt = true });
        Assert.True(installed["state"]!.ToString() == "succeeded", installed.ToJsonString());
        Assert.Equal(AlertStatus.Open, (await world.AlertAsync(open)).Status);
        Assert.Equal(AlertStatus.Acknowledged, (await world.AlertAsync(taken)).Status);
        Assert.Equal(AlertStatus.Closed, (await world.AlertAsync(resolved)).Status);
        Assert.Empty(await world.PagesAsync());
        Assert.Equal(asItWas, await signl4.ShowAsync());

        // They work as if the hub had made them.
        await world.SetStatusAsync(open, "In Progress (plan of action)");
        await EventuallyAsync("the technician's status acknowledges the adopted alert", async () => (await world.AlertAsync(open)).Status == AlertStatus.Acknowledged);
        await EventuallyAsync("the marker follows", async () => await world.FieldAsync(open, "Signl4Status_c") == "Acknowledged");
        Value(await world.Get<CloseAlert>().RunAsync((await world.AlertAsync(taken)).Id, world.Dana, default));
        await EventuallyAsync("the rule's own status is set", async () => (await world.TicketAsync(taken))["status"]!["name"]!.ToString() == "Closed (resolved)");
        var fresh = await world.PostTicketAsync("New after the change");
        await EventuallyAsync("it pages", async () => (await world.PagesAsync()).Any(page => page["title"]!.ToString().Contains("New after the change", StringComparison.Ordinal)));
        await EventuallyAsync("it is marked", async () => await world.FieldAsync(fresh, "Signl4Retrieved_c") == "true");
        Assert.Single(await world.PagesAsync());

        // Gone, and SIGNL4 could go on where it was.
        await EventuallyAsync("the hub knows of all four markers", async () => (int)(await Visitor.JsonAsync(await dana.GetAsync($"/api/v1/connections/{world.ConnectionId}")))["ticketsWithValues"]! == 4);
        var removed = await RunAsync(dana, world, "remove", new { deleteFields = true, confirmedTickets = 4 });
        Assert.True(removed["state"]!.ToString() == "succeeded", removed.ToJsonString());
        Assert.Equal(15, Steps(removed, "kept").Count);
        Assert.Equal(asItWas, await signl4.ShowAsync());
        Assert.Single((await world.Psa.GetFromJsonAsync<JsonArray>("system/callbacks", Cancel))!);
    }

    [Fact]
    public async Task Signl4_ThatStillWrites_IsWarnedAbout_AndChangesNothing()
    {
        await using var world = await StartAsync(pages: true, install: false);
        using var dana = await world.ProgramAsync();
        var signl4 = new EarlierSignl4(world);
        await signl4.SetUpAsync();
        var ticket = await world.PostTicketAsync("Backup failed");
        await signl4.MarkAsync(ticket, null);
        Assert.Equal("succeeded", (await RunAsync(dana, world, "install", new { adopt = true }))["state"]!.ToString());
        var own = await world.PostTicketAsync("Taken over by the hub");
        await EventuallyAsync("it is marked", async () => await world.FieldAsync(own, "Signl4Retrieved_c") == "true");
        Value(await world.Get<AcknowledgeAlert>().RunAsync((await world.AlertAsync(own)).Id, world.Dana, default));
        await EventuallyAsync("the hub's own word stands", async () => await world.FieldAsync(own, "Signl4User_c") == world.Dana.Email);
        await world.PollAsync();
        Assert.Null(await MovedAtAsync(world));

        await signl4.MarkAsync(ticket, "Acknowledged");
        await EventuallyAsync("it is noticed", async () => await MovedAtAsync(world) is not null);

        Assert.Equal(AlertStatus.Open, (await world.AlertAsync(ticket)).Status);
        var problems = (await Visitor.JsonAsync(await dana.GetAsync("/api/v1/health")))["problems"]!.AsArray().Select(problem => problem!["message"]!.ToString());
        Assert.Contains("its marker went from empty to \"Acknowledged\", while the alert is open", Assert.Single(problems, problem => problem.Contains("Another program writes the marker fields", StringComparison.Ordinal)), StringComparison.Ordinal);
        using var browser = await world.SignedInAsync();
        Assert.Contains("Another program writes the marker fields", await browser.ReadAsync($"/connections/{world.ConnectionId}"), StringComparison.Ordinal);
        var events = await Visitor.JsonAsync(await dana.GetAsync($"/api/v1/connections/{world.ConnectionId}/events?kind=markers"));
        Assert.Equal(ticket.ToString(System.Globalization.CultureInfo.InvariantCulture), Assert.Single(events["items"]!.AsArray())!["ticket"]!.ToString());
    }

    private static Task<DateTimeOffset?> MovedAtAsync(StoryWorld world) =>
        world.Get<HubStore>().ReadAsync(db => db.ConnectionHealth.Where(health => health.ConnectionId == world.ConnectionId).Select(health => health.MarkersMovedAt).SingleAsync(), default);

    private static async Task<JsonNode> RunAsync(Visitor program, StoryWorld world, string kind, object? body = null)
    {
        using var answer = await program.PostJsonAsync($"/api/v1/connections/{world.ConnectionId}/{kind}?wait=60", body ?? new { });
        return await Visitor.JsonAsync(answer);
    }

    private static List<JsonNode> Steps(JsonNode run, string outcome) => [.. run["items"]!.AsArray().Select(step => step!).Where(step => step["outcome"]!.ToString() == outcome && !step["name"]!.ToString().StartsWith("Ticket ", StringComparison.Ordinal))];
}
