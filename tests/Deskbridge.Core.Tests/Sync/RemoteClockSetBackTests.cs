using Deskbridge.Core.Alerting;
using Deskbridge.Core.Tests.Connections;
using Deskbridge.Testing;
using Microsoft.EntityFrameworkCore;
using Xunit;

namespace Deskbridge.Core.Tests.Sync;

/// <summary>A ticket system that was ahead for a while leaves times of the future behind; nothing may wait until they have come (engine.md §8).</summary>
public sealed class RemoteClockSetBackTests
{
    [Fact]
    public async Task Change_AfterTheClockWasSetBack_IsFoundByThePoll()
    {
        await using var hub = await ConnectionsHub.CreateAsync();
        (hub.Psa.Skew, hub.Psa.SkewAsLearned) = (TimeSpan.FromHours(2), TimeSpan.FromHours(2));
        var (connection, ticket) = await hub.RaisedAsync();

        (hub.Psa.Skew, hub.Psa.SkewAsLearned) = (TimeSpan.Zero, TimeSpan.Zero);
        hub.Psa.Edit(ticket, t => t with { StatusId = FakePsa.InProgress });
        await hub.PollAsync(connection);

        Assert.Equal(AlertStatus.Acknowledged, await StatusAsync(hub));
    }

    [Fact]
    public async Task Change_OfATicketStampedFarAhead_IsFoundByThePoll_AndNewTicketsAtOnceToo()
    {
        await using var hub = await ConnectionsHub.CreateAsync();
        var (connection, ticket) = await hub.RaisedAsync();
        hub.Psa.Restore(hub.Psa.Find(ticket)! with { UpdatedAt = new DateTimeOffset(9999, 12, 30, 0, 0, 0, TimeSpan.Zero), PriorityId = "2" });
        await hub.PollLaterAsync(connection);

        hub.Psa.Edit(ticket, t => t with { StatusId = FakePsa.InProgress });
        await hub.PollAsync(connection);
        Assert.Equal(AlertStatus.Acknowledged, await StatusAsync(hub));

        hub.Store.Time.Advance(TimeSpan.FromSeconds(1));
        hub.Psa.Add("Printer on fire");
        await hub.PollAsync(connection);
        Assert.Equal(2, await hub.Store.ReadAsync(db => db.Alerts.CountAsync()));
    }

    private static Task<AlertStatus> StatusAsync(ConnectionsHub hub) =>
        hub.Store.ReadAsync(db => db.Alerts.OrderBy(alert => alert.RaisedAt).Select(alert => alert.Status).FirstAsync());
}
