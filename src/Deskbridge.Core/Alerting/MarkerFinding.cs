using System.Collections.Concurrent;
using Deskbridge.Connectors;
using Deskbridge.Core.Connections;
using Deskbridge.Core.Data;
using Microsoft.EntityFrameworkCore;

namespace Deskbridge.Core.Alerting;

/// <summary>One finding per connection for marker fields that tickets no longer carry (engine.md §6.12), until Install has made them again. Part of the caller's transaction.</summary>
internal sealed class MarkerFinding(HubAlerts alerts)
{
    /// <summary>Its cause: the page that shows it offers to mend it.</summary>
    public const string Cause = "marker-missing";

    /// <summary>How long it is taken for granted that no other hub on the database has made the finding.</summary>
    private static readonly TimeSpan LookEvery = TimeSpan.FromMinutes(1);

    private readonly ConcurrentDictionary<Guid, DateTimeOffset> _nextLook = new();

    /// <summary>What a ticket as it was read tells: a field is gone, or they are all there again.</summary>
    /// <remarks>Deleting a field changes no ticket, and making it again neither: a body from before the finding does not close it, and one read before it was closed does not open it again.</remarks>
    /// <param name="db">The transaction.</param>
    /// <param name="live">The connection.</param>
    /// <param name="ticket">The ticket.</param>
    /// <param name="now">The instant.</param>
    /// <param name="cancel">Gives up.</param>
    public async Task ReadAsync(HubDb db, LiveConnection live, RemoteTicket ticket, DateTimeOffset now, CancellationToken cancel)
    {
        var (connectionId, changedAt) = (live.Id, ticket.UpdatedAt - live.ClockOffset);
        if (ticket.MissingMarkers.Count > 0)
        {
            if (!await IsOverAsync(db, live, ticket, cancel)) await RaiseAsync(db, connectionId, ticket.MissingMarkers, now, cancel);
        }
        else if (now < _nextLook.GetValueOrDefault(connectionId)) return;
        else if (!await HubAlerts.IsOpenAsync(db, connectionId, Cause, cancel)) _nextLook[connectionId] = now + LookEvery;
        else if (!await db.Alerts.AnyAsync(alert => alert.ConnectionId == connectionId && alert.Cause == Cause && alert.RaisedAt >= changedAt && alert.Status != AlertStatus.Closed, cancel))
            await alerts.ClearAsync(db, connectionId, Cause, "Tickets carry the field again.", now, cancel);
    }

    /// <summary>Says which fields are gone. The same fields on the next ticket are no new case.</summary>
    /// <param name="db">The transaction.</param>
    /// <param name="connectionId">The connection.</param>
    /// <param name="markers">Neutral names.</param>
    /// <param name="now">The instant.</param>
    /// <param name="cancel">Gives up.</param>
    public async Task RaiseAsync(HubDb db, Guid connectionId, IEnumerable<string> markers, DateTimeOffset now, CancellationToken cancel)
    {
        var text = await TextAsync(db, connectionId, markers, cancel);
        _nextLook.TryRemove(connectionId, out _);
        if (await db.Alerts.AnyAsync(alert => alert.ConnectionId == connectionId && alert.Cause == Cause && alert.Status != AlertStatus.Closed && alert.Text == text, cancel)) return;
        await alerts.RaiseAsync(db, connectionId, Cause, "A marker field is missing in the ticket system", text, now, cancel);
    }

    /// <summary>The fields are there again.</summary>
    public Task ClearAsync(HubDb db, Guid connectionId, DateTimeOffset now, CancellationToken cancel) =>
        alerts.ClearAsync(db, connectionId, Cause, "The custom fields are there again.", now, cancel);

    private static async Task<bool> IsOverAsync(HubDb db, LiveConnection live, RemoteTicket ticket, CancellationToken cancel)
    {
        if (await db.Mirrors.FindAsync([live.Id, RecordTypes.Ticket, ticket.Id], cancel) is not { } mirror) return false;
        var readAt = mirror.ReadAt - live.ClockOffset;
        return await db.Alerts.AnyAsync(alert => alert.ConnectionId == live.Id && alert.Cause == Cause && alert.Status == AlertStatus.Closed && alert.ChangedAt >= readAt, cancel);
    }

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
