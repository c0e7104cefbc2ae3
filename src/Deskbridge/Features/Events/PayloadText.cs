using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Deskbridge.Features.Events;

/// <summary>What came in, laid out for reading: JSON one member a line, and JSON that came inside a text (ConnectWise's <c>Entity</c>) as JSON, too.</summary>
internal static class PayloadText
{
    private static readonly JsonWriterOptions Indented = new() { Indented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Lays it out; what is no JSON, or was cut, stays as it came.</summary>
    /// <param name="payload">As received.</param>
    public static string Lay(string payload)
    {
        try
        {
            using var document = JsonDocument.Parse(payload);
            using var text = new MemoryStream();
            using (var writer = new Utf8JsonWriter(text, Indented)) Write(writer, document.RootElement, unfold: true);
            return Encoding.UTF8.GetString(text.GetBuffer().AsSpan(0, (int)text.Length));
        }
        catch (Exception unreadable) when (unreadable is JsonException or InvalidOperationException) // the latter: halves of characters, which no text can be made of
        {
            return payload;
        }
    }

    private static void Write(Utf8JsonWriter writer, JsonElement value, bool unfold)
    {
        switch (value.ValueKind)
        {
            case JsonValueKind.Object:
                writer.WriteStartObject();
                foreach (var member in value.EnumerateObject())
                {
                    writer.WritePropertyName(member.Name);
                    Write(writer, member.Value, unfold);
                }

                writer.WriteEndObject();
                break;
            case JsonValueKind.Array:
                writer.WriteStartArray();
                foreach (var item in value.EnumerateArray()) Write(writer, item, unfold);
                writer.WriteEndArray();
                break;
            case JsonValueKind.String when unfold && value.GetString() is ['{' or '[', ..] inner && Parse(inner) is { } inside:
                Write(writer, inside, unfold: false);
                break;
            default:
                value.WriteTo(writer);
                break;
        }
    }

    private static JsonElement? Parse(string text)
    {
        try
        {
            return JsonElement.Parse(text);
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
