using Deskbridge.Core.Alerting;
using Deskbridge.Core.Connections;
using Deskbridge.Core.Data;
using Deskbridge.Core.Sync;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Quartz;

namespace Deskbridge.Core.Operations;

/// <summary>
/// Notices when this machine's clock is set. Everything that waits for an instant would otherwise wait as much longer as the clock was set
/// back: repeats of pages, retries, polls. They are moved back by the same span. Set forward, everything is due at once, and runs once.
/// </summary>
internal sealed partial class ClockWatch(HubStore store, WriterProbe probe, ConnectionMonitor monitor, ISchedulerFactory schedulers, TimeProvider clock, ILogger<ClockWatch> logger) : BackgroundService
{
    private static readonly TimeSpan Look = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan Tolerated = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan WrittenDown = TimeSpan.FromMinutes(1);

    private DateTimeOffset _seen;
    private long _seenAt;
    private long _wroteAt;

    /// <summary>Compares the clock with the time that has passed since the last look.</summary>
    public async Task LookAsync(CancellationToken cancel)
    {
        var (now, at) = (clock.GetUtcNow(), clock.GetTimestamp());
        var jump = now - (_seen + clock.GetElapsedTime(_seenAt, at));
        if (jump.Duration() > Tolerated) await JumpedAsync(jump, cancel);
        (_seen, _seenAt) = (now, at); // not before it is dealt with: a failure is looked at again
        if (clock.GetElapsedTime(_wroteAt) >= WrittenDown) await WriteDownAsync(cancel);
    }

    /// <summary>Compares the clock with what the hub wrote before it was stopped.</summary>
    public async Task BeginAsync(CancellationToken cancel)
    {
        (_seen, _seenAt) = (clock.GetUtcNow(), clock.GetTimestamp());
        var last = await store.ReadAsync(db => db.Probes.MaxAsync(probe => (DateTimeOffset?)probe.At, cancel), cancel);
        if (last - clock.GetUtcNow() is { } ahead && ahead > Tolerated) await JumpedAsync(-ahead, cancel);
        await WriteDownAsync(cancel);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await TryAsync(BeginAsync, stoppingToken);
        while (!stoppingToken.IsCancellationRequested)
        {
            await Task.Delay(Look, clock, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (!stoppingToken.IsCancellationRequested) await TryAsync(LookAsync, stoppingToken);
        }
    }

    /// <summary>Only what lies ahead waits longer than it was meant to; what is due is due. With several nodes on one database the clocks of the others count as well: there nothing is moved.</summary>
    internal static async Task PullInAsync(HubDb db, TimeSpan by, DateTimeOffset now, CancellationToken cancel)
    {
        if (!db.Database.IsSqlite()) return;
        DateTimeOffset Earlier(DateTimeOffset at) => at > now ? at - by : at;
        DateTimeOffset? EarlierIf(DateTimeOffset? at) => at is { } set ? Earlier(set) : null;

        foreach (var page in await db.Pages.Where(p => (p.State == PageState.Pending || p.State == PageState.Sending) && (p.DueAt > now || p.LeaseUntil > now)).ToListAsync(cancel))
            (page.DueAt, page.RoundAt, page.LeaseUntil) = (Earlier(page.DueAt), Earlier(page.RoundAt), EarlierIf(page.LeaseUntil));
        foreach (var step in await db.DueSteps.Where(s => s.DueAt > now || s.HeldUntil > now).ToListAsync(cancel))
            (step.DueAt, step.RanAt, step.HeldUntil) = (Earlier(step.DueAt), step.RanAt - by, EarlierIf(step.HeldUntil));
        foreach (var wake in await db.Wakes.Where(w => w.DueAt > now || w.LeaseUntil > now).ToListAsync(cancel))
            (wake.DueAt, wake.LeaseUntil) = (Earlier(wake.DueAt), EarlierIf(wake.LeaseUntil));
        foreach (var effect in await db.Effects.Where(e => EffectStates.Unsettled.Contains(e.State) && (e.NotBefore > now || e.LeaseUntil > now || e.SentAt > now)).ToListAsync(cancel))
            (effect.NotBefore, effect.LeaseUntil, effect.SentAt) = (Earlier(effect.NotBefore), EarlierIf(effect.LeaseUntil), EarlierIf(effect.SentAt));
        foreach (var health in await db.ConnectionHealth.Where(h => h.BreakerOpenUntil > now || h.LastReadAt > now || h.FailingSince > now).ToListAsync(cancel))
            (health.BreakerOpenUntil, health.LastReadAt, health.FailingSince) = (EarlierIf(health.BreakerOpenUntil), EarlierIf(health.LastReadAt), EarlierIf(health.FailingSince));
        foreach (var hint in Enum.GetValues<WorkHint>()) db.Hints.Add(hint);
    }

    private async Task JumpedAsync(TimeSpan jump, CancellationToken cancel)
    {
        LogJumped(logger, jump);
        if (jump > TimeSpan.Zero) return;
        var now = clock.GetUtcNow();
        await store.WriteAsync(db => PullInAsync(db, -jump, now, cancel), cancel);
        await monitor.LoadAsync(cancel);
        await RescheduleAsync(jump, cancel);
    }

    /// <summary>The scheduler counts in wall time too: each job keeps its distance to now. Set forward, the scheduler finds what it missed by itself.</summary>
    private async Task RescheduleAsync(TimeSpan jump, CancellationToken cancel)
    {
        var scheduler = await schedulers.GetScheduler(cancel);
        var now = clock.GetUtcNow();
        foreach (var key in await scheduler.GetTriggerKeys(GroupMatcher<TriggerKey>.AnyGroup(), cancel))
        {
            if (await scheduler.GetTrigger(key, cancel) is not { } trigger || trigger.NextFireTimeUtc is not { } next) continue;
            var due = next + jump;
            await scheduler.RescheduleJob(key, trigger.GetTriggerBuilder().StartAt(due > now ? due : now).Build(), cancel);
        }
    }

    private async Task WriteDownAsync(CancellationToken cancel)
    {
        _wroteAt = clock.GetTimestamp();
        await probe.AskAsync(cancel); // which also tells the log when the database takes no writes
    }

    private async Task TryAsync(Func<CancellationToken, Task> look, CancellationToken cancel)
    {
        try
        {
            await look(cancel);
        }
        catch (Exception failure) when (failure is not OperationCanceledException || !cancel.IsCancellationRequested)
        {
            LogFailed(logger, failure);
        }
        catch (OperationCanceledException)
        {
            // The hub ends.
        }
    }

    [LoggerMessage(6020, LogLevel.Warning, "This machine's clock was set by {Jump}; what waits is due as it was meant")]
    private static partial void LogJumped(ILogger logger, TimeSpan jump);

    [LoggerMessage(6021, LogLevel.Warning, "The look at this machine's clock failed; the next one follows in seconds")]
    private static partial void LogFailed(ILogger logger, Exception failure);
}
