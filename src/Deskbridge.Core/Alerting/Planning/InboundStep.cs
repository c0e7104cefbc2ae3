using Deskbridge.Connectors;

namespace Deskbridge.Core.Alerting.Planning;

/// <summary>What the ticket asks of the alert: re-entry first, then the update edges, highest state last (engine.md §6.5).</summary>
/// <param name="Target">The state the alert shall have.</param>
/// <param name="Lines">Why, for the timeline.</param>
internal sealed record InboundStep(AlertStatus Target, IReadOnlyList<TimelineLine> Lines)
{
    /// <summary>Who asks: the ticket, or a life of the hub that a restore forgot.</summary>
    public TransitionOrigin Origin { get; init; } = TransitionOrigin.Ticket;

    /// <summary>The clauses behind it, for the event log.</summary>
    public IReadOnlyList<ClauseTrace> Trace { get; init; } = [];

    /// <summary>Decides.</summary>
    public static InboundStep Decide(AlertPlanInput input, LinkView link, AlertView alert, EventVerdicts verdicts)
    {
        var lines = new List<TimelineLine>();
        var hubIsAhead = link.Unsent || (alert.Transition > link.PlannedTransition && alert.Origin != TransitionOrigin.Ticket);
        var (target, trace) = AfterReentry(input, link, alert, verdicts, hubIsAhead, lines);

        var (asked, matching) = AskedByTicket(input, link, verdicts);
        if (asked == AlertStatus.Open) return new InboundStep(target, lines) { Trace = trace };

        var joined = input.Safeties.Lattice.Join(target, asked);
        if (joined != target)
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

        return new InboundStep(joined, lines) { Trace = joined == target ? trace : matching?.Verdict.Trace ?? [] };
    }

    private static (AlertStatus Target, IReadOnlyList<ClauseTrace> Trace) AfterReentry(
        AlertPlanInput input, LinkView link, AlertView alert, EventVerdicts verdicts, bool hubIsAhead, List<TimelineLine> lines)
    {
        var openedAgain = link.Base.Fields.GetValueOrDefault(TicketFields.Closed) == "true" && !input.Ticket.Closed;
        var matchesAgain = link.SameRules
            && input.Safeties.Edge.Fires(AlertPlanner.Verdict(link.Base, InboundEventKind.Raise), verdicts.Raises);
        if (!openedAgain && !matchesAgain) return (alert.Status, []);

        var matching = verdicts.Matching(InboundEventKind.Raise);
        var why = openedAgain ? "The ticket was closed and is open again." : $"The ticket matches again. {matching?.ExplainShort()}";
        if (hubIsAhead || !input.Safeties.Reentry.Reopens(alert.Status))
        {
            lines.Add(hubIsAhead && alert.Status != AlertStatus.Open
                ? new TimelineLine("conflict", $"The ticket came back at the same time; the {Verb(alert.Status)} made here wins.", why)
                : new TimelineLine("repeated", "Ticket came back; the alert stays as it is.", why));
            return (alert.Status, []);
        }

        lines.Add(new TimelineLine(alert.Status == AlertStatus.Closed ? "reopened" : "unacknowledged", "Ticket came back: alert open again.", why));
        return (AlertStatus.Open, openedAgain ? [new ClauseTrace("the ticket was closed and is open again", true, input.Ticket.Status?.Name ?? "")] : matching?.Verdict.Trace ?? []);
    }

    private static (AlertStatus Asked, JudgedEvent? Matching) AskedByTicket(AlertPlanInput input, LinkView link, EventVerdicts verdicts)
    {
        if (!link.SameRules) return (AlertStatus.Open, null);
        var edge = input.Safeties.Edge;
        if (input.Preferences.Flows.HasFlag(StatusFlows.TicketCloses)
            && edge.Fires(AlertPlanner.Verdict(link.Base, InboundEventKind.Close), verdicts.Closes))
            return (AlertStatus.Closed, verdicts.Matching(InboundEventKind.Close));
        if (input.Preferences.Flows.HasFlag(StatusFlows.TicketAcknowledges)
            && edge.Fires(AlertPlanner.Verdict(link.Base, InboundEventKind.Acknowledge), verdicts.Acknowledges))
            return (AlertStatus.Acknowledged, verdicts.Matching(InboundEventKind.Acknowledge));
        return (AlertStatus.Open, null);
    }

    private static string Verb(AlertStatus status) => status switch
    {
        AlertStatus.Acknowledged => "acknowledge",
        AlertStatus.Closed => "close",
        _ => "re-open",
    };
}
