using Deskbridge.Connectors;
using Deskbridge.Core.Common;
using Deskbridge.Core.Directory;
using Deskbridge.Core.Operations;

namespace Deskbridge.Core.Alerting;

/// <summary>Something a person on duty must look at. Attached to a ticket, or raised by the hub itself about a connection.</summary>
public sealed class Alert
{
    /// <summary>Id.</summary>
    public required Guid Id { get; init; }

    /// <summary>The link of the ticket it stands on; null for the hub's own alerts, and for those of a mail or a callout whose ticket no connection saw.</summary>
    public Guid? LinkId { get; set; }

    /// <summary>The connection it came by; for one that a mail or a callout raised, its <see cref="Intake.TeamIntake"/> until a connection takes it over.</summary>
    public required Guid ConnectionId { get; set; }

    /// <summary>Unique with <see cref="LinkId"/>; the highest is the current one.</summary>
    public int Generation { get; set; } = 1;

    /// <summary>The number by which people know its ticket; null where none is known. Mails and callouts find it by that.</summary>
    public string? TicketNumber { get; set; }

    /// <summary>The ticket's id as its system or a callout says it; null where none is known.</summary>
    public string? TicketRemoteId { get; set; }

    /// <summary>What mails of its matter have in common that name no ticket; null for other alerts.</summary>
    public string? MailKey { get; init; }

    /// <summary>For the hub's own alerts: what is wrong. Unique per connection while not closed.</summary>
    public string? Cause { get; init; }

    /// <summary>The team that is paged.</summary>
    public Guid? TeamId { get; set; }

    /// <summary>State.</summary>
    public AlertStatus Status { get; set; } = AlertStatus.Open;

    /// <summary>The state before the last change: what an undo goes back to.</summary>
    public AlertStatus Previous { get; set; } = AlertStatus.Open;

    /// <summary>Ticket summary, or what is wrong.</summary>
    public required string Title
    {
        get;
        set
        {
            field = value;
            TitleKey = SearchKey(value);
        }
    }

    /// <summary>The title as searches compare it: databases fold the case of ASCII letters only.</summary>
    public string TitleKey { get; private set; } = "";

    /// <summary>Text under the title.</summary>
    public string Text { get; set; } = "";

    /// <summary>When it was raised first.</summary>
    public required DateTimeOffset RaisedAt { get; init; }

    /// <summary>When its state last changed.</summary>
    public required DateTimeOffset ChangedAt { get; set; }

    /// <summary>Raised with every state change on either side.</summary>
    public int Transition { get; set; }

    /// <summary>Where the last state change came from.</summary>
    public TransitionOrigin Origin { get; set; } = TransitionOrigin.Ticket;

    /// <summary>The person behind the last state change, when it was made in the hub.</summary>
    public Guid? ActorId { get; set; }

    /// <summary>Their email at that time, the value of the user marker.</summary>
    public string ActorEmail { get; set; } = "";

    /// <summary>Raised each time the alert becomes open: raise, un-acknowledge, re-open. Pages belong to an episode.</summary>
    public int Episode { get; set; } = 1;

    /// <summary>How often the same thing happened again while it was open (hub's own alerts, re-entries).</summary>
    public int Count { get; set; } = 1;

    /// <summary>Nobody was on duty when it should have paged; it pages at the next punch-in.</summary>
    public bool Unattended { get; set; }

    /// <summary>Lines of its timeline so far; the last line's order.</summary>
    public int Lines { get; set; }

    /// <summary>Optimistic lock.</summary>
    public int Version { get; set; }

    /// <summary>A connection found its ticket: it becomes the ticket's next alert. State changes are counted per ticket, for no two writes may have one key.</summary>
    internal void StandOn(Sync.Link link, Alert? earlier)
    {
        (LinkId, ConnectionId, Generation) = (link.Id, link.ConnectionId, link.Generation);
        if (earlier is not null) Transition += earlier.Transition + 1;
        Version++;
    }

    /// <summary>A text as titles are compared: without regard to case, in any script.</summary>
    /// <param name="text">A title or a part of one.</param>
    internal static string SearchKey(string text) => text.ToLowerInvariant();

    /// <summary>Whether it may become acknowledged: true when that changes it, false when it already is.</summary>
    internal Result<bool> MayAcknowledge() => Status switch
    {
        AlertStatus.Closed => new AlertAlreadyClosed(Id),
        _ => Status == AlertStatus.Open,
    };

    /// <summary>Whether somebody may take it over: true when another has it, or nobody.</summary>
    internal Result<bool> MayTakeOver(Person by) => Status switch
    {
        AlertStatus.Closed => new AlertAlreadyClosed(Id),
        _ => Status == AlertStatus.Open || ActorId != by.Id,
    };

