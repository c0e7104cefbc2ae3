using System.Globalization;

namespace Deskbridge.Core.Alerting;

/// <summary>Which alerts to list.</summary>
internal sealed record AlertFilter
{
    /// <summary>Only this state; null for all.</summary>
    public AlertStatus? Status { get; init; }

    /// <summary>Only alerts of this team; null for all.</summary>
    public Guid? TeamId { get; init; }

    /// <summary>Part of the title, without regard to case.</summary>
    public string? Search { get; init; }

    /// <summary>How many at most, from 1 to 200. Default 50.</summary>
    public int Limit { get; init; } = 50;

    /// <summary>The <see cref="AlertList.Next"/> of the part before; null for the first.</summary>
    public string? After { get; init; }
}

/// <summary>A part of the list.</summary>
/// <param name="Items">Alerts, newest first.</param>
/// <param name="Next">Where to go on; null at the end.</param>
internal sealed record AlertList(IReadOnlyList<AlertRow> Items, string? Next);

/// <summary>How many alerts are in each state.</summary>
internal sealed record AlertCounts(int Open, int Acknowledged, int Closed);

/// <summary>An alert in the list. <c>Status</c> is open, acknowledged or closed; <c>TicketNumber</c> is null for the hub's own alerts; <c>Actor</c> made the last change in the hub; <c>Sent</c> says that a mail or a callout raised it and no connection has taken it over.</summary>
internal sealed record AlertRow(
    Guid Id,
    string Status,
    string Title,
    DateTimeOffset RaisedAt,
    DateTimeOffset ChangedAt,
    Guid ConnectionId,
    string? Connection,
    Guid? TeamId,
    string? Team,
    string? TicketNumber,
    string? Actor,
    int Count,
    bool Unattended,
    string Text,
    bool Sent);

/// <summary>Everything about one alert. <c>CurrentId</c> differs from its id when a later alert stands on the same ticket.</summary>
internal sealed record AlertDetail(
    AlertRow Alert,
    string Text,
    Guid CurrentId,
    IReadOnlyList<AlertLine> Timeline,
    IReadOnlyList<Delivery> Deliveries,
    IReadOnlyList<AlertNoteRow> Notes,
    AlertTicket? Ticket,
    IReadOnlyList<AlertFileRow> Files,
    NextStepView Next);

/// <summary>
/// What comes when nobody acknowledges. <c>Mark</c> says where the alert stands: sent along with an escalation, that happens once.
/// Without <c>At</c> nothing is planned. <c>Step</c>, <c>Of</c> and <c>Round</c> are null where the team has no escalation chain.
/// </summary>
internal sealed record NextStepView(string Mark, DateTimeOffset? At, int? Step, int? Of, int? Round, string Whom)
{
    /// <summary>The mark of an alert: its next step, or without one the last round that has begun.</summary>
    public static string MarkOf(int episode, DueStep? next, int lastRound) => next is null
        ? string.Create(CultureInfo.InvariantCulture, $"{episode}.{lastRound}")
        : string.Create(CultureInfo.InvariantCulture, $"{episode}.{next.Round}.{next.Step}");
}

/// <summary>A line of the timeline. <c>TraceId</c> leads to the log lines of what caused it.</summary>
internal sealed record AlertLine(int Order, DateTimeOffset At, string Kind, string Message, string? Why, string? Person, string? TraceId);

/// <summary>A page and its attempts. <c>State</c> is pending, sending, accepted, delivered, acted, failed or superseded; <c>Warning</c> went to an administrator because nobody could be paged.</summary>
internal sealed record Delivery(
    Guid Id,
    int Episode,
    int Step,
    int Repeat,
    bool Warning,
    string Person,
    string Channel,
    string Kind,
    string State,
    DateTimeOffset DueAt,
    string? ProviderId,
    string? Error,
    IReadOnlyList<DeliveryAttempt> Attempts);

/// <summary>An attempt: attempted, accepted, refused, failed or unknown; and where the provider tells more, undelivered, delivered, or acted when it was answered.</summary>
internal sealed record DeliveryAttempt(int Number, DateTimeOffset At, string Outcome, string Detail);

/// <summary>A note. <c>Version</c> is to be told by whoever edits it; <c>EditedAt</c> is null for one that never was.</summary>
internal sealed record AlertNoteRow(Guid Id, DateTimeOffset At, Guid PersonId, string Author, string Text, string Marker, int Version, DateTimeOffset? EditedAt)
{
    /// <summary>Whether a person may edit it: who wrote it, and administrators.</summary>
    public bool MayBeEditedBy(Directory.Person person) => AlertNote.MayBeEdited(PersonId, person);
}

/// <summary>A file attached to an alert. <c>Kept</c>: the hub has its content. <c>State</c>: that of the write that makes it a document of the ticket; null when it stays in the hub.</summary>
internal sealed record AlertFileRow(Guid Id, DateTimeOffset At, string Author, string Name, long Size, bool Kept, string? State);

/// <summary>The ticket an alert stands on. <c>Details</c> is JSON, empty before they were read.</summary>
internal sealed record AlertTicket(Guid Id, string RemoteId, string Title, string LinkState, string? LinkReason, string Details, DateTimeOffset? DetailsReadAt);
