using Deskbridge.Connectors.ConnectWise.Psa.Rules;

namespace Deskbridge.Connectors.ConnectWise.Psa;

/// <summary>The clause catalogue as an editor offers it: a field, ways to test it, a value; the instance's own custom fields among them. Pure.</summary>
internal sealed class PsaRuleVocabulary
{
    private static readonly (RuleSubject Subject, string Name)[] Named =
    [
        (RuleSubject.Status, "Status"), (RuleSubject.Priority, "Priority"), (RuleSubject.Board, "Board"), (RuleSubject.Type, "Type"),
        (RuleSubject.Subtype, "Subtype"), (RuleSubject.Item, "Item"), (RuleSubject.Company, "Company"), (RuleSubject.Team, "Team"),
        (RuleSubject.Owner, "Owner"), (RuleSubject.Source, "Source"), (RuleSubject.Location, "Location"), (RuleSubject.Department, "Department"),
        (RuleSubject.Severity, "Severity"), (RuleSubject.Impact, "Impact"), (RuleSubject.Summary, "Summary"), (RuleSubject.Age, "Age of the ticket"),
        (RuleSubject.Assigned, "Assigned to somebody"), (RuleSubject.Responded, "Responded to"), (RuleSubject.Closed, "Closed"),
    ];

    private static readonly Dictionary<RuleSubject, List<ClausePattern>> Patterns = RuleCatalogue.Patterns
        .Where(pattern => pattern.Tail is not ("hour" or "minute" or "day"))
        .GroupBy(pattern => pattern.Subject)
        .ToDictionary(group => group.Key, group => group.OrderBy(pattern => pattern.Test).ToList());

    private static readonly (FieldOperator Operator, string Sign, string Number, string? Date)[] Comparisons =
    [
        (FieldOperator.Equal, "=", "is", null), (FieldOperator.NotEqual, "!=", "is not", null), (FieldOperator.Less, "<", "less than", "before"),
        (FieldOperator.LessOrEqual, "<=", "at most", null), (FieldOperator.Greater, ">", "more than", null), (FieldOperator.GreaterOrEqual, ">=", "at least", "at or after"),
    ];

    private readonly Dictionary<string, List<Way>> _ways;

    /// <summary>What can be offered.</summary>
    /// <param name="fields">The instance's own custom fields.</param>
    public PsaRuleVocabulary(IReadOnlyList<PsaTicketField> fields)
    {
        _ways = fields.ToDictionary(field => field.Caption, field => Ways(field).ToList(), StringComparer.OrdinalIgnoreCase);
        Fields =
        [
            .. Named.Select(named => new RuleField(
                Key(named.Subject), named.Name, [.. Patterns[named.Subject].Select(pattern => Pattern(pattern, pattern.Lead))],
                Patterns[named.Subject].Exists(pattern => pattern.Slot == RuleSlot.Name) ? Key(named.Subject) : null)),
            .. fields.Select(field => new RuleField(Key(field.Caption), $"{field.Caption} (custom field)", [.. _ways[field.Caption].Select(way => way.Offered)], field.Options.Count > 0 ? Key(field.Caption) : null)),
        ];
    }

    /// <summary>The texts that a custom field is chosen from, by the name of its list; null when it is none of these.</summary>
    public static IReadOnlyList<RuleValue>? OptionsOf(IReadOnlyList<PsaTicketField> fields, string list) =>
        fields.FirstOrDefault(field => field.Options.Count > 0 && Key(field.Caption) == list) is { } found ? [.. found.Options.Select(option => new RuleValue(option, option, ""))] : null;

    /// <summary>All fields.</summary>
    public IReadOnlyList<RuleField> Fields { get; }

    /// <summary>A clause as a field, the place of its test among the field's patterns, and its value; null for one that is edited as text.</summary>
    public (string Field, int Pattern, string Value)? Find(RuleClause clause) => clause switch
    {
        TriggerClause { Pattern.Subject: RuleSubject.CustomField } about => Find(about.Field, way => way.Test == about.Pattern.Test, about.Value),
        FieldClause { Values: [var value] } about => Find(about.Path, way => way.Operator == about.Operator && way.Kind == value.Kind, value.Kind == FieldValueKind.Null ? "" : value.Text),
        TriggerClause about => Find(about.Pattern) is { } at ? (Key(about.Pattern.Subject), at, about.Value) : null,
        _ => null,
    };

