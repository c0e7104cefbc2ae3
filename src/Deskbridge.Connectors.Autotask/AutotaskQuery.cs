using System.Text.Json.Nodes;

namespace Deskbridge.Connectors.Autotask;

/// <summary>One query: the entries of its filter must all hold (reference 2).</summary>
/// <param name="Filter">In Autotask's own form.</param>
/// <param name="Fields">The fields that come back; null for all, own fields too.</param>
internal sealed record AutotaskQuery(IReadOnlyList<JsonObject> Filter, IReadOnlyList<string>? Fields = null)
{
    /// <summary>Rows of one answer at most.</summary>
    public const int LargestPage = 500;

    /// <summary>Values in one list: proven well below the 500 conditions that the vendor allows.</summary>
    public const int LargestList = 200;

    /// <summary>One condition.</summary>
    public static JsonObject Where(string op, string field, JsonNode? value) => new() { ["op"] = op, ["field"] = field, ["value"] = value };

    /// <summary>The field has one of these values.</summary>
    public static JsonObject In(string field, IEnumerable<long> values) => Where("in", field, new JsonArray([.. values.Select(value => (JsonNode)value)]));

    /// <summary>One of the conditions holds.</summary>
    public static JsonObject AnyOf(params JsonObject[] items) => new() { ["op"] = "or", ["items"] = new JsonArray([.. items]) };

    /// <summary>An instant as a filter holds it.</summary>
    public static JsonNode At(DateTimeOffset instant) => instant.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", System.Globalization.CultureInfo.InvariantCulture);

    /// <summary>
    /// The body for the rows behind an id: rows come in id order, and this way of paging neither skips nor repeats one while others are made.
    /// The answer's own next page would have to be asked for by POST with the same body, or it ends silently at 500 rows (reference 2.2).
    /// </summary>
    /// <param name="afterId">The last id seen; null for the first page. 0 is the id of a real company.</param>
    /// <param name="pageSize">Rows, 1 to 500.</param>
    public byte[] ToBody(long? afterId, int pageSize)
    {
        var filter = new JsonArray([.. Filter.Select(one => one.DeepClone())]);
        if (afterId is { } id) filter.Add((JsonNode)Where("gt", "id", id));
        if (filter.Count == 0) filter.Add((JsonNode)new JsonObject { ["op"] = "exist", ["field"] = "id" });
        var body = new JsonObject { ["MaxRecords"] = Math.Clamp(pageSize, 1, LargestPage), ["filter"] = filter };
        if (Fields is not null) body["IncludeFields"] = new JsonArray([.. Fields.Select(field => (JsonNode)field)]);
        return System.Text.Encoding.UTF8.GetBytes(body.ToJsonString());
    }
}
