namespace Deskbridge.Connectors;

/// <summary>Reads and evaluates the rules an administrator keeps in the remote system.</summary>
public interface IReadsRules
{
    /// <summary>Reads the connection's rules as they stand now.</summary>
    /// <param name="cancel">Ends the call.</param>
    Task<RuleBook> ReadRulesAsync(CancellationToken cancel);

    /// <summary>Turns a stored rule book back into a usable one. Pure.</summary>
    /// <param name="body">What <see cref="RuleBook.Body"/> held.</param>
    RuleBook ParseRules(string body);

    /// <summary>A ticket with nothing set, to try rules on: <see cref="Imagine"/> gives it values. Never written anywhere.</summary>
    RemoteTicket Blank { get; }

    /// <summary>
    /// The ticket as it would be with other values: what the rules would see if only these fields had changed. Pure.
    /// </summary>
    /// <param name="ticket">The ticket as read.</param>
    /// <param name="values">Neutral field name to new value; null clears. Markers carry their text in the id.</param>
    /// <param name="closed">The closed flag after the change; null keeps it.</param>
    RemoteTicket Imagine(RemoteTicket ticket, IReadOnlyDictionary<string, RemoteRef?> values, bool? closed);

    /// <summary>
    /// Evaluates one inbound event's ticket part on a ticket (engine.md §6.1, §6.9, §6.10). Pure.
    /// Marker clauses are answered from the link, the fixed age clause bounds retrieval only.
    /// </summary>
    /// <param name="inbound">The event.</param>
    /// <param name="ticket">The ticket.</param>
    /// <param name="markers">What the link knows.</param>
    /// <param name="now">The instant on the remote's clock.</param>
    RuleVerdict Evaluate(InboundEvent inbound, RemoteTicket ticket, MarkerAnswers markers, DateTimeOffset now);
}

/// <summary>Knows the rules that Install would create, so that a dry run can try them before they exist.</summary>
public interface IOffersDefaultRules
{
    /// <summary>The rules as Install would write them with the present settings. Pure.</summary>
    RuleBook DefaultRules();
}

/// <summary>The rules of one connection, read at one moment.</summary>
public sealed record RuleBook
{
    /// <summary>The age window where no rules are known.</summary>
    public static TimeSpan UsualAgeWindow { get; } = TimeSpan.FromHours(360);

    /// <summary>Events that make the hub do something: raise, acknowledge, close. Reserved events are left out.</summary>
    public required IReadOnlyList<InboundEvent> Inbound { get; init; }

    /// <summary>What is written to a ticket when its alert is acknowledged in the hub.</summary>
    public required IReadOnlyList<TicketAction> OnAcknowledge { get; init; }

    /// <summary>What is written to a ticket when its alert is closed in the hub.</summary>
    public required IReadOnlyList<TicketAction> OnClose { get; init; }

    /// <summary>Notes and schedule entries that are added when its alert is acknowledged in the hub.</summary>
    public ChildActions BesideAcknowledge { get; init; } = ChildActions.None;

    /// <summary>Notes and schedule entries that are added when its alert is closed in the hub.</summary>
    public ChildActions BesideClose { get; init; } = ChildActions.None;

    /// <summary>Clauses that cannot be read, actions that are not supported, missing rules: each names the rule and the fix.</summary>
    public required IReadOnlyList<RuleProblem> Problems { get; init; }

    /// <summary>How old a ticket may be to be retrieved, from the fixed age clause; 360 hours by default.</summary>
    public required TimeSpan AgeWindow { get; init; }

    /// <summary>
    /// True where statuses are mapped to states and nothing else decides: a status that already says the alert's state is then left as somebody
    /// chose it, so that "waiting for the customer" is not overwritten by an acknowledge (engine.md §6.6).
    /// </summary>
    public bool MapsStatuses { get; init; }

    /// <summary>The rules as text, stable: equal text means equal rules.</summary>
    public required string Body { get; init; }
}

