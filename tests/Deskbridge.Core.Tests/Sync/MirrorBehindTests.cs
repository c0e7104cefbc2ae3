using Deskbridge.Connectors;
using Deskbridge.Core.Alerting;
using Deskbridge.Core.Common;
using Deskbridge.Core.Connections;
using Deskbridge.Core.Sync;
using Deskbridge.Core.Tests.Connections;
using Deskbridge.Testing;
using Microsoft.EntityFrameworkCore;
using Xunit;

namespace Deskbridge.Core.Tests.Sync;

/// <summary>A write is found to be there, but the look that found it came too late for the mirror, while the ticket is being planned.</summary>
public sealed class MirrorBehindTests
{
    [Fact]
    public async Task Acknowledgement_InDoubtAndTakenBack_LeavesTheTicketAsItWas()
    {
        await using var hub = await ConnectionsHub.CreateAsync();
        var connection = await hub.InstallAsync();
        var ticket = hub.Psa.Add();
        await hub.Store.Get<TicketPoller>().PollAsync(connection, default);
        await SettleAsync(hub);
        var alert = await hub.Store.ReadAsync(db => db.Alerts.SingleAsync());
        await hub.Store.Get<AcknowledgeAlert>().RunAsync(alert.Id, hub.Admin, default);
        await WorkAsync(hub);
        hub.Psa.FailAfter = operation => operation == "update" ? new ConnectorUnavailableException("The answer was lost.", mayHaveBeenApplied: true) : null;
        await hub.Store.Get<EffectSender>().RunOnceAsync(default);
        hub.Psa.FailAfter = null;
        Assert.Equal(FakePsa.Assigned, hub.Psa.Find(ticket.Id)!.StatusId);

        await hub.Store.Get<UnacknowledgeAlert>().RunAsync(alert.Id, hub.Admin, default);
        hub.Store.Time.Advance(TimeSpan.FromMinutes(30));
        hub.Psa.Before = async operation =>
        {
            if (operation != "statuses") return;
            hub.Psa.Before = null;
            await ConfirmLateAsync(hub, connection);
        };
        await WorkAsync(hub);
        Assert.Null(hub.Psa.Before);
        await SettleAsync(hub);

        Assert.Equal(AlertStatus.Open, (await hub.Store.ReadAsync(db => db.Alerts.SingleAsync())).Status);
        Assert.Equal((FakePsa.New, null), (hub.Psa.Find(ticket.Id)!.StatusId, hub.Psa.Find(ticket.Id)!.MarkerStatus));
    }

    private static async Task ConfirmLateAsync(ConnectionsHub hub, Guid connection)
    {
        var live = (await hub.Store.Get<ConnectorPool>().FindAsync(connection, default))!;
        var reader = (IReadsTickets)live.Connector;
        var effect = (await hub.Store.Get<EffectClaims>().TakeAsync(default)).Single(e => e.State == EffectState.Sent);
        var before = reader.ParseTicket(Json.Read<BeforeImage>(effect.Before!).Body);
        var shown = (await reader.ReadTicketAsync(effect.RemoteId, default))!;
        var confirmed = new ConfirmedWrite(effect, live, Json.Read<FieldWrite>(effect.Payload), before, new Observation(shown, live.RemoteNow, WriteCounter: 0), null, ", found by looking", null);
        await hub.Store.Get<WriteConfirmations>().ConfirmAsync(confirmed, default);
    }

    private static async Task SettleAsync(ConnectionsHub hub)
    {
        for (var round = 0; round < 4; round++)
        {
            hub.Store.Time.Advance(TimeSpan.FromMinutes(3));
            await WorkAsync(hub);
            while (await hub.Store.Get<EffectSender>().RunOnceAsync(default) > 0)
            {
            }
        }
    }

    private static async Task WorkAsync(ConnectionsHub hub)
    {
        while (await hub.Store.Get<TicketWorker>().RunOnceAsync(default) > 0)
        {
        }
    }
}
