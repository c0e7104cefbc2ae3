using Deskbridge.Core.Alerting.Paging;
using Deskbridge.Core.Common;
using Deskbridge.Core.Data;
using Deskbridge.Core.Directory;
using Microsoft.EntityFrameworkCore;

namespace Deskbridge.Core.Alerting.Escalation;

/// <summary>
/// Runs the next step of an alert now. Of an acknowledged one the acknowledgement is given back first, with all that this does to the
/// ticket, and the chain goes on after the step that was answered (decision 0049).
/// </summary>
internal sealed class EscalateAlert(HubStore store, PersonTransition transition, PagePlanner pages, TimeProvider clock)
{
    /// <summary>Runs it.</summary>
    /// <param name="alertId">The alert.</param>
    /// <param name="seen">Where the asker saw it stand (<see cref="NextStepView.Mark"/>): when it stands elsewhere by now, nothing happens. Null for wherever it stands.</param>
    /// <param name="by">Who asks.</param>
    /// <param name="cancel">Gives up.</param>
    public async Task<Result<AlertActed>> RunAsync(Guid alertId, string? seen, Person by, CancellationToken cancel) =>
        by.Role == PersonRole.Viewer ? new ViewersOnlyLook(by.Name) : await store.WriteAsync(db => EscalateAsync(db, alertId, seen, by, cancel), cancel);

    /// <summary>The same as part of the caller's transaction.</summary>
    public async Task<Result<AlertActed>> EscalateAsync(HubDb db, Guid alertId, string? seen, Person by, CancellationToken cancel)
    {
        if (await db.Alerts.FindAsync([alertId], cancel) is not { } alert) return new AlertNotFound(alertId);
        if (await db.CurrentOfAsync(alert, cancel) is var current && current.Id != alert.Id) return new AlertActed(current, Changed: false);
        if (alert.Status == AlertStatus.Closed) return new ClosedAlertNotEscalated(alertId);
        var now = clock.GetUtcNow();
        var last = await LastRunAsync(db, alert, now, cancel);
        if (seen is { Length: > 0 } && seen != NextStepView.MarkOf(alert.Episode, await db.NextStepAsync(alert, cancel), last.Round)) return new AlertActed(alert, Changed: false);
        if (alert.Status == AlertStatus.Acknowledged)
        {
            var next = await Chained.OfAsync(db, alert.TeamId, cancel) is { } chained ? chained.Chain.After(chained.Chain.Fit(last)).Step : 1;
            return await transition.ChangeAsync(db, alertId, new PersonAction(by, AlertStatus.Open, "unacknowledged", "gave the alert back and escalated it", a => a.MayUnacknowledge()) { FromStep = next }, cancel);
        }

        if (!await pages.EscalateAsync(db, alert, by, now, cancel)) return new AlertActed(alert, Changed: false);
        await db.LogAlertEventAsync(alert, "escalated", $"{by.Name} escalated: \"{alert.Title}\".", $"✓ {by.Name} may act ({by.Role})\n✓ the alert is open\n→ what comes next was done at once; the alert's timeline says who was paged", now, cancel);
        await db.SaveChangesAsync(cancel);
        return new AlertActed(alert, Changed: true);
    }

    /// <summary>Where the alert stands. What is only planned does not count: running it is a step, and leads elsewhere.</summary>
    private static async Task<ChainPosition> LastRunAsync(HubDb db, Alert alert, DateTimeOffset now, CancellationToken cancel)
    {
        var last = await db.Pages.Where(page => page.AlertId == alert.Id && page.Episode == alert.Episode && page.Step != Page.WarningStep && page.RoundAt <= now)
            .OrderByDescending(page => page.Repeat).ThenByDescending(page => page.Step).Select(page => new { page.Repeat, page.Step }).FirstOrDefaultAsync(cancel);
        return last is null ? new ChainPosition(0, 1) : new ChainPosition(last.Repeat, last.Step);
    }
}
