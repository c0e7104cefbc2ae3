using Deskbridge.Core.Alerting.Paging;
using Deskbridge.Core.Common;
using Deskbridge.Core.Connections;
using Deskbridge.Core.Data;
using Microsoft.EntityFrameworkCore;

namespace Deskbridge.Core.Alerting;

/// <summary>
/// The hub's own alerts about a connection (engine.md §6.12): silence is an alarm. One alert per connection and cause is open at a time;
/// further cases are counted on it. Part of the caller's transaction.
/// </summary>
internal sealed class HubAlerts(PagePlanner pages, AlertTransitions transitions, RandomIds ids)
{
    private const int LinesBeforeThinning = 10;

    /// <summary>Raises it, or counts one more case on the one that is there.</summary>
    public async Task RaiseAsync(HubDb db, Guid connectionId, string cause, string title, string text, DateTimeOffset now, CancellationToken cancel)
    {
        if (await CurrentAsync(db, connectionId, cause, cancel) is { } alert)
        {
            alert.Count++;
            alert.Text = text;
            if (IsTold(alert.Count)) db.AddEvent(alert, "repeated", $"It happened again, {alert.Count} times by now.", text, null, now);
            return;
        }

        var connection = await db.Connections.FindAsync([connectionId], cancel);
        alert = new Alert
        {
            Id = ids.NewId(),
            ConnectionId = connectionId,
            Cause = cause,
            TeamId = connection?.TeamId,
            Title = title,
            Text = text,
            RaisedAt = now,
            ChangedAt = now,
            Origin = TransitionOrigin.Hub,
        };
        db.Alerts.Add(alert);
        db.AddEvent(alert, "raised", title, text, null, now);
        db.LogConnectionEvent(connectionId, "alarm", null, $"The hub raised an alert of its own: {title}. {text}", null, null, now, alert.Id, warn: true);
        await pages.BeginEpisodeAsync(db, alert, now, cancel);
    }

    /// <summary>Closes it, if it is there: the cause is gone.</summary>
    public async Task ClearAsync(HubDb db, Guid connectionId, string cause, string why, DateTimeOffset now, CancellationToken cancel)
    {
        if (await CurrentAsync(db, connectionId, cause, cancel) is not { } alert) return;
        var closed = new StateChange(AlertStatus.Closed, TransitionOrigin.Hub, null, "closed", "The cause is gone, the alert was closed.", why);
        await transitions.ApplyAsync(db, alert, closed, now, cancel);
        db.LogConnectionEvent(connectionId, "alarm", null, $"The hub closed its alert \"{alert.Title}\": {why}", null, null, now, alert.Id);
    }

    /// <summary>Whether it is there.</summary>
    public static async Task<bool> IsOpenAsync(HubDb db, Guid connectionId, string cause, CancellationToken cancel) =>
        await CurrentAsync(db, connectionId, cause, cancel) is not null;

    private static async Task<Alert?> CurrentAsync(HubDb db, Guid connectionId, string cause, CancellationToken cancel)
    {
        var stored = await db.Alerts
            .Where(a => a.ConnectionId == connectionId && a.Cause == cause && a.LinkId == null && a.Status != AlertStatus.Closed)
            .ToListAsync(cancel);
        return stored.Concat(db.Alerts.Local.Where(a => a.ConnectionId == connectionId && a.Cause == cause && a.LinkId is null))
            .FirstOrDefault(a => a.Status != AlertStatus.Closed);
    }

    /// <summary>A cause that comes every minute must not fill the timeline: after the first lines only every doubling is told.</summary>
    private static bool IsTold(int count) => count <= LinesBeforeThinning || int.IsPow2(count);
}
