using System.Net;
using System.Text.Json.Nodes;
using Deskbridge.Core.Alerting;
using Deskbridge.Core.Connections;
using Deskbridge.Core.Data;
using Deskbridge.Core.Sync;
using Deskbridge.Testing;
using Microsoft.EntityFrameworkCore;
using Xunit;
using static Deskbridge.Tests.Stories.StoryWorld;

namespace Deskbridge.Tests.Stories;

/// <summary>What goes wrong on the Autotask side, and what the hub says and does then.</summary>
public sealed class AutotaskTroubleStory
{
    [Fact]
    public async Task Ticket_ThatIsDeleted_ClosesItsAlert_AndTheAlertSaysWhoDeletedIt()
    {
        await using var world = await AutotaskWorld.StartAsync();
        var (ticket, alert) = await AlertedAsync(world, "Printed twice");

        await world.World.ControlAsync(HttpMethod.Delete, $"autotask/records/Tickets/{ticket}?by=dreyes");

        await EventuallyAsync("the deletion is read", async () =>
        {
            await world.World.Get<HubStore>().WriteAsync(db => db.Cursors.Where(cursor => cursor.Stream == DeletionLog.Stream).ExecuteUpdateAsync(set => set.SetProperty(cursor => cursor.LastCompleteAt, (DateTimeOffset?)null)), default);
            await world.World.Get<DeletionLog>().LookAsync(world.World.ConnectionId, default);
            return (await world.AlertAsync(ticket)).Status == AlertStatus.Closed;
        });
        var told = (await world.World.Get<AlertQueries>().GetAsync(alert.Id, default))!.Timeline;
        Assert.Contains(told, line => line is { Message: "The ticket no longer exists: alert closed.", Why: { } why } && why.Contains("log of deletions says that Dana Reyes deleted it", StringComparison.Ordinal));
    }

