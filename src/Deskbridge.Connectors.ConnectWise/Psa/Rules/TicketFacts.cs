using System.Collections.Immutable;
using System.Text.Json;

namespace Deskbridge.Connectors.ConnectWise.Psa.Rules;

/// <summary>A reference on a ticket, as clauses name it: by name, or by identifier where it has one. Empty when unset.</summary>
internal readonly record struct NamedFact(long Id, string Name, string Identifier)
{
    /// <summary>An unset reference.</summary>
    public static NamedFact None { get; } = new(0, "", "");
}

/// <summary>Everything about a ticket that a clause can ask for.</summary>
internal sealed record TicketFacts
{
    private static readonly string[] ResponseDates = ["dateResponded", "dateResplan", "dateResolved"];
    private static readonly string[] LaterStages = ["Plan by", "Resolve by", "Resolved"];

    /// <summary>Status, board, priority and the other references, by subject; severity and impact have only a name.</summary>
    public required ImmutableDictionary<RuleSubject, NamedFact> References { get; init; }

    /// <summary>The ticket's title.</summary>
    public string Summary { get; init; } = "";

    /// <summary>Whether somebody owns the ticket or is scheduled on it.</summary>
    public bool Assigned { get; init; }

    /// <summary>Whether the ticket has been responded to.</summary>
    public bool Responded { get; init; }

    /// <summary>Whether the ticket's status is a closed one.</summary>
    public bool Closed { get; init; }

    /// <summary>When the ticket was entered, UTC; null when the ticket does not say.</summary>
    public DateTimeOffset? Entered { get; init; }

    /// <summary>Custom-field values as text, by caption; unset fields are absent.</summary>
    public ImmutableDictionary<string, string> CustomFields { get; init; } =
        ImmutableDictionary.Create<string, string>(StringComparer.OrdinalIgnoreCase);

    /// <summary>The ticket as read, for clauses in the field form.</summary>
    public JsonElement Ticket { get; init; }

    /// <summary>A reference by subject.</summary>
    public NamedFact Named(RuleSubject subject) => References.GetValueOrDefault(subject, NamedFact.None);

    /// <summary>The value of a custom field as text, or null when it is unset or absent.</summary>
    public string? CustomField(string caption) => CustomFields.GetValueOrDefault(caption);

    /// <summary>
    /// The value at a path such as <c>status/name</c>, as text, or null. Member names match in any letter case;
    /// <c>lastUpdated</c> and <c>dateEntered</c> are taken from <c>_info</c>; a path to a whole reference gives its name.
    /// </summary>
    public string? AtPath(string path)
    {
        JsonElement? at = Ticket;
        foreach (var part in path.Split('/')) at = Json.Member(at, part);
        return Json.Text(at ?? Json.Member(Json.Member(Ticket, "_info"), path));
    }

    /// <summary>
    /// The facts of a ticket as <c>/service/tickets</c> returns it. Two are inferred, since no member says them outright:
    /// <list type="bullet">
    /// <item>assigned: <c>owner</c> is set, or <c>resources</c> (the scheduled members) is not blank;</item>
    /// <item>responded to: <c>dateResponded</c>, or a later date of the same escalation (<c>dateResplan</c>,
    /// <c>dateResolved</c>), is set, or <c>slaStatus</c> has left its first stage ("Plan by ...", "Resolve by ...",
    /// "Resolved"), which the board's status escalation does even where it writes no date.</item>
    /// </list>
    /// Members that are missing or of an unexpected type count as unset; nothing throws.
    /// </summary>
    public static TicketFacts From(JsonElement ticket) => new()
    {
        Ticket = ticket.ValueKind == JsonValueKind.Undefined ? ticket : ticket.Clone(),
        References = NamedReferences(ticket),
        Summary = Json.Text(Json.Member(ticket, "summary")) ?? "",
        Assigned = Reference(Json.Member(ticket, "owner")) != NamedFact.None
            || !string.IsNullOrWhiteSpace(Json.Text(Json.Member(ticket, "resources"))),
        Responded = HasResponse(ticket),
        Closed = Json.Text(Json.Member(ticket, "closedFlag")) == "true",
        Entered = EnteredAt(ticket),
        CustomFields = ImmutableDictionary.CreateRange(StringComparer.OrdinalIgnoreCase, Values(ticket)),
    };