/// <summary>One event of an inbound rule.</summary>
/// <param name="Id">Remote id of the event.</param>
/// <param name="Kind">What it makes the hub do.</param>
/// <param name="Rule">Name of the rule it belongs to.</param>
/// <param name="Condition">The condition as text.</param>
public sealed record InboundEvent(string Id, InboundEventKind Kind, string Rule, string Condition)
{
    /// <summary>Remote id of the rule; empty where no rule exists yet.</summary>
    public string RuleId { get; init; } = "";

    /// <summary>The condition for people, where its text is for machines; null where it reads well as it is.</summary>
    public string? Said { get; init; }

    /// <summary>The names of the instance's own that the condition is read with, in the connector's form; empty for none.</summary>
    public string Words { get; init; } = "";

    /// <summary>Why the condition cannot be evaluated here, though it is known what the event is for; null when it can. The remote system is asked then (<see cref="IAsksRules"/>).</summary>
    public string? Unreadable { get; init; }
}

/// <summary>What an inbound event makes the hub do.</summary>
public enum InboundEventKind
{
    /// <summary>Raise an alert.</summary>
    Raise,

    /// <summary>Acknowledge the alert.</summary>
    Acknowledge,

    /// <summary>Close the alert.</summary>
    Close,
}

/// <summary>A change that a rule makes to a ticket.</summary>
/// <param name="Field">Neutral field name.</param>
/// <param name="Value">The value with its name; a status is resolved on the ticket's own board.</param>
/// <param name="Rule">Name of the rule, for the timeline.</param>
public sealed record TicketAction(string Field, RemoteRef Value, string Rule);

/// <summary>Something about the rules that an administrator must see.</summary>
/// <param name="Rule">Name of the rule.</param>
/// <param name="Message">What is wrong and how to mend it.</param>
/// <param name="Blocks">True when the event cannot be evaluated at all.</param>
public sealed record RuleProblem(string Rule, string Message, bool Blocks);

/// <summary>What the hub itself knows about a ticket's markers; the remote's text is not asked.</summary>
/// <param name="Retrieved">The hub has taken the ticket over.</param>
/// <param name="Status">The alert's state word; empty when open.</param>
/// <param name="User">Email of the person who acted last.</param>
public sealed record MarkerAnswers(bool Retrieved, string Status, string User);

/// <summary>The answer to one event's ticket part.</summary>
/// <param name="Holds">Whether the ticket part holds, without marker clauses and without the fixed age clause.</param>
/// <param name="InAgeWindow">Whether the fixed age clause holds; true when there is none.</param>
/// <param name="ChangesAt">The next instant, on the remote's clock, at which time alone could change either; null for never.</param>
/// <param name="Trace">Every clause with its result, for people.</param>
public sealed record RuleVerdict(bool Holds, bool InAgeWindow, DateTimeOffset? ChangesAt, IReadOnlyList<ClauseTrace> Trace)
{
    /// <summary>Whether the ticket part holds cannot be said: the last verdict stands and nothing fires. <see cref="Holds"/> is false then.</summary>
    public bool IsUnknown { get; init; }
}

/// <summary>One clause of a condition and what it gave.</summary>
/// <param name="Text">The clause.</param>
/// <param name="Holds">Its result.</param>
/// <param name="Actual">The value it looked at, for people.</param>
public sealed record ClauseTrace(string Text, bool Holds, string Actual)
{
    /// <summary>Whether it holds could not be told.</summary>
    public bool IsUnknown { get; init; }

    /// <summary>The verdict rests on this clause: a false one of those that must all hold, every one of a group of which none holds.</summary>
    public bool Decides { get; init; }

    /// <summary>The groups it stands in, the outermost first; empty for a clause that must hold by itself.</summary>
    public IReadOnlyList<ClauseGroup> Within { get; init; } = [];
}

/// <summary>A group of clauses in a trace. Two clauses that follow each other are in the same group when both say so at the same depth.</summary>
/// <param name="From">Where its first clause stands in the trace.</param>
/// <param name="Any">One of its parts is enough; otherwise all must hold.</param>
/// <param name="Holds">Its result.</param>
public sealed record ClauseGroup(int From, bool Any, bool Holds);
