using Deskbridge.Core.Connections.Rules;
using Deskbridge.Core.Connections.Runs;
using Deskbridge.Core.Data;
using Deskbridge.Core.Sync;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Quartz;

namespace Deskbridge.Core.Connections;

/// <summary>
/// What recurs per connection, as Quartz jobs: one key per connection and duty, kept in memory and rebuilt from the connections table at
/// start, when a connection changes, and every minute for what another process changed.
/// </summary>
internal sealed partial class ConnectionSchedules(
    ISchedulerFactory schedulers,
    ConnectionChanges changes,
    ConnectionMonitor monitor,
    ConnectionRuns runs,
    HubStore store,
    IOptions<ConnectionsOptions> options,
    TimeProvider clock,
    ILogger<ConnectionSchedules> logger) : IHostedService
{
    private static readonly TimeSpan WatchInterval = TimeSpan.FromMinutes(1);

    /// <inheritdoc/>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        await monitor.LoadAsync(cancellationToken);
        await runs.MarkInterruptedAsync(cancellationToken);
        changes.Subscribe(id => _ = ApplySafelyAsync(id));
        await ScheduleAsync(new JobKey("watch"), Guid.Empty, Duty.Watch, WatchInterval, cancellationToken);
        await ApplyAllAsync(cancellationToken);
    }

    /// <inheritdoc/>
    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>Makes the jobs of every connection what they should be.</summary>
    public async Task ApplyAllAsync(CancellationToken cancel)
    {
        var ids = await store.ReadAsync(db => db.Connections.Select(connection => connection.Id).ToListAsync(cancel), cancel);
        foreach (var id in ids) await ApplyAsync(id, cancel);
    }

    private static JobKey KeyOf(Guid id, Duty duty) => new(duty.ToString().ToLowerInvariant(), id.ToString("N"));

    private async Task ApplyAsync(Guid id, CancellationToken cancel)
    {
        var active = await store.ReadAsync(db => db.Connections.AnyAsync(connection => connection.Id == id && connection.State == ConnectionState.Active, cancel), cancel);
        foreach (var (duty, interval) in Intervals())
        {
            var key = KeyOf(id, duty);
            if (active) await ScheduleAsync(key, id, duty, interval, cancel);
            else await (await schedulers.GetScheduler(cancel)).DeleteJob(key, cancel);
        }
    }

    private IEnumerable<(Duty Duty, TimeSpan Interval)> Intervals() =>
    [
        (Duty.Poll, options.Value.PollInterval),
        (Duty.Rules, options.Value.RuleInterval),
        (Duty.Callbacks, options.Value.CallbackInterval),
        (Duty.Sweep, options.Value.SweepInterval),
    ];

    private async Task ScheduleAsync(JobKey key, Guid id, Duty duty, TimeSpan interval, CancellationToken cancel)
    {
        var scheduler = await schedulers.GetScheduler(cancel);
        if (await scheduler.Exists(key, cancel)) return;
        var job = JobBuilder.Create<ConnectionDuty>()
            .WithIdentity(key)
            .UsingJobData(ConnectionDuty.ConnectionKey, id.ToString())
            .UsingJobData(ConnectionDuty.DutyKey, duty.ToString())
            .Build();
        var first = duty == Duty.Sweep ? clock.GetUtcNow() + interval : clock.GetUtcNow();
        var trigger = TriggerBuilder.Create(clock)
            .WithIdentity(key.Name, key.Group)
            .StartAt(first)
            .WithSchedule(SimpleScheduleBuilder.Create().WithInterval(interval).RepeatForever())
            .Build();
        await scheduler.ScheduleJob(job, trigger, new ScheduleJobOptions { Replace = true }, cancel);
    }

    private async Task ApplySafelyAsync(Guid id)
    {
        try
        {
            await ApplyAsync(id, CancellationToken.None);
        }
        catch (Exception failure)
        {
            LogNotApplied(logger, id, failure);
        }
    }

    [LoggerMessage(3010, LogLevel.Warning, "The schedule of connection {ConnectionId} could not be renewed; it is tried again within a minute")]
    private static partial void LogNotApplied(ILogger logger, Guid connectionId, Exception failure);
}

/// <summary>What is done for a connection again and again.</summary>
internal enum Duty
{
    /// <summary>Read changed tickets.</summary>
    Poll,

    /// <summary>Read the rules.</summary>
    Rules,

    /// <summary>Mend the callback subscriptions.</summary>
    Callbacks,

    /// <summary>Compare everything.</summary>
    Sweep,

    /// <summary>Look for silent connections and for changes made by another process.</summary>
    Watch,
}

/// <summary>Runs one duty of one connection. A failure is logged and never ends the schedule.</summary>
[DisallowConcurrentExecution]
internal sealed partial class ConnectionDuty(
    TicketPoller poller, TicketSweep sweep, RefreshRules rules, CallbackHeal callbacks, SilenceAlarm silence, ConnectionSchedules schedules, ILogger<ConnectionDuty> logger) : IJob
{
    public const string ConnectionKey = "connection";
    public const string DutyKey = "duty";

    /// <inheritdoc/>
    public async ValueTask Execute(IJobExecutionContext context, CancellationToken cancellationToken = default)
    {
        var data = context.JobDetail.JobDataMap;
        var id = Guid.Parse((string)data[ConnectionKey]!);
        var duty = Enum.Parse<Duty>((string)data[DutyKey]!);
        try
        {
            await RunAsync(duty, id, cancellationToken);
        }
        catch (Exception failure) when (failure is not OperationCanceledException || !cancellationToken.IsCancellationRequested)
        {
            LogFailed(logger, duty, id, failure);
        }
    }

    private async Task RunAsync(Duty duty, Guid id, CancellationToken cancel)
    {
        switch (duty)
        {
            case Duty.Poll:
                await poller.PollAsync(id, cancel);
                break;
            case Duty.Rules:
                await rules.RunAsync(id, cancel);
                break;
            case Duty.Callbacks:
                await callbacks.HealAsync(id, cancel);
                break;
            case Duty.Sweep:
                await sweep.SweepAsync(id, cancel);
                break;
            default:
                await silence.CheckAsync(cancel);
                await schedules.ApplyAllAsync(cancel);
                break;
        }
    }

    [LoggerMessage(3011, LogLevel.Error, "{Duty} of connection {ConnectionId} failed")]
    private static partial void LogFailed(ILogger logger, Duty duty, Guid connectionId, Exception failure);
}
