using Deskbridge.Connectors;
using Deskbridge.Core.Alerting;
using Microsoft.EntityFrameworkCore;
using Xunit;

namespace Deskbridge.Core.Tests.Alerting.Planning;

public sealed class RefusedActionTests
{
    /// <summary>Nothing is sent, but it is a refused write like any other: people are told (engine.md §6.12).</summary>
    [Fact]
    public async Task Acknowledge_WithAStatusThatTheBoardLacks_RaisesTheAlertOfARefusedWrite()
    {
        await using var hub = await TicketHub.InstalledAsync(psa => psa.OnAcknowledge[0] = new TicketAction(TicketFields.Status, new RemoteRef("99", "Taken over"), "Write"));
        var alert = await hub.RaisedAsync();

        await hub.Get<AcknowledgeAlert>().RunAsync(alert.Id, hub.Mia, default);
        await hub.WorkAsync();

        var told = await hub.ReadAsync(db => db.Alerts.SingleAsync(a => a.Cause == "write-refused"));
        Assert.Contains("has no status \"Taken over\"", told.Text, StringComparison.Ordinal);
        Assert.Contains("has no status", await hub.ReadAsync(db => db.ConnectionEvents.Where(e => e.Kind == "rejected").Select(e => e.Message).SingleAsync()), StringComparison.Ordinal);
        Assert.Single(await hub.ReadAsync(db => db.AlertEvents.Where(e => e.AlertId == alert.Id && e.Kind == "refused").ToListAsync()));
    }
}
