using Deskbridge.Core.Common;
using Deskbridge.Core.Connections;
using Deskbridge.Core.Data;
using Deskbridge.Core.Directory;
using Deskbridge.Core.Operations;
using Deskbridge.Core.Sync;
using Microsoft.EntityFrameworkCore;

namespace Deskbridge.Core.Alerting;

/// <summary>What the four state actions have in common: one transaction with the state, the timeline, the pages and the wake of the ticket.</summary>
internal sealed class PersonTransition(HubStore store, AlertTransitions transitions, TimeProvider clock, Failpoints failpoints)
{
    /// <summary>Runs one action. On an alert that is no longer the current one of its ticket nothing changes.</summary>
    public async Task<Result<AlertActed>> RunAsync(Guid alertId, PersonAction action, CancellationToken cancel)
    {
        if (action.By.Role == PersonRole.Viewer) return new ViewersOnlyLook(action.By.Name);
        using var span = Tracing.Begin("action");
        var result = await store.WriteAsync(db => ChangeAsync(db, alertId, action, cancel), cancel);
        if (result is { Failure: null, Value.Changed: true }) failpoints.Pass("action.after-commit");
        return result;
    }

    /// <summary>The action as part of the caller's transaction.</summary>
    public async Task<Result<AlertActed>> ChangeAsync(HubDb db, Guid alertId, PersonAction action, CancellationToken cancel)
    {
        if (await db.Alerts.FindAsync([alertId], cancel) is not { } alert) return new AlertNotFound(alertId);
        if (await db.CurrentOfAsync(alert, cancel) is var current && current.Id != alert.Id) return new AlertActed(current, Changed: false);
        var may = action.Rule(alert);
        if (may.Failure is { } refused) return refused;
        if (!may.Value) return new AlertActed(alert, Changed: false);
        if (alert.LinkId is { } linkId && await db.Links.FindAsync([linkId], cancel) is { State: LinkState.Tombstoned } gone) return new TicketOfAlertGone(alert.Id, gone.RemoteId);

        var now = clock.GetUtcNow();
        var before = alert.Status;
        var change = new StateChange(action.To, TransitionOrigin.Person, action.By, action.Kind, $"{action.By.Name} {action.Did}.") { FromStep = action.FromStep };
        await transitions.ApplyAsync(db, alert, change, now, cancel);
        await db.WakeTicketAsync(alert, action.Kind, now, cancel);
        await db.LogAlertEventAsync(
            alert, action.Kind, $"{action.By.Name} {action.Did}: \"{alert.Title}\".",
            $"✓ {action.By.Name} may act ({action.By.Role})\n✓ the alert was {AlertWords.Of(before)}\n→ {AlertWords.Of(alert.Status)}, change {alert.Transition} of this alert", now, cancel);
        await db.SaveChangesAsync(cancel);
        failpoints.Pass("action.before-commit");
        return new AlertActed(alert, Changed: true);
    }
}

/// <summary>A state action of a person.</summary>
/// <param name="By">Who.</param>
/// <param name="To">The state wanted.</param>
/// <param name="Kind">Kind of timeline line.</param>
/// <param name="Did">What they did, after their name.</param>
/// <param name="Rule">Whether the alert changes, already is so, or refuses.</param>
internal sealed record PersonAction(Person By, AlertStatus To, string Kind, string Did, Func<Alert, Result<bool>> Rule)
{
    /// <inheritdoc cref="StateChange.FromStep"/>
    public int FromStep { get; init; } = 1;
}

/// <summary>What came of an action.</summary>
/// <param name="Alert">The current alert: another one than was asked for when that was overtaken.</param>
/// <param name="Changed">False when nothing was to be done.</param>
internal sealed record AlertActed(Alert Alert, bool Changed);

/// <summary>From an alert to its ticket.</summary>
internal static class AlertTickets
{
    extension(HubDb db)
    {
        /// <summary>The alert that counts now: the same, or the later one of the same ticket or cause.</summary>
        public async Task<Alert> CurrentOfAsync(Alert alert, CancellationToken cancel)
        {
            var later = alert.LinkId is { } linkId
                ? await db.Alerts.Where(a => a.LinkId == linkId).OrderByDescending(a => a.Generation).FirstOrDefaultAsync(cancel)
                : alert.Status != AlertStatus.Closed || alert is { Cause: null, TicketNumber: null } ? null
                : await db.Alerts.FirstOrDefaultAsync(
                    a => a.ConnectionId == alert.ConnectionId && a.LinkId == null && a.Cause == alert.Cause && a.TicketNumber == alert.TicketNumber && a.Status != AlertStatus.Closed,
                    cancel);
            return later ?? alert;
        }

        /// <summary>Tells the event log what a person did with an alert.</summary>
        public async Task LogAlertEventAsync(Alert alert, string kind, string message, string trace, DateTimeOffset now, CancellationToken cancel)
        {
            var link = alert.LinkId is { } linkId ? await db.Links.FindAsync([linkId], cancel) : null;
            db.LogConnectionEvent(alert.ConnectionId, kind, link?.RemoteId, message, null, trace, now, alert.Id);
        }

        /// <summary>Wakes the alert's ticket so that the engine plans what is to be written there. The hub's own alerts have none.</summary>
        public async Task WakeTicketAsync(Alert alert, string reason, DateTimeOffset now, CancellationToken cancel)
        {
            if (alert.LinkId is { } linkId && await db.Links.FindAsync([linkId], cancel) is { } link)
                await db.WakeAsync(link.ConnectionId, link.Type, link.RemoteId, now, reason, cancel: cancel);
        }
    }
}
