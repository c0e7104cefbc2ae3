using Deskbridge.Core.Data;

namespace Deskbridge.Core.Alerting;

/// <summary>Writes an alert's timeline. Part of the caller's transaction.</summary>
internal static class AlertTimeline
{
    extension(HubDb db)
    {
        /// <summary>Adds the next line. The alert must be tracked by this context: it counts its lines, so that their order never depends on a clock.</summary>
        public void AddEvent(Alert alert, string kind, string message, string? why, Guid? personId, DateTimeOffset now)
        {
            Count(db, alert, kind, now);
            db.AlertEvents.Add(new AlertEvent
            {
                AlertId = alert.Id,
                Order = ++alert.Lines,
                At = now,
                Kind = kind,
                Message = message,
                Why = why,
                PersonId = personId,
            });
        }
    }

    private static void Count(HubDb db, Alert alert, string kind, DateTimeOffset now)
    {
        if (kind is not ("raised" or "acknowledged" or "unacknowledged" or "closed" or "reopened")) return;
        db.Counts.Add(metrics => metrics.Alert(kind));
        var open = now - alert.RaisedAt;
        if (kind == "acknowledged" && alert.Episode == 1) db.Counts.Add(metrics => metrics.AlertAcknowledged(open));
    }
}
