using Deskbridge.Connectors.ConnectWise.Psa.Rules;

namespace Deskbridge.Connectors.ConnectWise.Psa;

/// <summary>The clause catalogue as an editor offers it: a field, ways to test it, a value. Pure.</summary>
internal static class PsaRuleVocabulary
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

    /// <summary>All fields.</summary>
    public static IReadOnlyList<RuleField> Fields { get; } = [.. Named.Select(named => new RuleField(
        Key(named.Subject), named.Name, [.. Patterns[named.Subject].Select(Pattern)],
        Patterns[named.Subject].Exists(pattern => pattern.Slot == RuleSlot.Name) ? Key(named.Subject) : null))];

    /// <summary>The field of a pattern and its place among the field's patterns; null for one that is edited as text.</summary>
    public static (string Field, int Pattern)? Find(ClausePattern pattern)
    {
        if (!Patterns.TryGetValue(pattern.Subject, out var known) || !Array.Exists(Named, named => named.Subject == pattern.Subject)) return null;
        var at = known.FindIndex(other => other.Test == pattern.Test && other.Unit == pattern.Unit);
        return at < 0 ? null : (Key(pattern.Subject), at);
    }

    private static string Key(RuleSubject subject) => subject.ToString().ToLowerInvariant();

    private static RulePattern Pattern(ClausePattern pattern) => new(Name(pattern), pattern.Lead, pattern.Tail, pattern.Slot switch
    {
        RuleSlot.Name => RuleValueKind.Name,
        RuleSlot.Text => RuleValueKind.Text,
        RuleSlot.Number => RuleValueKind.Number,
        _ => RuleValueKind.Nothing,
    });

    private static string Name(ClausePattern pattern) => pattern.Test switch
    {
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
}
