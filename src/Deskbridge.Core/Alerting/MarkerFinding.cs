using Deskbridge.Core.Data;
using Microsoft.EntityFrameworkCore;

namespace Deskbridge.Core.Alerting;

/// <summary>One finding per connection for marker fields that tickets no longer carry (engine.md §6.12), until Install has made them again. Part of the caller's transaction.</summary>
internal sealed class MarkerFinding(HubAlerts alerts)
{
    /// <summary>Its cause: the page that shows it offers to mend it.</summary>
    public const string Cause = "marker-missing";

    /// <summary>Says which fields are gone. The same fields on the next ticket are no new case.</summary>
    /// <param name="db">The transaction.</param>
    /// <param name="connectionId">The connection.</param>
    /// <param name="markers">Neutral names.</param>
    /// <param name="now">The instant.</param>
    /// <param name="cancel">Gives up.</param>
    public async Task RaiseAsync(HubDb db, Guid connectionId, IEnumerable<string> markers, DateTimeOffset now, CancellationToken cancel)
    {
        var text = await TextAsync(db, connectionId, markers, cancel);
        if (await db.Alerts.AnyAsync(alert => alert.ConnectionId == connectionId && alert.Cause == Cause && alert.Status != AlertStatus.Closed && alert.Text == text, cancel)) return;
        await alerts.RaiseAsync(db, connectionId, Cause, "A marker field is missing in the ticket system", text, now, cancel);
    }

    /// <summary>The fields are there again.</summary>
    public Task ClearAsync(HubDb db, Guid connectionId, DateTimeOffset now, CancellationToken cancel) =>
        alerts.ClearAsync(db, connectionId, Cause, "The custom fields are there again.", now, cancel);

    /// <summary>What is gone and how it is mended.</summary>
    public static async Task<string> TextAsync(HubDb db, Guid connectionId, IEnumerable<string> markers, CancellationToken cancel)
    {
        var roles = markers.Order(StringComparer.Ordinal).ToList();
        var names = await db.InstalledObjects
            .Where(thing => thing.ConnectionId == connectionId && roles.Contains(thing.Role))
            .OrderBy(thing => thing.Role)
            .Select(thing => thing.Name)
            .ToListAsync(cancel);
        var fields = string.Join(", ", names.Count > 0 ? names : roles);
        return $"Tickets no longer carry the custom field {fields}: it was deleted in the ticket system. Press Repair on the connection's page to create it again. Until then alerts, pages, statuses and notes go on without it.";
    }
}
