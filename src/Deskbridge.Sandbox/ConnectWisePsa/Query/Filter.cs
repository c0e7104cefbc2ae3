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

    public Filter(Model model, string? conditions, string? childConditions, string? customFieldConditions)
    {
        _own = ConditionParser.Parse(conditions);
        _children = ConditionParser.Parse(childConditions);
        _customFields = ConditionParser.Parse(customFieldConditions);
        if (_children is not null) _childList = Paths(_children).First().Split('/')[0];
        foreach (var path in _own is null ? [] : Paths(_own)) Check(model, path);
    }

    public bool Matches(JsonObject view) =>
        (_own is null || _own.Test(path => Member(view, path)) == true)
        && (_children is null || AnyItem(view, _childList!, item => _children.Test(path => Json.At(item, Below(path))) == true))
        && (_customFields is null || AnyItem(view, "customFields", item => _customFields.Test(path => Json.At(item, path)) == true));

    /// <summary>The value at a path; lastUpdated and its like are read from _info.</summary>
    public static JsonNode? Member(JsonObject view, string path) =>
        Json.At(view, path) ?? (InInfo.Contains(path) ? Json.At(view["_info"], path) : null);

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
