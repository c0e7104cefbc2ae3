using System.Globalization;
using System.Text.Json.Nodes;
using Deskbridge.Sandbox.ConnectWisePsa.Records;

namespace Deskbridge.Sandbox.ConnectWisePsa.Http;

/// <summary>What changed on a record, read from the log's commit lines.</summary>
internal sealed class AuditTrail(Journal journal)
{
    public List<JsonObject> Entries(string? type, string? id)
    {
        if (string.IsNullOrEmpty(type) || !int.TryParse(id, NumberStyles.None, CultureInfo.InvariantCulture, out var wanted))
            throw PsaRefusal.BadRequest("The audit trail needs type and id.");
        var mark = $"\"type\":\"{char.ToLowerInvariant(type[0])}{type[1..]}\"";
        var number = $"\"id\":{wanted},";
        return [.. journal.Read(0, "commit", int.MaxValue)
            .Where(line => line.Contains(mark, StringComparison.OrdinalIgnoreCase) && line.Contains(number, StringComparison.Ordinal))
            .Select(line => (JsonObject)JsonNode.Parse(line)!)
            .Where(line => Json.Int(line["id"]) == wanted)
            .Select(line => Entry(type, line))];
    }

    private static JsonObject Entry(string type, JsonObject line)
    {
        var changed = (line["changed"] as JsonArray ?? []).Select(n => Json.Text(n)).ToList();
        var text = (string?)line["action"] switch
        {
            "added" => "Record created",
            "deleted" => "Record deleted",
            _ => changed.Count == 0 ? "Record saved" : $"Changed: {string.Join(", ", changed)}",
        };
        return new JsonObject
        {
            ["text"] = text,
            ["enteredDate"] = Json.Stamp(Json.Instant(line["time"])!.Value),
            ["enteredBy"] = Json.Copy(line["by"]),
            ["auditType"] = type,
            ["auditSubType"] = "Record",
            ["auditSource"] = "API",
        };
    }
}
