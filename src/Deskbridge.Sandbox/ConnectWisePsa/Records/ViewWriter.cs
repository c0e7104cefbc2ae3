using System.Text.Json;
using System.Text.Json.Nodes;

namespace Deskbridge.Sandbox.ConnectWisePsa.Records;

/// <summary>Writes views as bytes: links get their origin, and <c>fields=</c> picks what is shown.</summary>
internal static class ViewWriter
{
    /// <summary>Writes one view or an array of them.</summary>
    /// <param name="node">What to write.</param>
    /// <param name="root">The API's root for links; the vendor doubles the slash after it.</param>
    public static byte[] Bytes(JsonNode? node, string root)
    {
        using var buffer = new MemoryStream();
        using (var writer = new Utf8JsonWriter(buffer, Json.Writing)) Write(writer, node, root);
        return buffer.ToArray();
    }

    /// <summary>The members named by a <c>fields</c> list such as <c>id,status/id</c>.</summary>
    public static JsonObject Pick(JsonObject view, IEnumerable<string> fields)
    {
        var picked = new JsonObject();
        foreach (var field in fields) Pick(view, picked, field.Trim('/').Split('/'));
        return picked;
    }

    private static void Pick(JsonObject from, JsonObject to, ReadOnlySpan<string> path)
    {
        var wanted = path[0];
        var name = from.Select(p => p.Key).FirstOrDefault(k => k.Equals(wanted, StringComparison.OrdinalIgnoreCase));
        if (name is null || from[name] is not { } value) return;
        if (path.Length == 1 || value is not (JsonObject or JsonArray))
        {
            to[name] = value.DeepClone();
            return;
        }

        if (value is JsonArray list)
        {
            var items = new JsonArray();
            foreach (var item in list.OfType<JsonObject>())
            {
                var part = new JsonObject();
                Pick(item, part, path[1..]);
                items.Add(part);
            }

            to[name] = items;
            return;
        }

        var child = to[name] as JsonObject ?? [];
        to[name] = child;
        Pick((JsonObject)value, child, path[1..]);
    }

    private static void Write(Utf8JsonWriter writer, JsonNode? node, string root)
    {
        switch (node)
        {
            case JsonObject record:
                writer.WriteStartObject();
                foreach (var (name, value) in record)
                {
                    writer.WritePropertyName(name);
                    if (name.EndsWith("_href", StringComparison.Ordinal) && Json.Text(value) is ['/', ..] link) writer.WriteStringValue($"{root}/{link}");
                    else Write(writer, value, root);
                }

                writer.WriteEndObject();
                break;
            case JsonArray array:
                writer.WriteStartArray();
                foreach (var item in array) Write(writer, item, root);
                writer.WriteEndArray();
                break;
            case null:
                writer.WriteNullValue();
                break;
            default:
                node.WriteTo(writer, Json.Plain);
                break;
        }
    }
}
