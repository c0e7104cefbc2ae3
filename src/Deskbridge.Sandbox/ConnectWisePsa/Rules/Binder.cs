using System.Globalization;
using System.Text.Json.Nodes;
using Deskbridge.Sandbox.ConnectWisePsa.Http;
using Deskbridge.Sandbox.ConnectWisePsa.Records;
using Deskbridge.Sandbox.ConnectWisePsa.Schema;

namespace Deskbridge.Sandbox.ConnectWisePsa.Rules;

/// <summary>Checks what a caller sent against the model and turns it into a stored record. All faults of one body are
/// reported together, as the vendor does.</summary>
internal sealed class Binder(Resource resource, RecordRules rules, Change change, CustomFieldBinder custom)
{
    private readonly JsonArray _faults = [];

    /// <summary>Builds the record from <paramref name="before"/> and those members of the input that are named.</summary>
    /// <param name="input">What was sent.</param>
    /// <param name="before">The record as it was, or what is known of a new one.</param>
    /// <param name="named">The members that the input speaks of.</param>
    /// <param name="complete">Whether what is required must be there.</param>
    public JsonObject Bind(JsonObject input, JsonObject? before, Func<Member, bool> named, bool complete = true)
    {
        var body = before is null ? [] : Json.Copy(before);
        foreach (var member in resource.Model.Members)
        {
            if (member.ReadOnly || !named(member)) continue;
            var value = Json.Child(input, member.Name);
            if (value is null) body.Remove(member.Name);
            else Set(body, member, value);
        }

        foreach (var member in resource.Model.Members)
        {
            if (complete && member.Required && Empty(body[member.Name]) && !_faults.Any(f => Json.Text(f!["field"])!.Split('/')[0] == member.Name)) Fault("MissingRequiredField", $"The {member.Name} field is required.", member.Name);
        }

        if (_faults.Count > 0) throw PsaRefusal.Invalid(resource.ModelName, _faults);
        return body;
    }

    private static bool Empty(JsonNode? node) => node is null || (node is JsonValue value && value.TryGetValue<string>(out var text) && text.Length == 0);

    private void Set(JsonObject body, Member member, JsonNode value)
    {
        if (member.Many)
        {
            if (value is not JsonArray items) Fault("InvalidField", $"The {member.Name} field must be a list.", member.Name);
            else body[member.Name] = new JsonArray([.. items.Select(i => One(body, member, i))]);
            return;
        }

        var bound = member.Kind == MemberKind.Custom ? custom.Bind(resource, value, body["customFields"] as JsonArray, Fault) : One(body, member, value);
        if (bound is null) body.Remove(member.Name);
        else body[member.Name] = bound;
    }

    // Clients clear what is no text with an empty one, too.
    private JsonNode? One(JsonObject body, Member member, JsonNode? value) => member.Kind switch
    {
        not (MemberKind.Text or MemberKind.Any) when Json.Text(value) is { Length: 0 } => null,
        MemberKind.Text => Text(member, value),
        MemberKind.Choice => Choice(member, value),
        MemberKind.Integer => Integer(member, value),
        MemberKind.Number => Number(value) is { } number ? number : Wrong(member, "a number"),
        MemberKind.Flag => Flag(value) is { } flag ? flag : Wrong(member, "true or false"),
        MemberKind.Instant => Instant(member, value),
        MemberKind.Reference => Reference(body, member, value),
        _ => value?.DeepClone(),
    };

    private JsonNode? Text(Member member, JsonNode? value)
    {
        if (value is JsonObject or JsonArray) return Wrong(member, "text");
        var text = Json.Text(value) ?? "";
        if (member.Limit is { } limit && text.Length > limit)
            Fault("MaxLength", $"The field {member.Name} must be a string with a maximum length of {limit}.", member.Name);
        return text;
    }

    // 0 stands for none.
    private JsonNode? Integer(Member member, JsonNode? value)
    {
        if (Json.Int(value) is not { } number) return Wrong(member, "an integer");
        if (number != 0 && member.Target is { } table && change.Find(table, number) is null) Fault("NotFound", $"{Catalogue.Of(table).Title} {number} not found", member.Name);
        return number;
    }

