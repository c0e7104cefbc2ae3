using Deskbridge.Core.Data;
using Microsoft.EntityFrameworkCore;

namespace Deskbridge.Core.Connections;

/// <summary>The event log of connections. Callers hand in payloads without secrets: bodies as received, never request headers.</summary>
internal static class ConnectionLog
{
    /// <summary>Longest payload kept, characters.</summary>
    public const int PayloadLimit = 64 * 1024;

    /// <summary>The kinds that nobody may overlook: the hub's own log says them too. Other trouble is said there by who finds it.</summary>
    private static readonly string[] Trouble = ["refused-callback", "refused-intake", "rejected", "missing", "custom-fields"];

    private const int MessageLimit = 2_000;

    extension(HubDb db)
    {
        /// <summary>Adds an entry in the caller's transaction. Texts beyond the limits are cut, and say so.</summary>
        /// <param name="connectionId">The connection.</param>
        /// <param name="kind">One of <see cref="EventKinds"/>.</param>
        /// <param name="remoteId">The ticket it is about.</param>
        /// <param name="message">What happened, in words.</param>
        /// <param name="payload">What came in, without secrets.</param>
        /// <param name="trace">The decision, a clause per line.</param>
        /// <param name="now">The instant.</param>
        /// <param name="alertId">The alert it is about.</param>
        /// <param name="warn">The hub's own log says it too, whatever the kind.</param>
        public void LogConnectionEvent(
            Guid connectionId, string kind, string? remoteId, string message, string? payload, string? trace, DateTimeOffset now, Guid? alertId = null, bool warn = false)
        {
            var entry = new ConnectionEvent
            {
                Id = Guid.CreateVersion7(now),
                ConnectionId = connectionId,
                At = now,
                Kind = kind,
                RemoteId = remoteId,
                AlertId = alertId,
                Message = Cut(message, MessageLimit)!,
                Payload = Cut(payload, PayloadLimit),
                Trace = Cut(trace, PayloadLimit),
            };
            db.ConnectionEvents.Add(entry);
            if (warn || Trouble.Contains(kind, StringComparer.Ordinal)) db.Warnings.Add(new ConnectionTrouble(entry));
        }
    }

    /// <summary>A page of entries, newest first.</summary>
    /// <param name="store">The database.</param>
    /// <param name="filter">Which entries.</param>
    /// <param name="limit">At most so many.</param>
    /// <param name="cursor">The cursor of the page before; null for the newest.</param>
    /// <param name="cancel">Gives up.</param>
    public static Task<ConnectionEventPage> ReadAsync(HubStore store, ConnectionEventFilter filter, int limit, string? cursor, CancellationToken cancel) =>
        store.ReadAsync(
            async db =>
            {
                var query = db.ConnectionEvents.AsQueryable();
                if (filter.ConnectionId is { } connection) query = query.Where(entry => entry.ConnectionId == connection);
                if (filter.Kind is { } kind) query = query.Where(entry => entry.Kind == kind);
                if (filter.RemoteId is { } remote) query = query.Where(entry => entry.RemoteId == remote || db.Tickets.Any(ticket => ticket.ConnectionId == entry.ConnectionId && ticket.RemoteId == entry.RemoteId && ticket.Number == remote));
                if (EventCursor.Parse(cursor) is { } after)
                {
                    query = query.Where(entry => entry.At < after.At || (entry.At == after.At && entry.Id.CompareTo(after.Id) < 0));
                }

                var rows = await query.OrderByDescending(entry => entry.At).ThenByDescending(entry => entry.Id).Take(limit + 1).ToListAsync(cancel);
                var page = rows.Take(limit).ToList();
                var ids = page.Select(entry => entry.RemoteId).OfType<string>().Distinct().ToList();
                var of = page.Select(entry => entry.ConnectionId).Distinct().ToList();
                var numbers = await db.Tickets.Where(ticket => of.Contains(ticket.ConnectionId) && ids.Contains(ticket.RemoteId) && ticket.Number != null).Select(ticket => new { ticket.ConnectionId, ticket.RemoteId, ticket.Number }).ToListAsync(cancel);
                return new ConnectionEventPage(page, rows.Count > limit ? new EventCursor(page[^1].At, page[^1].Id).ToString() : null)
                {
                    Numbers = numbers.ToDictionary(ticket => (ticket.ConnectionId, ticket.RemoteId), ticket => ticket.Number!),
                };
            },
            cancel);

    /// <summary>Whether a text is a cursor of the event log.</summary>
    public static bool IsCursor(string text) => EventCursor.Parse(text) is not null;

    /// <summary>One entry, or null.</summary>
    public static Task<ConnectionEvent?> FindAsync(HubStore store, Guid id, CancellationToken cancel) =>
        store.ReadAsync(db => db.ConnectionEvents.SingleOrDefaultAsync(entry => entry.Id == id, cancel), cancel);

    private static string? Cut(string? text, int limit)
    {
        if (text is null || text.Length <= limit) return text;
        var end = char.IsHighSurrogate(text[limit - 1]) ? limit - 1 : limit;
        return text[..end] + $"… (cut, {text.Length} characters in all)";
    }

    private sealed record EventCursor(DateTimeOffset At, Guid Id)
    {
        /// <summary>A cursor that is not ours is the first page.</summary>
        public static EventCursor? Parse(string? text) =>
            text?.Split('.') is [var at, var id] && long.TryParse(at, System.Globalization.CultureInfo.InvariantCulture, out var ms) && Guid.TryParse(id, out var guid)
            && ms is >= 0 and < 253_402_300_800_000
                ? new(DateTimeOffset.FromUnixTimeMilliseconds(ms), guid)
                : null;

        public override string ToString() => FormattableString.Invariant($"{At.ToUnixTimeMilliseconds()}.{Id:N}");
    }
}

/// <summary>Which entries of the event log. Null matches all.</summary>
/// <param name="ConnectionId">Of this connection.</param>
/// <param name="Kind">Of this kind.</param>
/// <param name="RemoteId">About the ticket of this remote id or number.</param>
internal sealed record ConnectionEventFilter(Guid? ConnectionId = null, string? Kind = null, string? RemoteId = null);

/// <summary>A page of the event log.</summary>
/// <param name="Items">Newest first.</param>
/// <param name="Next">Cursor of the next page; null at the end.</param>
internal sealed record ConnectionEventPage(IReadOnlyList<ConnectionEvent> Items, string? Next)
{
    /// <summary>What people call the tickets of the entries, where that is not the remote id.</summary>
    public IReadOnlyDictionary<(Guid Connection, string RemoteId), string> Numbers { get; init; } = new Dictionary<(Guid, string), string>();

    /// <summary>What people call the ticket of an entry; null for an entry about none.</summary>
    public string? TicketOf(ConnectionEvent entry) => entry.RemoteId is { } id ? Numbers.GetValueOrDefault((entry.ConnectionId, id), id) : null;
}
