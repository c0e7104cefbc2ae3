namespace Deskbridge.Connectors.ConnectWise.Psa.Rules;

/// <summary>
/// The outcome of a condition: whether it holds, the first instant at which time alone turns it (null when time never
/// does; evaluating at that instant gives the other verdict), and what each clause contributed, in written order.
/// </summary>
internal sealed record ConditionVerdict(bool Holds, DateTimeOffset? ChangesAt, IReadOnlyList<ClauseResult> Trace);

/// <summary>
/// One clause in a verdict. <paramref name="Negated"/> when an odd number of <c>not</c> stand over it;
/// <paramref name="Decided"/> when the verdict rests on it: a false part of an <c>and</c> that failed, a true part of an
/// <c>or</c> that held, every part otherwise. <paramref name="Actual"/> is the value found, for people.
/// </summary>
internal sealed record ClauseResult(RuleClause Clause, string Text, bool Holds, string Actual, bool Negated, bool Decided)
{
    /// <summary>The groups it stands in, the outermost first. As with the clauses, a <c>not</c> over a group is told by its parts: "none of" is "all of" the opposites.</summary>
    public IReadOnlyList<ClauseGroup> Within { get; init; } = [];
}
