using System.Text.Json;
using System.Text.Json.Nodes;

namespace Deskbridge.Connectors.Autotask.Filters;

/// <summary>A part of a filter in Autotask's own form (reference 2).</summary>
internal abstract record FilterNode
{
    private FilterNode()
    {
    }

    /// <summary>Back in Autotask's form.</summary>
    public abstract JsonObject ToJson();

    /// <summary>Every condition in it.</summary>
    public abstract IEnumerable<Clause> Clauses();

    /// <summary>Conditions of which all, or any, must hold.</summary>
    /// <param name="Any">One is enough.</param>
    /// <param name="Items">The parts.</param>
    internal sealed record Group(bool Any, IReadOnlyList<FilterNode> Items) : FilterNode
    {
        public override JsonObject ToJson() => new() { ["op"] = Any ? "or" : "and", ["items"] = new JsonArray([.. Items.Select(item => item.ToJson())]) };

        public override IEnumerable<Clause> Clauses() => Items.SelectMany(item => item.Clauses());
    }

    /// <summary>One condition.</summary>
    /// <param name="Op">As Autotask spells it.</param>
    /// <param name="Field">The field's name.</param>
    /// <param name="Own">It is a user-defined field.</param>
    /// <param name="Values">None for a test on being filled, one, or several for a list.</param>
    internal sealed record Clause(string Op, string Field, bool Own, IReadOnlyList<JsonElement> Values) : FilterNode
    {
        public override JsonObject ToJson()
        {
            var json = new JsonObject { ["op"] = Op, ["field"] = Field };
            if (FilterOps.TakesList(Op)) json["value"] = new JsonArray([.. Values.Select(Node)]);
            else if (Values.Count > 0) json["value"] = Node(Values[0]);
            if (Own) json["udf"] = true;
            return json;
        }

        public override IEnumerable<Clause> Clauses() => [this];

        private static JsonNode? Node(JsonElement value) => JsonNode.Parse(value.GetRawText());
    }
}

/// <summary>The operators. Autotask ignores one that it does not know and answers everything, so none is sent that is not here.</summary>
internal static class FilterOps
{
    public static readonly string[] Known = ["eq", "noteq", "gt", "gte", "lt", "lte", "beginsWith", "endsWith", "contains", "exist", "notExist", "in", "notIn"];

    public static bool TakesNothing(string op) => op is "exist" or "notExist";

    public static bool TakesList(string op) => op is "in" or "notIn";

    public static bool IsOfText(string op) => op is "beginsWith" or "endsWith" or "contains";

    public static bool IsOrder(string op) => op is "gt" or "gte" or "lt" or "lte";

    public static string Words(string op) => op switch
    {
        "eq" => "is",
        "noteq" => "is not",
        "gt" => "is more than",
        "gte" => "is at least",
        "lt" => "is less than",
        "lte" => "is at most",
        "beginsWith" => "begins with",
        "endsWith" => "ends with",
        "exist" => "is filled",
        "notExist" => "is empty",
        "in" => "is one of",
        "notIn" => "is none of",
        _ => op,
    };
}
