using System.Text.Json.Nodes;
using Deskbridge.Sandbox.ConnectWisePsa.Records;

namespace Deskbridge.Sandbox.ConnectWisePsa.Callbacks;

/// <summary>Whether a callback entry wants to hear of a change: its type, its level and the level's object (reference 8.2).</summary>
internal sealed class CallbackMatch(PsaStore store)
{
    // The member that a level looks at, where it is not the one of the level's name.
    private static readonly Dictionary<string, string> Members = new(StringComparer.OrdinalIgnoreCase)
    {
        ["company/type"] = "types",
        ["contact/type"] = "types",
        ["expense/class"] = "classification",
        ["member/location"] = "defaultLocation",
        ["opportunity/statusId"] = "status",
        ["purchaseOrder/company"] = "customerCompany",
        ["purchaseOrder/vendor"] = "vendorCompany",
        ["schedule/location"] = "where",
    };

    public bool Applies(JsonObject entry, Write write)
    {
        var type = Json.Text(entry["type"])!;
        if (Json.Flag(entry["inactiveFlag"]) || !Is(type, write.Resource.Callback)) return false;
        var level = Json.Text(entry["level"])!;
        var record = write.After ?? write.Before;
        if (Is(level, "owner")) return true;
        if (Json.Int(entry["objectId"]) is not { } wanted) return false;
        if (Is(level, type)) return write.Id == wanted;
        var path = $"{type}/{level}";
        if (Is(level, "integratorTag")) return HasTag(record, wanted);
        if (Is(path, "contact/territory")) return Refers(Company(record)?["territory"], wanted);
        return Is(path, "expense/chargeToType") ? Charged(write, record) == wanted : Refers(Json.Child(record, Members.GetValueOrDefault(path, level)), wanted);
    }

    private static bool Refers(JsonNode? reference, int wanted) => reference is JsonArray several
        ? several.Any(one => Refers(one, wanted))
        : Json.Int(Json.Child(reference, "id")) == wanted;

    private bool HasTag(JsonNode? record, int tag) => store.Find("integratorTags", tag) is { } row && Json.Text(row.Body["text"]) is { } text
        && (Json.Child(record, "integratorTags") as JsonArray)?.Any(t => Json.Text(t) == text) == true;

    // A contact has no territory of its own.
    private JsonObject? Company(JsonNode? record) => Json.Int(Json.At(record, "company/id")) is { } id ? store.Find("companies", id)?.Body : null;

    // The vendor does not say how what is charged is numbered: by its place in the list of what can be.
    private static int Charged(Write write, JsonNode? record) => write.Resource.Model.Exact("chargeToType")!.Choices.ToList().IndexOf(Json.Text(Json.Child(record, "chargeToType"))!) + 1;

    private static bool Is(string one, string? other) => string.Equals(one, other, StringComparison.OrdinalIgnoreCase);
}
