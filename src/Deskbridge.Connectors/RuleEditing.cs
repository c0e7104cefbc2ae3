namespace Deskbridge.Connectors;

/// <summary>
/// Lets an administrator edit the rules by fields, tests and values. Where they are kept is told by <see cref="IWritesRules"/> or
/// <see cref="IKeepsRulesInSettings"/>.
/// </summary>
public interface IEditsRules
{
    /// <summary>The form that conditions are written in.</summary>
    RuleLanguage Language { get; }

    /// <summary>Reads every rule with every event, the reserved ones included.</summary>
    /// <param name="cancel">Ends the call.</param>
    Task<RuleDesk> ReadForEditingAsync(CancellationToken cancel);

    /// <summary>Tries a condition for an event, without any call: can it be read, and are the locked clauses still in it? Pure.</summary>
    /// <param name="edited">The event as read.</param>
    /// <param name="condition">The condition as entered.</param>
    ConditionReading ReadCondition(RuleEventState edited, string condition);

    /// <summary>The rule book as it would be with one event changed. Pure.</summary>
    /// <param name="body">What <see cref="RuleBook.Body"/> held.</param>
    /// <param name="draft">The change.</param>
    RuleBook Imagine(string body, RuleEventDraft draft);

    /// <summary>What a clause can be about, and how its text is put together: with the instance's own fields as they were learned last.</summary>
    IReadOnlyList<RuleField> RuleFields { get; }

    /// <summary>Learns the instance's own fields; no call where that was done a while ago. Reading for editing does it too.</summary>
    /// <param name="cancel">Ends the call.</param>
    Task LearnRuleFieldsAsync(CancellationToken cancel);

    /// <summary>What the actions of an event can change.</summary>
    IReadOnlyList<RuleActionKind> RuleActionKinds { get; }

    /// <summary>The values a field or action can have on this instance, by name. Empty for a field with free text.</summary>
    /// <param name="values">A <see cref="RuleField.Values"/> or <see cref="RuleActionKind.Values"/>.</param>
    /// <param name="cancel">Ends the call.</param>
    Task<IReadOnlyList<RuleValue>> ReadRuleValuesAsync(string values, CancellationToken cancel);

    /// <summary>Ready-made rules for an event, with this instance's names filled in.</summary>
    /// <param name="edited">The event as read.</param>
    /// <param name="values">The lists of <see cref="ReadRuleValuesAsync"/>, as the caller remembers them.</param>
    Task<IReadOnlyList<RuleTemplate>> FillTemplatesAsync(RuleEventState edited, Func<string, Task<IReadOnlyList<RuleValue>>> values);
}

/// <summary>The remote system holds the rules: they are changed there.</summary>
public interface IWritesRules : IEditsRules
{
    /// <summary>
    /// Writes one event's condition and actions. The event is read once more before: when it has another version than the draft was made on,
    /// nothing is written.
    /// </summary>
    /// <param name="draft">The change.</param>
    /// <param name="cancel">Ends the call; the write is then in doubt and the rules must be read again.</param>
    /// <exception cref="ConnectorConflictException">It changed since it was read.</exception>
    Task WriteRuleEventAsync(RuleEventDraft draft, CancellationToken cancel);

    /// <summary>Makes another event with the condition of one that is there, so that at first it raises nothing which that one does not. Each is a rule of its own.</summary>
    /// <param name="like">The event as read.</param>
    /// <param name="cancel">Ends the call; whether it was made must then be looked up.</param>
    /// <returns>What was made, for a removal of the connection; its remote id is the rule's, a slash and the event's.</returns>
    Task<ProvisionedObject> CopyRuleEventAsync(RuleEventState like, CancellationToken cancel);

    /// <summary>Deletes an event with its actions. It is read once more before: when it has another version, it stays.</summary>
    /// <param name="gone">The event as read.</param>
    /// <param name="cancel">Ends the call.</param>
    /// <exception cref="ConnectorConflictException">It changed since it was read.</exception>
    Task DeleteRuleEventAsync(RuleEventState gone, CancellationToken cancel);
}

/// <summary>The remote system has no place for rules: a setting of the connection holds the condition of the one event there is.</summary>
public interface IKeepsRulesInSettings : IEditsRules
{
    /// <summary>Name of the setting.</summary>
    string Setting { get; }

    /// <summary>Learns the names of the records that a condition means by their ids, which <see cref="IEditsRules.Imagine"/> then knows; no call where they are known.</summary>
    /// <param name="condition">The condition.</param>
    /// <param name="cancel">Ends the call.</param>
    Task LearnNamesAsync(string condition, CancellationToken cancel);
}

