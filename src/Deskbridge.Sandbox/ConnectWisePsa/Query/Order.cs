using System.Text.Json;
using System.Text.Json.Nodes;
using Deskbridge.Sandbox.ConnectWisePsa.Http;

namespace Deskbridge.Sandbox.ConnectWisePsa.Query;

/// <summary><c>orderBy=priority/sort asc, id desc</c>; records without a value come first, as in SQL Server.</summary>
internal sealed class Order : IComparer<JsonNode?[]>
{
    private const int MostKeys = 100;

    private readonly List<(string Path, bool Descending)> _keys = [];

    public Order(string text)
    {
        foreach (var key in text.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            var words = key.Split(' ', StringSplitOptions.RemoveEmptyEntries);
            var direction = words.Length > 1 ? words[1].ToLowerInvariant() : "asc";
            if (words.Length > 2 || direction is not ("asc" or "desc"))
                throw PsaRefusal.BadRequest($"The orderBy '{key}' is not a member followed by asc or desc.");
            if (_keys.Count == MostKeys) throw PsaRefusal.BadRequest("The orderBy names too many members.");
            _keys.Add((words[0], direction == "desc"));
        }
    }

    /// <summary>The views in order; equal ones stay as they stood.</summary>
    public List<JsonObject> Sort(List<JsonObject> views) =>
        [.. views.OrderBy(view => _keys.Select(key => Filter.Member(view, key.Path)).ToArray(), this)];

    public int Compare(JsonNode?[]? x, JsonNode?[]? y)
    {
        for (var i = 0; i < _keys.Count; i++)
        {
            var sign = Compare(x![i], y![i]);
            if (sign != 0) return _keys[i].Descending ? -sign : sign;
        }

        return 0;
    }

    private static int Compare(JsonNode? one, JsonNode? other)
    {
        if (one is null || other is null) return (one is null ? 0 : 1) - (other is null ? 0 : 1);
        return one.GetValueKind() == JsonValueKind.Number && other.GetValueKind() == JsonValueKind.Number
            ? Records.Json.Number(one).CompareTo(Records.Json.Number(other))
            : string.Compare(Literal.TextOf(one), Literal.TextOf(other), StringComparison.OrdinalIgnoreCase);
    }
}
