using Deskbridge.Connectors;

namespace Deskbridge.Core.Alerting.Planning;

/// <summary>
/// What a ticket tells of the time between a backup and its restore (engine.md §10): the hub worked on after the backup and wrote its word
/// into the marker, so a marker that moved since is later than anything the backup knows.
/// </summary>
internal static class RestoredStep
{
    /// <summary>The state that the later life of the hub left; null when the link is not from a backup, or its ticket tells nothing new.</summary>
    public static InboundStep? Decide(AlertPlanInput input, LinkView link, AlertView alert, EventVerdicts verdicts)
    {
        if (input.Safeties.LaterMarkers.Read(link, input.Ticket, alert) is not { } word) return null;
        var by = input.Ticket.MarkerUser is { Length: > 0 } user ? $" by {user}" : "";
        var lines = new List<TimelineLine>
        {
            new(Kind(word), $"The ticket's marker says {Adjective(word)}{by}.", "Deskbridge wrote it after the backup that was restored; its own record of it is lost."),
        };

        // What a technician did to the status since is explained by that life too, but for the end: a closed ticket pages nobody.
        var closed = word != AlertStatus.Closed && (input.Ticket.Closed || (link.SameRules
            && input.Preferences.Flows.HasFlag(StatusFlows.TicketCloses)
            && verdicts.Firing(InboundEventKind.Close, link.Base, newRules: false, input.Safeties.Edge).Count > 0));
        if (closed) lines.Add(new TimelineLine("closed", $"Ticket is \"{input.Ticket.Status?.Name}\": alert closed."));
        if (word == AlertStatus.Closed && !input.Ticket.Closed) lines.Add(new TimelineLine("conflict", $"The alert is closed, the ticket is \"{input.Ticket.Status?.Name}\". See whether it was opened again.", "After a restore the marker counts."));
        return new InboundStep(closed ? AlertStatus.Closed : word, lines)
        {
            Origin = TransitionOrigin.Hub,
            Trace = [new ClauseTrace("after a restore, the marker on the ticket is later than what the hub remembers", true, input.Ticket.MarkerStatus ?? "empty")],
        };
    }

    private static string Kind(AlertStatus status) => status switch
    {
        AlertStatus.Acknowledged => "acknowledged",
        AlertStatus.Closed => "closed",
        _ => "reopened",
    };

    private static string Adjective(AlertStatus status) => status switch
    {
        AlertStatus.Acknowledged => "acknowledged",
        AlertStatus.Closed => "closed",
        _ => "open",
    };
}

/// <summary>Reads what a later life of the hub wrote into the markers of a ticket whose link came back from a backup.</summary>
internal class LaterMarker
{
    /// <summary>
    /// The state of that life; null when the markers say nothing new. A word that an unfinished write of the backup explains is none, as
    /// long as the hub has a later command to carry out.
    /// </summary>
    public virtual AlertStatus? Read(LinkView link, RemoteTicket ticket, AlertView alert)
    {
        if (link.Restored is null) return null;
        var word = MarkerWord.Read(ticket.MarkerStatus);
        if (!link.Base.Fields.ContainsKey(TicketFields.MarkerStatus)) return word > alert.Status ? word : null;
        if (!Moved(link, ticket, TicketFields.MarkerStatus) && !Moved(link, ticket, TicketFields.MarkerUser)) return null;
        var commanded = alert.Transition > link.PlannedTransition || link.PlanAgain;
        return commanded && word != alert.Status && link.Restored.Contains(MarkerWord.Of(word)) ? null : word;
    }

    /// <summary>A ticket that the backup only watched, and that was taken over after it.</summary>
    public virtual bool TookOver(LinkView link, RemoteTicket ticket) =>
        link.Restored is not null && ticket.MarkerRetrieved == true && link.Base.Fields.GetValueOrDefault(TicketFields.MarkerRetrieved) != "true";

    private static bool Moved(LinkView link, RemoteTicket ticket, string field) => link.Base.Fields.GetValueOrDefault(field) != ticket[field];
}

/// <summary>Says whether work that a backup shows as unfinished may have been done since.</summary>
internal class RestoredWork
{
    /// <summary>It may: it is looked for before it is sent.</summary>
    public virtual bool MayBeDone => true;

    /// <summary>Notes that the hub put on the ticket, whether it remembers them or not.</summary>
    public virtual IEnumerable<OurNote> Ours(IReadOnlyList<RemoteNote> notes) => OurNote.In(notes);
}
