using Deskbridge.Core.Alerting;
using Deskbridge.Core.Connections;
using Deskbridge.Core.Sync;
using Deskbridge.Core.Tests.Connections;
using Deskbridge.Testing;
using Microsoft.EntityFrameworkCore;
using Xunit;

namespace Deskbridge.Core.Tests.Alerting;

/// <summary>Whatever changes an alert stands in the event log: who, what, when, which alert, and why.</summary>
public sealed class AlertEventLogTests
{
    [Fact]
    public async Task EveryChangeOfAnAlert_IsAnEventWithItsDecision()
    {
        await using var hub = await ConnectionsHub.CreateAsync();
        var mia = Build.Person("Mia Chen");
        await hub.Store.AddAsync(mia);
        var connection = await hub.InstallAsync();
        hub.Store.Time.Advance(TimeSpan.FromSeconds(30));
        var ticket = hub.Psa.Add("Server room too warm");
        await SeeAsync(hub, connection);
        var alert = await hub.Store.ReadAsync(db => db.Alerts.SingleAsync());

        hub.Store.Time.Advance(TimeSpan.FromSeconds(1));
        await hub.Store.Get<AcknowledgeAlert>().RunAsync(alert.Id, mia, default);
        hub.Store.Time.Advance(TimeSpan.FromSeconds(1));
        await hub.Store.Get<UnacknowledgeAlert>().RunAsync(alert.Id, mia, default);
        hub.Store.Time.Advance(TimeSpan.FromSeconds(1));
        await hub.Store.Get<AddAlertNote>().RunAsync(alert.Id, mia, "On my way.", null, default);
        await SeeAsync(hub, connection);
        hub.Psa.Edit(ticket.Id, t => t with { StatusId = FakePsa.InProgress });
        await SeeAsync(hub, connection);
        hub.Psa.Edit(ticket.Id, t => t with { StatusId = FakePsa.Closed });
        await SeeAsync(hub, connection);
        hub.Store.Time.Advance(TimeSpan.FromSeconds(1));
        await hub.Store.Get<ReopenAlert>().RunAsync(alert.Id, mia, default);

        var log = await hub.Store.ReadAsync(db => db.ConnectionEvents.Where(entry => entry.AlertId == alert.Id).OrderBy(entry => entry.At).ThenBy(entry => entry.Id).ToListAsync());
        Assert.Equal(["raised", "acknowledged", "unacknowledged", "note", "acknowledged", "closed", "reopened"], log.Select(entry => entry.Kind));
        Assert.All(log, entry => Assert.Equal((ticket.Id, true), (entry.RemoteId, entry.Trace!.Length > 0)));
        Assert.All(log, entry => Assert.Contains(entry.Kind, EventKinds.Names));
        Assert.Equal("Mia Chen acknowledged the alert: \"Server room too warm\".", log[1].Message);
        Assert.Contains("the alert was open", log[1].Trace, StringComparison.Ordinal);
        Assert.DoesNotContain("On my way", log[3].Message + log[3].Trace + log[3].Payload, StringComparison.Ordinal);
        Assert.Contains("changed last by technician", log[4].Message, StringComparison.Ordinal);
        Assert.Equal("✓ status is closed (Closed)", log[5].Trace);
    }

    private static async Task SeeAsync(ConnectionsHub hub, Guid connection)
    {
        hub.Store.Time.Advance(TimeSpan.FromSeconds(5));
        await hub.Store.Get<TicketPoller>().PollAsync(connection, default);
        while (await hub.Store.Get<TicketWorker>().RunOnceAsync(default) > 0)
        {
        }
    }
}