    private static ImmutableDictionary<RuleSubject, NamedFact> NamedReferences(JsonElement ticket) =>
        new[]
        {
            RuleSubject.Status, RuleSubject.Board, RuleSubject.Priority, RuleSubject.Type, RuleSubject.Subtype,
            RuleSubject.Item, RuleSubject.Team, RuleSubject.Company, RuleSubject.Source, RuleSubject.Owner,
            RuleSubject.Location, RuleSubject.Department, RuleSubject.Severity, RuleSubject.Impact,
        }.ToImmutableDictionary(subject => subject, subject => Reference(Json.Member(ticket, subject.ToString())));

    private static NamedFact Reference(JsonElement? value)
    {
        if (value is not { ValueKind: JsonValueKind.Object }) return new(0, Json.Text(value) ?? "", "");
        var id = Json.Member(value, "id") is { ValueKind: JsonValueKind.Number } number && number.TryGetInt64(out var found) ? found : 0;
        return new(id, Json.Text(Json.Member(value, "name")) ?? "", Json.Text(Json.Member(value, "identifier")) ?? "");
    }

    private static bool HasResponse(JsonElement ticket)
    {
        var dated = ResponseDates
            .Any(member => !string.IsNullOrWhiteSpace(Json.Text(Json.Member(ticket, member))));
        var stage = Json.Text(Json.Member(ticket, "slaStatus")) ?? "";
        return dated || LaterStages
            .Any(word => stage.StartsWith(word, StringComparison.OrdinalIgnoreCase));
    }

    private static DateTimeOffset? EnteredAt(JsonElement ticket)
    {
        var text = Json.Text(Json.Member(Json.Member(ticket, "_info"), "dateEntered")) ?? Json.Text(Json.Member(ticket, "dateEntered"));
        return FieldReader.TryDate(text, out var entered) ? entered : null;
    }

    /// <summary>By caption; should two fields share one, the first that has a value counts.</summary>
    private static IEnumerable<KeyValuePair<string, string>> Values(JsonElement ticket)
    {
        if (Json.Member(ticket, "customFields") is not { ValueKind: JsonValueKind.Array } fields) return [];
        return fields.EnumerateArray()
            .Select(field => (Caption: Json.Text(Json.Member(field, "caption")), Value: Json.Text(Json.Member(field, "value"))))
            .Where(field => field is { Caption: not null, Value: not null })
            .DistinctBy(field => field.Caption, StringComparer.OrdinalIgnoreCase)
            .Select(field => KeyValuePair.Create(field.Caption!, field.Value!));
    }

    /// <summary>Reading of JSON whose shape is not trusted.</summary>
    private static class Json
    {
        public static JsonElement? Member(JsonElement? value, string name)
        {
            if (value is not { ValueKind: JsonValueKind.Object } parent) return null;
            if (parent.TryGetProperty(name, out var exact)) return exact;
            foreach (var member in parent.EnumerateObject())
            {
                if (member.Name.Equals(name, StringComparison.OrdinalIgnoreCase)) return member.Value;
            }
            return null;
        }

        public static string? Text(JsonElement? value) => value switch
        {
            { ValueKind: JsonValueKind.String } text => JsonTexts.Of(text),
            { ValueKind: JsonValueKind.Number } number => number.GetRawText(),
            { ValueKind: JsonValueKind.True } => "true",
            { ValueKind: JsonValueKind.False } => "false",
            { ValueKind: JsonValueKind.Object } whole => Text(Member(whole, "name")),
            _ => null,
        };
    }
}
