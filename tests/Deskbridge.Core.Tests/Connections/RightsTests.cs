using Deskbridge.Connectors;
using Deskbridge.Core.Alerting;
using Deskbridge.Core.Connections;
using Deskbridge.Core.Connections.Rights;
using Deskbridge.Core.Sync;
using Microsoft.EntityFrameworkCore;
using Xunit;

namespace Deskbridge.Core.Tests.Connections;

public sealed class RightsTests
{
    [Fact]
    public async Task WriteRefusedForARight_IsLookedIntoOnceAndTheCellIsNamed()
    {
        await using var hub = await ConnectionsHub.CreateAsync();
        var (connection, ticket) = await hub.RaisedAsync();
        LoseEdit(hub);
        await AcknowledgeAsync(hub);
        Assert.Equal(EffectState.Rejected, (await TransitionAsync(hub, ticket)).State);

        for (var minute = 0; minute < 4; minute++) await hub.Store.Get<RightsWatch>().LookAsync(connection, default);

        Assert.Single(hub.Psa.Calls, call => call == "rights");
        var told = await hub.Store.ReadAsync(db => db.ConnectionEvents.SingleAsync(entry => entry.Kind == "rights"));
        Assert.Equal("The role of the API member lacks Service Desk > Tickets > Edit.", told.Message);
        var row = (await hub.Store.Get<RightsBook>().ReadAsync(connection, default))!.Rows.Single(row => row.Needed.Function == "Tickets");
        Assert.Equal(RightColumn.Edit, Assert.Single(row.Missing(setup: false)).Column);
    }

    [Fact]
    public async Task NothingRefused_NothingIsAsked()
    {
        await using var hub = await ConnectionsHub.CreateAsync();
        var (connection, _) = await hub.RaisedAsync();

        await hub.Store.Get<RightsWatch>().LookAsync(connection, default);

        Assert.DoesNotContain("rights", hub.Psa.Calls);
    }

