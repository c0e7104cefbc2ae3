using Deskbridge.Connectors;
using Deskbridge.Core.Alerting;
using Deskbridge.Core.Common;
using Deskbridge.Core.Sync;
using Deskbridge.Core.Tests.Connections;
using Deskbridge.Testing;
using Microsoft.EntityFrameworkCore;
using Xunit;

namespace Deskbridge.Core.Tests.Alerting.Planning;

public sealed class StaleContextTests
{
    [Fact]
    public async Task Plan_AcknowledgedWhileTheListsWereRead_StillAssignsTheOwner()
    {
        await using var hub = await ConnectionsHub.CreateAsync();
        var mia = Build.Person("Mia Chen", email: "mia.chen@example.test");
        await hub.Store.AddAsync(mia);
        var connection = await hub.InstallAsync();
        hub.Store.Time.Advance(TimeSpan.FromSeconds(30));
        hub.Psa.Add("Server room too warm");
        await hub.Store.Get<TicketPoller>().PollAsync(connection, default);
        await hub.Store.Get<TicketWorker>().RunOnceAsync(default);
        var alert = await hub.Store.ReadAsync(db => db.Alerts.SingleAsync());

        hub.Store.Time.Advance(TimeSpan.FromMinutes(11)); // lists are kept for ten
        hub.Psa.Before = async operation =>
        {
            if (operation != "statuses") return;
            hub.Psa.Before = null;
            await hub.Store.Get<AcknowledgeAlert>().RunAsync(alert.Id, mia, default);
        };
        var link = await hub.Store.ReadAsync(db => db.Links.SingleAsync(l => l.Id == alert.LinkId));
        await hub.Store.Store.WriteAsync(db => db.WakeAsync(connection, link.Type, link.RemoteId, hub.Store.Time.GetUtcNow(), "again", cancel: default), default);
        while (await hub.Store.Get<TicketWorker>().RunOnceAsync(default) > 0)
        {
        }

        var lines = await hub.Store.ReadAsync(db => db.AlertEvents.Where(e => e.AlertId == alert.Id).ToListAsync());
        Assert.DoesNotContain(lines, line => line.Kind == "refused");
        var writes = await hub.Store.ReadAsync(db => db.Effects.Where(e => e.Kind == EffectKind.Field).ToListAsync());
        Assert.Equal("7", Json.Read<FieldWrite>(Assert.Single(writes).Payload).Set[TicketFields.Owner]);
    }
}
