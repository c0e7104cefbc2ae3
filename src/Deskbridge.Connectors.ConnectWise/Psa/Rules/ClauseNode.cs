using System.Globalization;

namespace Deskbridge.Connectors.ConnectWise.Psa.Rules;

/// <summary>
/// A compiled clause: whether it holds on one ticket, and the value it found.
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
internal abstract class ClauseNode(RuleClause clause) : RuleNode
{
    private readonly string _text = RuleText.Print(clause);

    /// <summary>Compiles one clause.</summary>
    public static ClauseNode Of(RuleClause clause) => clause switch
    {
        FieldClause field => new PathNode(field),
        TriggerClause { Pattern.Subject: RuleSubject.Age } age => new AgeNode(age),
        TriggerClause { Pattern.Subject: RuleSubject.CustomField } custom => new CustomFieldNode(custom),
        TriggerClause { Pattern.Subject: RuleSubject.Assigned } flag => new FlagNode(flag, static facts => facts.Assigned, "assigned"),
        TriggerClause { Pattern.Subject: RuleSubject.Responded } flag => new FlagNode(flag, static facts => facts.Responded, "responded to"),
        TriggerClause { Pattern.Subject: RuleSubject.Closed } flag => new FlagNode(flag, static facts => facts.Closed, "closed"),
        TriggerClause { Pattern.Subject: RuleSubject.Summary } summary => new SummaryNode(summary),
        TriggerClause reference => new ReferenceNode(reference),
        _ => throw new ArgumentOutOfRangeException(nameof(clause), clause, "A clause that cannot be evaluated here."),
    };

    /// <inheritdoc/>
    public sealed override bool Explain(in Explaining to, bool negated)
    {
        var holds = Holds(to.Facts, to.Markers, to.Now);
        to.Trace.Add(new(clause, _text, holds, Actual(to.Facts, to.Markers, to.Now), negated, Decided: true));
        return holds;
    }

    /// <summary>The value found, for people.</summary>
    protected abstract string Actual(TicketFacts facts, MarkerFacts markers, DateTimeOffset now);

    private sealed class AgeNode(TriggerClause clause) : ClauseNode(clause)
    {
        private readonly bool _less = clause.Pattern.Test == RuleTest.LessThan;
        private readonly TimeSpan _age = clause.Age;

        public override bool Holds(TicketFacts facts, MarkerFacts markers, DateTimeOffset now) =>
            facts.Entered is { } entered ? _less == (now - entered < _age) : _less;

        protected override string Actual(TicketFacts facts, MarkerFacts markers, DateTimeOffset now) => facts.Entered is { } entered
            ? $"{(now - entered).TotalHours.ToString("0.##", CultureInfo.InvariantCulture)} hours (entered {entered:yyyy-MM-dd HH:mm:ss}Z)"
            : "entry date unknown";
    }

    private sealed class CustomFieldNode(TriggerClause clause) : ClauseNode(clause)
    {
        private readonly RuleTest _test = clause.Pattern.Test;
        private readonly string _field = clause.Field;
        private readonly TidyName _value = new(clause.Value);

        public override bool Holds(TicketFacts facts, MarkerFacts markers, DateTimeOffset now)
        {
            var actual = Value(facts, markers);
            return _test switch
            {
                RuleTest.IsTrue => IsTrue(actual),
                RuleTest.IsFalse => !IsTrue(actual),
                RuleTest.Contains => ContainsWords(actual, _value.AsWritten),
                RuleTest.DoesNotContain => !ContainsWords(actual, _value.AsWritten),
                RuleTest.IsNot => !_value.Is(actual),
                _ => _value.Is(actual),
            };
        }

        protected override string Actual(TicketFacts facts, MarkerFacts markers, DateTimeOffset now) => Value(facts, markers) is { Length: > 0 } value ? value : "(empty)";

        private string Value(TicketFacts facts, MarkerFacts markers) => markers.For(_field) ?? facts.CustomField(_field) ?? "";

        private static bool IsTrue(string value) => value.Equals("true", StringComparison.OrdinalIgnoreCase) || value is "1";
    }

    private sealed class FlagNode(TriggerClause clause, Func<TicketFacts, bool> flag, string word) : ClauseNode(clause)
    {
        private readonly bool _wanted = clause.Pattern.Test == RuleTest.Holds;

        public override bool Holds(TicketFacts facts, MarkerFacts markers, DateTimeOffset now) => flag(facts) == _wanted;

        protected override string Actual(TicketFacts facts, MarkerFacts markers, DateTimeOffset now) => flag(facts) ? word : $"not {word}";
    }

    private sealed class SummaryNode(TriggerClause clause) : ClauseNode(clause)
    {
        private readonly bool _wanted = clause.Pattern.Test == RuleTest.Contains;
        private readonly string _part = clause.Value;

        public override bool Holds(TicketFacts facts, MarkerFacts markers, DateTimeOffset now) => facts.Summary.Contains(_part, StringComparison.OrdinalIgnoreCase) == _wanted;

        protected override string Actual(TicketFacts facts, MarkerFacts markers, DateTimeOffset now) => facts.Summary;
    }

    private sealed class ReferenceNode(TriggerClause clause) : ClauseNode(clause)
    {
        private readonly RuleSubject _subject = clause.Pattern.Subject;
        private readonly bool _wanted = clause.Pattern.Test == RuleTest.Is;
        private readonly TidyName _name = new(clause.Value);

        public override bool Holds(TicketFacts facts, MarkerFacts markers, DateTimeOffset now)
        {
            var actual = facts.Named(_subject);
            return (_name.Is(actual.Name) || (actual.Identifier.Length > 0 && _name.Is(actual.Identifier))) == _wanted;
        }

        protected override string Actual(TicketFacts facts, MarkerFacts markers, DateTimeOffset now) => facts.Named(_subject).Name is { Length: > 0 } name ? name : "(none)";
    }

    private sealed class PathNode(FieldClause clause) : ClauseNode(clause)
    {
        private readonly FieldComparison _comparison = new(clause);

        public override bool Holds(TicketFacts facts, MarkerFacts markers, DateTimeOffset now) => _comparison.Holds(Value(facts, markers));

        protected override string Actual(TicketFacts facts, MarkerFacts markers, DateTimeOffset now) => Value(facts, markers) ?? "(null)";

        /// <summary>A checkbox that was never touched holds no value, and is false.</summary>
        private readonly string? _unset = !RuleCatalogue.TicketMembers.Contains(clause.Path.Split('/')[0]) && clause.Values is [{ Kind: FieldValueKind.Boolean }] ? "false" : null;

        private string? Value(TicketFacts facts, MarkerFacts markers) => markers.For(clause.Path) ?? facts.AtPath(clause.Path) ?? facts.CustomField(clause.Path) ?? _unset;
    }

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

    /// <summary>A name to compare others with, without letter case and with each run of blanks counted as one.</summary>
    private readonly struct TidyName(string value)
    {
        private readonly string _tidy = RuleNames.Tidy(value);

        public string AsWritten { get; } = value;

        public bool Is(string actual) =>
            actual.Equals(_tidy, StringComparison.OrdinalIgnoreCase) || (!IsTidy(actual) && RuleNames.Tidy(actual).Equals(_tidy, StringComparison.OrdinalIgnoreCase));

        private static bool IsTidy(string text)
        {
            for (var at = 0; at < text.Length; at++)
            {
                if (char.IsWhiteSpace(text[at]) && (text[at] != ' ' || at == 0 || at == text.Length - 1 || char.IsWhiteSpace(text[at + 1]))) return false;
            }
            return true;
        }
    }
}
