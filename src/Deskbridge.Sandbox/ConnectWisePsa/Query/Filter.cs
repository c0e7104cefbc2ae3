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
    private readonly Dictionary<string, string[]> _paths = new(StringComparer.Ordinal);

    public Filter(Model model, string? conditions, string? childConditions, string? customFieldConditions)
    {
        _own = ConditionParser.Parse(conditions);
        _children = ConditionParser.Parse(childConditions);
        _customFields = ConditionParser.Parse(customFieldConditions);
        if (_children is not null) _childList = Paths(_children).First().Split('/')[0];
        foreach (var path in _own is null ? [] : Paths(_own))
        {
            Check(model, path);
            string[] parts = InInfo.Contains(path) && model.AnyCase(path) is null ? ["_info", path] : path.Split('/');
            parts[0] = model.AnyCase(parts[0])?.Name ?? parts[0];
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
    private static JsonNode? Own(JsonObject view, string[] parts)
    {
        view.TryGetPropertyValue(parts[0], out var node);
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

    private static IEnumerable<string> Paths(Condition condition) => condition switch
    {
        AndCondition both => Paths(both.Left).Concat(Paths(both.Right)),
        OrCondition either => Paths(either.Left).Concat(Paths(either.Right)),
        NotCondition not => Paths(not.Inner),
        Comparison one => [one.Path],
        _ => [],
    };
}
