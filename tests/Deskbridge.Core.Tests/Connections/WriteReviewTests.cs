using Deskbridge.Connectors;
using Deskbridge.Core.Alerting;
using Deskbridge.Core.Audit;
using Deskbridge.Core.Common;
using Deskbridge.Core.Connections;
using Deskbridge.Core.Connections.Rules;
using Deskbridge.Core.Data;
using Deskbridge.Core.Directory;
using Deskbridge.Core.Sync;
using Deskbridge.Testing;
using Microsoft.EntityFrameworkCore;
using Xunit;

namespace Deskbridge.Core.Tests.Connections;

/// <summary>Refused writes and conflicts wait for a dispatcher, who lets them be tried again, discards or clears them.</summary>
public sealed class WriteReviewTests
{
    private const string Words = "Status New cannot be changed by this member.";

    [Fact]
    public async Task RefusedClose_TriedAgain_ReachesTheTicket_AndItsAlarmEnds()
    {
        await using var hub = await ConnectionsHub.CreateAsync();
        var (connection, ticket) = await hub.RaisedAsync();
        Refuse(hub, "update");
        await CloseAsync(hub);
        var refused = (await ReviewAsync(hub, connection)).Refused; // status, state marker and user marker
        Assert.All(refused, write => Assert.Equal((ticket, Words, false), (write.Ticket, write.Why, write.GivenUp)));
        Assert.True(await AlarmedAsync(hub));
        hub.Psa.FailBefore = null;

        Assert.Null(await hub.Store.Get<WriteReview>().RetryAsync(connection, refused[0].Id, hub.Admin, default));
        await hub.SettleAsync();

        Assert.Equal((FakePsa.Closed, "Resolved"), (hub.Psa.Find(ticket)!.StatusId, hub.Psa.Find(ticket)!.MarkerStatus));
        Assert.Empty((await ReviewAsync(hub, connection)).Refused);
        Assert.False(await AlarmedAsync(hub));
    }

    [Fact]
    public async Task RefusedNote_TriedAgainTwice_ArrivesOnce()
    {
        await using var hub = await ConnectionsHub.CreateAsync();
        var (connection, _) = await hub.RaisedAsync();
        Refuse(hub, "add-note");
        await hub.Store.Get<AddAlertNote>().RunAsync(await AlertAsync(hub), hub.Admin, "On my way.", null, default);
        await hub.SettleAsync();
        var refused = Assert.Single((await ReviewAsync(hub, connection)).Refused);
        hub.Psa.FailBefore = null;

        Assert.Null(await hub.Store.Get<WriteReview>().RetryAsync(connection, refused.Id, hub.Admin, default));
        Assert.IsType<WriteNotRefused>(await hub.Store.Get<WriteReview>().RetryAsync(connection, refused.Id, hub.Admin, default));
        await hub.SettleAsync();

        Assert.Single(hub.Psa.Writes, write => write.StartsWith("add-note", StringComparison.Ordinal));
    }

    /// <summary>Nobody knows whether it arrived: it is looked for before it is sent.</summary>
    [Fact]
    public async Task NoteGivenUpInDoubt_TriedAgain_IsFoundAndNotDoubled()
    {
        await using var hub = await ConnectionsHub.CreateAsync();
        var (connection, _) = await hub.RaisedAsync();
        hub.Psa.FailAfter = operation => operation == "add-note" ? new ConnectorUnavailableException("cut", mayHaveBeenApplied: true) : null;
        await hub.Store.Get<AddAlertNote>().RunAsync(await AlertAsync(hub), hub.Admin, "On my way.", null, default);
        await hub.SettleAsync();
        await hub.Store.Get<HubStore>().WriteAsync(async db =>
        {
            var note = await db.Effects.SingleAsync(effect => effect.Kind == EffectKind.Note);
            (note.State, note.Error, note.SettledAt, note.LeaseUntil) = (EffectState.Dead, "Given up.", hub.Store.Time.GetUtcNow(), null);
        }, default);
        hub.Psa.FailAfter = null;

        Assert.Null(await hub.Store.Get<WriteReview>().RetryAsync(connection, (await ReviewAsync(hub, connection)).Refused.Single().Id, hub.Admin, default));
        for (var pass = 0; pass < 8; pass++) await hub.SettleAsync();

        Assert.Single(hub.Psa.Writes, write => write.StartsWith("add-note", StringComparison.Ordinal));
        Assert.Equal(EffectState.Confirmed, await hub.Store.ReadAsync(db => db.Effects.Where(effect => effect.Kind == EffectKind.Note).Select(effect => effect.State).SingleAsync()));
    }

