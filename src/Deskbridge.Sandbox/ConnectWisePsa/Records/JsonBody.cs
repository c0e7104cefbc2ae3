using System.Text.Json;
using System.Text.Json.Nodes;

namespace Deskbridge.Sandbox.ConnectWisePsa.Records;

/// <summary>
/// Reads a body whole, so that what is wrong with it shows here and not at first use: broken UTF-8, half a surrogate pair, a name that
/// comes twice (the last counts, as with the vendor's reader).
/// </summary>
internal static class JsonBody
{
    private const int Deepest = 64;

    /// <summary>The JSON of a body; null for an empty one and for a lone <c>null</c>.</summary>
    /// <exception cref="JsonException">It is not JSON.</exception>
    public static JsonNode? Read(ReadOnlyMemory<byte> body)
    {
        var text = body.Span.StartsWith("\uFEFF"u8) ? body[3..] : body;
        if (text.IsEmpty) return null;
        using var document = JsonDocument.Parse(text, new JsonDocumentOptions { MaxDepth = Deepest });
        try
        {
            return Read(document.RootElement);
        }
        catch (InvalidOperationException broken)
        {
            throw new JsonException(broken.Message, broken);
        }
    }

    private static JsonNode? Read(JsonElement element)
    {
        switch (element.ValueKind)
        {
            case JsonValueKind.Object:
                var record = new JsonObject();
                foreach (var member in element.EnumerateObject()) record[member.Name] = Read(member.Value);
                return record;
            case JsonValueKind.Array:
                return new JsonArray([.. element.EnumerateArray().Select(Read)]);
            case JsonValueKind.String:
                return JsonValue.Create(element.GetString()!);
            case JsonValueKind.Null:
                return null;
            default:
                return JsonValue.Create(element.Clone());
        }
    }
}
