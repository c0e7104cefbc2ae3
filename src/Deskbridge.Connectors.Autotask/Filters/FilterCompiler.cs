using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Deskbridge.Connectors.Autotask.Filters;

/// <summary>
/// Turns the names that people write into the values that Autotask takes, and says of each condition why it would be refused or mean something
/// else than it says. Pure.
/// </summary>
/// <param name="schema">The instance's fields.</param>
/// <param name="nameOf">The name of the record that a field means by an id, where it is known.</param>
internal sealed class FilterCompiler(TicketSchema schema, Func<string, long, string?>? nameOf = null)
{
    private readonly List<string> _problems = [];
    private readonly List<string> _warnings = [];
    private readonly SortedDictionary<string, SortedDictionary<string, string>> _words = new(StringComparer.Ordinal);

    /// <summary>Compiles a filter.</summary>
    /// <param name="text">As entered.</param>
    public CompiledFilter Compile(string text)
    {
        if (FilterText.Read(text, out var unreadable) is not { } read) return CompiledFilter.Refused(unreadable);
        if (read.Clauses().Count(clause => clause.Own) > 1) _problems.Add("Autotask takes one user-defined field in a query; the filter names several.");
        var node = Compile(read);
        return _problems.Count > 0 ? CompiledFilter.Refused(_problems) : new(node, _words.ToDictionary(field => field.Key, field => (IReadOnlyDictionary<string, string>)field.Value, StringComparer.OrdinalIgnoreCase), []) { Warnings = _warnings };
    }

    private FilterNode Compile(FilterNode node) => node switch
    {
        FilterNode.Group group => group with { Items = [.. group.Items.Select(Compile)] },
        FilterNode.Clause clause => Compile(clause),
        _ => node,
    };

    private FilterNode.Clause Compile(FilterNode.Clause clause)
    {
        var fields = clause.Own ? schema.OwnFields : schema.Fields;
        if (!fields.TryGetValue(clause.Field, out var field))
        {
            _problems.Add(clause.Own
                ? $"Tickets have no user-defined field \"{clause.Field}\".{Near(clause.Field, fields)}"
                : $"Tickets have no field \"{clause.Field}\".{Near(clause.Field, fields)}{(schema.OwnFields.ContainsKey(clause.Field) ? " A user-defined field of that name needs \"udf\":true." : "")}");
            return clause;
        }

        if (!field.Queryable)
        {
            _problems.Add($"Autotask does not let {field.Name} stand in a filter.");
            return clause;
        }

        if (FilterOps.IsOfText(clause.Op) && field.Kind != FieldKind.Text)
        {
            _problems.Add($"\"{clause.Op}\" is for texts; {field.Name} is {Describe(field.Kind)}. Use eq, noteq, in or notIn.");
            return clause;
        }

        if (FilterOps.IsOrder(clause.Op) && field.Kind is FieldKind.Flag)
        {
            _problems.Add($"\"{clause.Op}\" cannot be asked of {field.Name}, which is {Describe(field.Kind)}.");
            return clause;
        }

        if (FilterOps.TakesList(clause.Op) && clause.Values.Count == 0) _problems.Add($"{field.Name}: choose a value.");
        return clause with { Field = field.Name, Values = [.. clause.Values.Select(value => Value(field, value))] };
    }

    private JsonElement Value(TicketField field, JsonElement value)
    {
        var compiled = field.Kind switch
        {
            FieldKind.List => ListValue(field, value),
            FieldKind.Number when TextOf(value) is { } text && decimal.TryParse(text, NumberStyles.Number, CultureInfo.InvariantCulture, out var number) => JsonValue.Create(number),
            FieldKind.Flag when value.ValueKind is JsonValueKind.True or JsonValueKind.False => JsonValue.Create(value.GetBoolean()),
            FieldKind.Flag when TextOf(value) is { } text && bool.TryParse(text, out var flag) => JsonValue.Create(flag),
            FieldKind.Date when AutotaskMap.Instant(TextOf(value)) is { } instant => AutotaskQuery.At(instant),
            FieldKind.Text when TextOf(value) is { Length: > 0 } text => JsonValue.Create(text),
            _ => null,
        };
        if (compiled is null)
        {
            if (field.Kind != FieldKind.List) _problems.Add(TextOf(value) is "" ? $"{field.Name}: enter a value." : $"{field.Name} is {Describe(field.Kind)}; {value.GetRawText()} is none.");
            return value;
        }

        if (field.Kind == FieldKind.Number && nameOf is not null && AutotaskMap.WholeNumber(TextOf(value)) is { } id && nameOf(field.Name, id) is { } name) Remember(field, id, name);
        return JsonElement.Parse(compiled.ToJsonString());
    }

    private JsonValue? ListValue(TicketField field, JsonElement value)
    {
        if (TextOf(value) is "")
        {
            _problems.Add($"{field.Name}: choose a value.");
            return null;
        }

        if (TextOf(value) is not { } named || field.Find(named) is not { } found)
        {
            _problems.Add($"{field.Name} has no value {value.GetRawText()}. It has {string.Join(", ", field.Values.Where(one => one.Active).Take(20).Select(one => $"\"{one.Label}\" ({one.Value})"))}.");
            return null;
        }

        if (!found.Active) _warnings.Add($"{field.Name}: \"{found.Label}\" ({found.Value}) is not active in Autotask any more, so that only tickets have it that were given it before. Choose another value if new ones are meant.");
        Remember(field, found.Value, found.Label);
        return JsonValue.Create(found.Value);
    }

    private void Remember(TicketField field, long value, string label)
    {
        if (!_words.TryGetValue(field.Name, out var words)) _words[field.Name] = words = new(StringComparer.Ordinal);
        words[value.ToString(CultureInfo.InvariantCulture)] = label;
    }

    private static string? TextOf(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.String => JsonTexts.Of(value),
        JsonValueKind.Number => value.GetRawText(),
        _ => null,
    };

    private static string Describe(FieldKind kind) => kind switch
    {
        FieldKind.Number => "a number",
        FieldKind.List => "a list of values",
        FieldKind.Date => "an instant, such as \"2026-11-20T08:15:00Z\"",
        FieldKind.Flag => "true or false",
        _ => "a text",
    };

    /// <summary>Fields that begin alike, or hold the name.</summary>
    private static string Near(string name, IReadOnlyDictionary<string, TicketField> fields)
    {
        var near = fields.Keys.Where(field => field.Contains(name, StringComparison.OrdinalIgnoreCase) || (name.Length >= 3 && field.StartsWith(name[..3], StringComparison.OrdinalIgnoreCase))).Take(5).ToList();
        return near.Count == 0 ? "" : $" Did you mean {string.Join(" or ", near)}?";
    }
}

/// <summary>A filter with values in place of names.</summary>
/// <param name="Node">Null when it cannot be used.</param>
/// <param name="Words">Field to value to label, of the values it holds.</param>
/// <param name="Problems">Why it cannot be used.</param>
internal sealed record CompiledFilter(FilterNode? Node, IReadOnlyDictionary<string, IReadOnlyDictionary<string, string>> Words, IReadOnlyList<string> Problems)
{
    /// <summary>What deserves a second look.</summary>
    public IReadOnlyList<string> Warnings { get; init; } = [];

    public static CompiledFilter Refused(IReadOnlyList<string> problems) => new(null, new Dictionary<string, IReadOnlyDictionary<string, string>>(), problems);
}