    private JsonNode? Choice(Member member, JsonNode? value)
    {
        var text = Json.Text(value);
        return member.Choices.FirstOrDefault(c => c.Equals(text, StringComparison.OrdinalIgnoreCase))
            ?? Wrong(member, $"one of {string.Join(", ", member.Choices)}");
    }

    private JsonNode? Instant(Member member, JsonNode? value)
    {
        return Json.Instant(value) is { } instant ? Json.Stamp(instant) : Wrong(member, "a date and time");
    }

    private JsonNode? Reference(JsonObject body, Member member, JsonNode? value)
    {
        if (value is JsonValue number && Json.Int(number) is { } bare) value = Json.Ref(bare);
        if (value is not JsonObject sent || (Json.Child(sent, "id") is { } id && Json.Int(id) is null)) return Wrong(member, "an object with an id");
        var wanted = Named(sent);
        if (Json.Int(wanted["id"]) is 0 or null && Json.Text(wanted["name"]) is null && Json.Text(wanted["identifier"]) is null) return null;
        foreach (var target in member.Targets.Select(Catalogue.Of))
        {
            if (Find(target, member, wanted, body) is { } row) return Snapshot(target, row);
        }

        var (message, field) = rules.Missing(member, Catalogue.Of(member.Target!), wanted, body);
        Fault("NotFound", message, field);
        return null;
    }

    // What a reference is found by; typed clients write the names their way.
    private static JsonObject Named(JsonObject sent)
    {
        var wanted = new JsonObject();
        foreach (var name in (string[])["id", "identifier", "name"])
        {
            if (Json.Child(sent, name) is { } value) wanted[name] = value.DeepClone();
        }

        return wanted;
    }

    private JsonObject? Find(Resource target, Member member, JsonObject wanted, JsonObject body)
    {
        if (Json.Int(wanted["id"]) is { } id and > 0)
            return change.Find(target.Table, id) is { } found && rules.Allows(change, member, found, body) ? found : null;
        var (identifier, name) = (Json.Text(wanted["identifier"]), Json.Text(wanted["name"]));
        return change.All(target.Table).FirstOrDefault(row => rules.Allows(change, member, row, body)
            && (identifier is null || Same(Shown(target, row, "identifier") ?? Json.Text(row["identifier"]), identifier))
            && (name is null || identifier is not null || Same(Shown(target, row, "name"), name)));
    }

    private static bool Same(string? one, string other) => string.Equals(one, other, StringComparison.OrdinalIgnoreCase);

    // The names at the time of writing, so that the log reads well; views show the names of the day.
    private static JsonObject Snapshot(Resource target, JsonObject row)
    {
        var reference = Json.Ref(Json.Int(row["id"])!.Value);
        foreach (var name in (string[])["identifier", "name"])
        {
            if (Shown(target, row, name) is { } text) reference[name] = text;
        }

        return reference;
    }

    private static string? Shown(Resource target, JsonObject row, string wanted)
    {
        foreach (var shown in target.Shown.Split(' '))
        {
            var (name, source) = shown.Split('=') is [var n, var s] ? (n, s) : (shown, shown);
            if (name == wanted) return string.Join(' ', source.Split('+').Select(s => Json.Text(row[s])).Where(t => !string.IsNullOrEmpty(t)));
        }

        return null;
    }

    private JsonNode? Wrong(Member member, string wanted)
    {
        Fault("InvalidField", $"The {member.Name} field must be {wanted}.", member.Name);
        return null;
    }

    private static decimal? Number(JsonNode? value) => value is not JsonValue node ? null
        : node.TryGetValue<decimal>(out var number) ? number
        : decimal.TryParse(Json.Text(node), NumberStyles.Float, CultureInfo.InvariantCulture, out number) ? number : null;

    private static bool? Flag(JsonNode? value) => value is not JsonValue node ? null
        : node.TryGetValue<bool>(out var flag) ? flag : bool.TryParse(Json.Text(node), out flag) ? flag : null;

    private void Fault(string code, string message, string field) =>
        _faults.Add(PsaRefusal.Item(code, message, resource.ModelName, field));
}
