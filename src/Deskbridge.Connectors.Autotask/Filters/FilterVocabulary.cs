using System.Text.Json;

namespace Deskbridge.Connectors.Autotask.Filters;

/// <summary>The fields of tickets as an editor offers them, each with the operators that its kind of value allows. Pure.</summary>
internal sealed class FilterVocabulary
{
    /// <summary>Fields that hold the id of a record with a name, and the list to choose it from.</summary>
    private static readonly Dictionary<string, string> References = new(StringComparer.OrdinalIgnoreCase)
    {
        ["companyID"] = Companies,
        ["assignedResourceID"] = Resources,
        ["creatorResourceID"] = Resources,
        ["completedByResourceID"] = Resources,
        ["lastActivityResourceID"] = Resources,
    };

    private static readonly string[] Presence = ["exist", "notExist"];
    private static readonly string[] Lists = ["in", "notIn"];
    private readonly Dictionary<string, Offer> _offers;

    /// <summary>What an instance offers.</summary>
    public FilterVocabulary(TicketSchema schema)
    {
        var offers = schema.Fields.Values.Where(field => field.Queryable)
            .OrderBy(field => FieldLabels.RankOf(field.Name)).ThenBy(field => FieldLabels.Of(field.Name), StringComparer.OrdinalIgnoreCase)
            .Select(field => new Offer(field, Own: false))
            .Concat(schema.OwnFields.Values.Where(field => field.Queryable).OrderBy(field => field.Label, StringComparer.OrdinalIgnoreCase).Select(field => new Offer(field, Own: true)))
            .ToList();
        _offers = offers.ToDictionary(offer => offer.Key, StringComparer.OrdinalIgnoreCase);
        Fields = [.. offers.Select(offer => new RuleField(offer.Key, offer.Label, [.. offer.Ways.Select(way => way.Pattern)], offer.List))];
    }

    /// <summary>The list of companies.</summary>
    public const string Companies = "company";

    /// <summary>The list of resources.</summary>
    public const string Resources = "resource";

    /// <summary>The list that a field's ids are of; null for a field that holds none.</summary>
    public static string? ListOf(string field) => References.GetValueOrDefault(field);

    /// <summary>All fields.</summary>
    public IReadOnlyList<RuleField> Fields { get; }

    /// <summary>The values of a list field; null when the name is that of another list, which must be asked for.</summary>
    public IReadOnlyList<RuleValue>? ValuesOf(string list) => _offers.TryGetValue(list, out var offer) && offer.Field.Kind == FieldKind.List
        ? [.. offer.Field.Values.OrderByDescending(value => value.Active).Select(value => new RuleValue(value.Value.ToString(System.Globalization.CultureInfo.InvariantCulture), value.Label, value.Active ? "" : "not active"))]
        : null;

    /// <summary>A condition as a field, the place of its operator among the field's, and its values, one a line; null for one that is edited as text.</summary>
    public (string Field, int Pattern, string Value)? Find(string? op, string? field, bool own, IReadOnlyList<JsonElement> values)
    {
        if (op is null || field is null || !_offers.TryGetValue(KeyOf(field, own), out var offer)) return null;
        var texts = values.Select(value => value.ValueKind == JsonValueKind.String ? JsonTexts.Of(value) : value.GetRawText()).ToList();
        var at = offer.Ways.FindIndex(way => way.Op.Equals(op, StringComparison.OrdinalIgnoreCase) && (way.Fixed is null || texts is [var only] && only.Equals(way.Fixed, StringComparison.OrdinalIgnoreCase)));
        if (at < 0) return null;
        return (offer.Key, at, offer.Ways[at].Pattern.Takes == RuleValueKind.Nothing ? "" : string.Join('\n', texts));
    }

    private static string KeyOf(string field, bool own) => own ? $"user-defined {field}" : field;

    /// <summary>A field with the ways to test it.</summary>
    private sealed record Offer(TicketField Field, bool Own)
    {
        public string Key { get; } = KeyOf(Field.Name, Own);

        public string Label { get; } = Own ? $"{Field.Label} (user-defined)" : FieldLabels.Of(Field.Name);

        /// <summary>Where its values are chosen from; null when they are entered.</summary>
        public string? List { get; } = Field.Kind == FieldKind.List ? KeyOf(Field.Name, Own) : Own ? null : References.GetValueOrDefault(Field.Name);

        public List<Way> Ways => field ??= [.. WaysOf()];

        private IEnumerable<Way> WaysOf()
        {
            var takes = List is not null ? RuleValueKind.Name : Field.Kind switch { FieldKind.Number => RuleValueKind.Number, FieldKind.Date => RuleValueKind.Date, _ => RuleValueKind.Text };
            return Field.Kind switch
            {
                FieldKind.Flag => [Fixed("eq", "true", "is true"), Fixed("eq", "false", "is false"), .. Bare()],
                FieldKind.Date => [.. Valued(RuleValueKind.Date, ("gt", "after"), ("gte", "at or after"), ("lt", "before"), ("lte", "at or before")), .. Bare()],
                FieldKind.Number when List is null => [.. Valued(takes, "eq", "noteq", "gt", "gte", "lt", "lte"), .. Listed(takes), .. Bare()],
                FieldKind.Text => [.. Valued(takes, "contains", "beginsWith", "endsWith", "eq", "noteq"), .. Listed(takes), .. Bare()],
                _ => [.. Valued(takes, "eq", "noteq"), .. Listed(takes), .. Bare()],
            };
        }

        private IEnumerable<Way> Valued(RuleValueKind takes, params string[] ops) => Valued(takes, [.. ops.Select(op => (op, FilterOps.Words(op)))]);

        private IEnumerable<Way> Valued(RuleValueKind takes, params (string Op, string Name)[] ops) =>
            ops.Select(one => new Way(one.Op, null, new(one.Name, Before(one.Op, "\"value\":"), After, takes)));

        private IEnumerable<Way> Listed(RuleValueKind takes) =>
            Lists.Select(op => new Way(op, null, new(FilterOps.Words(op), Before(op, "\"value\":"), After, takes) { Many = true }));

        private IEnumerable<Way> Bare() => Presence.Select(op => new Way(op, null, new(FilterOps.Words(op), Before(op, ""), Own ? "\"udf\":true}" : "}", RuleValueKind.Nothing)));

        private Way Fixed(string op, string value, string name) => new(op, value, new(name, Before(op, $"\"value\":{value}"), After, RuleValueKind.Nothing));

        private string Before(string op, string rest) =>
            $"{{\"op\":\"{op}\",\"field\":\"{JsonEncodedText.Encode(Field.Name)}\"{(rest.Length > 0 || Own ? "," : "")}{rest}";

        private string After => Own ? ",\"udf\":true}" : "}";
    }

    /// <summary>An operator, or an operator with the one value it is offered with.</summary>
    private sealed record Way(string Op, string? Fixed, RulePattern Pattern);
}
