using System.Collections.Concurrent;
using Deskbridge.Connectors;
using Deskbridge.Core.Common;
using Microsoft.Extensions.Options;

namespace Deskbridge.Core.Connections.Rules;

/// <summary>The remote's own lists that clauses take their names from, remembered for a while: an editor asks for them often.</summary>
internal sealed class RuleValueLists(IOptions<ConnectionsOptions> options, TimeProvider clock)
{
    /// <summary>Clauses about these may hold a short name that the list does not show, or there are more of them than are read.</summary>
    private static readonly string[] NotWhole = ["owner", "company"];

    private readonly ConcurrentDictionary<(Guid Connection, string List), (IReadOnlyList<RuleValue> Values, long ReadAt)> _known = new();

    /// <summary>Refuses a list that no clause and no action takes its names from.</summary>
    public static InvalidFailure? Refuse(IEditsRules editor, string list)
    {
        var lists = editor.RuleFields.Select(field => field.Values).OfType<string>().Concat(editor.RuleActionKinds.Select(kind => kind.Values).OfType<string>()).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal).ToList();
        return lists.Contains(list, StringComparer.Ordinal) ? null : new InvalidFailure("list", $"'{list}' is no list. Use {string.Join(", ", lists)}.");
    }

    /// <summary>The values of a list.</summary>
    public async Task<IReadOnlyList<RuleValue>> ReadAsync(Guid connectionId, IEditsRules editor, string list, CancellationToken cancel)
    {
        var now = clock.GetTimestamp();
        if (_known.TryGetValue((connectionId, list), out var known) && clock.GetElapsedTime(known.ReadAt, now) < options.Value.ListsKeptFor) return known.Values;
        using var callClass = CallClassScope.Use(CallClass.Children);
        var values = await editor.ReadRuleValuesAsync(list, cancel);
        if (values.Count > 0) _known[(connectionId, list)] = (values, now);
        return values;
    }

    /// <summary>The clauses that name something the remote system does not have: a renamed status, a deleted board.</summary>
    public async Task<IReadOnlyList<string>> UnknownNamesAsync(Guid connectionId, IEditsRules editor, ConditionNode tree, CancellationToken cancel)
    {
        var unknown = new List<string>();
        foreach (var clause in Clauses(tree))
        {
            if (editor.RuleFields.FirstOrDefault(field => field.Key == clause.Field) is not { Values: { } list } field || NotWhole.Contains(list, StringComparer.Ordinal)) continue;
            if (clause.Pattern < field.Patterns.Count && field.Patterns[clause.Pattern].Searches) continue; // for a part of a text
            var values = await ReadAsync(connectionId, editor, list, cancel);
            if (values.Count == 0 || field.Patterns[clause.Pattern].Takes == RuleValueKind.Nothing) continue;
            foreach (var named in clause.Value.Split('\n').Where(named => !values.Any(value => value.Id == named || string.Equals(value.Name, named, StringComparison.OrdinalIgnoreCase))))
                unknown.Add($"\"{clause.Text}\": there is no {field.Name.ToLowerInvariant()} \"{named}\". It may have been renamed; as it stands no ticket has it.");
        }

        return unknown;
    }

    private static IEnumerable<ConditionNode> Clauses(ConditionNode node) => node.Join == "clause" ? [node] : node.Items.SelectMany(Clauses);
}
