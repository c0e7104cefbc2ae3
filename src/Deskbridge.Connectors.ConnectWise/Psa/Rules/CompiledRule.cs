namespace Deskbridge.Connectors.ConnectWise.Psa.Rules;

/// <summary>
/// A condition made ready to be evaluated again and again: every clause is looked up, converted and printed once. Whether it holds is told
/// without allocating; the explanation is made only for who reads it.
/// </summary>
internal sealed class CompiledRule
{
    private readonly RuleNode? _root;

    /// <summary>The lengths of time that age clauses name, shortest first.</summary>
    private readonly TimeSpan[] _ages;

    /// <summary>Compiles a condition; null, an empty ticket part, always holds.</summary>
    public CompiledRule(RuleExpression? expression)
    {
        _root = expression is null ? null : RuleNode.Of(expression);
        _ages = expression is null
            ? []
            : [.. RuleText.Clauses(expression).OfType<TriggerClause>().Where(clause => clause.Pattern.Subject == RuleSubject.Age).Select(clause => clause.Age).Distinct().Order()];
    }

    /// <summary>Whether the condition holds on a ticket at an instant.</summary>
    public bool Holds(TicketFacts facts, MarkerFacts markers, DateTimeOffset now) => _root is null || _root.Holds(facts, markers, now);

    /// <summary>The first instant at which time alone turns the condition. Between the turns of its age clauses it is constant, so these are the only instants to look at.</summary>
    /// <param name="facts">The ticket.</param>
    /// <param name="markers">The markers.</param>
    /// <param name="now">The instant of the verdict.</param>
    /// <param name="holds">The verdict.</param>
    public DateTimeOffset? ChangesAt(TicketFacts facts, MarkerFacts markers, DateTimeOffset now, bool holds)
    {
        if (facts.Entered is not { } entered) return null;
        foreach (var age in _ages)
        {
            if (age > DateTimeOffset.MaxValue - entered) return null;
            var turn = entered + age;
            if (turn > now && Holds(facts, markers, turn) != holds) return turn;
        }
        return null;
    }

    /// <summary>Every clause in written order with what it gave; nothing is cut short.</summary>
    public IReadOnlyList<ClauseResult> Explain(TicketFacts facts, MarkerFacts markers, DateTimeOffset now)
    {
        var trace = new List<ClauseResult>();
        _root?.Explain(new(facts, markers, now, trace), negated: false);
        return trace;
    }
}
