namespace Deskbridge.Connectors.ConnectWise.Psa.Rules;

/// <summary>
/// The language of workflow conditions: reading, writing and evaluating it. ConnectWise does not publish the text form of
/// <c>eventCondition</c>; this is the form its rule screens show, plus the query form of the REST API. Everything that
/// depends on that form is behind this class and the rows of <see cref="RuleCatalogue"/>.
/// <para>
/// Clauses are joined by <c>and</c>, <c>or</c>, <c>and not</c>, <c>or not</c>, with brackets; <c>and</c> binds tighter.
/// Keywords and names are compared without letter case.
/// </para>
/// </summary>
internal static class RuleText
{
    /// <summary>The longest condition that is read, in characters.</summary>
    public const int LongestText = 10_000;

    /// <summary>Reads a condition. Never throws: what cannot be read is refused with its text, place and the likely patterns.</summary>
    public static RuleParse Parse(string? text, RuleNames names) => Scan(text, names, opaque: false);

    /// <summary>Reads a condition and takes what cannot be read as an <see cref="OpaqueClause"/>, so that its other clauses can be told; null when its brackets and joints cannot be read either.</summary>
    public static RuleExpression? ParseAround(string text, RuleNames names) => Scan(text, names, opaque: true).Expression;

    private static RuleParse Scan(string? text, RuleNames names, bool opaque)
    {
        if (string.IsNullOrWhiteSpace(text)) return RuleParse.Refused("", 0, "The condition is empty. Write at least one clause.");
        if (text.Length > LongestText)
        {
            return RuleParse.Refused(text[..80], 0, $"The condition has {text.Length} characters, more than the {LongestText} that are read. Shorten it.");
        }
        var scan = new RuleScan(text, names, opaque);
        return scan.Run() is { } tokens ? RuleParse.Read(new RuleTree(tokens).Build()) : scan.Refusal();
    }

    /// <summary>
    /// Writes a condition in its canonical form: lower-case joints, no bracket that changes nothing. What <see cref="Parse"/>
    /// read with some names reads back equal with the same names.
    /// </summary>
    public static string Print(RuleExpression expression) => expression switch
    {
        RuleOr or => $"{Print(or.Left)} or {(or.Right is RuleOr ? InBrackets(or.Right) : Print(or.Right))}",
        RuleAnd and => $"{(and.Left is RuleOr ? InBrackets(and.Left) : Print(and.Left))} and {(and.Right is RuleOr or RuleAnd ? InBrackets(and.Right) : Print(and.Right))}",
        RuleNot not => $"not {(not.Operand is RuleOr or RuleAnd ? InBrackets(not.Operand) : Print(not.Operand))}",
        FieldClause field => FieldReader.Write(field),
        OpaqueClause opaque => opaque.Text,
        TriggerClause clause => clause.Pattern.Write(clause.Field, Value(clause)),
        _ => throw new ArgumentOutOfRangeException(nameof(expression), expression, "An unknown kind of expression."),
    };

    /// <summary>
    /// Evaluates a condition on a ticket at an instant. A null expression (an empty ticket part) always holds.
    /// Clauses about marker fields are answered from <paramref name="markers"/>, never from the ticket.
    /// </summary>
    /// <remarks>What is evaluated more than once is compiled once (<see cref="CompiledRule"/>).</remarks>
    public static ConditionVerdict Evaluate(RuleExpression? expression, TicketFacts facts, MarkerFacts markers, DateTimeOffset now)
    {
        var rule = new CompiledRule(expression);
        var holds = rule.Holds(facts, markers, now);
        return new(holds, rule.ChangesAt(facts, markers, now, holds), rule.Explain(facts, markers, now));
    }

    /// <summary>The clauses of an expression in the order they are written.</summary>
    public static IEnumerable<RuleClause> Clauses(RuleExpression expression)
    {
        var pending = new Stack<RuleExpression>([expression]);
        while (pending.TryPop(out var next))
        {
            if (next is RuleClause clause) yield return clause;
            else foreach (var part in Parts(next).Reverse()) pending.Push(part);
        }
    }

    private static IEnumerable<RuleExpression> Parts(RuleExpression expression) => expression switch
    {
        RuleAnd and => [and.Left, and.Right],
        RuleOr or => [or.Left, or.Right],
        RuleNot not => [not.Operand],
        _ => [],
    };

    private static string Value(TriggerClause clause) =>
        clause.Pattern.Slot == RuleSlot.Text && !ClauseReader.IsPlain(clause.Value) ? QuotedText.Write(clause.Value) : clause.Value;

    private static string InBrackets(RuleExpression expression) => $"({Print(expression)})";
}
