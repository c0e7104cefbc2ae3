using Deskbridge.Core.Connections.Rights;
using Deskbridge.Core.Connections.Rules;
using Deskbridge.Core.Data;
using Deskbridge.Core.Operations;
using Deskbridge.Core.Sync;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Quartz;

namespace Deskbridge.Core.Connections;

/// <summary>
/// What recurs per connection, as Quartz jobs: one key per connection and task, rebuilt from the connections table at start, when a connection
/// changes, and every minute for what another process changed. A hub that is alone keeps them in memory; hubs that share a database keep them
/// there, and each job runs in one of them.
/// </summary>
internal sealed partial class ConnectionSchedules(
    ISchedulerFactory schedulers,
    ConnectionChanges changes,
    ConnectionMonitor monitor,
    HubStore store,
    IOptions<ConnectionsOptions> options,
    TimeProvider clock,
    ILogger<ConnectionSchedules> logger) : IHostedService
{
    private static readonly TimeSpan WatchInterval = TimeSpan.FromMinutes(1);
    private volatile bool _stopped;

    /// <inheritdoc/>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        await monitor.LoadAsync(cancellationToken);
        changes.Subscribe(id => _ = ApplySafelyAsync(id));
        await ScheduleAsync(new JobKey("watch"), Guid.Empty, ConnectionTask.Watch, WatchInterval, cancellationToken);
        await ApplyAllAsync(cancellationToken);
    }

    /// <inheritdoc/>
    public Task StopAsync(CancellationToken cancellationToken)
    {
        _stopped = true;
        return Task.CompletedTask;
    }

    /// <summary>Makes the jobs of every connection what they should be.</summary>
    public async Task ApplyAllAsync(CancellationToken cancel)
    {
        var ids = await store.ReadAsync(db => db.Connections.Select(connection => connection.Id).ToListAsync(cancel), cancel);
        foreach (var id in ids) await ApplyAsync(id, cancel);
    }

    private static JobKey KeyOf(Guid id, ConnectionTask task) => new(task.ToString().ToLowerInvariant(), id.ToString("N"));

    private static TriggerKey TriggerOf(JobKey key) => new(key.Name, key.Group);

    private async Task ApplyAsync(Guid id, CancellationToken cancel)
    {
        var active = await store.ReadAsync(db => db.Connections.AnyAsync(connection => connection.Id == id && connection.State == ConnectionState.Active, cancel), cancel);
        foreach (var (task, interval) in Intervals())
        {
            var key = KeyOf(id, task);
            if (active) await ScheduleAsync(key, id, task, interval, cancel);
            else await (await schedulers.GetScheduler(cancel)).UnscheduleJob(TriggerOf(key), cancel); // takes the job along; DeleteJob throws when another did it meanwhile
        }
    }

    private IEnumerable<(ConnectionTask Task, TimeSpan Interval)> Intervals() =>
    [
        (ConnectionTask.Poll, options.Value.PollInterval),
        (ConnectionTask.Rules, options.Value.RuleInterval),
        (ConnectionTask.Callbacks, options.Value.CallbackInterval),
        (ConnectionTask.Sweep, options.Value.SweepInterval),
    ];

    private async Task ScheduleAsync(JobKey key, Guid id, ConnectionTask task, TimeSpan interval, CancellationToken cancel)
    {
        var scheduler = await schedulers.GetScheduler(cancel);
        if (await scheduler.GetTrigger(TriggerOf(key), cancel) is ISimpleTrigger there && there.RepeatInterval == interval) return;
        var job = JobBuilder.Create<ConnectionJob>()
            .WithIdentity(key)
            .UsingJobData(ConnectionJob.ConnectionKey, id.ToString())
            .UsingJobData(ConnectionJob.TaskKey, task.ToString())
            .Build();
        var first = task == ConnectionTask.Sweep ? await NextSweepAsync(id, interval, cancel) : clock.GetUtcNow();
        var trigger = TriggerBuilder.Create(clock)
            .WithIdentity(TriggerOf(key))
            .StartAt(first)
            .WithSchedule(SimpleScheduleBuilder.Create().WithInterval(interval).RepeatForever().WithMisfireInstruction(SimpleTriggerMisfireInstruction.NowWithExistingCount))
            .Build();
        await scheduler.ScheduleJob(job, trigger, new ScheduleJobOptions { Replace = true }, cancel);
    }

    /// <summary>Counted from the last sweep, or from Install, which read everything: a hub that restarts often sweeps all the same.</summary>
    private async Task<DateTimeOffset> NextSweepAsync(Guid id, TimeSpan interval, CancellationToken cancel)
    {
        var now = clock.GetUtcNow();
        var last = await store.ReadAsync(
            async db => await db.Cursors.Where(cursor => cursor.ConnectionId == id && cursor.Stream == TicketSweep.Stream).Select(cursor => cursor.LastCompleteAt).SingleOrDefaultAsync(cancel)
                ?? await db.Connections.Where(connection => connection.Id == id).Select(connection => connection.InstalledAt).SingleOrDefaultAsync(cancel),
            cancel);
        var due = (last ?? now) + interval;
        return due > now + WatchInterval ? due : now + WatchInterval;
    }

    private async Task ApplySafelyAsync(Guid id)
    {
        try
        {
            await ApplyAsync(id, CancellationToken.None);
        }
        catch (Exception failure) when (!_stopped)
        {
            LogNotApplied(logger, id, failure);
        }
        catch (SchedulerException)
        {
            // The hub ends; its next start schedules everything anew.
        }
    }

    [LoggerMessage(3010, LogLevel.Warning, "The schedule of connection {ConnectionId} could not be renewed; it is tried again within a minute")]
    private static partial void LogNotApplied(ILogger logger, Guid connectionId, Exception failure);
}

