using Deskbridge.Core.Common;
using Deskbridge.Core.Connections;
using Deskbridge.Core.Connections.Runs;
using Deskbridge.Core.Data;
using Deskbridge.Core.Operations;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Quartz;

namespace Deskbridge.Core.Nodes;

/// <summary>
/// Every few seconds, on a shared database: says that this hub lives and what it does, learns who else lives, takes its share of the call
/// budgets, and ends what a dead hub was in the middle of.
/// </summary>
internal sealed partial class NodeBeat(
    HubStore store,
    IDbContextFactory<HubDb> contexts,
    NodeQueries nodes,
    NodeFacts facts,
    TaskLog tasks,
    ThisNode node,
    CallBudgets budgets,
    ConnectionMonitor monitor,
    ConnectionRuns runs,
    ISchedulerFactory schedulers,
    PumpWatch watch,
    TimeProvider clock,
    ILogger<NodeBeat> logger) : BackgroundService
{
    /// <summary>How often.</summary>
    public static readonly TimeSpan Interval = TimeSpan.FromSeconds(3);

    /// <summary>Whoever was silent for longer does not count any more. Its claims end by their leases.</summary>
    public static readonly TimeSpan GoneAfter = TimeSpan.FromSeconds(12);

    private static readonly TimeSpan ForgottenAfter = TimeSpan.FromDays(1);

    /// <inheritdoc/>
    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        try
        {
            await store.WriteAsync(db => db.Nodes.Where(row => row.Id == node.Id).ExecuteDeleteAsync(cancellationToken), cancellationToken);
        }
        catch (Exception failure) when (failure is not OperationCanceledException)
        {
            LogMissed(logger, failure); // it will be seen to be gone
        }
    }

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Interval, clock);
        var last = clock.GetUtcNow();
        do
        {
            try
            {
                var now = clock.GetUtcNow();
                if (now - last > GoneAfter) LogStoodStill(logger, (now - last).TotalSeconds);
                last = now;
                await BeatAsync(now, stoppingToken);
            }
            catch (Exception failure) when (failure is not OperationCanceledException)
            {
                LogMissed(logger, failure);
            }
        }
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }

    /// <summary>One beat.</summary>
    internal async Task BeatAsync(DateTimeOffset now, CancellationToken cancel)
    {
        var work = Json.Write(new NodeWork(NodeTask.Of(tasks), budgets.CallsLastMinute, await ClockOffAsync(cancel), store.RepeatedWrites));
        await SayAsync(now, work, cancel);
        var others = await nodes.OthersAsync(now, cancel);
        facts.Others = others.Count;
        budgets.ShareAmong(others.Count + 1);
        if ((await schedulers.GetScheduler(cancel)).Status == SchedulerStatus.Running) watch.Beat(Pump.Clock); // others may run every task for a while
        await monitor.LoadAsync(cancel);
        await runs.MarkInterruptedAsync(others, cancel);
    }

    /// <summary>Beside the gate that all other writes wait at: a hub that has much to write must not look dead for it. Nobody else writes this row.</summary>
    private async Task SayAsync(DateTimeOffset now, string work, CancellationToken cancel)
    {
        await using var db = await contexts.CreateDbContextAsync(cancel);
        var forgotten = now - ForgottenAfter;
        await db.Nodes.Where(row => row.SeenAt < forgotten).ExecuteDeleteAsync(cancel);
        var row = await db.Nodes.FindAsync([node.Id], cancel)
            ?? db.Nodes.Add(new Node { Id = node.Id, Name = node.Name, StartedAt = facts.StartedAt, SeenAt = now }).Entity;
        (row.Name, row.Address, row.Version, row.StartedAt, row.SeenAt, row.Work) = (node.Name, facts.Address, facts.Version, facts.StartedAt, now, work);
        await db.SaveChangesAsync(cancel);
    }

    /// <summary>Claims carry times, so the hubs must agree about the time; each measures itself against the server they share.</summary>
    private Task<long> ClockOffAsync(CancellationToken cancel) =>
        store.ReadAsync(
            async db =>
            {
                var before = clock.GetUtcNow();
                var theirs = await db.Database.SqlQueryRaw<DateTime>("SELECT clock_timestamp() AT TIME ZONE 'UTC' AS \"Value\"").SingleAsync(cancel);
                return (long)(new DateTimeOffset(theirs, TimeSpan.Zero) - before - ((clock.GetUtcNow() - before) / 2)).TotalMilliseconds;
            },
            cancel);

    [LoggerMessage(4001, LogLevel.Warning, "This hub could not say that it lives; it tries again in a few seconds")]
    private static partial void LogMissed(ILogger logger, Exception failure);

    [LoggerMessage(4002, LogLevel.Warning, "This hub stood still for {Seconds:0} seconds. Others have taken over what it was at; what it had claimed it does not finish")]
    private static partial void LogStoodStill(ILogger logger, double seconds);
}
