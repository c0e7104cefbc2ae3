using Deskbridge.Core.Alerting;
using Deskbridge.Core.Sync;
using Deskbridge.Core.Tests.Connections;
using Deskbridge.Testing;
using Microsoft.EntityFrameworkCore;
using Xunit;

namespace Deskbridge.Core.Tests.Sync;

/// <summary>PSAs store their last change in whole seconds: a second change in the same second looks like the first (engine.md §8, invariant I7).</summary>
public sealed class SameSecondTests
{
    [Fact]
    public async Task Poll_RightAfterAChange_OfARemoteThatIsBehindUnnoticed_FindsTheSecondChangeOfThatSecond()
    {
        await using var hub = await ConnectionsHub.CreateAsync();
        (hub.Psa.Skew, hub.Psa.SkewAsLearned) = (TimeSpan.FromSeconds(-1.9), TimeSpan.Zero);
        var (connection, ticket) = await hub.RaisedAsync();
        hub.Store.Time.Advance(TimeSpan.FromSeconds(2.0));
        hub.Psa.Edit(ticket, t => t with { PriorityId = "2" });
        hub.Store.Time.Advance(TimeSpan.FromSeconds(0.05));
        await hub.PollAsync(connection);

        hub.Store.Time.Advance(TimeSpan.FromSeconds(0.7));
        var before = hub.Psa.Find(ticket)!.UpdatedAt;
        Assert.Equal(before, hub.Psa.Edit(ticket, t => t with { StatusId = FakePsa.InProgress }).UpdatedAt);
        await hub.PollLaterAsync(connection);

        Assert.Equal(AlertStatus.Acknowledged, await StatusAsync(hub));
    }

    /// <summary>The state that an answer shows is that of the request's beginning, however long it took.</summary>
    [Fact]
    public async Task Poll_AnsweredSlowly_CountsFromItsBeginning()
    {
        await using var hub = await ConnectionsHub.CreateAsync();
        var (connection, ticket) = await hub.RaisedAsync();
        hub.Psa.Edit(ticket, t => t with { PriorityId = "2" });
        var asked = hub.Store.Time.GetUtcNow();

        hub.Psa.Before = operation =>
        {
            if (operation == "changed") hub.Store.Time.Advance(TimeSpan.FromSeconds(30));
            return Task.CompletedTask;
        };
        await hub.PollAsync(connection);

        Assert.Equal(asked, await hub.Store.ReadAsync(db => db.Mirrors.Where(m => m.RemoteId == ticket).Select(m => m.ReadAt).SingleAsync()));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task SweepOrRead_OfAChangeThatNoPollCanSee_FindsIt(bool sweeps)
    {
        await using var hub = await ConnectionsHub.CreateAsync();
        var (connection, ticket) = await hub.RaisedAsync();
        await hub.PollLaterAsync(connection);
        hub.Psa.Restore(hub.Psa.Find(ticket)! with { StatusId = FakePsa.InProgress });
        await hub.PollLaterAsync(connection);
        Assert.Equal(AlertStatus.Open, await StatusAsync(hub));

        if (sweeps) await hub.Store.Get<TicketSweep>().SweepAsync(connection, default);
        else await hub.Store.Store.WriteAsync(db => db.WakeAsync(connection, "ticket", ticket, hub.Store.Time.GetUtcNow(), "callback", needsRead: true), default);
        await hub.WorkAsync();

        Assert.Equal(AlertStatus.Acknowledged, await StatusAsync(hub));
    }

    private static Task<AlertStatus> StatusAsync(ConnectionsHub hub) => hub.Store.ReadAsync(db => db.Alerts.Select(alert => alert.Status).SingleAsync());
}
