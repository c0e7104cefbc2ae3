using Deskbridge.Connectors;
using Deskbridge.Core.Alerting;
using Deskbridge.Core.Connections;
using Deskbridge.Core.Sync;
using Deskbridge.Core.Tests.Connections;
using Deskbridge.Testing;
using Microsoft.EntityFrameworkCore;
using Xunit;

namespace Deskbridge.Core.Tests.Sync;

/// <summary>Somebody deleted a marker field: one finding with a Repair, and everything else goes on (engine.md §6.12).</summary>
public sealed class MissingMarkerTests
{
    [Fact]
    public async Task Transition_WithoutTheMarkerField_StillWritesTheRest_AndMakesOneFinding()
    {
        await using var hub = await ConnectionsHub.CreateAsync();
        var (connection, ticket) = await AcknowledgedAsync(hub, deleted: TicketFields.MarkerStatus);

        Assert.Equal(FakePsa.Assigned, hub.Psa.Find(ticket)!.StatusId);
        var finding = Assert.Single(await hub.Store.Get<ConnectionFindings>().ReadAsync(connection, default));
        Assert.Equal((MarkerFinding.Cause, true), (finding.Cause, finding.Repairable));
        Assert.Equal([finding], (await hub.Store.Get<ConnectionFindings>().ReadAllAsync(default)).Select(named => named.Finding));
        Assert.Contains("custom field Status: it was deleted", finding.Text, StringComparison.Ordinal);
        Assert.Contains("Press Repair", await RefusalAsync(hub), StringComparison.Ordinal);
        Assert.Equal(1, await hub.Store.ReadAsync(db => db.Alerts.Where(alert => alert.LinkId == null).Select(alert => alert.Count).SingleAsync()));
    }

    /// <summary>The only write of the user marker and the owner: without the marker the owner is still set.</summary>
    [Fact]
    public async Task OwnerBesideAMissingMarker_IsStillSet()
    {
        await using var hub = await ConnectionsHub.CreateAsync();
        var (_, ticket) = await AcknowledgedAsync(hub, deleted: TicketFields.MarkerUser);

        Assert.Equal("7", hub.Psa.Find(ticket)!.OwnerId);
    }

    [Fact]
    public async Task Repair_MakesTheFieldAgain_AndClosesTheFinding()
    {
        await using var hub = await ConnectionsHub.CreateAsync();
        var (connection, _) = await AcknowledgedAsync(hub, deleted: TicketFields.MarkerStatus);

        var run = await hub.RunAsync(connection, ConnectionRunKind.Install);

        Assert.Equal("1 object was made again; the connection goes on.", run.Run.Summary);
        Assert.Empty(await hub.Store.Get<ConnectionFindings>().ReadAsync(connection, default));
        Assert.Empty(hub.Psa.DeletedFields);
    }

    /// <summary>A field that is made again changes no ticket, so the stored bodies go on without it until the next change.</summary>
    [Fact]
    public async Task Ticket_PlannedFromABodyOfBeforeTheRepair_DoesNotReportTheFieldAgain()
    {
        await using var hub = await ConnectionsHub.CreateAsync();
        var (connection, ticket) = await AcknowledgedAsync(hub, deleted: TicketFields.MarkerStatus);
        hub.Store.Time.Advance(TimeSpan.FromMinutes(1));
        await hub.RunAsync(connection, ConnectionRunKind.Install);
        hub.Store.Time.Advance(TimeSpan.FromMinutes(1));

        await hub.Store.Store.WriteAsync(db => db.WakeAsync(connection, "ticket", ticket, hub.Store.Time.GetUtcNow(), "rules"), default);
        await hub.SettleAsync();

        Assert.Empty(await hub.Store.Get<ConnectionFindings>().ReadAsync(connection, default));
    }

    private static async Task<(Guid Connection, string Ticket)> AcknowledgedAsync(ConnectionsHub hub, string deleted)
    {
        var mia = Build.Person("Mia Chen", email: "mia.chen@example.test");
        await hub.Store.AddAsync(mia);
        var connection = await hub.InstallAsync();
        hub.Store.Time.Advance(TimeSpan.FromSeconds(30));
        var ticket = hub.Psa.Add("Server room too warm").Id;
        await hub.Store.Get<TicketPoller>().PollAsync(connection, default);
        await hub.SettleAsync();
        hub.Psa.DeleteField(deleted);
        await hub.Store.Get<AcknowledgeAlert>().RunAsync(await hub.Store.ReadAsync(db => db.Alerts.Select(alert => alert.Id).SingleAsync()), mia, default);
        await hub.SettleAsync();
        return (connection, ticket);
    }

    private static Task<string> RefusalAsync(ConnectionsHub hub) =>
        hub.Store.ReadAsync(db => db.Effects.Where(effect => effect.State == EffectState.Rejected).Select(effect => effect.Error!).SingleAsync());
}
