namespace Deskbridge.Connectors;

/// <summary>Neutral names of ticket fields, used in bases, effects and refusals. A value is the remote id (references) or the text itself.</summary>
public static class TicketFields
{
    /// <summary>Status, by id.</summary>
    public const string Status = "status";

    /// <summary>Priority, by id.</summary>
    public const string Priority = "priority";

    /// <summary>Owner, by member id; null when nobody.</summary>
    public const string Owner = "owner";

    /// <summary>Board or queue, by id.</summary>
    public const string Board = "board";

    /// <summary>Team, by id.</summary>
    public const string Team = "team";

    /// <summary>Company, by id. Read only.</summary>
    public const string Company = "company";

    /// <summary>Contact, by id. Read only.</summary>
    public const string Contact = "contact";

    /// <summary>The ticket that this one was merged into, by id. Read only.</summary>
    public const string MergedInto = "mergedInto";

    /// <summary>Type, by id.</summary>
    public const string Type = "type";

    /// <summary>Subtype, by id.</summary>
    public const string SubType = "subType";

    /// <summary>Item, by id.</summary>
    public const string Item = "item";

    /// <summary>Whether the ticket is closed: <c>true</c> or <c>false</c>. Read only: it follows the status.</summary>
    public const string Closed = "closed";

    /// <summary>Marker: the ticket was taken over by the hub, <c>true</c>, <c>false</c> or null.</summary>
    public const string MarkerRetrieved = "marker.retrieved";

    /// <summary>Marker: the alert's state word, empty, <c>Acknowledged</c> or <c>Resolved</c> (engine.md §6.1).</summary>
    public const string MarkerStatus = "marker.status";

    /// <summary>Marker: email of the hub person who acted last.</summary>
    public const string MarkerUser = "marker.user";

    /// <summary>True for the three marker fields.</summary>
    /// <param name="field">A neutral field name.</param>
    public static bool IsMarker(string field) => field.StartsWith("marker.", StringComparison.Ordinal);
}

/// <summary>A reference to a remote record: stored by id, shown by name.</summary>
/// <param name="Id">Remote id.</param>
/// <param name="Name">Display name.</param>
public sealed record RemoteRef(string Id, string Name);

/// <summary>One custom field's value on a record.</summary>
/// <param name="Id">The field's remote id.</param>
/// <param name="Caption">Its caption.</param>
/// <param name="Value">The value as JSON text (<c>true</c>, <c>"text"</c>, <c>null</c>).</param>
public sealed record CustomFieldValue(string Id, string Caption, string Value);

/// <summary>One observation of a ticket, in our words. Made by the connector from the remote's own text, which it keeps.</summary>
public sealed record RemoteTicket
{
    /// <summary>Remote id.</summary>
    public required string Id { get; init; }

    /// <summary>What people call it where that is not its id, for example T20261123.0009; null where it is.</summary>
    public string? Number { get; init; }

    /// <summary>What people call it by: its number, or its id where it has none.</summary>
    public string NumberForPeople => string.IsNullOrEmpty(Number) ? Id : Number;

    /// <summary>Subject line.</summary>
    public required string Title { get; init; }

    /// <summary>The remote's last-updated instant, on the remote's clock.</summary>
    public required DateTimeOffset UpdatedAt { get; init; }

    /// <summary>When it was entered, on the remote's clock.</summary>
    public required DateTimeOffset EnteredAt { get; init; }

    /// <summary>Who changed it last, as the remote names them; never proof of anything.</summary>
    public string? UpdatedBy { get; init; }

    /// <summary>Whether its status counts as closed.</summary>
    public required bool Closed { get; init; }

    /// <summary>Status.</summary>
    public RemoteRef? Status { get; init; }

    /// <summary>Board or queue.</summary>
    public RemoteRef? Board { get; init; }

    /// <summary>Priority.</summary>
    public RemoteRef? Priority { get; init; }

    /// <summary>Owner (a member).</summary>
    public RemoteRef? Owner { get; init; }

    /// <summary>Team.</summary>
    public RemoteRef? Team { get; init; }

    /// <summary>Company the ticket is for.</summary>
    public RemoteRef? Company { get; init; }

    /// <summary>Site.</summary>
    public RemoteRef? Site { get; init; }

    /// <summary>Contact.</summary>
    public RemoteRef? Contact { get; init; }

    /// <summary>Type.</summary>
    public RemoteRef? Type { get; init; }

    /// <summary>The ticket that this one was merged into; null for none.</summary>
    public RemoteRef? MergedInto { get; init; }

    /// <summary>Subtype.</summary>
    public RemoteRef? SubType { get; init; }

    /// <summary>Item.</summary>
    public RemoteRef? ServiceItem { get; init; }

    /// <summary>Marker: taken over by the hub; null when unset or the field is missing.</summary>
    public bool? MarkerRetrieved { get; init; }

    /// <summary>Marker: the state word; null when unset or the field is missing.</summary>
    public string? MarkerStatus { get; init; }

    /// <summary>Marker: the acting person's email; null when unset or the field is missing.</summary>
    public string? MarkerUser { get; init; }

    /// <summary>False for a system whose tickets have no marker fields by design: status and owner alone tell of the alert there, and none is written.</summary>
    public bool CarriesMarkers { get; init; } = true;

    /// <summary>Marker fields (neutral names) that the record does not carry at all: deleted, renamed or not installed.</summary>
    public IReadOnlyList<string> MissingMarkers { get; init; } = [];

    /// <summary>Every custom field the record carries, markers included.</summary>
    public IReadOnlyList<CustomFieldValue> CustomFields { get; init; } = [];

    /// <summary>The record as the remote sent it (JSON). <see cref="IReadsTickets.ParseTicket"/> turns it back into this.</summary>
    public required string Body { get; init; }

