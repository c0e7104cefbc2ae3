using System.Collections.Concurrent;
using Deskbridge.Core.Common;
using Deskbridge.Core.Data;
using Deskbridge.Core.Operations;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging;

namespace Deskbridge.Core.Alerting.Escalation;

/// <summary>
/// Runs the steps that are due. A step is claimed and done in one transaction that looks at the alert: of several hubs one does it, and none
/// does it once somebody has the alert. After a time without a hub it runs once, and what follows counts from then.
/// </summary>
internal sealed partial class DueSteps(HubStore store, ChainSteps steps, WorkHints hints, Failpoints failpoints, TimeProvider clock, ILogger<DueSteps> logger)
{
    /// <summary>Steps in a pass, which is one transaction.</summary>
    public const int AtOnce = 32;

    /// <summary>Those that could not run, when last, and what was told of it: they come after all others, so that however many they are, they hold up none.</summary>
    private readonly ConcurrentDictionary<Guid, (DateTimeOffset At, RepeatedFailure Told)> _failed = new();

    /// <summary>One pass. A step that cannot run stays due, holds up no other, and health tells of it. After a full pass it has hinted at another.</summary>
    /// <returns>Whether a step ran.</returns>
    public async Task<bool> RunAsync(CancellationToken cancel)
    {
        var now = clock.GetUtcNow();
        var most = AtOnce + _failed.Count;
        var due = await store.ReadAsync(
            db => db.DueSteps.Where(step => step.DueAt <= now && (step.HeldUntil == null || step.HeldUntil <= now)).OrderBy(step => step.DueAt).Take(most).Select(step => step.AlertId).ToListAsync(cancel), cancel);
        if (due.Count < most) foreach (var gone in _failed.Keys.Except(due)) _failed.TryRemove(gone, out _);
        if (due.Count == 0) return false;
        var ran = await RunAsync([.. due.OrderBy(id => _failed.GetValueOrDefault(id).At).Take(AtOnce)], cancel);
        if (ran && due.Count >= AtOnce) hints.Raise([WorkHint.Pages]);
        return ran;
    }

    private async Task<bool> RunAsync(Guid[] alertIds, CancellationToken cancel)
    {
        try
        {
            await store.WriteAsync(
                async db =>
                {
                    foreach (var id in alertIds) await RunAsync(db, id, cancel);
                    await db.SaveChangesAsync(cancel);
                    failpoints.Pass("page.planned");
                },
                cancel);
            foreach (var id in alertIds) _failed.TryRemove(id, out _);
            return true;
        }
        catch (Exception failure) when (failure is not OperationCanceledException || !cancel.IsCancellationRequested)
        {
            if (alertIds.Length == 1)
            {
                var told = _failed.GetValueOrDefault(alertIds[0]).Told ?? new RepeatedFailure(clock);
                if (told.IsNews(failure)) LogBroken(logger, failure, alertIds[0]);
                _failed[alertIds[0]] = (clock.GetUtcNow(), told);
                return false;
            }

            var ran = false;
            foreach (var id in alertIds) ran |= await RunAsync([id], cancel);
            return ran;
        }
    }

    private async Task RunAsync(HubDb db, Guid alertId, CancellationToken cancel)
    {
        var now = clock.GetUtcNow();
        if (await db.DueSteps.FindAsync([alertId], cancel) is not { } due || !due.IsDue(now)) return;
        if (await db.Alerts.FindAsync([alertId], cancel) is not { Status: AlertStatus.Open } alert || alert.Episode != due.Episode || await Chained.OfAsync(db, alert.TeamId, cancel) is not { } chained)
        {
            db.DueSteps.Remove(due);
            return;
        }

        await steps.RunAsync(db, alert, chained, chained.Chain.Fit(new ChainPosition(due.Round, due.Step)), StepReason.Due, now, cancel);
    }

    [LoggerMessage(2031, LogLevel.Error, "The escalation step of alert {Alert} could not run; it is tried again every second")]
    private static partial void LogBroken(ILogger logger, Exception failure, Guid alert);
}

/// <summary>Finds the next step of an alert.</summary>
internal static class NextSteps
{
    /// <summary>A step runs within the second; a minute without it is a fault.</summary>
    private static readonly TimeSpan Late = TimeSpan.FromMinutes(1);

    extension(HubDb db)
    {
        /// <summary>How many steps should have run a minute ago.</summary>
        public Task<int> LateStepsAsync(DateTimeOffset now, CancellationToken cancel)
        {
            var late = now - Late;
            return db.DueSteps.CountAsync(step => step.DueAt < late && (step.HeldUntil == null || step.HeldUntil < late), cancel);
        }

        /// <summary>The row, as this transaction has it; null when no step comes.</summary>
        public async Task<DueStep?> NextStepAsync(Alert alert, CancellationToken cancel)
        {
            if (db.ChangeTracker.Entries<DueStep>().FirstOrDefault(entry => entry.Entity.AlertId == alert.Id) is { } tracked) return tracked.State == EntityState.Deleted ? null : tracked.Entity;
            return db.Entry(alert).State == EntityState.Added ? null : await db.DueSteps.FindAsync([alert.Id], cancel);
        }
    }
}
