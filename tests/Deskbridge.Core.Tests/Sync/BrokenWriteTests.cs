using Deskbridge.Connectors;
using Deskbridge.Core.Alerting;
using Deskbridge.Core.Connections;
using Deskbridge.Core.Sync;
using Deskbridge.Core.Tests.Connections;
using Deskbridge.Testing;
using Microsoft.EntityFrameworkCore;
using Xunit;

namespace Deskbridge.Core.Tests.Sync;

/// <summary>A write that fails in a way nobody foresaw: it must end, be told, and hold up nobody (engine.md §3, §6.12).</summary>
public sealed class BrokenWriteTests
{
    [Fact]
    public async Task WriteThatKeepsFailing_BeforeItIsSent_IsGivenUpAndTold()
    {
        await using var hub = await ConnectionsHub.CreateAsync();
        await EnterAsync(hub);
        hub.Psa.Before = operation => operation == "ticket" ? throw new InvalidOperationException("Nobody foresaw this.") : Task.CompletedTask;

        var dead = await SendUntilSettledAsync(hub);

        Assert.Equal((EffectState.Dead, 0), (dead.State, dead.Attempts));
        Assert.Equal("Given up after 10 failures: Nobody foresaw this.", dead.Error);
        Assert.Equal(1, await hub.Store.ReadAsync(db => db.Alerts.CountAsync(alert => alert.LinkId == null && alert.Cause == "write-refused")));
        Assert.Equal(10, await hub.Store.ReadAsync(db => db.EffectAttempts.CountAsync()));
    }

    /// <summary>In doubt, it would keep its ticket from being planned for ever.</summary>
    [Fact]
    public async Task WriteThatKeepsFailing_AfterItWasSent_IsGivenUp_AndItsTicketIsPlannedAgain()
    {
        await using var hub = await ConnectionsHub.CreateAsync();
        var (connection, ticket) = await EnterAsync(hub);
        hub.Psa.FailBefore = operation => operation == "update" ? new ConnectorUnavailableException("500", mayHaveBeenApplied: true) : null;
        await hub.Store.Get<EffectSender>().RunOnceAsync(default);
        hub.Psa.Before = operation => operation == "ticket" ? throw new InvalidOperationException("Nobody foresaw this.") : Task.CompletedTask;
        hub.Psa.Edit(ticket, t => t with { StatusId = FakePsa.Closed });
        await hub.PollLaterAsync(connection);
        Assert.Equal(AlertStatus.Open, await StatusAsync(hub));

        var dead = await SendUntilSettledAsync(hub);
        hub.Psa.Before = null;
        await hub.WorkAsync();

        Assert.Equal(EffectState.Dead, dead.State);
        Assert.EndsWith("Whether it arrived is not known: look at the ticket.", dead.Error, StringComparison.Ordinal);
        Assert.Equal(AlertStatus.Closed, await StatusAsync(hub));
    }

    /// <summary>While a write is in doubt its ticket is not planned; when it turns out not to have arrived, and sending goes on failing, the ticket must be.</summary>
    [Fact]
    public async Task CloseReadWhileAWriteWasInDoubt_IsPlanned_ThoughSendingGoesOnFailing()
    {
        await using var hub = await ConnectionsHub.CreateAsync();
        var (connection, ticket) = await EnterAsync(hub);
        hub.Psa.FailBefore = operation => operation == "update" ? new ConnectorUnavailableException("500", mayHaveBeenApplied: true) : null;
        await hub.Store.Get<EffectSender>().RunOnceAsync(default);
        hub.Psa.Edit(ticket, t => t with { StatusId = FakePsa.Closed });
        await hub.PollLaterAsync(connection);
        Assert.Equal(AlertStatus.Open, await StatusAsync(hub));

        hub.Psa.FailBefore = operation => operation == "update" ? new ConnectorConflictException("Locked by somebody.") : null;
        for (var pass = 0; pass < 2; pass++) await hub.Store.Get<EffectSender>().RunOnceAsync(default);
        await hub.WorkAsync();

        Assert.Equal(AlertStatus.Closed, await StatusAsync(hub));
    }

    /// <summary>A proxy in trouble for minutes answers every write with a page of its own, and lets every read pass.</summary>
    [Fact]
    public async Task WritesThatSomethingBetweenRefuses_ArriveOnce_WhenItIsWell_AndHoldUpNobody()
    {
        await using var hub = await ConnectionsHub.CreateAsync();
        var mia = Build.Person("Mia Chen", email: "mia.chen@example.test");
        await hub.Store.AddAsync(mia);
        var (connection, ticket) = await hub.RaisedAsync();
        var refused = 0;
        hub.Psa.FailBefore = operation => operation is "update" or "add-note" && ++refused > 0
            ? new ConnectorUnavailableException("400 of a proxy.", mayHaveBeenApplied: true) { Unexplained = true }
            : null;
        var alert = await hub.Store.ReadAsync(db => db.Alerts.Select(a => a.Id).SingleAsync());
        await hub.Store.Get<AcknowledgeAlert>().RunAsync(alert, mia, default);
        await hub.Store.Get<AddAlertNote>().RunAsync(alert, mia, "On my way.", null, default);

        for (var pass = 0; pass < 15; pass++) await hub.SettleAsync(); // four minutes
        Assert.InRange(refused, 6, 20);
        Assert.False(hub.Store.Get<ConnectionMonitor>().IsOpen(connection, hub.Store.Time.GetUtcNow()));
        hub.Psa.FailBefore = null;
        for (var pass = 0; pass < 60; pass++) await hub.SettleAsync();

        Assert.Equal((FakePsa.Assigned, "Acknowledged"), (hub.Psa.Find(ticket)!.StatusId, hub.Psa.Find(ticket)!.MarkerStatus));
        Assert.Single(hub.Psa.Writes, write => write.StartsWith("add-note", StringComparison.Ordinal));
    }

    private static async Task<(Guid Connection, string Ticket)> EnterAsync(ConnectionsHub hub)
    {
        var connection = await hub.InstallAsync();
        hub.Store.Time.Advance(TimeSpan.FromSeconds(30));
        var ticket = hub.Psa.Add("Server room too warm").Id;
        await hub.PollLaterAsync(connection);
        return (connection, ticket);
    }

    private static async Task<Effect> SendUntilSettledAsync(ConnectionsHub hub)
    {
        for (var pass = 0; pass < 20; pass++)
        {
            await hub.Store.Get<EffectSender>().RunOnceAsync(default);
            if (await hub.Store.ReadAsync(db => db.Effects.SingleAsync()) is { SettledAt: not null } settled) return settled;
            hub.Store.Time.Advance(TimeSpan.FromMinutes(5));
        }

        throw new InvalidOperationException("The write never came to an end.");
    }

    private static Task<AlertStatus> StatusAsync(ConnectionsHub hub) => hub.Store.ReadAsync(db => db.Alerts.Where(alert => alert.LinkId != null).Select(alert => alert.Status).SingleAsync());
}
