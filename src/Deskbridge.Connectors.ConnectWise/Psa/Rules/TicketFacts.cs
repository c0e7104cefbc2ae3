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

    private static readonly IReadOnlyList<RuleSubject> Subjects =
    [
        RuleSubject.Status, RuleSubject.Board, RuleSubject.Priority, RuleSubject.Type, RuleSubject.Subtype,
        RuleSubject.Item, RuleSubject.Team, RuleSubject.Company, RuleSubject.Source, RuleSubject.Owner,
        RuleSubject.Location, RuleSubject.Department, RuleSubject.Severity, RuleSubject.Impact,
    ];

    /// <summary>Status, board, priority and the other references, by subject; severity and impact have only a name.</summary>
    public required IReadOnlyDictionary<RuleSubject, NamedFact> References { get; init; }

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
    public required IReadOnlyDictionary<string, string> CustomFields { get; init; }

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
    public static TicketFacts From(JsonElement ticket)
    {
        var members = Json.Members(ticket);
        JsonElement? Of(string name) => members.TryGetValue(name, out var value) ? value : null;
        return new()
        {
            Ticket = ticket.ValueKind == JsonValueKind.Undefined ? ticket : ticket.Clone(),
            References = Subjects.ToDictionary(subject => subject, subject => Reference(Of(subject.ToString()))),
            Summary = Json.Text(Of("summary")) ?? "",
            Assigned = Reference(Of("owner")) != NamedFact.None || !string.IsNullOrWhiteSpace(Json.Text(Of("resources"))),
            Responded = HasResponse(Of),
            Closed = Json.Text(Of("closedFlag")) == "true",
            Entered = EnteredAt(Of),
            CustomFields = Values(Of("customFields")),
        };
    }

    private static NamedFact Reference(JsonElement? value)
    {
        if (value is not { ValueKind: JsonValueKind.Object }) return new(0, Json.Text(value) ?? "", "");
        var id = Json.Member(value, "id") is { ValueKind: JsonValueKind.Number } number && number.TryGetInt64(out var found) ? found : 0;
        return new(id, Json.Text(Json.Member(value, "name")) ?? "", Json.Text(Json.Member(value, "identifier")) ?? "");
    }

    private static bool HasResponse(Func<string, JsonElement?> member)
    {
        var dated = ResponseDates.Any(name => !string.IsNullOrWhiteSpace(Json.Text(member(name))));
        var stage = Json.Text(member("slaStatus")) ?? "";
        return dated || LaterStages
            .Any(word => stage.StartsWith(word, StringComparison.OrdinalIgnoreCase));
    }

    private static DateTimeOffset? EnteredAt(Func<string, JsonElement?> member)
    {
        var text = Json.Text(Json.Member(member("_info"), "dateEntered")) ?? Json.Text(member("dateEntered"));
        return FieldReader.TryDate(text, out var entered) ? entered : null;
    }

    /// <summary>By caption; should two fields share one, the first that has a value counts.</summary>
    private static Dictionary<string, string> Values(JsonElement? customFields)
    {
        var values = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        if (customFields is not { ValueKind: JsonValueKind.Array } fields) return values;
        foreach (var field in fields.EnumerateArray())
        {
            if (Json.Text(Json.Member(field, "caption")) is { } caption && Json.Text(Json.Member(field, "value")) is { } value) values.TryAdd(IsTidy(caption) ? caption : RuleNames.Tidy(caption), value);
        }

        return values;
    }

    /// <summary>Whether a caption stands in clauses just as it is.</summary>
    private static bool IsTidy(string caption) => !caption.Contains("  ", StringComparison.Ordinal) && !caption.StartsWith(' ') && !caption.EndsWith(' ');

    /// <summary>Reading of JSON whose shape is not trusted.</summary>
    private static class Json
    {
        /// <summary>The members by name in any letter case, listed once: a ticket has some eighty, and most clauses' subjects are not among them.</summary>
        public static Dictionary<string, JsonElement> Members(JsonElement value)
        {
            var members = new Dictionary<string, JsonElement>(StringComparer.OrdinalIgnoreCase);
            if (value.ValueKind != JsonValueKind.Object) return members;
            foreach (var member in value.EnumerateObject()) members.TryAdd(member.Name, member.Value);
            return members;
        }

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
