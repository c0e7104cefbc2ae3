namespace Deskbridge.Connectors;

/// <summary>What alerting needs to know of a connection's settings; implemented by options types of connectors that carry tickets.</summary>
public interface IAlertingPreferences
{
    /// <summary>Which state changes flow, and which way.</summary>
    StatusFlows Flows { get; }

    /// <summary>When the acting person becomes the ticket's owner.</summary>
    OwnerAssignment OwnerAssignment { get; }

    /// <summary>Whether an owner that a person set may be replaced. Default false.</summary>
    bool OverwriteOwner { get; }

    /// <summary>What a ticket that comes back does with its alert, by every event of the trigger rule that <see cref="EventReturns"/> does not name. Default: it is opened again.</summary>
    ReturnPolicy WhenTicketReturns => ReturnPolicy.ReopenAlert;

    /// <summary>With <see cref="ReturnPolicy.NewAlertLater"/>: how many hours an alert must have been closed for a new one. Default 24.</summary>
    int NewAlertAfterHours => 24;

    /// <summary>What tickets do that come back by certain events of the trigger rule; <see cref="WhenTicketReturns"/> counts for all others. Default none.</summary>
    IReadOnlyList<EventReturn> EventReturns => [];

    /// <summary>What a ticket does that comes back by an event.</summary>
    /// <param name="eventId">Remote id of the event; null when it is not known.</param>
    /// <returns>The choice for this event, or that of the connection, which names no event.</returns>
    EventReturn ReturnBy(string? eventId) => EventReturns.FirstOrDefault(chosen => chosen.EventId == eventId) ?? new EventReturn("", WhenTicketReturns, NewAlertAfterHours);

    /// <summary>Statuses for boards that lack the one a rule's action names. Default none.</summary>
    IReadOnlyList<BoardStatus> BoardStatuses => [];

    /// <summary>Flags of notes that come from alert comments. Default internal.</summary>
    NoteFlags NoteFlags { get; }

    /// <summary>Flags of the note that tells of an acknowledge. Default none: no note.</summary>
    NoteFlags AcknowledgeNoteFlags => NoteFlags.None;

    /// <summary>Flags of the note that tells of a close. Default none: no note.</summary>
    NoteFlags CloseNoteFlags => NoteFlags.None;

    /// <summary>Flags of the note that tells that an alert was given back or re-opened. Default none: no note.</summary>
    NoteFlags BackNoteFlags => NoteFlags.None;
}

/// <summary>What a ticket that comes back does with its alert (S56): one that was closed and is open again, or that matches the trigger rule again.</summary>
public enum ReturnPolicy
{
    /// <summary>The same alert is open again.</summary>
    [System.ComponentModel.Description("Open the same alert again")]
    ReopenAlert,

    /// <summary>Another alert is raised; the old one is closed if somebody had it.</summary>
    [System.ComponentModel.Description("Raise a new alert")]
    NewAlert,

    /// <summary>Another alert if the old one has been closed for long, otherwise the same.</summary>
    [System.ComponentModel.Description("Raise a new alert when the old one has been closed for some hours, else open it again")]
    NewAlertLater,

    /// <summary>Nothing but a line in the timeline.</summary>
    [System.ComponentModel.Description("Ignore it")]
    Ignore,
}

/// <summary>The status mappings: four of the source document, and two for the way back (S38).</summary>
[Flags]
public enum StatusFlows
{
    /// <summary>None.</summary>
    None = 0,

    /// <summary>A ticket change acknowledges the alert.</summary>
    [System.ComponentModel.Description("Updated in the ticket → acknowledged in Deskbridge")]
    TicketAcknowledges = 1,

    /// <summary>A ticket change closes the alert.</summary>
    [System.ComponentModel.Description("Updated in the ticket → closed in Deskbridge")]
    TicketCloses = 2,

    /// <summary>An acknowledge in the hub changes the ticket.</summary>
    [System.ComponentModel.Description("Acknowledged in Deskbridge → update the ticket")]
    AcknowledgeUpdates = 4,

    /// <summary>A close in the hub changes the ticket.</summary>
    [System.ComponentModel.Description("Closed in Deskbridge → update the ticket")]
    CloseUpdates = 8,

    /// <summary>A ticket that comes back opens its alert again or raises a new one, as <see cref="ReturnPolicy"/> says.</summary>
    [System.ComponentModel.Description("Re-opened in the ticket → alert opened again, or a new one")]
    TicketReopens = 16,

    /// <summary>An acknowledgement given back in the hub, or an alert opened again there, puts the ticket's status back.</summary>
    [System.ComponentModel.Description("Unacknowledged in Deskbridge → update the ticket")]
    UnacknowledgeUpdates = 32,

    /// <summary>All six.</summary>
    All = TicketAcknowledges | TicketCloses | AcknowledgeUpdates | CloseUpdates | TicketReopens | UnacknowledgeUpdates,
}

/// <summary>When the acting person becomes the ticket's owner (S36).</summary>
public enum OwnerAssignment
{
    /// <summary>Never.</summary>
    [System.ComponentModel.Description("Never")]
    Never,

    /// <summary>When the alert is acknowledged.</summary>
    [System.ComponentModel.Description("Alert is acknowledged")]
    OnAcknowledge,

    /// <summary>When the alert is closed.</summary>
    [System.ComponentModel.Description("Alert is closed")]
    OnClose,

    /// <summary>At either.</summary>
    [System.ComponentModel.Description("Alert is acknowledged or closed")]
    Both,
}
