namespace Deskbridge.Connectors.ConnectWise.Psa.Rules;

/// <summary>Evaluates one condition on one ticket, explaining every clause; nothing is cut short.</summary>
internal sealed class RuleEvaluation(TicketFacts facts, MarkerFacts markers)
{
    public ConditionVerdict Run(RuleExpression expression, DateTimeOffset now)
    {
        var trace = new List<ClauseResult>();
        var holds = Holds(expression, now);
        Explain(expression, now, negated: false, decided: true, trace);
        return new(holds, NextChange(expression, holds, now), trace);
    }

    private bool Holds(RuleExpression expression, DateTimeOffset now) => expression switch
    {
        RuleAnd and => Holds(and.Left, now) && Holds(and.Right, now),
        RuleOr or => Holds(or.Left, now) || Holds(or.Right, now),
        RuleNot not => !Holds(not.Operand, now),
        RuleClause clause => ClauseAnswer.For(clause, facts, markers, now).Holds,
        _ => throw new ArgumentOutOfRangeException(nameof(expression), expression, "An unknown kind of expression."),
    };

    /// <summary>Between the turns of its age clauses a condition is constant, so the turns are the only instants to look at.</summary>
    private DateTimeOffset? NextChange(RuleExpression expression, bool holds, DateTimeOffset now)
    {
        var turns = RuleText.Clauses(expression).OfType<TriggerClause>()
            .Select(clause => ClauseAnswer.TurnsAt(clause, facts))
            .OfType<DateTimeOffset>()
            .Where(turn => turn > now)
            .Distinct()
            .Order();
        foreach (var turn in turns)
        {
            if (Holds(expression, turn) != holds) return turn;
        }
        return null;
    }

    private bool Explain(RuleExpression expression, DateTimeOffset now, bool negated, bool decided, List<ClauseResult> trace)
    {
        switch (expression)
        {
            case RuleClause clause:
                var answer = ClauseAnswer.For(clause, facts, markers, now);
                trace.Add(new(clause, RuleText.Print(clause), answer.Holds, answer.Actual, negated, decided));
                return answer.Holds;
            case RuleNot not:
                return !Explain(not.Operand, now, !negated, decided, trace);
            case RuleAnd and:
                return ExplainPair(and.Left, and.Right, true, now, negated, decided, trace);
            case RuleOr or:
                return ExplainPair(or.Left, or.Right, false, now, negated, decided, trace);
            default:
                throw new ArgumentOutOfRangeException(nameof(expression), expression, "An unknown kind of expression.");
        }
    }

    /// <summary>A pair with its neutral value rests on both sides; else only on the sides that made it so.</summary>
    private bool ExplainPair(
        RuleExpression left, RuleExpression right, bool neutral, DateTimeOffset now, bool negated, bool decided, List<ClauseResult> trace)
    {
        var from = trace.Count;
        var leftHolds = Explain(left, now, negated, decided, trace);
        var middle = trace.Count;
        var rightHolds = Explain(right, now, negated, decided, trace);
        var outcome = neutral ? leftHolds && rightHolds : leftHolds || rightHolds;
        if (outcome == neutral) return outcome;
        if (leftHolds == neutral) Undecide(trace, from, middle);
        if (rightHolds == neutral) Undecide(trace, middle, trace.Count);
        return outcome;
    }

    private static void Undecide(List<ClauseResult> trace, int from, int to)
    {
        for (var i = from; i < to; i++) trace[i] = trace[i] with { Decided = false };
    }
}
