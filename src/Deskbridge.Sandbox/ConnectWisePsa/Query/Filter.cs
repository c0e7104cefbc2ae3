using System.Text.Json.Nodes;
using Deskbridge.Sandbox.ConnectWisePsa.Http;
using Deskbridge.Sandbox.ConnectWisePsa.Records;
using Deskbridge.Sandbox.ConnectWisePsa.Schema;

namespace Deskbridge.Sandbox.ConnectWisePsa.Query;

/// <summary>The three condition parameters of one request.</summary>
internal sealed class Filter
{
    private static readonly HashSet<string> InInfo = new(StringComparer.OrdinalIgnoreCase) { "lastUpdated", "updatedBy", "dateEntered", "enteredBy" };

    private readonly Condition? _own;
    private readonly Condition? _children;
    private readonly Condition? _customFields;
    private readonly string? _childList;
    private readonly bool _typed;
    private readonly Dictionary<string, string[]> _paths = new(StringComparer.Ordinal);

    public Filter(Model? model, string? conditions, string? childConditions, string? customFieldConditions)
    {
        _typed = model is not null;
        _own = ConditionParser.Parse(conditions);
        _children = ConditionParser.Parse(childConditions);
        _customFields = ConditionParser.Parse(customFieldConditions);
        if (_children is not null) _childList = Paths(_children)[0].Split('/')[0];
        foreach (var path in _own is null ? [] : Paths(_own))
        {
            if (model is not null) Check(model, path);
            string[] parts = InInfo.Contains(path) && model?.AnyCase(path) is null ? ["_info", path] : path.Split('/');
            if (model?.AnyCase(parts[0]) is { } member) parts[0] = member.Name;
            _paths[path] = parts;
        }
    }

    public bool Matches(JsonObject view) =>
        (_own is null || _own.Test(path => Own(view, _paths[path])) == true)
        && (_children is null || AnyItem(view, _childList!, item => _children.Test(path => Json.At(item, Below(path))) == true))
        && (_customFields is null || AnyItem(view, "customFields", item => _customFields.Test(path => Json.At(item, path)) == true));

    /// <summary>The value at a path; lastUpdated and its like are read from _info.</summary>
    public static JsonNode? Member(JsonObject view, string path) =>
        InInfo.Contains(path) && Json.Child(view["_info"], path) is { } stamp ? stamp : Json.At(view, path);

    // Top-level names were spelled as the model has them, so that an absent member costs one look-up.
    private JsonNode? Own(JsonObject view, string[] parts)
    {
        var node = _typed ? view[parts[0]] : Json.Child(view, parts[0]);
        for (var i = 1; i < parts.Length && node is not null; i++) node = Json.Child(node, parts[i]);
        return node;
    }

    private static bool AnyItem(JsonObject view, string list, Func<JsonNode?, bool> matches) =>
        Json.Child(view, list) is JsonArray items && items.Any(matches);

    private string Below(string path) => path.StartsWith(_childList! + "/", StringComparison.OrdinalIgnoreCase) ? path[(_childList!.Length + 1)..] : path;

    private static void Check(Model model, string path)
    {
        var first = path.Split('/')[0];
        if (first.Equals("customFields", StringComparison.OrdinalIgnoreCase))
            throw PsaRefusal.BadRequest("Custom fields are filtered with customFieldConditions.");
        if (model.AnyCase(first) is null && !InInfo.Contains(first) && first != "_info" && !first.StartsWith("connectWise", StringComparison.OrdinalIgnoreCase))
            throw PsaRefusal.BadRequest($"The conditions name an unknown member '{path}'.");
    }

    // In written order. A chain of thousands must not be thousands of enumerators deep.
    private static List<string> Paths(Condition condition)
    {
        var found = new List<string>();
        var pending = new Stack<Condition>([condition]);
        while (pending.TryPop(out var next))
        {
            Condition[] parts = next switch
            {
                AndCondition both => [both.Right, both.Left],
                OrCondition either => [either.Right, either.Left],
                NotCondition not => [not.Inner],
                _ => [],
            };
            foreach (var part in parts) pending.Push(part);
            if (next is Comparison one) found.Add(one.Path);
        }

        return found;
    }
}