    [Fact]
    public async Task RefusedStatusThatAPersonChose_TriedAgain_ReachesTheTicket()
    {
        await using var hub = await ConnectionsHub.CreateAsync();
        var (connection, ticket) = await hub.RaisedAsync();
        Refuse(hub, "update");
        Assert.Null((await hub.Store.Get<SetTicketStatus>().RunAsync(await AlertAsync(hub), FakePsa.InProgress, null, hub.Admin, default)).Failure);
        await hub.SettleAsync();
        var refused = Assert.Single((await ReviewAsync(hub, connection)).Refused);
        hub.Psa.FailBefore = null;

        Assert.Null(await hub.Store.Get<WriteReview>().RetryAsync(connection, refused.Id, hub.Admin, default));
        await hub.SettleAsync();

        Assert.Equal(FakePsa.InProgress, hub.Psa.Find(ticket)!.StatusId);
    }

    /// <summary>Their own acknowledge is on its way and sets a status too: what they chose later counts.</summary>
    [Fact]
    public async Task StatusChosenWhileAnAcknowledgeIsOnItsWay_Wins()
    {
        await using var hub = await ConnectionsHub.CreateAsync();
        var (_, ticket) = await hub.RaisedAsync();
        var alert = await AlertAsync(hub);
        await hub.Store.Get<AcknowledgeAlert>().RunAsync(alert, hub.Admin, default);
        await hub.WorkAsync();

        Assert.True((await hub.Store.Get<SetTicketStatus>().RunAsync(alert, FakePsa.InProgress, null, hub.Admin, default)).Value.Changed);
        await hub.SettleAsync();

        Assert.Equal((FakePsa.InProgress, "Acknowledged"), (hub.Psa.Find(ticket)!.StatusId, hub.Psa.Find(ticket)!.MarkerStatus));
    }

    [Fact]
    public async Task StatusChosenAndTakenBackBeforeItIsSent_IsNotSent()
    {
        await using var hub = await ConnectionsHub.CreateAsync();
        var (_, ticket) = await hub.RaisedAsync();
        var alert = await AlertAsync(hub);
        var before = hub.Psa.Find(ticket)!.StatusId;
        await hub.Store.Get<SetTicketStatus>().RunAsync(alert, FakePsa.InProgress, null, hub.Admin, default);

        Assert.True((await hub.Store.Get<SetTicketStatus>().RunAsync(alert, before, null, hub.Admin, default)).Value.Changed);
        await hub.SettleAsync();

        Assert.Equal(before, hub.Psa.Find(ticket)!.StatusId);
    }

    [Fact]
    public async Task RefusedClose_Discarded_LeavesTheTicket_EndsTheAlarmAndIsTold()
    {
        await using var hub = await ConnectionsHub.CreateAsync();
        var (connection, ticket) = await hub.RaisedAsync();
        Refuse(hub, "update");
        await CloseAsync(hub);
        hub.Psa.FailBefore = null;

        var refused = (await ReviewAsync(hub, connection)).Refused;
        foreach (var write in refused)
        {
            Assert.True(await AlarmedAsync(hub));
            Assert.Null(await hub.Store.Get<WriteReview>().DiscardAsync(connection, write.Id, hub.Admin, default));
        }

        await hub.SettleAsync();

        Assert.NotEqual(FakePsa.Closed, hub.Psa.Find(ticket)!.StatusId);
        Assert.Empty((await ReviewAsync(hub, connection)).Refused);
        Assert.False(await AlarmedAsync(hub));
        var alert = await AlertAsync(hub);
        Assert.Equal(
            refused.Select(_ => "Ada Root looked at a refused write and discarded it."),
            await hub.Store.ReadAsync(db => db.AlertEvents.Where(line => line.AlertId == alert && line.Kind == "write-answered").Select(line => line.Message).ToListAsync()));
    }

    [Fact]
    public async Task Conflict_Cleared_LeavesTheList_AndStaysOnTheAlert()
    {
        await using var hub = await ConnectionsHub.CreateAsync();
        var (connection, _) = await hub.RaisedAsync();
        var conflict = Conflict(hub, await hub.Store.ReadAsync(db => db.Links.Select(link => link.Id).SingleAsync()));
        await hub.Store.AddAsync(conflict);
        Assert.Equal(["Waiting"], (await ReviewAsync(hub, connection)).Conflicts.Select(open => open.RemoteValue));

        Assert.IsType<ConflictNotFound>(await hub.Store.Get<WriteReview>().ClearAsync(connection, [conflict.Id, Guid.CreateVersion7()], hub.Admin, default));
        Assert.Single((await ReviewAsync(hub, connection)).Conflicts);
        Assert.Null(await hub.Store.Get<WriteReview>().ClearAsync(connection, [conflict.Id], hub.Admin, default));

        Assert.Empty((await ReviewAsync(hub, connection)).Conflicts);
        Assert.Single((await hub.Store.Get<AlertWork>().ReadAsync(await AlertAsync(hub), default)).Conflicts);
    }

