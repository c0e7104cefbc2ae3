using System.Collections;

namespace Deskbridge.Connectors.ConnectWise.Psa.Rules;

/// <summary>The parts of one event's condition, compiled.</summary>
internal sealed class ReadyRule(RuleParts parts)
{
    private readonly CompiledRule _ticket = new(parts.TicketPart);
    private readonly CompiledRule _age = new(parts.FixedAge);
    private readonly CompiledRule[] _markers = [.. parts.MarkerClauses.Select(clause => new CompiledRule(clause))];

    /// <summary>What it was made of.</summary>
    public RuleParts Parts => parts;

    /// <summary>The verdict on a ticket. The clauses are tried again, one by one, when somebody reads the trace.</summary>
    public RuleVerdict Evaluate(TicketFacts facts, MarkerFacts markers, DateTimeOffset now)
    {
        var holds = _ticket.Holds(facts, markers, now);
        var young = _age.Holds(facts, markers, now);
        var changes = Earlier(_ticket.ChangesAt(facts, markers, now, holds), _age.ChangesAt(facts, markers, now, young));
        return new(holds, young, changes, new LateTrace(this, facts, markers, now));
    }

    /// <summary>The clauses as people read them.</summary>
    /// <param name="trace">What they gave.</param>
    /// <param name="decides">They are of the part that decides.</param>
    public static IEnumerable<ClauseTrace> Written(IEnumerable<ClauseResult> trace, bool decides) => trace.Select(clause =>
        new ClauseTrace(clause.Negated ? $"not {clause.Text}" : clause.Text, clause.Holds != clause.Negated, clause.Actual) { Decides = decides && clause.Decided, Within = clause.Within });

    private ClauseTrace[] Explain(TicketFacts facts, MarkerFacts markers, DateTimeOffset now) =>
    [
        .. Written(_ticket.Explain(facts, markers, now), decides: true),
        .. Written(_age.Explain(facts, markers, now).Concat(_markers.SelectMany(marker => marker.Explain(facts, markers, now))), decides: false),
    ];

    private static DateTimeOffset? Earlier(DateTimeOffset? one, DateTimeOffset? other) => (one, other) switch
    {
        ({ } first, { } second) => first < second ? first : second,
        _ => one ?? other,
    };

    /// <summary>Made when it is first looked at: of a thousand verdicts one is shown.</summary>
    private sealed class LateTrace(ReadyRule rule, TicketFacts facts, MarkerFacts markers, DateTimeOffset now) : IReadOnlyList<ClauseTrace>
    {
        private ClauseTrace[]? _made;

        public int Count => Made.Length;

        private ClauseTrace[] Made => _made ??= rule.Explain(facts, markers, now);

        public ClauseTrace this[int index] => Made[index];

        public IEnumerator<ClauseTrace> GetEnumerator() => ((IEnumerable<ClauseTrace>)Made).GetEnumerator();

        IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
    }
}
