using Deskbridge.Connectors;
using Deskbridge.Core.Connections.Rules;

namespace Deskbridge.Features.Connections;

/// <summary>The rules of a connection as they stand in the remote system. <paramref name="Problems"/> are what is wrong with them as a whole.</summary>
internal sealed record RulesResource(IReadOnlyList<RuleView> Rules, IReadOnlyList<RuleProblem> Problems, RuleChange? LastChange)
{
    public static RulesResource Of(OpenedRules opened, RuleChange? lastChange) => new(
        [.. opened.Desk.Rules.Select(rule => new RuleView(rule.Id, rule.Name, rule.Expected, rule.Purpose, rule.Active, [.. rule.Events.Select(one => RuleEventView.Of(one, opened.Live.Preferences))]))],
        opened.Desk.Book.Problems, lastChange);
}

/// <summary>One rule; <paramref name="Expected"/> is its name in the settings.</summary>
internal sealed record RuleView(string Id, string Name, string Expected, string Purpose, bool Active, IReadOnlyList<RuleEventView> Events);

/// <summary>One event. <paramref name="Version"/> changes with the condition and with every action; it is sent back when saving.</summary>
internal sealed record RuleEventView(
    string Id, string Rule, RuleEventPurpose Purpose, string Condition, IReadOnlyList<RuleActionView> Actions, string Version, string? UpdatedBy, DateTimeOffset? UpdatedAt, EventReturnView? Return)
{
    public static RuleEventView Of(RuleEventState state, IAlertingPreferences preferences) => new(
        state.Id, state.Rule, state.Purpose, state.Condition,
        [.. state.Actions.Select(action => new RuleActionView(action.Id, action.Kind, action.Name, action.Value?.Id, action.Value?.Name))], state.Version, state.UpdatedBy, state.UpdatedAt,
        state.Purpose == RuleEventPurpose.Raises ? EventReturnView.Of(preferences.ReturnBy(state.Id)) : null);
}

/// <summary>What a ticket does that comes back by an event that raises alerts. <paramref name="Own"/> is false for what the connection's settings say.</summary>
internal sealed record EventReturnView(ReturnPolicy Policy, int Hours, bool Own)
{
    public static EventReturnView Of(EventReturn chosen) => new(chosen.Policy, chosen.Hours, chosen.IsOwn);
}

/// <summary>A choice to save; without a policy the connection's settings count again.</summary>
internal sealed record EventReturnBody(string? Policy, int? Hours);

/// <summary>One action. <paramref name="Kind"/> is null for one that is not edited here and only kept.</summary>
internal sealed record RuleActionView(string? Id, string? Kind, string? Name, string? Value, string? ValueName)
{
    public RuleActionState ToState() => new(
        string.IsNullOrEmpty(Id) ? null : Id, string.IsNullOrEmpty(Kind) ? null : Kind, Name ?? Kind ?? "", string.IsNullOrEmpty(Value) ? null : new RemoteRef(Value, ValueName ?? Value));
}

/// <summary>What clauses and actions are made of.</summary>
internal sealed record RuleLanguageView(IReadOnlyList<RuleField> Fields, IReadOnlyList<RuleActionKind> Actions);

/// <summary>The names of a list, all of them: a form shows them at once.</summary>
internal sealed record RuleValuesView(IReadOnlyList<RuleValue> Values);

/// <summary>The ready-made rules for an event.</summary>
internal sealed record RuleTemplatesView(IReadOnlyList<RuleTemplate> Templates);

/// <summary>A changed event as sent. <c>Actions</c> left away stay as they are; <c>ConfirmRaises</c> is the number of alerts at once that is agreed to.</summary>
internal sealed record RuleEventBody(string? Condition, IReadOnlyList<RuleActionView>? Actions, string? Version, int? ConfirmRaises)
{
    public RuleEventEdit ToEdit(string eventId) => new(eventId, Condition ?? "", Actions is null ? null : [.. Actions.OfType<RuleActionView>().Select(action => action.ToState())]);
}

/// <summary>What a check found. <paramref name="Condition"/> is in canonical form; <paramref name="Raises"/> is how many alerts saving would raise at once.</summary>
internal sealed record RuleCheckView(
    bool Savable, string Condition, IReadOnlyList<string> Problems, IReadOnlyList<string> Warnings, int Raises, string Difference, IReadOnlyList<LockedClause> Locked, ConditionNode? Tree)
{
    public static RuleCheckView Of(RuleEventCheck check) => new(
        check.Problems.Count == 0, check.Reading.Condition, check.Problems, check.Warnings, check.Raises, check.Difference, check.Reading.Locked, check.Reading.Tree);
}

/// <summary>A saved event, and what reading the rules again came to.</summary>
internal sealed record RuleSavedView(RuleEventView Event, RuleRefresh Outcome);
