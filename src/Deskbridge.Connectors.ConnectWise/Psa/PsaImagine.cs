using System.Text.Json;
using System.Text.Json.Nodes;

namespace Deskbridge.Connectors.ConnectWise.Psa;

/// <summary>A ticket with other values, written into its record so that the rules see just what they would read. Pure.</summary>
internal static class PsaImagine
{
    public static RemoteTicket Ticket(RemoteTicket ticket, IReadOnlyDictionary<string, RemoteRef?> values, bool? closed, MarkerFields markers)
    {
        var record = JsonElement.Parse(ticket.Body);
        var changed = new Dictionary<string, JsonNode?>(StringComparer.Ordinal);
        foreach (var (field, value) in values)
        {
            if (TicketFields.IsMarker(field)) markers.Write(Fields(), field, value?.Id);
            else changed[field] = value is null ? null : new JsonObject { ["id"] = PsaMap.Number(value.Id), ["name"] = value.Name };
        }

        if (closed is { } flag) changed["closedFlag"] = flag;
        return PsaMap.ToTicket(With(record, changed), markers);

        JsonArray Fields()
        {
            if (!changed.TryGetValue("customFields", out var fields))
            {
                var there = record.TryGetProperty("customFields", out var read) && read.ValueKind == JsonValueKind.Array ? read.GetRawText() : "[]";
                changed["customFields"] = fields = JsonNode.Parse(there);
            }

            return fields!.AsArray();
        }
    }

    /// <summary>The record with some members replaced, or taken away where they have no value. Written in one go: laws are tried on hundreds of tickets.</summary>
    private static JsonElement With(JsonElement record, Dictionary<string, JsonNode?> changed)
    {
        using var text = new MemoryStream();
        using (var writer = new Utf8JsonWriter(text))
        {
            writer.WriteStartObject();
            foreach (var member in record.EnumerateObject().Where(member => !changed.ContainsKey(member.Name))) member.WriteTo(writer);
            foreach (var (name, value) in changed)
            {
                if (value is null) continue;
                writer.WritePropertyName(name);
                value.WriteTo(writer);
            }

            writer.WriteEndObject();
        }

        return JsonElement.Parse(text.GetBuffer().AsSpan(0, (int)text.Length));
    }
}
