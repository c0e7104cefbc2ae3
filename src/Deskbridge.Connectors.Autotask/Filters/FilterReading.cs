using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Deskbridge.Connectors.Autotask.Filters;

/// <summary>A filter as an editor shows it: its groups and conditions, with what is wrong at each, also while it is still being written. Pure.</summary>
internal sealed class FilterReading(TicketSchema schema, FilterVocabulary vocabulary, Func<string, long, string?>? nameOf = null)
{
    private static readonly JsonWriterOptions Indented = new() { Indented = true, NewLine = "\n", Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Reads a filter.</summary>
    public ConditionReading Read(string text)
    {
        var compiled = new FilterCompiler(schema, nameOf).Compile(text);
        return new(compiled.Node is { } node ? Written(node) : text.Trim(), TreeOf(text), [], compiled.Problems) { Warnings = compiled.Warnings };
    }

    private static string Written(FilterNode node)
    {
        using var stream = new MemoryStream();
        using (var writer = new Utf8JsonWriter(stream, Indented)) node.ToJson().WriteTo(writer);
        return Encoding.UTF8.GetString(stream.ToArray());
    }

    /// <summary>The groups; null for a text that is no JSON.</summary>
    private ConditionNode? TreeOf(string text)
    {
        if (FilterText.Root(text) is not { } root) return null;
        var node = Node(root);
        return node.Join == "clause" ? new() { Join = "all", Items = [node] } : node;
    }

    private ConditionNode Node(JsonElement json)
    {
        if (json.ValueKind == JsonValueKind.Array) return new() { Join = "all", Items = [.. json.EnumerateArray().Select(Node)] };
        var op = Text(json, "op");
        return op?.ToUpperInvariant() is "AND" or "OR" && AutotaskMap.Member(json, "items") is { ValueKind: JsonValueKind.Array } items
            ? new() { Join = op.Equals("or", StringComparison.OrdinalIgnoreCase) ? "any" : "all", Items = [.. items.EnumerateArray().Select(Node)] }
            : Clause(json, op);
    }

    private ConditionNode Clause(JsonElement json, string? op)
    {
        var raw = json.ValueKind == JsonValueKind.String ? JsonTexts.Of(json) : json.GetRawText(); // what is no JSON by itself is sent as a text
        var compiled = new FilterCompiler(schema, nameOf).Compile(json.GetRawText());
        var found = compiled.Node is FilterNode.Clause clause ? vocabulary.Find(clause.Op, clause.Field, clause.Own, clause.Values) : vocabulary.Find(op, Text(json, "field"), AutotaskMap.Member(json, "udf").ValueKind == JsonValueKind.True, Begun(json));
        var node = new ConditionNode { Join = "clause", Text = raw, Problem = compiled.Problems.Count > 0 ? compiled.Problems[0] : null };
        if (found is not var (field, pattern, value)) return node;
        var said = compiled.Node is { } read ? new FilterEvaluator(compiled.Words).Say(read) : raw;
        return node with { Field = field, Pattern = pattern, Value = value, Text = said };
    }

    /// <summary>The values of a condition that cannot be used as it stands.</summary>
    private static JsonElement[] Begun(JsonElement json) => AutotaskMap.Member(json, "value") switch
    {
        { ValueKind: JsonValueKind.Undefined or JsonValueKind.Null } => [],
        { ValueKind: JsonValueKind.Array } several => [.. several.EnumerateArray()],
        var one => [one],
    };

    private static string? Text(JsonElement json, string name) => AutotaskMap.Member(json, name) is { ValueKind: JsonValueKind.String } text ? JsonTexts.Of(text) : null;
}
