using Deskbridge.Connectors;
using Deskbridge.Core.Common;
using Deskbridge.Core.Data;
using Deskbridge.Core.Directory;

namespace Deskbridge.Core.Connections;

/// <summary>
/// An event of the log once more: what it said is not believed the second time either, so its ticket is read and planned as it is now.
/// What comes of that stands in the log.
/// </summary>
internal sealed class ReplayEvent(LookAtTicket look, HubStore store, TimeProvider clock)
{
    /// <summary>The kind of entries that a replay leaves: who asked, and what came of it.</summary>
    public const string Kind = "replay";

    /// <summary>Reads the event's ticket, to say when it is not there, and wakes it.</summary>
    /// <param name="connectionId">The connection.</param>
    /// <param name="eventId">The entry of its event log.</param>
    /// <param name="by">Who asks.</param>
    /// <param name="cancel">Gives up.</param>
    public async Task<Result<ReplayedEvent>> RunAsync(Guid connectionId, Guid eventId, Person by, CancellationToken cancel)
    {
        if (by.Role < PersonRole.Dispatcher) return new OnlyDispatchersReplay();
        if (await ConnectionLog.FindAsync(store, eventId, cancel) is not { } entry || entry.ConnectionId != connectionId) return new EventNotFound(eventId);
        if (!MayBe(entry)) return new EventWithoutTicket();
        var looked = await look.RunAsync(
            connectionId, entry.RemoteId!, Kind,
            db => db.LogConnectionEvent(connectionId, Kind, entry.RemoteId, $"{by.Name} replays the event of {entry.At:u}: {entry.Message}", null, null, clock.GetUtcNow(), entry.AlertId),
            cancel);
        return looked.Failure is { } refused ? refused : new ReplayedEvent(entry.Id, entry.RemoteId!, looked.Value);
    }

    /// <summary>Whether an event is about a ticket: a callback may be about another kind of record, whose number is no ticket's.</summary>
    public static bool MayBe(ConnectionEvent entry) =>
        entry.RemoteId is not null && (entry.Kind != "callback" || entry.Message.StartsWith($"Callback: {RecordTypes.Ticket} ", StringComparison.Ordinal));
}

/// <summary>An event that is replayed.</summary>
/// <param name="Event">The entry of the event log.</param>
/// <param name="Ticket">The ticket it is about.</param>
/// <param name="Title">Its title now.</param>
internal sealed record ReplayedEvent(Guid Event, string Ticket, string Title);

/// <summary>Dispatchers replay events.</summary>
internal sealed record OnlyDispatchersReplay() : ForbiddenFailure("Only dispatchers and administrators replay events. Ask one of them, or have your role changed.");

/// <summary>No such event.</summary>
internal sealed record EventNotFound(Guid Id) : NotFoundFailure($"This connection has no event {Id}, or not any more: old events are taken away.");

/// <summary>There is nothing to look at.</summary>
internal sealed record EventWithoutTicket() : ConflictFailure("This event is about no ticket, so there is nothing to look at again. Sync now reads the whole connection.");
