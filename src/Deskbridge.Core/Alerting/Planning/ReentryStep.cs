using Deskbridge.Connectors;

namespace Deskbridge.Core.Alerting.Planning;

/// <summary>A ticket that comes back: closed and open again, or matching the retrieval event again (engine.md §6.5).</summary>
/// <param name="Target">The state that the alert, or the one that takes its place, shall have.</param>
internal sealed record ReentryStep(AlertStatus Target)
{
    /// <summary>The alert ends and another one takes its place.</summary>
    public bool Renews { get; init; }

    /// <summary>Remote id of the event that raises the next alert; null for the one that raised this.</summary>
    public string? RaisedBy { get; init; }

    /// <summary>Why, for the timeline.</summary>
    public IReadOnlyList<TimelineLine> Lines { get; init; } = [];

    /// <summary>Where the sides differ from now on because the settings say so.</summary>
    public IReadOnlyList<FieldDecision> Decisions { get; init; } = [];

    /// <summary>The clauses behind it.</summary>
    public IReadOnlyList<ClauseTrace> Trace { get; init; } = [];

    /// <summary>Decides.</summary>
    /// <param name="input">All that is looked at.</param>
    /// <param name="link">The link.</param>
    /// <param name="alert">The alert.</param>
    /// <param name="verdicts">What the rules say of the ticket.</param>
    /// <param name="hubIsAhead">A person acted here, and the ticket does not show it yet.</param>
    /// <param name="asked">What an update event asks for at the same time.</param>
    public static ReentryStep Decide(AlertPlanInput input, LinkView link, AlertView alert, EventVerdicts verdicts, bool hubIsAhead, AlertStatus asked)
    {
        var openedAgain = link.Base.Fields.GetValueOrDefault(TicketFields.Closed) == "true" && !input.Ticket.Closed;
        IReadOnlyList<JudgedEvent> firing = link.SameRules ? verdicts.Firing(InboundEventKind.Raise, link.Base, newRules: false, input.Safeties.Edge) : [];
        if (!openedAgain && firing.Count == 0) return new ReentryStep(alert.Status);

        var (answer, matching) = Answer(input, link, alert, openedAgain, firing);
        var why = openedAgain ? "The ticket was closed and is open again." : $"The ticket matches again. {matching?.ExplainShort()}";
        if (hubIsAhead) return Overruled(alert, why);

        if (answer.Why is { } reason) why = $"{why.TrimEnd('.')}. {reason}";
        if (answer.What is Reentry.Stays or Reentry.Ignored) return Left(input, alert, answer.What, why);
        if (answer.What == Reentry.Renews && asked == AlertStatus.Closed)
            return Stays(alert, new TimelineLine("repeated", "Ticket came back and asks to be closed at once: no new alert.", why));

        IReadOnlyList<ClauseTrace> trace = openedAgain ? [new ClauseTrace("the ticket was closed and is open again", true, input.Ticket.Status?.Name ?? "")] : matching?.Verdict.Trace ?? [];
        return answer.What == Reentry.Renews
            ? new ReentryStep(AlertStatus.Open) { Renews = true, RaisedBy = matching?.Event.Id, Lines = [new TimelineLine("raised", "Ticket came back: new alert.", why)], Trace = trace }
            : new ReentryStep(AlertStatus.Open)
            {
                Lines = [new TimelineLine(alert.Status == AlertStatus.Closed ? "reopened" : "unacknowledged", "Ticket came back: alert open again.", why)],
                Trace = trace,
            };
    }

    /// <summary>Of the rules by which the ticket comes back, the one whose policy does most; a ticket that was closed comes back by the rule that raised its alert too.</summary>
    private static (ReentryAnswer Answer, JudgedEvent? By) Answer(AlertPlanInput input, LinkView link, AlertView alert, bool openedAgain, IReadOnlyList<JudgedEvent> firing)
    {
        var answers = firing.Select(judged => (Answer: Of(judged.Event.Id), By: (JudgedEvent?)judged)).ToList();
        if (openedAgain) answers.Add((Of(link.Base.RaisedBy), null));
        return answers.MaxBy(one => one.Answer.What);

        ReentryAnswer Of(string? eventId) => input.Safeties.Reentry.Answer(alert, input.Preferences, eventId, input.Now);
    }

    private static ReentryStep Overruled(AlertView alert, string why) => Stays(alert, alert.Status != AlertStatus.Open
        ? new TimelineLine("conflict", $"The ticket came back at the same time; the {InboundStep.Verb(alert.Status)} made here wins.", why)
        : new TimelineLine("repeated", "Ticket came back; the alert stays as it is.", why));

    private static ReentryStep Left(AlertPlanInput input, AlertView alert, Reentry what, string why)
    {
        var line = new TimelineLine("repeated", $"Ticket came back; the alert stays {(what == Reentry.Ignored ? AlertWords.Of(alert.Status) : "as it is")}.", why);
        var differs = what == Reentry.Ignored && alert.Status == AlertStatus.Closed && !input.Ticket.Closed;
        return Stays(alert, line) with
        {
            Decisions = differs ? [new FieldDecision(TicketFields.Status, null, AlertWords.Of(alert.Status), input.Ticket.Status?.Name, why)] : [],
        };
    }

    private static ReentryStep Stays(AlertView alert, TimelineLine line) => new(alert.Status) { Lines = [line] };
}