    /// <summary>Who chose a status, took an alert over, answered a refused write and cleared a conflict stands in the chain.</summary>
    [Fact]
    public async Task WhatPeopleDecide_IsWrittenDown()
    {
        await using var hub = await ConnectionsHub.CreateAsync();
        var (connection, _) = await hub.RaisedAsync();
        var alert = await AlertAsync(hub);
        var mia = Build.Person("Mia Chen");
        await hub.Store.AddAsync(mia, Conflict(hub, await hub.Store.ReadAsync(db => db.Links.Select(link => link.Id).SingleAsync())));
        await hub.Store.Get<AcknowledgeAlert>().RunAsync(alert, mia, default);
        await hub.SettleAsync();
        var ada = new Actor(ActorKind.Person, hub.Admin.Id, hub.Admin.Name);
        Actor.Set(ada);

        Assert.Null((await hub.Store.Get<TakeOverAlert>().RunAsync(alert, hub.Admin, default)).Failure);
        Refuse(hub, "update");
        await hub.Store.Get<SetTicketStatus>().RunAsync(alert, FakePsa.InProgress, null, hub.Admin, default);
        Actor.Set(Actor.System);
        await hub.SettleAsync();
        Actor.Set(ada);
        var review = await ReviewAsync(hub, connection);
        foreach (var write in review.Refused) await hub.Store.Get<WriteReview>().DiscardAsync(connection, write.Id, hub.Admin, default);
        await hub.Store.Get<WriteReview>().ClearAsync(connection, [review.Conflicts[0].Id], hub.Admin, default);

        var told = await hub.Store.ReadAsync(db => db.Audit.Where(row => row.PersonId == hub.Admin.Id).OrderBy(row => row.Number).Select(row => new { row.Action, row.Detail }).ToListAsync());
        Assert.Equal(["alert.changed", "alert.ticket-status", .. review.Refused.Select(_ => "write.answered"), "conflict.cleared"], told.Select(row => row.Action));
        Assert.Contains("takenOverBy", told[0].Detail, StringComparison.Ordinal);
        Assert.Contains(Words, told[2].Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Responder_MayNotAnswer_AndAnotherConnectionsWriteIsNotThere()
    {
        await using var hub = await ConnectionsHub.CreateAsync();
        var (connection, _) = await hub.RaisedAsync();
        Refuse(hub, "update");
        await CloseAsync(hub);
        var refused = (await ReviewAsync(hub, connection)).Refused[0].Id;

        Assert.IsType<OnlyDispatchers>(await hub.Store.Get<WriteReview>().DiscardAsync(connection, refused, Build.Person("Rae Poe", PersonRole.Responder), default));
        Assert.IsType<WriteNotFound>(await hub.Store.Get<WriteReview>().DiscardAsync(Guid.CreateVersion7(), refused, hub.Admin, default));
        Assert.Contains((await ReviewAsync(hub, connection)).Refused, write => write.Id == refused);
    }

    [Fact]
    public async Task LookAtOneTicket_DoesWhatItAsksForWithoutAPoll_AndSaysWhenItIsNotThere()
    {
        await using var hub = await ConnectionsHub.CreateAsync();
        var (connection, ticket) = await hub.RaisedAsync();
        hub.Psa.Edit(ticket, t => t with { StatusId = FakePsa.Closed });

        var looked = await hub.Store.Get<LookAtTicket>().RunAsync(connection, $" #{ticket}", default);
        await hub.WorkAsync();

        Assert.Equal("Server room too warm", looked.Value);
        Assert.Equal(AlertStatus.Closed, await hub.Store.ReadAsync(db => db.Alerts.Where(alert => alert.LinkId != null).Select(alert => alert.Status).SingleAsync()));
        Assert.IsType<TicketNotSeen>((await hub.Store.Get<LookAtTicket>().RunAsync(connection, "999999", default)).Failure);
        Assert.IsType<InvalidFailure>((await hub.Store.Get<LookAtTicket>().RunAsync(connection, " ", default)).Failure);
    }

    private static void Refuse(ConnectionsHub hub, string what) => hub.Psa.FailBefore = operation => operation == what ? new ConnectorRejectedException(Words) : null;

    private static Conflict Conflict(ConnectionsHub hub, Guid linkId) =>
        new() { Id = Guid.CreateVersion7(), LinkId = linkId, Field = "status", BaseValue = "New", HubValue = "Assigned", RemoteValue = "Waiting", Decision = "Theirs stays.", At = hub.Store.Time.GetUtcNow() };

    private static async Task CloseAsync(ConnectionsHub hub)
    {
        await hub.Store.Get<CloseAlert>().RunAsync(await AlertAsync(hub), hub.Admin, default);
        await hub.SettleAsync();
    }

    private static Task<Guid> AlertAsync(ConnectionsHub hub) => hub.Store.ReadAsync(db => db.Alerts.Where(alert => alert.LinkId != null).Select(alert => alert.Id).SingleAsync());

    private static Task<bool> AlarmedAsync(ConnectionsHub hub) => hub.Store.ReadAsync(db => db.Alerts.AnyAsync(alert => alert.Cause == "write-refused" && alert.Status != AlertStatus.Closed));

    private static Task<WriteReviewView> ReviewAsync(ConnectionsHub hub, Guid connection) => hub.Store.Get<WriteReview>().ReadAsync(connection, default);
}
