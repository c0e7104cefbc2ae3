using System.Globalization;
using System.Text.Json.Nodes;
using Deskbridge.Sandbox.ConnectWisePsa.Records;
using Deskbridge.Sandbox.ConnectWisePsa.Schema;

namespace Deskbridge.Sandbox.ConnectWisePsa.Rules;

/// <summary>Takes a customFields array. Whether fields that it leaves out keep their values is a switch.</summary>
internal sealed class CustomFieldBinder(Views views, Settings settings)
{
    public JsonArray? Bind(Resource resource, JsonNode value, JsonArray? before, Action<string, string, string> fault)
    {
        if (value is not JsonArray sent)
        {
            fault("InvalidField", "The customFields field must be a list.", "customFields");
            return null;
        }

        var fields = views.Defined(resource).ToDictionary(r => r.Id, r => r.Body);
        var values = new SortedDictionary<int, JsonNode?>();
        if (!settings.Current.PartialCustomFieldsWipe)
        {
            foreach (var kept in before ?? []) values[Json.Int(kept!["id"]) ?? 0] = kept["value"];
        }

        foreach (var item in sent)
        {
            if (Known(fields, item) is not { } id) fault("InvalidField", $"Custom field {Json.Text(Json.Child(item, "id")) ?? Json.Text(Json.Child(item, "caption"))} does not exist.", "customFields/id");
            else values[id] = Value(fields[id], Json.Child(item, "value"), fault);
        }

        return new JsonArray([.. values.Where(v => v.Value is not null && fields.ContainsKey(v.Key)).Select(v => (JsonNode)new JsonObject
        {
            ["id"] = v.Key,
            ["caption"] = Json.Copy(fields[v.Key]["caption"]),
            ["value"] = Json.Copy(v.Value),
        })]);
    }

    private static int? Known(Dictionary<int, JsonObject> fields, JsonNode? item)
    {
        if (Json.Int(Json.Child(item, "id")) is { } id) return fields.ContainsKey(id) ? id : null;
        var caption = Json.Text(Json.Child(item, "caption"));
        var match = fields.FirstOrDefault(f => string.Equals(Json.Text(f.Value["caption"]), caption, StringComparison.OrdinalIgnoreCase));
        return match.Value is null ? null : match.Key;
    }

    private static JsonNode? Chosen(JsonObject field, string text, Action<string, string, string> fault)
    {
        var options = (field["options"] as JsonArray ?? []).Where(o => !Json.Flag(Json.Child(o, "inactiveFlag"))).Select(o => Json.Text(Json.Child(o, "optionValue"))).ToList();
        var chosen = options.Find(o => string.Equals(o, text, StringComparison.OrdinalIgnoreCase));
        if (chosen is null && text.Length > 0) fault("InvalidField", $"The value of {Json.Text(field["caption"])} is none of its options.", "customFields/value");
        return chosen;
    }

    private static JsonNode? Value(JsonObject field, JsonNode? value, Action<string, string, string> fault)
    {
        var text = Json.Text(value);
        var type = Json.Text(field["fieldTypeIdentifier"]);
        if (value is JsonObject or JsonArray) fault("InvalidField", $"The value of {Json.Text(field["caption"])} is not a valid {type}.", "customFields/value");
        if (text is null || (text.Length == 0 && type is not "Text" and not "TextArea")) return null;
        if (Json.Text(field["entryTypeIdentifier"]) is "List" or "Option") return Chosen(field, text, fault);
        switch (type)
        {
            case "Checkbox" when bool.TryParse(text, out var flag):
                return flag;
            case "Number" or "Percent" or "Currency" when decimal.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number):
                return number;
            case "Date" when Json.Instant(text) is { } instant:
                return Json.Stamp(instant);
            case "Checkbox" or "Number" or "Percent" or "Currency" or "Date":
                fault("InvalidField", $"The value of {Json.Text(field["caption"])} is not a valid {type}.", "customFields/value");
                return null;
            default:
                return text;
        }
    }
}
