using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Deskbridge.Sandbox.ConnectWisePsa.Records;

/// <summary>Reading and writing JSON trees. Records in the store are never changed in place.</summary>
internal static class Json
{
    public static readonly JsonSerializerOptions Plain = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static readonly JsonWriterOptions Writing = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>The node at a path such as <c>board/name</c>, names in any case; null when there is none.</summary>
    public static JsonNode? At(JsonNode? node, string path)
    {
        foreach (var name in path.Split('/'))
        {
            node = Child(node, name);
            if (node is null) return null;
        }

        return node;
    }

    public static JsonNode? Child(JsonNode? node, string name)
    {
        if (node is JsonArray array)
            return int.TryParse(name, NumberStyles.None, CultureInfo.InvariantCulture, out var index) && index < array.Count ? array[index] : null;
        if (node is not JsonObject record) return null;
        if (record.TryGetPropertyValue(name, out var found)) return found;
        foreach (var (key, value) in record)
        {
            if (key.Equals(name, StringComparison.OrdinalIgnoreCase)) return value;
        }

        return null;
    }

    public static int? Int(JsonNode? node) => node is JsonValue value
        ? value.TryGetValue<int>(out var number) ? number
            : value.TryGetValue<decimal>(out var wide) && decimal.Truncate(wide) == wide && wide is >= int.MinValue and <= int.MaxValue ? (int)wide
            : value.TryGetValue<string>(out var text) && int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out number) ? number : null
        : null;

    /// <summary>The number of a node that is known to hold one; one beyond all bounds counts as the bound.</summary>
    public static decimal Number(JsonNode node)
    {
        if (node is JsonValue value)
        {
            if (value.TryGetValue<int>(out var whole)) return whole;
            if (value.TryGetValue<decimal>(out var exact)) return exact;
        }

        var text = node.ToJsonString();
        return decimal.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) ? number : text[0] == '-' ? decimal.MinValue : decimal.MaxValue;
    }

    public static string? Text(JsonNode? node) => node is not JsonValue value ? null
        : value.TryGetValue<string>(out var text) ? text : value.ToJsonString();

    public static bool Flag(JsonNode? node) => node is JsonValue value && value.TryGetValue<bool>(out var flag) && flag;

    public static DateTimeOffset? Instant(JsonNode? node) =>
        node is JsonValue value && value.TryGetValue<string>(out var text) ? Instant(text) : null;

    public static DateTimeOffset? Instant(string text) => DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture,
        DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var instant) ? instant : null;

    /// <summary>An instant as the vendor writes it: UTC, whole seconds.</summary>
    public static string Stamp(DateTimeOffset instant) => instant.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture);

    public static JsonObject Ref(int id) => new() { ["id"] = id };

    public static JsonNode? Copy(JsonNode? node) => node?.DeepClone();

    public static JsonObject Copy(JsonObject record) => (JsonObject)record.DeepClone();

    public static bool Same(JsonNode? one, JsonNode? other) => JsonNode.DeepEquals(one, other);
}
