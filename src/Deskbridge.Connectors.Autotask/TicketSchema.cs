using System.Globalization;

namespace Deskbridge.Connectors.Autotask;

/// <summary>The fields of a ticket as the instance has them, with the values of its lists.</summary>
/// <param name="Fields">Fields by name, own fields not among them.</param>
/// <param name="OwnFields">User-defined fields by name.</param>
internal sealed record TicketSchema(IReadOnlyDictionary<string, TicketField> Fields, IReadOnlyDictionary<string, TicketField> OwnFields)
{
    public const string Status = "status";
    public const string Priority = "priority";
    public const string Queue = "queueID";
    public const string Type = "ticketType";

    /// <summary>Status Complete, a value of the system's own in every tenant.</summary>
    public const long Complete = 5;

    /// <summary>Nothing is known yet.</summary>
    public static TicketSchema Empty { get; } = Of(new FieldListDto([]), new FieldListDto([]));

    public static TicketSchema Of(FieldListDto fields, FieldListDto own) => new(ByName(fields), ByName(own));

    /// <summary>The values of a list that may be chosen, in the order the instance gave.</summary>
    public IEnumerable<PicklistValue> Choices(string field) => Values(field).Where(value => value.Active);

    /// <summary>The label of a value, one that is not offered any more too; null when there is none.</summary>
    public string? Label(string field, long value) => Values(field).FirstOrDefault(one => one.Value == value)?.Label;

    /// <summary>The value of a list that a person named.</summary>
    public PicklistValue? Find(string field, string named) => Fields.TryGetValue(field, out var known) ? known.Find(named) : null;

    private IReadOnlyList<PicklistValue> Values(string field) => Fields.TryGetValue(field, out var known) ? known.Values : [];

    private static Dictionary<string, TicketField> ByName(FieldListDto list)
    {
        var byName = new Dictionary<string, TicketField>(StringComparer.OrdinalIgnoreCase);
        foreach (var field in list.Fields ?? [])
        {
            if (field.Name is not { Length: > 0 } name) continue;
            byName[name] = new TicketField(name, KindOf(field), field.IsQueryable != false, [.. (field.PicklistValues ?? []).Select(Value).OfType<PicklistValue>()])
            {
                Label = string.IsNullOrWhiteSpace(field.Label) ? name : field.Label.Trim(),
            };
        }

        return byName;
    }

    private static FieldKind KindOf(FieldDto field) => field.IsPickList == true ? FieldKind.List : (field.DataType ?? field.Type ?? "").ToUpperInvariant() switch
    {
        "INTEGER" or "LONG" or "SHORT" or "INT" or "INT32" or "INT64" or "DECIMAL" or "DOUBLE" or "NUMERIC" or "NUMBER" => FieldKind.Number,
        "DATETIME" or "DATE" => FieldKind.Date,
        "BOOLEAN" or "BOOL" => FieldKind.Flag,
        _ => FieldKind.Text,
    };

    private static PicklistValue? Value(PicklistValueDto value) => long.TryParse(value.Value, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number)
        ? new PicklistValue(number, value.Label ?? number.ToString(CultureInfo.InvariantCulture), value.IsActive != false)
        : null;
}

/// <summary>A field.</summary>
/// <param name="Name">As the instance spells it.</param>
/// <param name="Kind">What its values are.</param>
/// <param name="Queryable">It may stand in a filter.</param>
/// <param name="Values">Of a list.</param>
internal sealed record TicketField(string Name, FieldKind Kind, bool Queryable, IReadOnlyList<PicklistValue> Values)
{
    /// <summary>Of a user-defined field; the name of another.</summary>
    public string Label { get; init; } = Name;

    /// <summary>The value that a person named, by its whole label or by itself; the active one of several.</summary>
    public PicklistValue? Find(string named)
    {
        var text = named.Trim();
        var byLabel = Values.Where(value => value.Label.Equals(text, StringComparison.OrdinalIgnoreCase)).OrderByDescending(value => value.Active).FirstOrDefault();
        return byLabel ?? (long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) ? Values.FirstOrDefault(value => value.Value == number) : null);
    }
}

/// <summary>A value of a list: told by its label, stored by its number.</summary>
/// <param name="Value">The number in the record.</param>
/// <param name="Label">In the tenant's language.</param>
/// <param name="Active">It may be chosen; others stand in old tickets.</param>
internal sealed record PicklistValue(long Value, string Label, bool Active);

/// <summary>What a field's values are.</summary>
internal enum FieldKind
{
    /// <summary>Text.</summary>
    Text,

    /// <summary>A number or an id.</summary>
    Number,

    /// <summary>A value of a list.</summary>
    List,

    /// <summary>An instant.</summary>
    Date,

    /// <summary>True or false.</summary>
    Flag,
}
