using Deskbridge.Connectors;
using Deskbridge.Core.Sync;

namespace Deskbridge.Core.Alerting.Planning;

/// <summary>What the inbound events of one ticket give, per kind: several events of a kind are joined by "or".</summary>
/// <param name="Events">Every event with its clauses.</param>
internal sealed record EventVerdicts(IReadOnlyList<JudgedEvent> Events)
{
    /// <summary>A retrieval event holds, age window included.</summary>
    public bool Raises => Holds(InboundEventKind.Raise);

    /// <summary>A close event's ticket part holds.</summary>
    public bool Closes => Holds(InboundEventKind.Close);

    /// <summary>The next instant at which time alone could change any of them.</summary>
    public DateTimeOffset? ChangesAt => Events.Min(judged => judged.Verdict.ChangesAt);

    /// <summary>What is known of each event, as kept in the base.</summary>
    public IReadOnlyDictionary<string, bool> ForBase => Over(null);

    /// <summary>The new base verdicts: where nothing is known the last one stands (engine.md §6.9).</summary>
    /// <param name="before">The last base; null when its verdicts were made by other rules, or there is none.</param>
    public IReadOnlyDictionary<string, bool> Over(LinkBase? before)
    {
        var verdicts = new Dictionary<string, bool>(Events.Count);
        foreach (var judged in Events)
        {
            var verdict = judged.Verdict.IsUnknown ? before?.Verdict(judged.Event) : judged.Holds;
            if (verdict is { } known) verdicts[LinkBase.KeyOf(judged.Event)] = known;
        }

        return verdicts;
    }

    /// <summary>
    /// The events of a kind that fire: each is a rule of its own (engine.md §6.2). On a ticket without an alert an event that is new to the
    /// rules fires when no event of its kind held before it came.
    /// </summary>
    public IReadOnlyList<JudgedEvent> Firing(InboundEventKind kind, LinkBase before, bool newRules, EdgeTrigger edge)
    {
        var asWhole = newRules ? before.Verdict(kind) : null;
        return [.. Events.Where(judged => judged.Event.Kind == kind && edge.Fires(before.Verdict(judged.Event) ?? asWhole, judged.Holds))];
    }

    /// <summary>Whether a ticket without an alert would raise one by its level (engine.md §6.2).</summary>
    public bool RaisesOn(RemoteTicket ticket) => Raises && !ticket.Closed && !Closes;

    /// <summary>The clauses of the retrieval events.</summary>
    public IReadOnlyList<ClauseTrace> Trace => [.. Events.Where(e => e.Event.Kind == InboundEventKind.Raise).SelectMany(e => e.Verdict.Trace)];

    /// <summary>Evaluates every event of the rules.</summary>
    public static EventVerdicts Read(RuleBook rules, Func<InboundEvent, RuleVerdict> evaluate) =>
        new([.. rules.Inbound.Select(inbound => new JudgedEvent(inbound, evaluate(inbound)))]);

    private bool Holds(InboundEventKind kind) => Events.Any(judged => judged.Event.Kind == kind && judged.Holds);

    /// <summary>The clauses with their results, one a line.</summary>
    public static string Explain(IEnumerable<ClauseTrace> trace) =>
        string.Join('\n', trace.Select(clause => $"{(clause.IsUnknown ? "?" : clause.Holds ? "✓" : "✗")} {clause.Text} ({clause.Actual})"));
}

/// <summary>One event and what it gave on a ticket.</summary>
/// <param name="Event">The event.</param>
/// <param name="Verdict">Its verdict.</param>
internal sealed record JudgedEvent(InboundEvent Event, RuleVerdict Verdict)
{
    /// <summary>It asks for what it is there for; only retrieval minds the age window.</summary>
    public bool Holds => Verdict.Holds && (Event.Kind != InboundEventKind.Raise || Verdict.InAgeWindow);

    /// <summary>The rule and the clauses that made it hold, short.</summary>
    public string ExplainShort()
    {
        var held = Verdict.Trace.Where(clause => clause.Holds).ToList();
        var more = held.Count > ShownShort ? $" and {held.Count - ShownShort} more" : "";
        return $"Rule \"{Event.Rule}\": {string.Join("; ", held.Take(ShownShort).Select(clause => $"{clause.Text} ({clause.Actual})"))}{more}";
    }

    private const int ShownShort = 3;

    /// <summary>The rule and its clauses in a line.</summary>
    public string Explain() =>
        $"Rule \"{Event.Rule}\": {string.Join("; ", Verdict.Trace.Select(clause => $"{clause.Text} → {(clause.Holds ? "true" : "false")} ({clause.Actual})"))}";
}