/// <summary>The form that conditions are written in.</summary>
public enum RuleLanguage
{
    /// <summary>Clauses joined by <c>and</c>, <c>or</c> and <c>not</c>, with brackets.</summary>
    Words,

    /// <summary>JSON: a group is <c>{"op":"and","items":[…]}</c>, or <c>"or"</c>; a clause stands as it is, and none is negated. A list's values are written by their ids.</summary>
    Json,
}

/// <summary>The rules as they stand in the remote system, ready to be edited.</summary>
/// <param name="Book">The same as read for use.</param>
/// <param name="Rules">In the order of the vendor's guide; missing ones are left out.</param>
public sealed record RuleDesk(RuleBook Book, IReadOnlyList<RuleState> Rules);

/// <summary>One rule.</summary>
/// <param name="Id">Remote id.</param>
/// <param name="Name">Its name now.</param>
/// <param name="Purpose">What it is for, in a sentence.</param>
/// <param name="Expected">The name it has in the settings.</param>
/// <param name="Active">The remote system runs it as well, which it should not.</param>
/// <param name="Events">In id order.</param>
public sealed record RuleState(string Id, string Name, string Purpose, string Expected, bool Active, IReadOnlyList<RuleEventState> Events);

/// <summary>One event of a rule, as it stands in the remote system.</summary>
/// <param name="Id">Remote id.</param>
/// <param name="RuleId">Remote id of its rule.</param>
/// <param name="Rule">Name of its rule.</param>
/// <param name="Purpose">What it is for.</param>
/// <param name="Condition">The condition as text.</param>
/// <param name="Actions">Its actions; only events that write to tickets have any that count.</param>
/// <param name="Version">Changes with the condition and with every action.</param>
/// <param name="UpdatedBy">Who changed it last, as the remote names them; null when not told.</param>
/// <param name="UpdatedAt">When, on the remote's clock; null when not told.</param>
public sealed record RuleEventState(
    string Id, string RuleId, string Rule, RuleEventPurpose Purpose, string Condition, IReadOnlyList<RuleActionState> Actions, string Version,
    string? UpdatedBy, DateTimeOffset? UpdatedAt);

/// <summary>What an event is for, told by its marker clauses.</summary>
public enum RuleEventPurpose
{
    /// <summary>Raises an alert.</summary>
    Raises,

    /// <summary>Acknowledges the alert.</summary>
    Acknowledges,

    /// <summary>Closes the alert.</summary>
    Closes,

    /// <summary>Its actions are applied to the ticket when the alert is acknowledged.</summary>
    OnAcknowledge,

    /// <summary>Its actions are applied to the ticket when the alert is closed.</summary>
    OnClose,

    /// <summary>Kept by the vendor's guide for tickets that come back; the hub has settings of its own for that.</summary>
    Reserved,

    /// <summary>Its condition cannot be read, and what can be read of it does not tell what it is for.</summary>
    Unreadable,
}

/// <summary>One action of an event.</summary>
/// <param name="Id">Remote id; null for one to be made.</param>
/// <param name="Kind">A <see cref="RuleActionKind.Key"/>; null for one that does something else or several things, which is only kept.</param>
/// <param name="Name">The kind in the remote's words.</param>
/// <param name="Value">What it sets; null when that is not understood.</param>
public sealed record RuleActionState(string? Id, string? Kind, string Name, RemoteRef? Value);

/// <summary>A kind of action that can be made and changed here.</summary>
/// <param name="Key">Neutral field name, see <see cref="TicketFields"/>, or a name of its own.</param>
/// <param name="Name">The kind in the remote's words.</param>
/// <param name="Values">What <see cref="IEditsRules.ReadRuleValuesAsync"/> is asked for; null for a text, which is the value's id and name.</param>
/// <param name="Many">An event may have several of it.</param>
public sealed record RuleActionKind(string Key, string Name, string? Values, bool Many = false);

/// <summary>A change to one event.</summary>
/// <param name="RuleId">Remote id of the rule.</param>
/// <param name="EventId">Remote id of the event.</param>
/// <param name="Version">The version the change was made on.</param>
/// <param name="Condition">The whole condition, locked clauses included.</param>
/// <param name="Actions">All actions it is to have; those with an id that are left out are removed.</param>
public sealed record RuleEventDraft(string RuleId, string EventId, string Version, string Condition, IReadOnlyList<RuleActionState> Actions);