    /// <summary>The comparable value of a neutral field: null for nothing, never an empty text.</summary>
    /// <param name="field">One of <see cref="TicketFields"/>.</param>
    public string? this[string field] => field switch
    {
        TicketFields.Status => Status?.Id,
        TicketFields.Priority => Priority?.Id,
        TicketFields.Owner => Owner?.Id,
        TicketFields.Board => Board?.Id,
        TicketFields.Team => Team?.Id,
        TicketFields.Company => Company?.Id,
        TicketFields.MergedInto => MergedInto?.Id,
        TicketFields.Type => Type?.Id,
        TicketFields.SubType => SubType?.Id,
        TicketFields.Item => ServiceItem?.Id,
        TicketFields.Closed => Closed ? "true" : "false",
        TicketFields.MarkerRetrieved => MarkerRetrieved is { } retrieved ? (retrieved ? "true" : "false") : null,
        TicketFields.MarkerStatus => string.IsNullOrEmpty(MarkerStatus) ? null : MarkerStatus,
        TicketFields.MarkerUser => string.IsNullOrEmpty(MarkerUser) ? null : MarkerUser,
        _ => throw new ArgumentOutOfRangeException(nameof(field), field, "not a ticket field"),
    };
}

/// <summary>Reads tickets.</summary>
public interface IReadsTickets
{
    /// <summary>
    /// Whether the remote counts our calls together with those of other programs, against one limit: then a quiet connection is polled half as
    /// often, callbacks or not. Default false.
    /// </summary>
    bool SharesCalls => false;

    /// <summary>
    /// One page of service tickets changed at or after an instant of the remote's clock, ordered by (last updated, id).
    /// Nothing is filtered but what can never matter, such as other record types.
    /// </summary>
    /// <param name="since">Inclusive; on the remote's clock; whole seconds.</param>
    /// <param name="page">From 1.</param>
    /// <param name="pageSize">At most 1,000.</param>
    /// <param name="cancel">Ends the call.</param>
    Task<TicketPage> ReadChangedAsync(DateTimeOffset since, int page, int pageSize, CancellationToken cancel);

    /// <summary>Reads one ticket; null when the remote says it does not exist.</summary>
    /// <param name="remoteId">Remote id.</param>
    /// <param name="cancel">Ends the call.</param>
    Task<RemoteTicket?> ReadTicketAsync(string remoteId, CancellationToken cancel);

    /// <summary>Reads many tickets by id, for sweeps; the missing ones are left out.</summary>
    /// <param name="remoteIds">Remote ids; the connector splits them into calls of allowed length.</param>
    /// <param name="cancel">Ends the call.</param>
    Task<IReadOnlyList<RemoteTicket>> ReadTicketsAsync(IReadOnlyCollection<string> remoteIds, CancellationToken cancel);

    /// <summary>Every open or closed ticket entered at or after an instant, one page at a time in id order.</summary>
    /// <param name="enteredSince">On the remote's clock.</param>
    /// <param name="afterId">Only ids above this one (exclusive), null for the first page.</param>
    /// <param name="pageSize">At most 1,000.</param>
    /// <param name="cancel">Ends the call.</param>
    Task<TicketPage> ReadEnteredAsync(DateTimeOffset enteredSince, string? afterId, int pageSize, CancellationToken cancel);

    /// <summary>Turns a stored body back into a ticket. Pure.</summary>
    /// <param name="body">What <see cref="RemoteTicket.Body"/> held.</param>
    RemoteTicket ParseTicket(string body);
}

/// <summary>Tickets have numbers for people that are not their ids.</summary>
public interface INumbersTickets
{
    /// <summary>Reads the ticket of a number; null when the remote shows none.</summary>
    /// <param name="number">As people write it.</param>
    /// <param name="cancel">Ends the call.</param>
    Task<RemoteTicket?> FindTicketAsync(string number, CancellationToken cancel);
}

/// <summary>One page of tickets.</summary>
/// <param name="Tickets">In the order the remote gave.</param>
/// <param name="Full">True when the page held as many rows as were asked for, so that another may follow.</param>
public sealed record TicketPage(IReadOnlyList<RemoteTicket> Tickets, bool Full)
{
    /// <summary>
    /// What kept the rest of an answer of several calls from being read; null when nothing did. The tickets are as good as any others, but
    /// there are more, so that the next read begins where this one did.
    /// </summary>
    public ConnectorException? Cut { get; init; }
}

/// <summary>Changes tickets.</summary>
public interface IWritesTickets
{
    /// <summary>Whether the record that a write answers is read in a call of its own after it, so that somebody may have been there in between. Default false.</summary>
    bool AnswersLater => false;

    /// <summary>
    /// Sets fields in ONE call and answers the record as the remote returned it. The caller compares it with what was asked:
    /// the remote can answer success and change nothing.
    /// </summary>
    /// <param name="remoteId">Remote id.</param>
    /// <param name="update">The fields and their new values.</param>
    /// <param name="cancel">Ends the call; the write is then in doubt.</param>
    Task<RemoteTicket> UpdateTicketAsync(string remoteId, TicketUpdate update, CancellationToken cancel);
}

/// <summary>New values of fields.</summary>
public sealed record TicketUpdate
{
    /// <summary>Neutral field name to new value; null clears. Never <see cref="TicketFields.Closed"/>.</summary>
    public required IReadOnlyDictionary<string, string?> Set { get; init; }

    /// <summary>
    /// When given, the custom-field array is sent whole: these values as just read, with the changed ones replaced.
    /// When null only the changed custom fields are sent (engine.md §4, custom fields).
    /// </summary>
    public IReadOnlyList<CustomFieldValue>? CustomFieldsAsRead { get; init; }
}
