using Deskbridge.Core.Data;

namespace Deskbridge.Core.Alerting;

/// <summary>Writes an alert's timeline. Part of the caller's transaction.</summary>
internal static class AlertTimeline
{
    extension(HubDb db)
    {
        /// <summary>Adds the next line. The alert must be tracked by this context: it counts its lines, so that their order never depends on a clock.</summary>
        public void AddEvent(Alert alert, string kind, string message, string? why, Guid? personId, DateTimeOffset now) =>
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
