using System.Text.Json.Nodes;

namespace Deskbridge.Connectors.ConnectWise.Psa;

/// <summary>Where the three markers are kept: by field id once installed, by caption before.</summary>
internal sealed class MarkerFields(ConnectWisePsaOptions options, IReadOnlyDictionary<string, string> installed)
{
    private readonly Slot[] _slots =
    [
        new(TicketFields.MarkerRetrieved, options.RetrievedField, installed.GetValueOrDefault(TicketFields.MarkerRetrieved)),
        new(TicketFields.MarkerStatus, options.StatusField, installed.GetValueOrDefault(TicketFields.MarkerStatus)),
        new(TicketFields.MarkerUser, options.UserField, installed.GetValueOrDefault(TicketFields.MarkerUser)),
    ];

    /// <summary>The markers' values as JSON text, and the neutral names of installed markers that the record does not carry.</summary>
    public Found Find(IReadOnlyList<CustomFieldValue> fields) => new(
        Of(fields, _slots[0])?.Value,
        Of(fields, _slots[1])?.Value,
        Of(fields, _slots[2])?.Value,
        [.. _slots.Where(slot => slot.Id is not null && Of(fields, slot) is null).Select(slot => slot.Field)]);

    /// <summary>The custom fields to send: those just read with the changed ones replaced, or the changed ones alone.</summary>
    /// <exception cref="ConnectorRejectedException">A marker's field is not known.</exception>
    public IReadOnlyList<(int Id, JsonNode? Value)> ToSend(TicketUpdate update)
    {
        var changed = update.Set.Where(set => TicketFields.IsMarker(set.Key))
            .Select(set => (Id: FieldId(set.Key, update.CustomFieldsAsRead), Value: ToWire(set.Key, set.Value)))
            .ToList();
        var kept = (update.CustomFieldsAsRead ?? []).Select(field => (Id: PsaMap.Number(field.Id), Value: JsonNode.Parse(field.Value)))
            .Where(field => changed.TrueForAll(change => change.Id != field.Id));
        return [.. kept, .. changed];
    }

    /// <summary>Writes a marker's value into a ticket's custom fields.</summary>
    public void Write(JsonArray fields, string field, string? value)
    {
        var slot = SlotOf(field);
        var there = fields.OfType<JsonObject>().FirstOrDefault(one => slot.Id is { } id
            ? one["id"]?.ToString() == id
            : string.Equals(one["caption"]?.ToString(), slot.Caption, StringComparison.OrdinalIgnoreCase));
        if (there is null)
        {
            fields.Add((JsonNode)(there = new JsonObject { ["id"] = slot.Id is { } id ? PsaMap.Number(id) : 0, ["caption"] = slot.Caption }));
        }

        there["value"] = ToWire(field, value);
    }

    private static CustomFieldValue? Of(IReadOnlyList<CustomFieldValue> fields, Slot slot) => slot.Id is { } id
        ? fields.FirstOrDefault(field => field.Id == id)
        : fields.FirstOrDefault(field => string.Equals(field.Caption, slot.Caption, StringComparison.OrdinalIgnoreCase));

    // Text fields are cleared by an empty text; a checkbox has only null for "unset".
    private static JsonValue? ToWire(string field, string? value) => field == TicketFields.MarkerRetrieved
        ? value is null ? null : JsonValue.Create(value == "true")
        : JsonValue.Create(value ?? "");

    private Slot SlotOf(string field) => Array.Find(_slots, slot => slot.Field == field)
        ?? throw new ArgumentOutOfRangeException(nameof(field), field, "not a marker");

    private int FieldId(string field, IReadOnlyList<CustomFieldValue>? asRead)
    {
        var slot = SlotOf(field);
        var id = slot.Id ?? (asRead is null ? null : Of(asRead, slot)?.Id);
        return id is not null
            ? PsaMap.Number(id)
            : throw new ConnectorRejectedException($"The custom field {slot.Caption} is not installed. Run Install or Repair of this connection.", field);
    }

    /// <summary>What a record holds.</summary>
    internal sealed record Found(string? Retrieved, string? Status, string? User, IReadOnlyList<string> Missing);

    private sealed record Slot(string Field, string Caption, string? Id);
}