/// <summary>What is done for a connection again and again.</summary>
internal enum ConnectionTask
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

/// <summary>Runs one task of one connection. A failure is logged and never ends the schedule.</summary>
[DisallowConcurrentExecution]
internal sealed partial class ConnectionJob(
    TicketPoller poller, PollPace pace, TicketSweep sweep, RefreshRules rules, AskRules questions, CallbackHeal callbacks, RightsWatch rights, SwitchKeys keys, DeletionLog deletions, SilenceAlarm silence, ConnectionSchedules schedules,
    PumpWatch watch, TaskLog tasks, HubMetrics metrics, TimeProvider clock, ILogger<ConnectionJob> logger) : IJob
{
    public const string ConnectionKey = "connection";
    public const string TaskKey = "task";

    /// <inheritdoc/>
    public async ValueTask Execute(IJobExecutionContext context, CancellationToken cancellationToken = default)
    {
        var data = context.JobDetail.JobDataMap;
        var id = Guid.Parse((string)data[ConnectionKey]!);
        var task = Enum.Parse<ConnectionTask>((string)data[TaskKey]!);
        var (began, failed) = (clock.GetTimestamp(), true);
        watch.Beat(Pump.Clock);
        tasks.Began(id, task);
        try
        {
            await RunAsync(task, id, cancellationToken);
            failed = false;
        }
        catch (Exception failure) when (failure is not OperationCanceledException || !cancellationToken.IsCancellationRequested)
        {
            LogFailed(logger, task, id, failure);
        }
        finally
        {
            tasks.Ended(id, task);
            metrics.Job(task.ToString().ToLowerInvariant(), failed, clock.GetElapsedTime(began));
        }
    }

    private async Task RunAsync(ConnectionTask task, Guid id, CancellationToken cancel)
    {
        switch (task)
        {
            case ConnectionTask.Poll:
                if (!pace.IsDue(id)) break;
                await pace.PolledAsync(id, await poller.PollAsync(id, cancel), cancel);
                await questions.RunAsync(id, cancel);
                break;
            case ConnectionTask.Rules:
                await callbacks.RetryAsync(id, cancel);
                await rules.RunAsync(id, cancel);
                await rights.LookAsync(id, cancel);
                await keys.LookAsync(id, cancel);
                await deletions.LookAsync(id, cancel);
                break;
            case ConnectionTask.Callbacks:
                await callbacks.HealAsync(id, cancel);
                break;
            case ConnectionTask.Sweep:
                await sweep.SweepAsync(id, cancel);
                break;
            default:
                await silence.CheckAsync(cancel);
                await schedules.ApplyAllAsync(cancel);
                break;
        }
    }

    [LoggerMessage(3011, LogLevel.Error, "{Task} of connection {ConnectionId} failed")]
    private static partial void LogFailed(ILogger logger, ConnectionTask task, Guid connectionId, Exception failure);
}
