using Deskbridge.Connectors;

namespace Deskbridge.Core.Alerting.Planning;

/// <summary>What the inbound events of one ticket give, per kind: several events of a kind are joined by "or".</summary>
/// <param name="Raises">A retrieval event holds, age window included.</param>
/// <param name="Acknowledges">An acknowledge event's ticket part holds.</param>
/// <param name="Closes">A close event's ticket part holds.</param>
/// <param name="ChangesAt">The next instant at which time alone could change any of them.</param>
/// <param name="Trace">The clauses of the retrieval events.</param>
internal sealed record EventVerdicts(bool Raises, bool Acknowledges, bool Closes, DateTimeOffset? ChangesAt, IReadOnlyList<ClauseTrace> Trace)
{
    /// <summary>As kept in the base.</summary>
    public IReadOnlyDictionary<InboundEventKind, bool> ForBase { get; } = new Dictionary<InboundEventKind, bool>
    {
        [InboundEventKind.Raise] = Raises,
        [InboundEventKind.Acknowledge] = Acknowledges,
        [InboundEventKind.Close] = Closes,
    };

    /// <summary>Evaluates every event of the rules.</summary>
    public static EventVerdicts Read(RuleBook rules, Func<InboundEvent, RuleVerdict> evaluate)
    {
        var all = rules.Inbound.Select(inbound => (inbound.Kind, Verdict: evaluate(inbound))).ToList();
        bool Any(InboundEventKind kind, Func<RuleVerdict, bool> holds) => all.Any(e => e.Kind == kind && holds(e.Verdict));
        return new EventVerdicts(
            Any(InboundEventKind.Raise, v => v.Holds && v.InAgeWindow),
            Any(InboundEventKind.Acknowledge, v => v.Holds),
            Any(InboundEventKind.Close, v => v.Holds),
            all.Min(e => e.Verdict.ChangesAt),
            [.. all.Where(e => e.Kind == InboundEventKind.Raise).SelectMany(e => e.Verdict.Trace)]);
    }

    /// <summary>The clauses with their results, one a line.</summary>
    public static string Explain(IEnumerable<ClauseTrace> trace) =>
        string.Join('\n', trace.Select(clause => $"{(clause.Holds ? "✓" : "✗")} {clause.Text} ({clause.Actual})"));
}