    [Fact]
    public async Task TicketNumber_IsTakenWhereverATicketIsNamed()
    {
        await using var world = await AutotaskWorld.StartAsync(pages: true);
        var (ticket, _) = await AlertedAsync(world, "Switch in rack 4 is hot");
        var number = (await world.TicketAsync(ticket))["ticketNumber"]!.ToString();
        using var dana = await world.World.ProgramAsync();
        var tickets = $"/api/v1/connections/{world.World.ConnectionId}/tickets";

        Assert.Equal("Switch in rack 4 is hot", (await Visitor.JsonAsync(await dana.GetAsync($"{tickets}/{number}/explanation")))["title"]!.ToString());
        Assert.Equal("Switch in rack 4 is hot", Value(await world.World.Get<LookAtTicket>().RunAsync(world.World.ConnectionId, number, default)));
        using var missing = await dana.GetAsync($"{tickets}/T20010101.0001/explanation");
        Assert.Equal(HttpStatusCode.NotFound, missing.StatusCode);

        using var browser = await world.World.SignedInAsync();
        Assert.Contains($"Ticket {number}", await browser.ReadAsync($"/alerts/{(await world.AlertAsync(ticket)).Id}"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Note_IsToldByItsOwnWebhook_AndStandsOnTheAlertWithTheAttachmentsAndSecondaryResources()
    {
        await using var world = await AutotaskWorld.StartAsync();
        var (ticket, alert) = await AlertedAsync(world, "Mail does not go out");
        var helper = (await world.QueryAsync("ResourceRoles", new { op = "exist", field = "queueID" }))[0]!;

        await world.ByHandAsync(HttpMethod.Post, "TicketSecondaryResources", new { by = AutotaskWorld.Technician, ticketID = ticket, resourceID = helper["resourceID"]!.GetValue<long>(), roleID = helper["roleID"]!.GetValue<long>() });
        await world.ByHandAsync(HttpMethod.Post, "TicketAttachments", new { by = AutotaskWorld.Technician, parentID = ticket, attachmentType = "FILE_ATTACHMENT", title = "screen.png", fullPath = "screen.png", publish = 1, data = "aGVsbG8=" });
        await world.ByHandAsync(HttpMethod.Post, "TicketNotes", new { by = AutotaskWorld.Technician, ticketID = ticket, title = "Seen", description = "The relay refuses us.", noteType = 1, publish = 1 });

        await EventuallyAsync("a callback tells of the note", () => world.World.Get<HubStore>().ReadAsync(db => db.ConnectionEvents.AnyAsync(entry => entry.Kind == "callback" && entry.Message.Contains("note added")), default));
        await EventuallyAsync("it stands on the alert", async () => (await world.World.Get<AlertWork>().ReadAsync(alert.Id, default)).Ticket!.Notes.Any(note => note.Text == "The relay refuses us."));
        var details = (await world.World.Get<AlertWork>().ReadAsync(alert.Id, default)).Ticket!.Details;
        Assert.Contains(details, detail => detail is { Group: "Attachments", Name: "screen.png" });
        Assert.Contains(details, detail => detail.Group == "Secondary resources");
    }

    [Fact]
    public async Task Webhook_ThatAutotaskSwitchedOff_IsSwitchedOnAgain_AndTold_AndItsCallIsNoForgery()
    {
        await using var world = await AutotaskWorld.StartAsync();
        var hook = (await world.QueryAsync("TicketWebhooks", new { op = "exist", field = "id" }))[0]!["id"]!.GetValue<int>();

        await world.ByHandAsync(HttpMethod.Patch, $"TicketWebhooks/{hook}", new { isActive = false });

        await EventuallyAsync("the call about it is taken", () => EventAsync(world, "Autotask says that a webhook of this connection was switched off"));
        await EventuallyAsync("the webhook is on again", async () =>
        {
            await world.World.Get<CallbackHeal>().RetryAsync(world.World.ConnectionId, default);
            return (await world.QueryAsync("TicketWebhooks", new { op = "eq", field = "id", value = hook }))[0]!["isActive"]!.GetValue<bool>();
        });
        Assert.True(await EventAsync(world, "1 switched on again"));
        Assert.False(await world.World.Get<HubStore>().ReadAsync(db => db.ConnectionEvents.AnyAsync(entry => entry.Kind == "refused-callback"), default));
        var health = await world.World.Get<HubStore>().ReadAsync(db => db.ConnectionHealth.SingleAsync(row => row.ConnectionId == world.World.ConnectionId), default);
        Assert.Contains(HealthNotices.Of(health, TimeProvider.System.GetUtcNow()), notice => notice.Message.Contains("had switched a subscription off", StringComparison.Ordinal));
    }

    /// <summary>The webhooks leave out what the API user does, so that its notes are found by polling alone.</summary>
    [Fact]
    public async Task OurOwnNotes_ThatNoCallbackTellsOf_AreNotTakenForLostCallbacks()
    {
        var time = new ManualTime(TimeProvider.System.GetUtcNow());
        await using var world = await AutotaskWorld.StartAsync(clock: time);
        time.Advance(TimeSpan.FromMinutes(5));
        var (ticket, alert) = await AlertedAsync(world, "Written to by us alone");
        await EventuallyAsync("its callback came", () => world.World.Get<HubStore>().ReadAsync(db => db.ConnectionHealth.AnyAsync(health => health.LastCallbackAt != null), default));

        for (var number = 1; number <= 6; number++)
        {
            time.Advance(TimeSpan.FromMinutes(1));
            Value(await world.World.Get<AddAlertNote>().RunAsync(alert.Id, world.World.Dana, $"Note {number}", null, default));
            await EventuallyAsync("it is on the ticket", async () => (await world.NotesAsync(ticket)).Count >= number);
            await world.World.PollAsync();
        }

        var health = await world.World.Get<HubStore>().ReadAsync(db => db.ConnectionHealth.SingleAsync(row => row.ConnectionId == world.World.ConnectionId), default);
        Assert.Equal((0, null), (health.Untold, health.CallbacksSilentSince));
    }

    [Fact]
    public async Task User_ThatIsLocked_IsNamed_AndNothingIsLostMeanwhile()
    {
        await using var world = await AutotaskWorld.StartAsync();
        await world.PostTicketAsync("The last one that was read");
        await world.SwitchAsync(new { locked = true });
        await EventuallyAsync("it is named", async () => // a poll that began before ends well, and takes back what is said of this one
        {
            await world.World.PollAsync();
            return await world.World.Get<HubStore>().ReadAsync(db => db.ConnectionHealth.AnyAsync(row => row.ConnectionId == world.World.ConnectionId && row.Failure!.Contains("not locked")), default);
        });
        var ticket = await world.PostTicketAsync("Nobody reads this yet");

        await world.SwitchAsync(new { locked = false });

        await EventuallyAsync("it pages", async () =>
        {
            await world.World.PollAsync();
            return (await world.World.PagesAsync()).Any(page => page["title"]!.ToString().Contains("Nobody reads this yet", StringComparison.Ordinal));
        });
        Assert.NotNull(await world.AlertAsync(ticket));
    }

    [Fact]
    public async Task Status_ThatIsRetired_IsRefusedWithTheFix_AndTheNoteAndTheResourceStillGo()
    {
        await using var world = await AutotaskWorld.StartAsync();
        var (ticket, alert) = await AlertedAsync(world, "Certificate expires tomorrow");
        var status = (await world.World.ControlAsync(HttpMethod.Get, "autotask/records/Picklists?q=In Progress")).AsArray().Single(row => row!["label"]!.ToString() == "In Progress")!;
        await world.ByHandAsync(HttpMethod.Patch, $"Picklists/{status["id"]}", new { isActive = false });

        Value(await world.World.Get<AcknowledgeAlert>().RunAsync(alert.Id, world.World.Dana, default));

        await EventuallyAsync("the note is there", async () => (await world.NotesAsync(ticket)).Any(note => note!["description"]!.ToString().Contains("Alert acknowledged.", StringComparison.Ordinal)));
        await EventuallyAsync("Dana is assigned", async () => (await world.TicketAsync(ticket))["assignedResourceID"] is not null);
        await EventuallyAsync("the refusal names the fix", () => RefusedAsync(world, "not active in Autotask any more"));
        Assert.Equal("New", await world.StatusAsync(ticket));
    }

    [Fact]
    public async Task Resource_WithoutARoleInAnyQueue_IsRefusedWithTheFix_AndTheNoteAndTheStatusStillGo()
    {
        await using var world = await AutotaskWorld.StartAsync();
        var (ticket, alert) = await AlertedAsync(world, "Camera at the gate is dark");
        var dana = (await world.QueryAsync("Resources", new { op = "eq", field = "email", value = world.World.Dana.Email }))[0]!["id"]!.GetValue<int>();
        foreach (var entity in new[] { "ResourceRoleQueues", "ResourceRoles", "ResourceServiceDeskRoles" })
        {
            foreach (var row in await world.QueryAsync(entity, new { op = "eq", field = "resourceID", value = dana }))
            {
                if (entity == "ResourceRoleQueues") await world.World.ControlAsync(HttpMethod.Delete, $"autotask/records/{entity}/{row!["id"]}?by=dreyes");
                else await world.ByHandAsync(HttpMethod.Patch, $"{entity}/{row!["id"]}", new { isActive = false });
            }
        }

        Value(await world.World.Get<AcknowledgeAlert>().RunAsync(alert.Id, world.World.Dana, default));

        await EventuallyAsync("the note is there", async () => (await world.NotesAsync(ticket)).Any(note => note!["description"]!.ToString().Contains("Alert acknowledged.", StringComparison.Ordinal)));
        await EventuallyAsync("the status is set", async () => await world.StatusAsync(ticket) == "In Progress");
        await EventuallyAsync("the refusal names the fix", () => RefusedAsync(world, "Associations > Queues"));
        Assert.Null((await world.TicketAsync(ticket))["assignedResourceID"]);
    }

    [Fact]
    public async Task Resource_ThatIsDeactivated_IsRefusedWithTheFix_AndTheNoteAndTheStatusStillGo()
    {
        await using var world = await AutotaskWorld.StartAsync();
        var (first, before) = await AlertedAsync(world, "Fan is loud");
        Value(await world.World.Get<AcknowledgeAlert>().RunAsync(before.Id, world.World.Dana, default));
        await EventuallyAsync("Dana is assigned", async () => (await world.TicketAsync(first))["assignedResourceID"] is not null);
        var (ticket, alert) = await AlertedAsync(world, "Fan has stopped");

        await world.ByHandAsync(HttpMethod.Patch, $"Resources/{(await world.TicketAsync(first))["assignedResourceID"]}", new { by = AutotaskWorld.Technician, isActive = false }); // the list of people is not so old that it is read again
        Value(await world.World.Get<AcknowledgeAlert>().RunAsync(alert.Id, world.World.Dana, default));

        await EventuallyAsync("the note is there", async () => (await world.NotesAsync(ticket)).Any(note => note!["description"]!.ToString().Contains("Alert acknowledged.", StringComparison.Ordinal)));
        await EventuallyAsync("the status is set", async () => await world.StatusAsync(ticket) == "In Progress");
        await EventuallyAsync("the refusal names the fix", () => RefusedAsync(world, "The resource is not active"));
        Assert.Null((await world.TicketAsync(ticket))["assignedResourceID"]);
    }

    [Fact]
    public async Task Zone_ThatMoves_IsFoundAgain_AndTimesWithoutAZoneAreTakenForUtc()
    {
        await using var world = await AutotaskWorld.StartAsync();
        await world.PostTicketAsync("Read at the old place");
        await world.SwitchAsync(new { dateDesignator = false });
        var made = await world.PostTicketAsync("Read at the new place");
        await world.SwitchAsync(new { zone = "elsewhere" });

        await EventuallyAsync("it pages", async () =>
        {
            await world.World.PollAsync();
            return (await world.World.PagesAsync()).Any(page => page["title"]!.ToString().Contains("Read at the new place", StringComparison.Ordinal));
        });
        var facts = await world.World.Get<AlertWork>().TicketAsync((await world.AlertAsync(made)).Id, default);
        Assert.InRange(facts!.UpdatedAt!.Value, TimeProvider.System.GetUtcNow().AddMinutes(-10), TimeProvider.System.GetUtcNow().AddMinutes(10));
    }

    [Fact]
    public async Task UserDefinedField_ThatIsRenamed_IsToldByItsName()
    {
        await using var world = await AutotaskWorld.StartAsync(install: false);
        var field = (await world.World.ControlAsync(HttpMethod.Get, "autotask/records/UserDefinedFieldDefinitions")).AsArray().Single(row => row!["name"]!.ToString() == "Root Cause")!;
        const string name = "Root Cause";
        var draft = new ConnectionDraft { Settings = new JsonObject { ["queryFilter"] = new JsonObject { ["op"] = "exist", ["field"] = name, ["udf"] = true }.ToJsonString() } };
        Assert.Null((await world.World.Get<ChangeConnection>().RunAsync(world.World.ConnectionId, draft, world.World.Dana, default)).Failure);
        await world.World.RunAsync(ConnectionRunKind.Install);

        await world.World.RestartHubAsync(() => world.ByHandAsync(HttpMethod.Patch, $"UserDefinedFieldDefinitions/{field["id"]}", new { name = name + " old" })); // a running hub keeps the list of fields for a while

        var (tested, checks) = await world.World.TryAsync(ConnectionRunKind.Test);
        Assert.False(tested);
        Assert.Contains($"Tickets have no user-defined field \"{name}\". Did you mean {name} old", checks, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Calls_UsedUpInTheMiddleOfAPoll_KeepWhatWasRead_AndTheRestFollows()
    {
        await using var world = await AutotaskWorld.StartAsync(with: options => options with { Configuration = new Dictionary<string, string?> { ["Connections:PollInterval"] = "01:00:00" } });
        await world.World.ControlAsync(HttpMethod.Post, "faults", new { kind = "callback-lost" });
        var before = await KnownAsync(world);
        await world.World.ControlAsync(HttpMethod.Post, "autotask/seed", new { count = 600 });
        await world.SwitchAsync(new { threshold = await world.CallsUsedAsync() + 2, retryAfterSeconds = 1 });

        await world.World.PollAsync();

        Assert.InRange(await KnownAsync(world), before + 1, before + 599);
        await world.SwitchAsync(new { threshold = 10_000 });
        await EventuallyAsync("every one of them is known", async () =>
        {
            await world.World.PollAsync();
            return await KnownAsync(world) == before + 600;
        });
    }

    private static Task<int> KnownAsync(AutotaskWorld world) => world.World.Get<HubStore>().ReadAsync(db => db.Mirrors.CountAsync(), default);

    private static async Task<(int Ticket, Alert Alert)> AlertedAsync(AutotaskWorld world, string title)
    {
        var ticket = await world.PostTicketAsync(title);
        await world.World.PollAsync();
        await EventuallyAsync("Dana's phone rings", async () => (await world.World.PagesAsync()).Any(page => page["title"]!.ToString().Contains(title, StringComparison.Ordinal)));
        return (ticket, await world.AlertAsync(ticket));
    }

    private static Task<bool> EventAsync(AutotaskWorld world, string part) => world.World.Get<HubStore>().ReadAsync(db => db.ConnectionEvents.AnyAsync(entry => entry.Message.Contains(part)), default);

    private static Task<bool> RefusedAsync(AutotaskWorld world, string part) => world.World.Get<HubStore>().ReadAsync(db => db.Effects.AnyAsync(effect => effect.State == EffectState.Rejected && effect.Error!.Contains(part)), default);
}