    /// <summary>The field and test of a clause that was begun and has no value yet; null when the text is none.</summary>
    public (string Field, int Pattern)? FindBegun(string text)
    {
        var words = RuleNames.Tidy(text);
        foreach (var field in Fields)
        {
            for (var at = 0; at < field.Patterns.Count; at++)
            {
                var pattern = field.Patterns[at];
                if (pattern.Takes != RuleValueKind.Nothing && words.Equals(RuleNames.Tidy($"{pattern.Before} {pattern.After}"), StringComparison.OrdinalIgnoreCase)) return (field.Key, at);
            }
        }

        return null;
    }

    private static int? Find(ClausePattern pattern)
    {
        if (!Patterns.TryGetValue(pattern.Subject, out var known) || !Array.Exists(Named, named => named.Subject == pattern.Subject)) return null;
        var at = known.FindIndex(other => other.Test == pattern.Test && other.Unit == pattern.Unit);
        return at < 0 ? null : at;
    }

    private (string, int, string)? Find(string caption, Predicate<Way> sought, string value) =>
        _ways.TryGetValue(caption, out var ways) && ways.FindIndex(sought) is >= 0 and var at ? (Key(caption), at, value) : null;

    private static IEnumerable<Way> Ways(PsaTicketField field) => field.Kind switch
    {
        CustomFieldKind.Number => [.. Comparisons.Select(one => Compared(field, one.Operator, one.Sign, one.Number, FieldValueKind.Number, RuleValueKind.Number)), .. Presence(field)],
        CustomFieldKind.Date => [.. Comparisons.Where(one => one.Date is not null).Select(one => Compared(field, one.Operator, one.Sign, one.Date!, FieldValueKind.Date, RuleValueKind.Date)), .. Presence(field)],
        _ => Patterns[RuleSubject.CustomField].Where(pattern => ClauseReader.Fits(field.Kind, pattern.Test)).DistinctBy(pattern => pattern.Test)
            .Select(pattern => new Way(pattern.Test, null, null, Pattern(pattern, $"{field.Caption} {pattern.Lead}"))),
    };

    private static Way[] Presence(PsaTicketField field) =>
    [
        new(null, FieldOperator.NotEqual, FieldValueKind.Null, new("is set", $"{field.Caption} != null", "", RuleValueKind.Nothing)),
        new(null, FieldOperator.Equal, FieldValueKind.Null, new("is not set", $"{field.Caption} = null", "", RuleValueKind.Nothing)),
    ];

    private static Way Compared(PsaTicketField field, FieldOperator how, string sign, string name, FieldValueKind kind, RuleValueKind takes) =>
        new(null, how, kind, new(name, $"{field.Caption} {sign}", "", takes));

    private static string Key(RuleSubject subject) => subject.ToString().ToLowerInvariant();

    private static string Key(string caption) => $"custom field {caption}";

    private static RulePattern Pattern(ClausePattern pattern, string before) => new(Name(pattern), before, pattern.Tail, pattern.Slot switch
    {
        RuleSlot.Name => RuleValueKind.Name,
        RuleSlot.Text => RuleValueKind.Text,
        RuleSlot.Number => RuleValueKind.Number,
        _ => RuleValueKind.Nothing,
    })
    {
        Searches = pattern.Test is RuleTest.Contains or RuleTest.DoesNotContain,
    };

    private static string Name(ClausePattern pattern) => pattern.Test switch
    {
        RuleTest.IsTrue => "is true",
        RuleTest.IsFalse => "is false",
        RuleTest.Is => "is",
        RuleTest.IsNot => "is not",
        RuleTest.Contains => "contains",
        RuleTest.DoesNotContain => "does not contain",
        RuleTest.LessThan => $"less than, {pattern.Tail}",
        RuleTest.MoreThan => $"more than, {pattern.Tail}",
        RuleTest.Holds => "yes",
        RuleTest.HoldsNot => "no",
        _ => pattern.Test.ToString(),
    };

    /// <summary>A way to test a custom field, in the words of the rule screen or in the form of the query language.</summary>
    private sealed record Way(RuleTest? Test, FieldOperator? Operator, FieldValueKind? Kind, RulePattern Offered);
}
