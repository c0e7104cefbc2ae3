using System.Text.Json;
using System.Text.Json.Nodes;
using Deskbridge.Sandbox.Autotask.Records;
using Deskbridge.Sandbox.Autotask.Rules;
using Deskbridge.Sandbox.Autotask.Schema;
using Json = Deskbridge.Sandbox.ConnectWisePsa.Records.Json;

namespace Deskbridge.Sandbox.Autotask.Query;

/// <summary>Reads a filter (reference 2): a list of conditions and groups, all of which must hold. An operator that does not exist is
/// left out without a word, as the vendor does.</summary>
internal sealed class FilterReader(Entity entity, IReadOnlyList<Record> definitions, bool createDateByDay)
{
    private const int MostConditions = 500;

    private int _either;
    private int _udfs;

    public Func<Record, bool> Read(JsonNode? filter)
    {
        if (filter is not JsonArray nodes) throw new Refusal(500, "Value cannot be null.\r\nParameter name: filters");
        var all = All(nodes, either: false);
        return _either <= MostConditions ? all : throw new Refusal(500, "Invalid query syntax. Queries are limited to 500 or fewer 'OR' conditions.");
    }

    private Func<Record, bool> All(JsonArray nodes, bool either)
    {
        List<Func<Record, bool>> parts = [.. nodes.Select(n => Node(n, either)).OfType<Func<Record, bool>>()];
        return record => parts.TrueForAll(p => p(record));
    }

    private Func<Record, bool>? Node(JsonNode? node, bool either)
    {
        if (node is not JsonObject) throw new Refusal(500, "Invalid query syntax. A filter must be an object with op, field and value.");
        var operation = Json.Text(Json.Child(node, "op"))?.ToLowerInvariant();
        if (operation is not ("and" or "or")) return Condition(node, operation, either);
        if (Json.Child(node, "items") is not JsonArray items) throw new Refusal(500, "Invalid query syntax. A group must have items.");
        if (operation == "and") return All(items, either);
        List<Func<Record, bool>> parts = [.. items.Select(n => Node(n, either: true)).OfType<Func<Record, bool>>()];
        return record => parts.Count == 0 || parts.Exists(p => p(record));
    }

    private Func<Record, bool>? Condition(JsonNode node, string? operation, bool either)
    {
        if (operation is null || !Comparison.Operators.Contains(operation, StringComparer.Ordinal)) return null;
        if (either) _either++;
        var name = Json.Text(Json.Child(node, "field")) ?? throw new Refusal(500, "Invalid query syntax. A condition must name a field.");
        var (field, key) = Json.Flag(Json.Child(node, "udf")) ? Udf(name) : Plain(name);
        var values = operation switch
        {
            "exist" or "notexist" => [],
            "in" or "notin" => (Json.Child(node, "value") as JsonArray ?? throw new Refusal(500, $"Invalid query syntax. The value of {operation} must be a list.")).Select(v => Value(field, v)).ToList(),
            _ => [Value(field, Json.Child(node, "value"))],
        };
        if (either && values.Count > 1) _either += values.Count - 1;
        var comparison = new Comparison(operation, field, values, createDateByDay && entity.Name == "Tickets" && field.Name == "createDate");
        return record => comparison.Holds(record[key]);
    }

    private (Field Field, string Key) Plain(string name) =>
        entity.Find(name) is { Queryable: true } field ? (field, field.Name) : throw Refusal.UnknownField(name, entity.Singular);

    private (Field Field, string Key) Udf(string name)
    {
        if (++_udfs > 1) throw new Refusal(500, "Invalid query syntax. Queries are limited to one user-defined field.");
        var definition = Udfs.Find(definitions, entity, name) ?? throw Refusal.UnknownField(name, entity.Singular);
        var type = definition.Long("dataType") switch { Udfs.Number => FieldType.Decimal, Udfs.Date => FieldType.Instant, _ => FieldType.Text };
        return (new Field { Name = name, Type = type }, Record.Udf(definition.Id));
    }

    private static object? Value(Field field, JsonNode? node) =>
        field.Type == FieldType.Flag && node?.GetValueKind() is not (JsonValueKind.True or JsonValueKind.False) || !Values.TryRead(field, node, out var value)
            ? throw new Refusal(500, $"Error converting value {node?.ToJsonString() ?? "null"} to type '{field.DataType}' for field {field.Name}.")
            : value;
}
