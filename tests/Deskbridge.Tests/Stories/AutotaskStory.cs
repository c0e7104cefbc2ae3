using System.Text.Json.Nodes;
using Deskbridge.Core.Alerting;
using Deskbridge.Core.Connections;
using Deskbridge.Core.Data;
using Deskbridge.Core.Sync;
using Microsoft.EntityFrameworkCore;
using Xunit;
using static Deskbridge.Tests.Stories.StoryWorld;

namespace Deskbridge.Tests.Stories;

/// <summary>The main job with Autotask as the other side (section T of the requirements).</summary>
public sealed class AutotaskStory
{
    [Fact]
    public async Task Ticket_PagesTheEngineer_AndEveryAnswerGoesBothWays()
    {
        await using var world = await AutotaskWorld.StartAsync(new JsonObject { ["queryFilter"] = """{"op":"eq","field":"status","value":"New"}""", ["acknowledgingStatuses"] = "Waiting Customer" });
        var ticket = await world.PostTicketAsync("Backup failed on SRV-FS01");
        await world.World.PollAsync();
        await EventuallyAsync("Dana's phone rings", async () => (await world.World.PagesAsync()).Any(p => p["title"]!.ToString().Contains("Backup failed on SRV-FS01")));
        await EventuallyAsync("the webhook tells of it too", () => world.World.Get<HubStore>().ReadAsync(db => db.ConnectionHealth.AnyAsync(health => health.LastCallbackAt != null), default));
        var alert = await world.AlertAsync(ticket);

        Value(await world.World.Get<AcknowledgeAlert>().RunAsync(alert.Id, world.World.Dana, default));
        await EventuallyAsync("the ticket is in progress", async () => await world.StatusAsync(ticket) == "In Progress");
        await EventuallyAsync("Dana is its primary resource, with a role", async () => await world.TicketAsync(ticket) is { } read && read["assignedResourceID"] is not null && read["assignedResourceRoleID"] is not null);
        Assert.Equal(world.World.Dana.Email, (await world.ResourceAsync((await world.TicketAsync(ticket))["assignedResourceID"]!.GetValue<long>()))["email"]!.ToString());
        await EventuallyAsync("a note tells of it", async () => await CountAsync(world, ticket, "Alert acknowledged.") == 1);

        Value(await world.World.Get<AddAlertNote>().RunAsync(alert.Id, world.World.Dana, "Restarted the backup service.", null, default));
        await EventuallyAsync("the comment is a note, and internal", async () => (await world.NotesAsync(ticket)).Count(note => note!["description"]!.ToString().Contains("Restarted the backup service.") && note["publish"]!.ToString() == "2") == 1);

        Value(await world.World.Get<UnacknowledgeAlert>().RunAsync(alert.Id, world.World.Dana, default));
        await EventuallyAsync("the status is put back", async () => await world.StatusAsync(ticket) == "New");
        await EventuallyAsync("nobody is assigned", async () => (await world.TicketAsync(ticket))["assignedResourceID"] is null);

        await world.SetStatusAsync(ticket, "Waiting Customer");
        await world.World.PollAsync();
        await EventuallyAsync("the technician's status acknowledges the alert", async () => (await world.AlertAsync(ticket)).Status == AlertStatus.Acknowledged);

        await world.SetStatusAsync(ticket, "Complete");
        await world.World.PollAsync();
        await EventuallyAsync("the alert is closed", async () => (await world.AlertAsync(ticket)).Status == AlertStatus.Closed);

        Value(await world.World.Get<ReopenAlert>().RunAsync(alert.Id, world.World.Dana, default));
        Value(await world.World.Get<AcknowledgeAlert>().RunAsync(alert.Id, world.World.Dana, default));
        Value(await world.World.Get<CloseAlert>().RunAsync(alert.Id, world.World.Dana, default));
        await EventuallyAsync("a note tells of the close", async () => await CountAsync(world, ticket, "Alert closed.") == 1);
        Assert.Equal("Complete", await world.StatusAsync(ticket));
        Assert.Empty(await world.World.Get<HubStore>().ReadAsync(db => db.Effects.Where(effect => effect.State == EffectState.Rejected || effect.State == EffectState.Dead).Select(effect => effect.Error).ToListAsync(), default));
    }

