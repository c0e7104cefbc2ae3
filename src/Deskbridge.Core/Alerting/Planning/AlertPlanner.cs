using Deskbridge.Connectors;
using Deskbridge.Core.Sync;

namespace Deskbridge.Core.Alerting.Planning;

/// <summary>
/// Decides what a ticket, its link and its alert mean for each other (engine.md §6). Pure: no clock, no I/O, no randomness;
/// planning its own result gives nothing to do.
/// </summary>
internal static class AlertPlanner
{
    /// <summary>Plans one ticket.</summary>
    public static AlertPlan Plan(AlertPlanInput input)
    {
        var verdicts = EventVerdicts.Read(input.Rules, input.Evaluate);
        var plan = input is { Link: { } link, Alert: { } alert }
            ? PlanAttached(input, link, alert, verdicts)
            : PlanUnattached(input, verdicts);
        return plan.Trace.Count > 0 ? plan : plan with { Trace = verdicts.Trace };
    }

    private static AlertPlan PlanUnattached(AlertPlanInput input, EventVerdicts verdicts)
    {
        var ticket = input.Ticket;
        var observed = (input.Link?.Base ?? new LinkBase()).Observed(ticket) with { Verdicts = verdicts.Over(input.Link?.Base) };
        if (input.Link is null ? ticket.MarkerRetrieved == true : input.Safeties.LaterMarkers.TookOver(input.Link, ticket)) return Adopt(input, observed, verdicts);

        var firing = input.Link is { } link
            ? verdicts.Firing(InboundEventKind.Raise, link.Base, newRules: !link.SameRules, input.Safeties.Edge)
            : [.. verdicts.Events.Where(judged => judged.Event.Kind == InboundEventKind.Raise && judged.Holds)];
        if (firing.Count > 0 && verdicts.RaisesOn(ticket)) return Raise(input, observed, verdicts, firing[0]);

        // What fires on a closed ticket raises nothing, and is no news that was dealt with: it fires when the ticket is opened.
        var waiting = firing.Select(judged => LinkBase.KeyOf(judged.Event)).ToHashSet(StringComparer.Ordinal);
        return new AlertPlan { Base = observed with { Verdicts = observed.Verdicts.ToDictionary(known => known.Key, known => known.Value && !waiting.Contains(known.Key)) }, LookAgainAt = verdicts.ChangesAt };
    }

    private static AlertPlan Raise(AlertPlanInput input, LinkBase observed, EventVerdicts verdicts, JudgedEvent matching)
    {
        var wants = new FieldWants(input.Ticket);
        wants.WantMarkers(AlertStatus.Open);
        return new AlertPlan
        {
            Move = AlertMove.Raise,
            NeedsLink = true,
            Base = observed with { RaisedBy = matching.Event.Id },
            Transition = wants.ToWrite($"rule \"{matching.Event.Rule}\": taken over by Deskbridge"),
            Lines = [new TimelineLine("raised", "Alert raised.", matching.Explain())],
            LookAgainAt = verdicts.ChangesAt,
        };
    }

    private static AlertPlan Adopt(AlertPlanInput input, LinkBase observed, EventVerdicts verdicts)
    {
        var ticket = input.Ticket;
        var status = ticket.Closed ? AlertStatus.Closed : MarkerWord.Read(ticket.MarkerStatus);
        var wants = new FieldWants(ticket);
        wants.WantMarkers(status);
        var silent = IsOlderThanInstall(input);
        var word = status.ToString().ToLowerInvariant();
        return new AlertPlan
        {
            Move = AlertMove.Adopt,
            Origin = silent ? TransitionOrigin.Hub : TransitionOrigin.Ticket,
            FirstStatus = status,
            Silent = silent,
            NeedsLink = true,
            Base = observed,
            Transition = wants.ToWrite("the marker follows the state in which the ticket was found"),
            Lines =
            [
                silent
                    ? new TimelineLine("raised", $"Ticket found, marked before Install: linked as {word} without a page.", "It was older than the age window when the connection was installed, so the mark is of an earlier installation.")
                    : new TimelineLine("raised", $"Ticket found with Deskbridge's marker but unknown here: linked as {word}.", "The hub's own record of it was lost, for example by a restore."),
            ],
            LookAgainAt = verdicts.ChangesAt,
        };
    }

    /// <summary>Install looks through the age window; what was older then, this installation never raised, so that its mark was there already (engine.md §6.11).</summary>
    private static bool IsOlderThanInstall(AlertPlanInput input) => input.InstalledAt is { } installed && input.Ticket.EnteredAt < installed - input.Rules.AgeWindow;

    private static AlertPlan PlanAttached(AlertPlanInput input, LinkView link, AlertView alert, EventVerdicts verdicts)
    {
        var later = RestoredStep.Decide(input, link, alert, verdicts);
        var inbound = later ?? InboundStep.Decide(input, link, alert, verdicts);
        inbound = inbound with { Lines = [.. TicketNews.Of(link.Base, input.Ticket, withStatus: inbound.Lines.Count == 0), .. inbound.Lines] };
        var observed = link.Base.Observed(input.Ticket) with { Verdicts = verdicts.Over(link.SameRules ? link.Base : null) };
        if (later is not null || inbound.Renews || inbound.Target != alert.Status) return FromTicket(input, alert, observed, inbound, verdicts);

        var pending = alert.Transition > link.PlannedTransition || link.PlanAgain;
        var plan = pending ? OutboundStep.Decide(input, link, alert, observed, inbound.Lines) : new AlertPlan { Base = observed, Lines = inbound.Lines };
        return plan with { Decisions = [.. inbound.Decisions, .. plan.Decisions], LookAgainAt = verdicts.ChangesAt };
    }

    /// <summary>A state that the ticket gives: only the marker is written, no rule action runs (invariant I17).</summary>
    private static AlertPlan FromTicket(AlertPlanInput input, AlertView alert, LinkBase observed, InboundStep inbound, EventVerdicts verdicts)
    {
        var plan = new AlertPlan
        {
            Move = inbound.Target switch
            {
                _ when inbound.Renews => AlertMove.Renew,
                _ when inbound.Target == alert.Status => AlertMove.None,
                AlertStatus.Open => AlertMove.Reopen,
                AlertStatus.Acknowledged => AlertMove.Acknowledge,
                _ => AlertMove.Close,
            },
            Origin = inbound.Origin,
            FirstStatus = inbound.Target,
            Base = observed with
            {
                UndoAcknowledge = inbound.Target == AlertStatus.Closed ? observed.UndoAcknowledge : null,
                UndoClose = null,
                RaisedBy = inbound.RaisedBy ?? observed.RaisedBy,
                AtTransition = observed.Fields,
                Reached = [],
            },
            Overtakes = inbound.Target == AlertStatus.Closed ? Overtaken.AllButOwner : Overtaken.All,
            Lines = inbound.Lines,
            Decisions = inbound.Decisions,
            Trace = inbound.Trace,
            LookAgainAt = verdicts.ChangesAt,
        };
        if (input.Safeties.Actions.Run(TransitionOrigin.Ticket))
            return OutboundStep.WithActions(input, inbound.Target, plan);

        var wants = new FieldWants(input.Ticket);
        wants.WantMarkers(inbound.Target);
        return plan with { Transition = wants.ToWrite("the ticket changed the alert; only the marker follows") };
    }
}
