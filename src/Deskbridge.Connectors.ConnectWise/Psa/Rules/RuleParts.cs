namespace Deskbridge.Connectors.ConnectWise.Psa.Rules;

/// <summary>What a workflow event is for, told by the marker clauses of its condition.</summary>
internal enum RuleRole
{
    /// <summary>None of the others: kept for re-entry, or not ours.</summary>
    Reserved,

    /// <summary>Raises an alert: tests that the retrieved marker is false.</summary>
    Retrieval,

    /// <summary>Acknowledges the alert: tests that the status marker does not contain Acknowledged.</summary>
    Acknowledge,

    /// <summary>Closes the alert: tests that the status marker does not contain Resolved.</summary>
    Close,

    /// <summary>Its actions run when the alert is acknowledged: tests that the status marker contains Acknowledged.</summary>
    OutboundAcknowledge,

    /// <summary>Its actions run when the alert is closed: tests that the status marker contains Resolved.</summary>
    OutboundClose,
}

/// <summary>
/// A condition taken apart along its top-level <c>and</c>: what the administrator edits, the clauses on marker fields and
/// the fixed age clause. Marker clauses nested deeper stay in the ticket part and are answered from <see cref="MarkerFacts"/>.
/// </summary>
/// <param name="TicketPart">The administrator's part; null when nothing is left, which always holds.</param>
/// <param name="MarkerClauses">Top-level clauses on marker fields, with their <c>not</c>.</param>
/// <param name="FixedAge">The age clause that bounds retrieval, or null when there is none.</param>
/// <param name="Role">What the event is for.</param>
internal sealed record RuleParts(
    RuleExpression? TicketPart, IReadOnlyList<RuleExpression> MarkerClauses, TriggerClause? FixedAge, RuleRole Role)
{
    /// <summary>The condition that was taken apart.</summary>
    public required RuleExpression Whole { get; init; }

    /// <summary>
    /// Takes a condition apart. The fixed age clause is the top-level <c>Ticket Actual Age is less than N hours</c> with
    /// N = <paramref name="ageWindowHours"/>, else the one with the largest N.
    /// </summary>
    public static RuleParts Split(RuleExpression expression, MarkerNames markers, int ageWindowHours)
    {
        var conjuncts = Conjuncts(expression);
        var markerClauses = conjuncts.Where(part => MarkerTest.Of(part, markers) is not null).ToList();
        var ages = conjuncts.OfType<TriggerClause>()
            .Where(clause => clause.Pattern is { Subject: RuleSubject.Age, Test: RuleTest.LessThan, Tail: "hours" or "hour" })
            .ToList();
        var fixedAge = ages.FirstOrDefault(clause => clause.Age == TimeSpan.FromHours(ageWindowHours)) ?? ages.MaxBy(clause => clause.Age);
        var rest = conjuncts.Where(part => !markerClauses.Contains(part) && !part.Equals(fixedAge)).ToList();
        return new(rest.Count == 0 ? null : Join(rest), markerClauses, fixedAge, RoleOf(markerClauses, markers)) { Whole = expression };
    }

    /// <summary>Joins conditions by <c>and</c>, in order.</summary>
    internal static RuleExpression Join(IEnumerable<RuleExpression> parts) => parts.Aggregate((left, right) => new RuleAnd(left, right));

    /// <summary>The parts that the top-level <c>and</c> strings together, in order.</summary>
    internal static List<RuleExpression> Conjuncts(RuleExpression expression)
    {
        var found = new List<RuleExpression>();
        var pending = new Stack<RuleExpression>([expression]);
        while (pending.TryPop(out var next))
        {
            if (next is not RuleAnd and)
            {
                found.Add(next);
                continue;
            }
            pending.Push(and.Right);
            pending.Push(and.Left);
        }
        return found;
    }

    /// <summary>Two different tests of the status word say two roles at once; such an event is given none rather than a guess.</summary>
    private static RuleRole RoleOf(IEnumerable<RuleExpression> clauses, MarkerNames markers)
    {
        var roles = clauses.Select(clause => MarkerTest.Of(clause, markers)!.Role).Where(role => role != RuleRole.Reserved).ToHashSet();
        if (roles.Contains(RuleRole.Retrieval)) return RuleRole.Retrieval;
        return roles.Count == 1 ? roles.Single() : RuleRole.Reserved;
    }
}

/// <summary>One test of a marker field, in whichever form it was written, and the role it alone would give an event.</summary>
internal sealed record MarkerTest(RuleRole Role)
{
    /// <summary>The test a conjunct makes, or null when it is not a (negated) clause on a marker field.</summary>
    public static MarkerTest? Of(RuleExpression part, MarkerNames markers)
    {
        var negated = false;
        while (part is RuleNot not) (part, negated) = (not.Operand, !negated);
        var (field, test, value) = part switch
        {
            TriggerClause { Pattern.Subject: RuleSubject.CustomField } clause => (clause.Field, clause.Pattern.Test, clause.Value),
            FieldClause clause => (clause.Path, TestOf(clause), clause.Values[0].Text),
            _ => ("", default, ""),
        };
        if (!markers.Contains(field)) return null;
        var positive = test is RuleTest.IsTrue or RuleTest.Is or RuleTest.Contains;
        var compares = test is not (RuleTest.LessThan or RuleTest.MoreThan);
        var role = !compares ? RuleRole.Reserved
            : MarkerNames.Is(markers.Retrieved, field) ? Retrieved(positive != negated, test, value)
            : MarkerNames.Is(markers.Status, field) ? Status(positive != negated, value)
            : RuleRole.Reserved;
        return new(role);
    }

    private static RuleRole Retrieved(bool positive, RuleTest test, string value)
    {
        var isFalse = test is not (RuleTest.IsTrue or RuleTest.IsFalse) && value.Equals("false", StringComparison.OrdinalIgnoreCase);
        var isWord = test is RuleTest.IsTrue or RuleTest.IsFalse || isFalse || value.Equals("true", StringComparison.OrdinalIgnoreCase);
        return isWord && positive == isFalse ? RuleRole.Retrieval : RuleRole.Reserved;
    }

    private static RuleRole Status(bool positive, string value) => (value.ToUpperInvariant(), positive) switch
    {
        ("ACKNOWLEDGED", true) => RuleRole.OutboundAcknowledge,
        ("ACKNOWLEDGED", false) => RuleRole.Acknowledge,
        ("RESOLVED", true) => RuleRole.OutboundClose,
        ("RESOLVED", false) => RuleRole.Close,
        _ => RuleRole.Reserved,
    };

    /// <summary>A comparison with several values or by order tests the field but gives no role.</summary>
    private static RuleTest TestOf(FieldClause clause) => clause.Operator switch
    {
        FieldOperator.Equal => RuleTest.Is,
        FieldOperator.NotEqual => RuleTest.IsNot,
        FieldOperator.Contains => RuleTest.Contains,
        FieldOperator.NotContains => RuleTest.DoesNotContain,
        _ => RuleTest.LessThan,
    };
}
