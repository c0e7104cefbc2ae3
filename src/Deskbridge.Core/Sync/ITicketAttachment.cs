using Deskbridge.Connectors;
using Deskbridge.Core.Connections;
using Deskbridge.Core.Data;

namespace Deskbridge.Core.Sync;

/// <summary>
/// A module whose records are attached to tickets. The worker hands it one ticket at a time inside the plan's transaction;
/// everything it adds to the context is committed together or not at all.
/// </summary>
internal interface ITicketAttachment
{
    /// <summary>What must be read from the remote before this ticket can be planned; nothing is read inside the transaction.</summary>
    /// <param name="live">The connection.</param>
    /// <param name="ticket">The ticket.</param>
    /// <param name="cameBack">The hub may have known more of this ticket than it does: its link is from a backup, or it is marked and has none.</param>
    /// <param name="cancel">Gives up.</param>
    Task<TicketContext> PrepareAsync(LiveConnection live, RemoteTicket ticket, bool cameBack, CancellationToken cancel);

    /// <summary>Plans one ticket: changes hub records, the link and its base, adds effects. Answers when to look again.</summary>
    Task<DateTimeOffset?> PlanAsync(HubDb db, LiveConnection live, RemoteTicket ticket, Link? link, TicketContext context, CancellationToken cancel);

    /// <summary>The base verdicts after a confirmed write, from the record as the hub alone left it (engine.md §4).</summary>
    LinkBase Confirmed(LiveConnection live, LinkBase before, FieldWrite write, RemoteTicket ticketBefore);

    /// <summary>Tracks what <see cref="IsQuiet"/> and <see cref="SettledAsync"/> look at, for many links at once.</summary>
    Task TrackAsync(HubDb db, IReadOnlyCollection<Guid> linkIds, CancellationToken cancel);

    /// <summary>
    /// Whether planning this ticket now would change nothing but the instant at which to look again. False whenever that is not certain.
    /// </summary>
    bool IsQuiet(HubDb db, LiveConnection live, RemoteTicket ticket, Link link, out DateTimeOffset? again);

    /// <summary>An effect was confirmed; people should see it on the alert.</summary>
    Task SettledAsync(HubDb db, Effect effect, string message, CancellationToken cancel);

    /// <summary>Something about an effect that people should see on the alert, without settling it.</summary>
    Task TellAsync(HubDb db, Effect effect, string kind, string message, string? why, CancellationToken cancel);

    /// <summary>The text of a note that somebody changed on the ticket stays, against an edit in the hub; people must see it before they edit again.</summary>
    Task NoteStaysAsync(HubDb db, Effect effect, Guid noteId, string shown, CancellationToken cancel);

    /// <summary>The remote took these writes of one connection: what was said about refused ones of their kind is over.</summary>
    Task AcceptedAsync(HubDb db, IReadOnlyList<Effect> accepted, CancellationToken cancel);

    /// <summary>An effect, or one field of it, was refused for good; people must see it.</summary>
    Task RefusedAsync(HubDb db, Effect effect, string message, CancellationToken cancel);

    /// <summary>The ticket does not carry marker fields that an effect would write: people see one finding. Answers it in words, with the fix.</summary>
    Task<string> MarkersMissingAsync(HubDb db, Effect effect, IReadOnlyList<string> markers, CancellationToken cancel);

    /// <summary>The remote record was not found; people should see it, nothing else changes yet.</summary>
    Task MissingAsync(HubDb db, Link link, CancellationToken cancel);

    /// <summary>A remote record that was missing shows again.</summary>
    Task FoundAgainAsync(HubDb db, Link link, CancellationToken cancel);

    /// <summary>The remote record is confirmed gone, and why that is believed.</summary>
    Task GoneAsync(HubDb db, Link link, string why, CancellationToken cancel);

    /// <summary>Details that may have changed without their tickets are wanted anew, of tickets that somebody works on.</summary>
    Task WantDetailsAsync(HubDb db, Guid connectionId, CancellationToken cancel);

    /// <summary>So many records are missing that a person must say whether they were deleted, and nobody did so yet; null when the question is settled.</summary>
    Task ManyMissingAsync(HubDb db, Guid connectionId, string? question, CancellationToken cancel);
}

/// <summary>What planning one ticket needs beside the ticket.</summary>
/// <param name="Statuses">The statuses of the ticket's board.</param>
/// <param name="Actor">The remote member of the person who acted last; null when nobody acted or nobody matches.</param>
/// <param name="ActorEmail">Whom <paramref name="Actor"/> was looked up for; null when there was no alert.</param>
/// <param name="BoardId">The board the statuses are of; null when there was none.</param>
internal sealed record TicketContext(IReadOnlyList<RemoteStatus> Statuses, RemoteMember? Actor, string? ActorEmail, string? BoardId)
{
    /// <summary>The statuses of boards that a rule moves the ticket to.</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<RemoteStatus>> OtherBoards { get; init; } = new Dictionary<string, IReadOnlyList<RemoteStatus>>();

    /// <summary>The statuses of a board: the ticket's own, unless it is one that a rule moves it to.</summary>
    public IReadOnlyList<RemoteStatus> StatusesOf(string? boardId) => boardId is not null && OtherBoards.TryGetValue(boardId, out var other) ? other : Statuses;

    /// <summary>Somebody replays an event of this ticket: what comes of it is told in the event log, also when it is nothing.</summary>
    public bool Replayed { get; init; }

    /// <summary>Notes of a ticket that came back; empty otherwise.</summary>
    public IReadOnlyList<RemoteNote> Notes { get; init; } = [];

    /// <summary>False when somebody acted, or the ticket moved, after this was read: planning with it would refuse what is right.</summary>
    public bool Fits(string actorEmail, RemoteTicket ticket) => ActorEmail == actorEmail && BoardId == ticket.Board?.Id;
}
