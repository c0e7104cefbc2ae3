using Deskbridge.Connectors;
using Deskbridge.Core.Alerting;
using Deskbridge.Core.Connections;
using Deskbridge.Core.Data;
using Deskbridge.Core.Sync;
using Deskbridge.Core.Tests.Connections;
using Deskbridge.Testing;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace Deskbridge.Core.Tests.Nodes;

/// <summary>A hub that was held up past its claims finishes nothing that another has taken over.</summary>
public sealed class ClaimFenceTests
{
    private static readonly TimeSpan PastEveryLease = TimeSpan.FromMinutes(3);

    [Fact]
    public async Task Wake_TakenOverAndRaisedAgain_IsNotRemovedByTheOneThatWasHeldUp()
    {
        await using var hub = await ConnectionsHub.CreateAsync();
        var psa = await hub.InstallAsync();
        var ticket = hub.Psa.Add().Id;
        await WakeAsync(hub, psa, ticket, "first");
        OnceHeldUp(hub, "ticket", async () =>
        {
            Assert.Equal(1, await hub.Store.Get<TicketWorker>().RunOnceAsync(default));
            await WakeAsync(hub, psa, ticket, "news");
        });

        await hub.Store.Get<TicketWorker>().RunOnceAsync(default);

        var wake = await hub.Store.ReadAsync(db => db.Wakes.SingleAsync(w => w.RemoteId == ticket));
        Assert.Equal("news", wake.Reasons);
        Assert.True(wake.NeedsRead);
        Assert.Null(wake.LeaseUntil);
    }

    [Fact]
    public async Task Wake_TakenOver_IsNotPutOffByTheOneThatWasHeldUp()
    {
        await using var hub = await ConnectionsHub.CreateAsync();
        var psa = await hub.InstallAsync();
        var ticket = hub.Psa.Add().Id;
        await WakeAsync(hub, psa, ticket, "first");
        DateTimeOffset? taken = null;
        OnceHeldUp(hub, "ticket", async () =>
        {
            await hub.Store.Store.ClaimAsync(WorkHint.Wakes, async db => (await db.Wakes.SingleAsync(w => w.RemoteId == ticket)).Claim = Guid.CreateVersion7(), default);
            taken = (await hub.Store.ReadAsync(db => db.Wakes.SingleAsync(w => w.RemoteId == ticket))).LeaseUntil;
            hub.Psa.FailBefore = _ => new ConnectorUnavailableException("cut", mayHaveBeenApplied: false);
        });

        await hub.Store.Get<TicketWorker>().RunOnceAsync(default);

        var wake = await hub.Store.ReadAsync(db => db.Wakes.SingleAsync(w => w.RemoteId == ticket));
        Assert.Equal(taken, wake.LeaseUntil);
        Assert.Equal(0, wake.Attempts);
    }

    [Fact]
    public async Task Write_TakenOver_IsNotSentByTheOneThatWasHeldUp()
    {
        await using var hub = await ConnectionsHub.CreateAsync();
        await RaisedAsync(hub);
        OnceHeldUp(hub, "ticket", async () => Assert.True(await hub.Store.Get<EffectSender>().RunOnceAsync(default) > 0));

        await hub.Store.Get<EffectSender>().RunOnceAsync(default);

        Assert.Single(hub.Psa.Writes, write => write.StartsWith("update", StringComparison.Ordinal));
        Assert.Equal(EffectState.Confirmed, (await hub.Store.ReadAsync(db => db.Effects.SingleAsync())).State);
    }

    [Fact]
    public async Task Claims_OfAnotherHub_SurviveTheStartOfThisOne()
    {
        var other = Guid.CreateVersion7();
        await using var store = await TestStore.CreateAsync(services => services.AddSingleton(new ThisNode(Guid.CreateVersion7(), "this", Alone: false)));
        var node = store.Get<ThisNode>();
        var until = store.Time.GetUtcNow().AddMinutes(1);
        Wake Held(string id, Guid by) => new() { ConnectionId = other, Type = "ticket", RemoteId = id, DueAt = store.Time.GetUtcNow(), Reasons = "poll", LeaseUntil = until, Holder = by };
        await store.AddAsync(Held("1", node.Id), Held("2", other));

        await store.Get<AbandonedClaims>().ReleaseAsync(default);

        var wakes = await store.ReadAsync(db => db.Wakes.OrderBy(w => w.RemoteId).ToListAsync());
        Assert.Null(wakes[0].LeaseUntil);
        Assert.Equal(until, wakes[1].LeaseUntil);
    }

    [Fact]
    public async Task Budget_OfSeveralHubs_IsShared()
    {
        await using var hub = await ConnectionsHub.CreateAsync();
        var budgets = hub.Store.Get<CallBudgets>();
        var alone = budgets.CallsPerMinute;

        budgets.ShareAmong(3);

        Assert.Equal(alone / 3, budgets.CallsPerMinute);
        budgets.ShareAmong(1);
        Assert.Equal(alone, budgets.CallsPerMinute);
    }

    /// <summary>At the first such call time passes beyond the lease, and somebody else acts.</summary>
    private static void OnceHeldUp(ConnectionsHub hub, string operation, Func<Task> meanwhile) => hub.Psa.Before = async called =>
    {
        if (called != operation) return;
        hub.Psa.Before = null;
        hub.Store.Time.Advance(PastEveryLease);
        await meanwhile();
    };

    private static Task WakeAsync(ConnectionsHub hub, Guid psa, string ticket, string reason) =>
        hub.Store.Store.WriteAsync(db => db.WakeAsync(psa, RecordTypes.Ticket, ticket, hub.Store.Time.GetUtcNow(), reason, needsRead: true), default);

    /// <summary>An alert whose marker is still to be written.</summary>
    private static async Task RaisedAsync(ConnectionsHub hub)
    {
        var psa = await hub.InstallAsync();
        hub.Store.Time.Advance(TimeSpan.FromMinutes(1));
        await WakeAsync(hub, psa, hub.Psa.Add().Id, "new");
        await hub.Store.Get<TicketWorker>().RunOnceAsync(default);
        Assert.Equal(AlertStatus.Open, (await hub.Store.ReadAsync(db => db.Alerts.SingleAsync())).Status);
    }
}
