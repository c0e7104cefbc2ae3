using System.Globalization;

namespace Deskbridge.Connectors.ConnectWise.Psa.Rules;

/// <summary>
/// Whether one clause holds on a ticket, and the value it found.
/// <para>
/// <b>contains</b> on a custom field means: the text occurs, without letter case, as whole words, that is, neither end
/// of it touches a further letter, digit or underscore, so <c>Unacknowledged</c> does not contain <c>Acknowledged</c>. On the summary it is a
/// plain part of the text, as in the vendor's query language. An unset field is the empty text and false.
/// </para>
/// <para>
/// <b>Age</b> is the time since the ticket was entered. <c>less than N</c> ends at the instant the age reaches N and
/// <c>more than N</c> begins there: each is the other's exact opposite. A ticket without an entry date counts as just
/// entered: a page too many rather than silence.
/// </para>
/// </summary>
internal static class ClauseAnswer
{
    public static (bool Holds, string Actual) For(RuleClause clause, TicketFacts facts, MarkerFacts markers, DateTimeOffset now) =>
        clause switch
        {
            FieldClause field => FieldComparison.For(field, facts, markers),
            TriggerClause { Pattern.Subject: RuleSubject.Age } age => Age(age, facts, now),
            TriggerClause { Pattern.Subject: RuleSubject.CustomField } custom =>
                CustomField(custom, markers.For(custom.Field) ?? facts.CustomField(custom.Field) ?? ""),
            TriggerClause trigger => Ticket(trigger, facts),
            _ => throw new ArgumentOutOfRangeException(nameof(clause), clause, "An unknown kind of clause."),
        };

    /// <summary>The instant at which an age clause turns, or null when it is no age clause or never turns.</summary>
    public static DateTimeOffset? TurnsAt(TriggerClause clause, TicketFacts facts)
    {
        if (clause.Pattern.Subject != RuleSubject.Age || facts.Entered is not { } entered) return null;
        return clause.Age <= DateTimeOffset.MaxValue - entered ? entered + clause.Age : null;
    }

    private static (bool, string) Age(TriggerClause clause, TicketFacts facts, DateTimeOffset now)
    {
        var less = clause.Pattern.Test == RuleTest.LessThan;
        if (facts.Entered is not { } entered) return (less, "entry date unknown");
        var age = now - entered;
        var hours = age.TotalHours.ToString("0.##", CultureInfo.InvariantCulture);
        return (less == (age < clause.Age), $"{hours} hours (entered {entered:yyyy-MM-dd HH:mm:ss}Z)");
    }

    private static (bool, string) CustomField(TriggerClause clause, string actual)
    {
        var holds = clause.Pattern.Test switch
        {
            RuleTest.IsTrue => IsTrue(actual),
            RuleTest.IsFalse => !IsTrue(actual),
            RuleTest.Contains => ContainsWords(actual, clause.Value),
            RuleTest.DoesNotContain => !ContainsWords(actual, clause.Value),
            RuleTest.IsNot => !Same(actual, clause.Value),
            _ => Same(actual, clause.Value),
        };
        return (holds, actual.Length == 0 ? "(empty)" : actual);
    }

    private static (bool, string) Ticket(TriggerClause clause, TicketFacts facts)
    {
        var (pattern, value) = (clause.Pattern, clause.Value);
        return pattern.Subject switch
        {
            RuleSubject.Assigned => Flag(facts.Assigned, pattern.Test, "assigned"),
            RuleSubject.Responded => Flag(facts.Responded, pattern.Test, "responded to"),
            RuleSubject.Closed => Flag(facts.Closed, pattern.Test, "closed"),
            RuleSubject.Summary => (
                facts.Summary.Contains(value, StringComparison.OrdinalIgnoreCase) == (pattern.Test == RuleTest.Contains),
                facts.Summary),
            _ => Reference(facts.Named(pattern.Subject), value, pattern.Test),
        };
    }

    private static (bool, string) Flag(bool set, RuleTest test, string word) =>
        (set == (test == RuleTest.Holds), set ? word : $"not {word}");

    private static (bool, string) Reference(NamedFact actual, string value, RuleTest test)
    {
        var same = Same(actual.Name, value) || (actual.Identifier.Length > 0 && Same(actual.Identifier, value));
        return (same == (test == RuleTest.Is), actual.Name.Length == 0 ? "(none)" : actual.Name);
    }

    private static bool IsTrue(string value) => value.Equals("true", StringComparison.OrdinalIgnoreCase) || value is "1";

    private static bool Same(string actual, string value) =>
        string.Equals(RuleNames.Tidy(actual), RuleNames.Tidy(value), StringComparison.OrdinalIgnoreCase);

    private static bool ContainsWords(string text, string part)
    {
        for (var at = 0; (at = text.IndexOf(part, at, StringComparison.OrdinalIgnoreCase)) >= 0; at++)
        {
            var end = at + part.Length;
            var opens = at == 0 || !(RuleCursor.IsWordCharacter(text[at - 1]) && RuleCursor.IsWordCharacter(part[0]));
            var closes = end == text.Length || !(RuleCursor.IsWordCharacter(text[end]) && RuleCursor.IsWordCharacter(part[^1]));
            if (opens && closes) return true;
        }
        return false;
    }
}