    [Fact]
    public async Task RightReturns_WhatWasRefusedGoesOnOnce()
    {
        await using var hub = await ConnectionsHub.CreateAsync();
        var (connection, ticket) = await hub.RaisedAsync();
        LoseEdit(hub);
        var alert = await AcknowledgeAsync(hub);
        await hub.Store.Get<AddAlertNote>().RunAsync(alert.Id, hub.Admin, "Seen it.", null, default);
        await hub.SettleAsync();
        await hub.Store.Get<RightsWatch>().LookAsync(connection, default);

        hub.Psa.FailBefore = null;
        hub.Psa.LackingRights.Clear();
        hub.Store.Time.Advance(TimeSpan.FromMinutes(6));
        await hub.Store.Get<RightsWatch>().LookAsync(connection, default);
        await hub.SettleAsync();
        hub.Store.Time.Advance(TimeSpan.FromMinutes(6));
        await hub.Store.Get<RightsWatch>().LookAsync(connection, default);
        await hub.SettleAsync();

        Assert.Equal("Assigned", hub.Psa.Find(ticket)!.ToRemote().Status!.Name);
        Assert.Single(hub.Psa.Notes[ticket]);
        Assert.Equal(2, hub.Psa.Calls.Count(call => call == "rights"));
        Assert.DoesNotContain(await hub.Store.ReadAsync(db => db.Effects.ToListAsync()), effect => effect.ForRight);
        var told = await hub.Store.ReadAsync(db => db.ConnectionEvents.Where(entry => entry.Kind == "rights").OrderByDescending(entry => entry.At).FirstAsync());
        Assert.Contains("refused writes go on", told.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task RightThatOnlyDetailsNeed_IsShownAndNotAskedForAgain()
    {
        await using var hub = await ConnectionsHub.CreateAsync();
        var (connection, _) = await hub.RaisedAsync();
        hub.Psa.LackingRights["Contacts Inquire"] = true;
        await hub.Store.Get<RightsBook>().CheckAsync(connection, goOn: false, default);

        hub.Store.Time.Advance(TimeSpan.FromMinutes(6));
        await hub.Store.Get<RightsWatch>().LookAsync(connection, default);

        Assert.Single(hub.Psa.Calls, call => call == "rights");
        Assert.Single((await hub.Store.Get<RightsBook>().ReadAsync(connection, default))!.Rows, row => row.Missing(setup: false).Any());
    }

    [Fact]
    public async Task RemoteUpdated_RightsAndCustomFieldsAreTriedAnewOnce()
    {
        await using var hub = await ConnectionsHub.CreateAsync();
        var (connection, _) = await hub.RaisedAsync();
        await hub.Store.Get<RightsBook>().CheckAsync(connection, goOn: false, default);
        await hub.Store.Store.WriteAsync(async db => (await db.Connections.SingleAsync()).CustomFields = CustomFieldMode.Partial, default);
        hub.Psa.Release = "2025.2";
        hub.Store.Time.Advance(TimeSpan.FromMinutes(6));

        await hub.Store.Get<RightsWatch>().LookAsync(connection, default);
        hub.Store.Time.Advance(TimeSpan.FromMinutes(6));
        await hub.Store.Get<RightsWatch>().LookAsync(connection, default);

        Assert.Equal(2, hub.Psa.Calls.Count(call => call == "rights"));
        Assert.Equal(CustomFieldMode.Untested, (await hub.ReadAsync(connection)).CustomFields);
        Assert.Contains("from 2025.1 to 2025.2", (await hub.Store.ReadAsync(db => db.ConnectionEvents.SingleAsync(entry => entry.Kind == "version"))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task WhatIsMissingOrNotSeen_IsATroubleOfTheActiveConnection()
    {
        await using var hub = await ConnectionsHub.CreateAsync();
        var (connection, _) = await hub.RaisedAsync();
        hub.Psa.LackingRights["Tickets Edit"] = true;
        hub.Psa.LackingRights["Contacts Inquire"] = true;
        hub.Psa.UnseenBoards["The rule names the board 'Night', which the API member does not see."] = true;
        await hub.Store.Get<RightsBook>().CheckAsync(connection, goOn: false, default);

        var troubles = (await hub.Store.Get<RightsBook>().TroublesAsync(default))[connection];

        Assert.Equal(["The role of the API member lacks Service Desk > Tickets > Edit.", "The rule names the board 'Night', which the API member does not see."], troubles);
    }

    [Fact]
    public async Task Test_OfARemoteWhoseClockIsMinutesOff_SaysByHowMuch()
    {
        await using var hub = await ConnectionsHub.CreateAsync();
        hub.Psa.Skew = TimeSpan.FromMinutes(7);

        var run = await hub.RunAsync(await hub.AddConnectionAsync(), Core.Connections.ConnectionRunKind.Test);

        var clock = Assert.Single(run.Items, item => item.Name == "Clock");
        Assert.Equal("warning", clock.Outcome);
        Assert.Contains("420 seconds ahead", clock.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task TwoConnectionsThatRunOnOneSystem_AreNamedToEachOther()
    {
        await using var hub = await ConnectionsHub.CreateAsync();
        var first = await hub.InstallAsync();
        var second = await hub.AddConnectionAsync("Second");
        Assert.Empty(await hub.Store.Get<ConnectionQueries>().BesideAsync(first, default));

        await hub.RunAsync(second, Core.Connections.ConnectionRunKind.Install, new Core.Connections.Runs.RunRequest(ConfirmSecond: true, Adopt: true));

        Assert.Equal(["Second"], await hub.Store.Get<ConnectionQueries>().BesideAsync(first, default));
        Assert.Equal(["Main"], await hub.Store.Get<ConnectionQueries>().BesideAsync(second, default));
    }

    private static void LoseEdit(ConnectionsHub hub)
    {
        hub.Psa.LackingRights["Tickets Edit"] = true;
        hub.Psa.FailBefore = operation => operation is "update" or "add-note" ? new ConnectorRejectedException("The API member lacks a right.", kind: RejectionKind.Permission) : null;
    }

    private static async Task<Alert> AcknowledgeAsync(ConnectionsHub hub)
    {
        var alert = await hub.Store.ReadAsync(db => db.Alerts.SingleAsync(row => row.LinkId != null));
        Assert.Null((await hub.Store.Get<AcknowledgeAlert>().RunAsync(alert.Id, hub.Admin, default)).Failure);
        await hub.SettleAsync();
        return alert;
    }

    private static Task<Effect> TransitionAsync(ConnectionsHub hub, string ticket) =>
        hub.Store.ReadAsync(db => db.Effects.Where(effect => effect.RemoteId == ticket && effect.Kind == EffectKind.Transition).OrderByDescending(effect => effect.Seq).FirstAsync());
}
