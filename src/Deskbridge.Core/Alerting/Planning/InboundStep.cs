using Deskbridge.Connectors;

namespace Deskbridge.Core.Alerting.Planning;

/// <summary>What the ticket asks of the alert: re-entry first, then the update edges, highest state last (engine.md §6.5).</summary>
/// <param name="Target">The state the alert shall have.</param>
/// <param name="Lines">Why, for the timeline.</param>
internal sealed record InboundStep(AlertStatus Target, IReadOnlyList<TimelineLine> Lines)
{
    /// <summary>Who asks: the ticket, or a life of the hub that a restore forgot.</summary>
    public TransitionOrigin Origin { get; init; } = TransitionOrigin.Ticket;

    /// <summary>The alert ends, and another one takes its place in the target state.</summary>
    public bool Renews { get; init; }

    /// <summary>Remote id of the event that raises the alert which takes its place; null for the one that raised it.</summary>
    public string? RaisedBy { get; init; }

    /// <summary>Where the sides differ from now on because the settings say so.</summary>
    public IReadOnlyList<FieldDecision> Decisions { get; init; } = [];

    /// <summary>The clauses behind it, for the event log.</summary>
    public IReadOnlyList<ClauseTrace> Trace { get; init; } = [];

    /// <summary>Decides.</summary>
    public static InboundStep Decide(AlertPlanInput input, LinkView link, AlertView alert, EventVerdicts verdicts)
    {
        var hubIsAhead = link.Unsent || (alert.Transition > link.PlannedTransition && alert.Origin != TransitionOrigin.Ticket);
        var (asked, matching) = AskedByTicket(input, link, verdicts);
        var reentry = ReentryStep.Decide(input, link, alert, verdicts, hubIsAhead, asked);
        var lines = reentry.Lines.ToList();
        var step = new InboundStep(reentry.Target, lines) { Renews = reentry.Renews, RaisedBy = reentry.RaisedBy, Decisions = reentry.Decisions, Trace = reentry.Trace };
        if (asked == AlertStatus.Open) return step;

        var joined = input.Safeties.Lattice.Join(reentry.Target, asked);
        if (joined != reentry.Target)
        {
            var kind = joined == AlertStatus.Closed ? "closed" : "acknowledged";
            lines.Add(new TimelineLine(kind, $"Ticket changed to \"{input.Ticket.Status?.Name}\": alert {kind}.", matching?.ExplainShort()));
            if (hubIsAhead)
                lines.Add(new TimelineLine("conflict", $"The {Verb(alert.Status)} made here at the same time lost: {kind} on the ticket wins.", "Closed wins over acknowledged wins over open."));
        }
        else if (hubIsAhead && asked < alert.Status)
        {
            lines.Add(new TimelineLine("conflict", $"The ticket asked for {Verb(asked)} at the same time; the {Verb(alert.Status)} made here wins.", "Closed wins over acknowledged wins over open."));
        }

        return joined == reentry.Target ? step : step with { Target = joined, Trace = matching?.Verdict.Trace ?? [] };
    }

    private static (AlertStatus Asked, JudgedEvent? Matching) AskedByTicket(AlertPlanInput input, LinkView link, EventVerdicts verdicts)
    {
        if (!link.SameRules) return (AlertStatus.Open, null);
        if (input.Preferences.Flows.HasFlag(StatusFlows.TicketCloses) && Firing(InboundEventKind.Close) is [var closing, ..]) return (AlertStatus.Closed, closing);
        if (input.Preferences.Flows.HasFlag(StatusFlows.TicketAcknowledges) && Firing(InboundEventKind.Acknowledge) is [var taking, ..]) return (AlertStatus.Acknowledged, taking);
        return (AlertStatus.Open, null);

        IReadOnlyList<JudgedEvent> Firing(InboundEventKind kind) => verdicts.Firing(kind, link.Base, newRules: false, input.Safeties.Edge);
    }

    /// <summary>What made a state, as a noun.</summary>
    public static string Verb(AlertStatus status) => status switch
    {
        AlertStatus.Acknowledged => "acknowledge",
        AlertStatus.Closed => "close",
        _ => "re-open",
    };
}
