using Deskbridge.Connectors;
using Deskbridge.Core.Alerting.Planning;
using Deskbridge.Core.Common;
using Deskbridge.Core.Connections;
using Deskbridge.Core.Data;
using Deskbridge.Core.Sync;

namespace Deskbridge.Core.Alerting;

/// <summary>
/// Notices that another program still writes the marker fields (engine.md §6.11), such as an installation of SIGNL4 that was adopted and
/// goes on. Nothing is decided by it: markers are answered from the hub's own records. Part of the caller's transaction.
/// </summary>
internal sealed class ForeignMarkers(TimeProvider clock)
{
    /// <summary>A program that writes one marker writes many: the last one is told, and not each of them waits for the row.</summary>
    private static readonly TimeSpan ToldApart = TimeSpan.FromMinutes(1);

    /// <summary>What a ticket that is planned shows.</summary>
    /// <param name="db">The transaction.</param>
    /// <param name="live">The connection.</param>
    /// <param name="ticket">The ticket.</param>
    /// <param name="link">Its link as it was before; null for none.</param>
    /// <param name="alert">Its alert as it was before; null for none.</param>
    /// <param name="cancel">Gives up.</param>
    public async Task ReadAsync(HubDb db, LiveConnection live, RemoteTicket ticket, Link? link, Alert? alert, CancellationToken cancel)
    {
        var moved = link is null ? await TakenOverAsync(db, live, ticket, cancel) : Moved(link, ticket, alert);
        if (moved is null) return;
        var now = clock.GetUtcNow();
        var health = await db.ConnectionHealth.FindAsync([live.Id], cancel) ?? db.ConnectionHealth.Add(new ConnectionHealth { ConnectionId = live.Id }).Entity;
        if (health.MarkersMovedAt is { } told && now - told < ToldApart) return;
        var isNews = !HealthNotices.MarkersMove(health, now);
        (health.MarkersMovedAt, health.MarkersMoved) = (now, $"Ticket {ticket.Id}: {moved}{(ticket.UpdatedBy is { Length: > 0 } by ? $" It was changed last by {by}." : "")}");
        if (isNews) db.LogConnectionEvent(live.Id, "markers", ticket.Id, $"Another program writes the marker fields. {health.MarkersMoved}", ticket.Body, null, now, alert?.Id, warn: true);
    }

    /// <summary>A word that is not the hub's own, where the last agreed one was; what came back from a backup is compared elsewhere (decision 0027).</summary>
    private static string? Moved(Link link, RemoteTicket ticket, Alert? alert)
    {
        if (link.Restored is not null) return null;
        IReadOnlyDictionary<string, string?>? read = null;
        if (alert is null) return ticket.MarkerRetrieved == true && IsMoved(TicketFields.MarkerRetrieved) ? "it was marked as taken over." : null;
        if (ticket[TicketFields.MarkerStatus] != MarkerWord.Of(alert.Status) && IsMoved(TicketFields.MarkerStatus))
            return $"its marker went from {Shown(Known()[TicketFields.MarkerStatus])} to {Shown(ticket.MarkerStatus)}, while the alert is {alert.Status.ToString().ToLowerInvariant()}.";
        return ticket.MarkerRetrieved != true && IsMoved(TicketFields.MarkerRetrieved) ? "the mark that it was taken over was cleared." : null;

        IReadOnlyDictionary<string, string?> Known() => read ??= Json.Read<LinkBase>(link.Base).Fields; // nearly every ticket is settled before
        bool IsMoved(string field) => Known().TryGetValue(field, out var before) && before != ticket[field] && !ticket.MissingMarkers.Contains(field);
    }

    /// <summary>One that came in after Install, and after the last restore, and that the hub did not take over itself.</summary>
    private static async Task<string?> TakenOverAsync(HubDb db, LiveConnection live, RemoteTicket ticket, CancellationToken cancel)
    {
        if (ticket.MarkerRetrieved != true || live.Connection.InstalledAt is not { } since) return null;
        if (await db.Settings.FindAsync([SettingKeys.Restoration], cancel) is { } row && Json.Read<Restoration>(row.Value).At is var restored && restored > since) since = restored;
        return ticket.EnteredAt > since + live.ClockOffset ? "it was taken over before the hub saw it." : null;
    }

    private static string Shown(string? word) => string.IsNullOrEmpty(word) ? "empty" : $"\"{word}\"";
}