/// <summary>What a condition says, or why it cannot be used.</summary>
/// <param name="Condition">In canonical form; as entered when it cannot be read.</param>
/// <param name="Tree">The same as a tree, with <see cref="ConditionNode.Problem"/> at each clause that cannot be read; null when not even its groups can.</param>
/// <param name="Locked">The clauses that must stay, with why, as the event has them.</param>
/// <param name="Problems">Why it cannot be saved; empty when it can.</param>
public sealed record ConditionReading(string Condition, ConditionNode? Tree, IReadOnlyList<LockedClause> Locked, IReadOnlyList<string> Problems)
{
    /// <summary>What deserves a second look; it can be saved all the same.</summary>
    public IReadOnlyList<string> Warnings { get; init; } = [];
}

/// <summary>A clause that must stay.</summary>
/// <param name="Text">The clause.</param>
/// <param name="Why">Why.</param>
/// <param name="Hours">The number of hours that may be changed; null when nothing may.</param>
public sealed record LockedClause(string Text, string Why, int? Hours);

/// <summary>A part of a condition: a group, or one clause.</summary>
public sealed record ConditionNode
{
    /// <summary><c>all</c> or <c>any</c> for a group, <c>clause</c> for a clause.</summary>
    public required string Join { get; init; }

    /// <summary>It must not hold.</summary>
    public bool Not { get; init; }

    /// <summary>The parts of a group.</summary>
    public IReadOnlyList<ConditionNode> Items { get; init; } = [];

    /// <summary>The clause, without its <c>not</c>.</summary>
    public string Text { get; init; } = "";

    /// <summary>The clause's <see cref="RuleField.Key"/>; null for one in the form of the query language.</summary>
    public string? Field { get; init; }

    /// <summary>The index in <see cref="RuleField.Patterns"/>.</summary>
    public int Pattern { get; init; }

    /// <summary>The value in the clause; of a pattern that takes many, one a line.</summary>
    public string Value { get; init; } = "";

    /// <summary>Why it must stay; null when it may go.</summary>
    public string? Locked { get; init; }

    /// <summary>Why the clause cannot be used; null when it can.</summary>
    public string? Problem { get; init; }
}

/// <summary>Something a clause can be about.</summary>
/// <param name="Key">Stable name.</param>
/// <param name="Name">For people.</param>
/// <param name="Patterns">The ways to test it.</param>
/// <param name="Values">What <see cref="IEditsRules.ReadRuleValuesAsync"/> is asked for; null when there is no list.</param>
public sealed record RuleField(string Key, string Name, IReadOnlyList<RulePattern> Patterns, string? Values);

/// <summary>A way to test a field.</summary>
/// <param name="Name">For people, for example <c>is not</c>.</param>
/// <param name="Before">The clause's words before the value.</param>
/// <param name="After">The words after it.</param>
/// <param name="Takes">What stands between.</param>
public sealed record RulePattern(string Name, string Before, string After, RuleValueKind Takes)
{
    /// <summary>It takes a list of values.</summary>
    public bool Many { get; init; }

    /// <summary>The value is a part of what is looked for, so it need not be one of the field's list.</summary>
    public bool Searches { get; init; }
}

/// <summary>What stands in a clause's variable place.</summary>
public enum RuleValueKind
{
    /// <summary>Nothing.</summary>
    Nothing,

    /// <summary>A name from a list.</summary>
    Name,

    /// <summary>Free text; in double quotes.</summary>
    Text,

    /// <summary>A number.</summary>
    Number,

    /// <summary>An instant, in UTC; in square brackets.</summary>
    Date,
}

/// <summary>A value of a list.</summary>
/// <param name="Id">Remote id.</param>
/// <param name="Name">Name, as a clause in words holds it.</param>
/// <param name="Where">Where it belongs, for example its board; empty when to nothing.</param>
public sealed record RuleValue(string Id, string Name, string Where);

/// <summary>A ready-made rule.</summary>
/// <param name="Key">Stable name.</param>
/// <param name="Name">For people.</param>
/// <param name="Condition">The whole condition, the event's locked clauses included.</param>
/// <param name="Actions">The actions it brings.</param>
/// <param name="Missing">Names it needs that this instance does not have; empty when it can be used as it is.</param>
public sealed record RuleTemplate(string Key, string Name, string Condition, IReadOnlyList<RuleActionState> Actions, IReadOnlyList<string> Missing);