    /// <summary>Whether the acknowledgement may be taken back: true when that changes it, false when nobody has it.</summary>
    internal Result<bool> MayUnacknowledge() => Status switch
    {
        AlertStatus.Closed => new ClosedAlertNotAcknowledged(Id),
        _ => Status == AlertStatus.Acknowledged,
    };

    /// <summary>Whether it may be closed: true when that changes it, false when it already is.</summary>
    internal Result<bool> MayClose() => Status != AlertStatus.Closed;

    /// <summary>Whether it may be opened again: true when that changes it, false when it is not closed.</summary>
    internal Result<bool> MayReopen() => Status == AlertStatus.Closed;

    /// <summary>Changes the state and all that counts state changes. Pages are planned by <see cref="AlertTransitions"/>.</summary>
    internal void Become(AlertStatus to, TransitionOrigin origin, Person? by, DateTimeOffset now)
    {
        Previous = Status;
        Status = to;
        Transition++;
        Version++;
        Origin = origin;
        ActorId = by?.Id;
        ActorEmail = by?.Email ?? "";
        ChangedAt = now;
        if (to == AlertStatus.Open) Episode++;
        else Unattended = false;
    }

    /// <summary>One person took it over from another.</summary>
    internal bool IsHandedOver => this is { Status: AlertStatus.Acknowledged, Previous: AlertStatus.Acknowledged };

    /// <summary>Whether a page is still wanted: the alert is open and in the episode the page was planned for.</summary>
    internal bool Wants(Page page) => Status == AlertStatus.Open && Episode == page.Episode;
}

/// <summary>State of an alert.</summary>
public enum AlertStatus
{
    /// <summary>Nobody has it yet.</summary>
    Open,

    /// <summary>Somebody has it.</summary>
    Acknowledged,

    /// <summary>Done.</summary>
    Closed,
}

/// <summary>Where a state change came from.</summary>
public enum TransitionOrigin
{
    /// <summary>A change of the ticket.</summary>
    Ticket,

    /// <summary>A person in the hub.</summary>
    Person,

    /// <summary>The hub itself.</summary>
    Hub,
}

/// <summary>One line of an alert's timeline: what happened and why.</summary>
public sealed class AlertEvent
{
    /// <summary>The alert.</summary>
    public required Guid AlertId { get; init; }

    /// <summary>Place in the timeline, from 1.</summary>
    public required int Order { get; init; }

    /// <summary>When.</summary>
    public required DateTimeOffset At { get; init; }

    /// <summary>raised, received, adopted, acknowledged, unacknowledged, closed, reopened, note, note-edited, file, paged, delivered, page-failed, ticket-updated, refused, conflict, nobody-on-duty, escalated, step-passed, chain-ended, repeated, missing, found, write-answered.</summary>
    public required string Kind { get; init; }

    /// <summary>What happened, one sentence.</summary>
    public required string Message { get; init; }

    /// <summary>Why: the rule, the mapping, the request. Null when the message says it all.</summary>
    public string? Why { get; init; }

    /// <summary>The person behind it.</summary>
    public Guid? PersonId { get; init; }

    /// <summary>The trace in which it happened, 32 hex digits, to be found in the log; null for lines of older versions.</summary>
    public string? TraceId { get; init; } = Tracing.TraceId;
}

/// <summary>A comment on an alert; becomes a note of the ticket exactly once.</summary>
public sealed class AlertNote
{
    /// <summary>Id.</summary>
    public required Guid Id { get; init; }

    /// <summary>The alert.</summary>
    public required Guid AlertId { get; init; }

    /// <summary>Who wrote it.</summary>
    public required Guid PersonId { get; init; }

    /// <summary>The writer's name at that time.</summary>
    public required string Author { get; init; }

    /// <summary>The text as written, or as last edited; what it said before stands in the timeline.</summary>
    public required string Text { get; set; }

    /// <summary>Raised with every edit, and when the ticket's own text was kept against one: who edits says which they saw.</summary>
    public int Version { get; set; } = 1;

    /// <summary>When it was last edited; null for never.</summary>
    public DateTimeOffset? EditedAt { get; set; }

    /// <summary>When.</summary>
    public required DateTimeOffset At { get; init; }

    /// <summary>Random marker carried in the ticket note's last line.</summary>
    public required string Marker { get; init; }

    /// <summary>Writer's id and the Idempotency-Key they sent; unique. Null when none was sent.</summary>
    public string? ClientKey { get; init; }

    /// <summary>Where it shows on the ticket; null for what the connection's settings say.</summary>
    public NoteFlags? Flags { get; init; }

    /// <summary>An effect exists for it, or none is wanted.</summary>
    public bool Planned { get; set; }

    /// <summary>Whether a person may edit a note: who wrote it, and administrators.</summary>
    internal static bool MayBeEdited(Guid author, Person by) => by.Role == PersonRole.Admin || (by.Role != PersonRole.Viewer && by.Id == author);
}
