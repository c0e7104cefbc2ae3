using System.Globalization;
using System.Text.Json;

namespace Deskbridge.Connectors.Autotask.Filters;

/// <summary>
/// Evaluates a compiled filter on a ticket's record as Autotask does: texts without regard to case, and a field without a value matches
/// <c>noteq</c> and <c>notIn</c> and nothing else but <c>notExist</c>. At Install Autotask is asked the same and the two are compared. Pure.
/// </summary>
/// <param name="words">Field to value to label, for the trace.</param>
internal sealed class FilterEvaluator(IReadOnlyDictionary<string, IReadOnlyDictionary<string, string>> words)
{
    /// <summary>Whether the ticket matches, with every condition and what it gave.</summary>
    public (bool Holds, IReadOnlyList<ClauseTrace> Trace) Evaluate(FilterNode node, JsonElement ticket)
    {
        var names = AutotaskMap.WordsOf(ticket).Names;
        var trace = new List<ClauseTrace>();
        var holds = Walk(node, ticket, names, trace, inAny: false);
        if (holds) return (true, trace);
        var deciding = Deciding(node, ticket).ToHashSet(ReferenceEqualityComparer.Instance);
        var clauses = node.Clauses().ToList();
        return (false, [.. trace.Select((one, index) => one with { Decides = deciding.Contains(clauses[index]) })]);
    }

    /// <summary>A filter in words.</summary>
    public string Say(FilterNode node) => node is FilterNode.Clause clause ? Describe(clause) : string.Join(
        ((FilterNode.Group)node).Any ? " or " : " and ",
        ((FilterNode.Group)node).Items.Select(item => item is FilterNode.Group { Items.Count: > 1 } ? $"({Say(item)})" : Say(item)));

    private bool Walk(FilterNode node, JsonElement ticket, IReadOnlyDictionary<string, string> names, List<ClauseTrace> trace, bool inAny)
    {
        if (node is FilterNode.Clause clause)
        {
            var holds = Holds(clause, ticket);
            trace.Add(new ClauseTrace(Describe(clause), holds, Actual(clause, ticket, names)));
            return holds;
        }

        var group = (FilterNode.Group)node;
        var from = trace.Count;
        var given = group.Items.Select(item => Walk(item, ticket, names, trace, group.Any)).ToList(); // all, for the trace
        var met = group.Any ? given.Contains(true) : !given.Contains(false);
        if (group.Any || inAny)
        {
            var shown = new ClauseGroup(from, group.Any, met);
            for (var at = from; at < trace.Count; at++) trace[at] = trace[at] with { Within = [shown, .. trace[at].Within] };
        }

        return met;
    }

    private static bool Holds(FilterNode node, JsonElement ticket) => node switch
    {
        FilterNode.Clause clause => Holds(clause, ticket),
        FilterNode.Group { Any: true } any => any.Items.Any(item => Holds(item, ticket)),
        FilterNode.Group all => all.Items.All(item => Holds(item, ticket)),
        _ => false,
    };

    /// <summary>Of a filter that does not match: the false ones of those that must all hold, every one of a group of which none does.</summary>
    private static IEnumerable<FilterNode.Clause> Deciding(FilterNode node, JsonElement ticket) => node switch
    {
        _ when Holds(node, ticket) => [],
        FilterNode.Clause clause => [clause],
        FilterNode.Group group => group.Items.SelectMany(item => Deciding(item, ticket)),
        _ => [],
    };

    private static bool Holds(FilterNode.Clause clause, JsonElement ticket)
    {
        var actual = ValueOf(clause, ticket);
        return clause.Op switch
        {
            "exist" => actual is not null,
            "notExist" => actual is null,
            "noteq" => actual is null || Compare(actual, clause.Values[0]) != 0,
            "notIn" => actual is null || clause.Values.All(value => Compare(actual, value) != 0),
            _ when actual is null => false,
            "eq" => Compare(actual, clause.Values[0]) == 0,
            "in" => clause.Values.Any(value => Compare(actual, value) == 0),
            "gt" => Compare(actual, clause.Values[0]) > 0,
            "gte" => Compare(actual, clause.Values[0]) >= 0,
            "lt" => Compare(actual, clause.Values[0]) < 0,
            "lte" => Compare(actual, clause.Values[0]) <= 0,
            "beginsWith" => actual.StartsWith(Text(clause.Values[0]), StringComparison.OrdinalIgnoreCase),
            "endsWith" => actual.EndsWith(Text(clause.Values[0]), StringComparison.OrdinalIgnoreCase),
            "contains" => actual.Contains(Text(clause.Values[0]), StringComparison.OrdinalIgnoreCase),
            _ => false,
        };
    }

    private static int Compare(string actual, JsonElement wanted)
    {
        var text = Text(wanted);
        if (wanted.ValueKind == JsonValueKind.Number && decimal.TryParse(actual, NumberStyles.Float, CultureInfo.InvariantCulture, out var left) && decimal.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var right))
            return left.CompareTo(right);
        if (LooksLikeInstant(text) && AutotaskMap.Instant(actual) is { } then && AutotaskMap.Instant(text) is { } asked) return then.CompareTo(asked);
        return string.Compare(actual, text, StringComparison.OrdinalIgnoreCase);
    }

    private static bool LooksLikeInstant(string text) => text.Length >= 10 && char.IsAsciiDigit(text[0]) && text[4] == '-' && text[7] == '-';

    private static string? ValueOf(FilterNode.Clause clause, JsonElement ticket)
    {
        if (!clause.Own) return AutotaskMap.Text(ticket, clause.Field);
        if (AutotaskMap.Member(ticket, "userDefinedFields") is not { ValueKind: JsonValueKind.Array } fields) return null;
        var found = fields.EnumerateArray().FirstOrDefault(field => string.Equals(AutotaskMap.Text(field, "name"), clause.Field, StringComparison.OrdinalIgnoreCase));
        return AutotaskMap.Text(found, "value") is { Length: > 0 } value ? value : null;
    }

    private string Describe(FilterNode.Clause clause) => clause.Values.Count == 0
        ? $"{Name(clause)} {FilterOps.Words(clause.Op)}"
        : $"{Name(clause)} {FilterOps.Words(clause.Op)} {string.Join(", ", clause.Values.Select(value => Label(clause.Field, value)))}";

    private static string Name(FilterNode.Clause clause) => clause.Own ? clause.Field : FieldLabels.Of(clause.Field);

    private string Label(string field, JsonElement value)
    {
        var text = Text(value);
        return words.TryGetValue(field, out var labels) && labels.TryGetValue(text, out var label) ? $"\"{label}\""
            : value.ValueKind != JsonValueKind.String ? text
            : AutotaskMap.Told(text) is var told && told != text ? told : $"\"{text}\"";
    }

    private static string Actual(FilterNode.Clause clause, JsonElement ticket, IReadOnlyDictionary<string, string> names) =>
        !clause.Own && names.TryGetValue(clause.Field, out var name) ? name : ValueOf(clause, ticket) is { } value ? AutotaskMap.Told(value) : "empty";

    private static string Text(JsonElement value) => value.ValueKind == JsonValueKind.String ? JsonTexts.Of(value) : value.GetRawText();
}