    [Fact]
    public async Task TestAndDryRun_SayWhatIsThereAndWriteNothing()
    {
        await using var world = await AutotaskWorld.StartAsync(new JsonObject { ["queryFilter"] = """{"op":"eq","field":"priority","value":"Critical"}""" }, install: false);
        await world.PostTicketAsync("The datacenter burns", "Critical");
        var high = await world.PostTicketAsync("A mouse squeaks");

        var (tested, checks) = await world.World.TryAsync(ConnectionRunKind.Test);
        var (dry, found) = await world.World.TryAsync(ConnectionRunKind.DryRun);

        Assert.True(tested, checks);
        Assert.True(dry, found);
        Assert.Contains("The datacenter burns: matches", found, StringComparison.Ordinal);
        Assert.DoesNotContain("A mouse squeaks", found, StringComparison.Ordinal);
        Assert.Equal("New", await world.StatusAsync(high));

        var wrong = new ConnectionDraft { Settings = new JsonObject { ["queryFilter"] = """{"op":"eq","field":"colour","value":1}""" } };
        Assert.Null((await world.World.Get<ChangeConnection>().RunAsync(world.World.ConnectionId, wrong, world.World.Dana, default)).Failure);
        (dry, found) = await world.World.TryAsync(ConnectionRunKind.DryRun);
        Assert.False(dry, found);
        Assert.Contains("Rule: Query Filter: failed Tickets have no field \"colour\".", found, StringComparison.Ordinal);
        Assert.DoesNotContain("Install creates it", found, StringComparison.Ordinal);
    }

    [Fact]
    public async Task CloseHere_CompletesTheTicket_AndWhatComesBackOpensTheAlertAgain()
    {
        await using var world = await AutotaskWorld.StartAsync();
        var ticket = await world.PostTicketAsync("Tunnel to the branch is down");
        await world.World.PollAsync(); // or the webhook was first, and its work is under way
        await EventuallyAsync("Dana's phone rings", async () => (await world.World.PagesAsync()).Count > 0);
        var alert = await world.AlertAsync(ticket);

        Value(await world.World.Get<CloseAlert>().RunAsync(alert.Id, world.World.Dana, default));
        await EventuallyAsync("the ticket is complete", async () => await world.StatusAsync(ticket) == "Complete");
        Value(await world.World.Get<ReopenAlert>().RunAsync(alert.Id, world.World.Dana, default));
        await EventuallyAsync("the status is put back", async () => await world.StatusAsync(ticket) == "New");

        await world.SetStatusAsync(ticket, "Complete");
        await world.World.PollAsync();
        await EventuallyAsync("the alert is closed", async () => (await world.AlertAsync(ticket)).Status == AlertStatus.Closed);
        await world.SetStatusAsync(ticket, "New");
        await world.World.PollAsync();
        await EventuallyAsync("the alert is open again", async () => (await world.AlertAsync(ticket)).Status == AlertStatus.Open);
    }

    [Fact]
    public async Task Gallery_ShowsBothSystems_AndTheFormSaysWhatToPrepare()
    {
        await using var world = await AutotaskWorld.StartAsync(install: false, pages: true);
        using var dana = await world.World.SignedInAsync();

        var gallery = await dana.ReadAsync("/connections/new");
        var form = await dana.ReadAsync("/connections/new/autotask");

        Assert.Contains("ConnectWise PSA", gallery, StringComparison.Ordinal);
        Assert.Contains("Autotask PSA", gallery, StringComparison.Ordinal);
        Assert.Contains("What to prepare in Autotask", form, StringComparison.Ordinal);
        Assert.Contains("Query Filter", form, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Ticket_IsCalledByItsNumber_WhereverPeopleMeetIt()
    {
        await using var world = await AutotaskWorld.StartAsync(new JsonObject { ["queryFilter"] = """{"op":"or","items":[{"op":"eq","field":"priority","value":"Critical"},{"op":"eq","field":"status","value":"New"}]}""" }, pages: true);
        using var dana = await world.World.SignedInAsync();
        var ticket = await world.PostTicketAsync("Tunnel to the branch is down");
        await world.World.PollAsync();
        await EventuallyAsync("Dana's phone rings", async () => (await world.World.PagesAsync()).Count > 0);
        var number = (await world.TicketAsync(ticket))["ticketNumber"]!.ToString();
        var alert = await world.AlertAsync(ticket);

        var page = await dana.ReadAsync($"/alerts/{alert.Id}");
        Assert.Contains($"Ticket {number}</h2>", page, StringComparison.Ordinal);
        Assert.Contains("<dt>Queue</dt>", page, StringComparison.Ordinal);
        Assert.DoesNotContain("<dt>Board</dt>", page, StringComparison.Ordinal);
        Assert.Contains($"#{number}", await dana.ReadAsync("/alerts"), StringComparison.Ordinal);
        Assert.Contains($"#{number}", await dana.ReadAsync($"/events?ticket={number}"), StringComparison.Ordinal);

        var why = await dana.ReadAsync($"/connections/{world.World.ConnectionId}/explain?ticket={number}");
        Assert.Contains($"#{number} Tunnel to the branch is down", why, StringComparison.Ordinal);
        Assert.Contains("Any of these", why, StringComparison.Ordinal);
        Assert.DoesNotContain(" UTC</", why, StringComparison.Ordinal); // instants stand in the reader's zone
    }

    private static async Task<int> CountAsync(AutotaskWorld world, int ticket, string text) =>
        (await world.NotesAsync(ticket)).Count(note => note!["description"]!.ToString().Contains(text, StringComparison.Ordinal));
}
