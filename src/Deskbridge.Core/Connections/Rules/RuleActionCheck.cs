using Deskbridge.Connectors;

namespace Deskbridge.Core.Connections.Rules;

/// <summary>The actions an event is to have, by the names that the remote system gives them, or why it cannot have them.</summary>
/// <param name="Actions">The actions; those that stay are those that are there.</param>
/// <param name="Problems">Why they cannot be saved; empty when they can.</param>
internal sealed record RuleActionCheck(IReadOnlyList<RuleActionState> Actions, IReadOnlyList<string> Problems)
{
    /// <summary>The longest text of an action, in characters.</summary>
    public const int LongestText = 2000;

    /// <summary>Checks all actions of an event; the values of new and changed ones against the remote system's lists.</summary>
    public static async Task<RuleActionCheck> RunAsync(OpenedRules rules, RuleEventState before, IReadOnlyList<RuleActionState> wished, RuleValueLists lists, CancellationToken cancel)
    {
        var actions = wished.Select(action => before.Actions.FirstOrDefault(there => IsSame(there, action)) ?? action).ToList();
        if (before.Purpose is not (RuleEventPurpose.OnAcknowledge or RuleEventPurpose.OnClose))
        {
            return new(actions, actions.SequenceEqual(before.Actions) ? [] : ["Actions belong to the events of the rule that updates tickets; this event has none that are carried out."]);
        }

        if (Refusals(rules.Editor.RuleActionKinds, before, actions).ToList() is { Count: > 0 } problems) return new(actions, problems);
        var unknown = new List<string>();
        for (var place = 0; place < actions.Count; place++)
        {
            var action = actions[place];
            if (IsThere(before, action)) continue;
            var kind = rules.Editor.RuleActionKinds.Single(kind => kind.Key == action.Kind);
            if (kind.Values is not { } list)
            {
                actions[place] = action with { Name = kind.Name, Value = new RemoteRef(action.Value!.Id, action.Value.Id) };
                continue;
            }

            var value = (await lists.ReadAsync(rules.Live.Id, rules.Editor, list, cancel)).FirstOrDefault(value => value.Id == action.Value!.Id);
            if (value is null) unknown.Add($"The action \"{kind.Name}\" cannot set {action.Value!.Id}: the list \"{list}\" has no value with that id. Choose one that it has.");
            else actions[place] = action with { Name = kind.Name, Value = new RemoteRef(value.Id, value.Name) };
        }

        return new(actions, unknown);
    }

    /// <summary>Whether two actions are one that says the same, whatever it is called.</summary>
    public static bool IsSame(RuleActionState one, RuleActionState other) => one.Id == other.Id && one.Kind == other.Kind && one.Value?.Id == other.Value?.Id;

    private static bool IsThere(RuleEventState before, RuleActionState action) => before.Actions.Any(there => IsSame(there, action));

    private static IEnumerable<string> Refusals(IReadOnlyList<RuleActionKind> kinds, RuleEventState before, List<RuleActionState> actions)
    {
        var known = string.Join(", ", kinds.Select(kind => kind.Key));
        foreach (var action in actions.Where(action => action.Kind is not null && !kinds.Any(kind => kind.Key == action.Kind)))
            yield return $"\"{action.Kind}\" is no kind of action. Use {known}.";
        foreach (var strange in actions.Where(action => action.Kind is null && !IsThere(before, action)))
            yield return $"An action \"{strange.Name}\" cannot be made or changed here. Name its kind: {known}.";
        foreach (var twice in actions.Where(action => action.Id is not null).GroupBy(action => action.Id, StringComparer.Ordinal).Where(same => same.Count() > 1))
            yield return $"The id {twice.Key} stands at {twice.Count()} actions. Send each action once, and new ones without an id.";
        foreach (var action in actions.Where(action => action.Kind is not null && string.IsNullOrWhiteSpace(action.Value?.Id)))
            yield return $"The action \"{action.Name}\" has no value. Choose or write one, or remove the action.";
        foreach (var action in actions.Where(action => action.Value?.Id.Length > LongestText))
            yield return $"The text of the action \"{action.Name}\" has {action.Value!.Id.Length} characters. Shorten it to {LongestText}.";
        foreach (var twice in actions.Where(action => action.Kind is not null && !kinds.Any(kind => kind.Key == action.Kind && kind.Many)).GroupBy(action => action.Kind, StringComparer.Ordinal).Where(same => same.Count() > 1))
            yield return $"\"{twice.First().Name}\" stands there {twice.Count()} times. Only one can count; remove the others.";
    }
}
