using Deskbridge.Connectors;
using Deskbridge.Core.Connections;
using Deskbridge.Core.Data;
using Deskbridge.Core.Sync;
using Microsoft.EntityFrameworkCore;

namespace Deskbridge.Core.Alerting.Intake;

/// <summary>
/// Alerts that a mail or a callout raised before a connection saw their ticket. When it does, the alert becomes the ticket's own: kept in step
/// both ways from then on, and nobody is paged again (decision 0055). Part of the transaction that plans the ticket.
/// </summary>
internal sealed class SentAlerts(AlertTransitions transitions, TimeProvider clock)
{
    /// <summary>The open alert of the connection's team that this ticket takes over; null for none.</summary>
    public static async Task<Alert?> FindAsync(HubDb db, LiveConnection live, RemoteTicket ticket, Alert? present, CancellationToken cancel)
    {
        if (live.Connection.TeamId is not { } team || present is { Status: not AlertStatus.Closed }) return null;
        if (!db.SentSeen.TryGetValue(team, out var open))
        {
            open = await db.Alerts.Where(alert => alert.TeamId == team && alert.LinkId == null && alert.Status != AlertStatus.Closed && (alert.TicketNumber != null || alert.TicketRemoteId != null)).ToListAsync(cancel);
            db.SentSeen[team] = open;
        }

        var sent = open.Find(alert => alert.LinkId is null && alert.Status != AlertStatus.Closed && Names(alert, ticket));
        if (sent is null || await IsOneOfSeveralAsync(db, live, cancel)) return null;
        return ticket.Closed && ticket.UpdatedAt - live.ClockOffset < sent.RaisedAt ? null : sent; // somebody wants help with what was closed before
    }

    /// <summary>Puts the alert on the ticket's link, and closes it with a closed ticket. Answers when to plan the ticket again, which is at once: that writes what people did to the alert meanwhile.</summary>
    public async Task<DateTimeOffset> AdoptAsync(HubDb db, LiveConnection live, RemoteTicket ticket, Link link, Alert? earlier, Alert sent, LinkBase linkBase, CancellationToken cancel)
    {
        var now = clock.GetUtcNow();
        var acted = sent.Origin == TransitionOrigin.Person && sent.Transition > 0;
        link.Generation++;
        link.State = LinkState.Active;
        link.Base = Json(linkBase);
        link.RuleVersionId = live.RuleVersionId;
        link.Version++;
        sent.StandOn(link, earlier);
        sent.TicketNumber = ticket.NumberForPeople;
        sent.TicketRemoteId = ticket.Id;
        link.PlannedTransition = acted ? sent.Transition - 1 : sent.Transition;
        foreach (var note in await db.AlertNotes.Where(note => note.AlertId == sent.Id).ToListAsync(cancel)) note.Planned = false;
        db.AddEvent(sent, "adopted", $"\"{live.Connection.Name}\" found its ticket {ticket.NumberForPeople}: from now on both are kept in step.", "It was raised by what was sent here; nobody is paged again.", null, now);
        db.LogConnectionEvent(live.Id, "adopted", ticket.Id, $"The alert \"{sent.Title}\", raised by what was sent to its team, is kept in step with ticket {ticket.NumberForPeople} from now on.", ticket.Body, null, now, sent.Id);
        if (ticket.Closed && live.Preferences.Flows.HasFlag(StatusFlows.TicketCloses))
        {
            var closed = new StateChange(AlertStatus.Closed, TransitionOrigin.Ticket, null, "closed", $"Ticket is \"{ticket.Status?.Name}\" by now: alert closed.", "It was closed after the alert was raised.");
            if (sent.Status != AlertStatus.Closed) await transitions.ApplyAsync(db, sent, closed, now, cancel);
            link.PlannedTransition = sent.Transition;
        }

        if (await db.Tickets.FindAsync([link.TicketId], cancel) is { } known) known.DetailsWanted = live.ReadsDetails;
        db.Hints.Add(WorkHint.Details);
        return live.RemoteNow;
    }

    private static string Json(LinkBase linkBase) => Common.Json.Write(linkBase);

    private static bool Names(Alert alert, RemoteTicket ticket) => alert.TicketNumber is { } number
        ? number.Equals(ticket.NumberForPeople, StringComparison.OrdinalIgnoreCase)
        : ticket.Number is not null && alert.TicketRemoteId == ticket.Id;

    /// <summary>Two connections to one kind of system may both have a ticket of that number; which one is meant nobody can say.</summary>
    private static Task<bool> IsOneOfSeveralAsync(HubDb db, LiveConnection live, CancellationToken cancel)
    {
        var (id, kind, team) = (live.Id, live.Connection.Kind, live.Connection.TeamId);
        return db.Connections.AnyAsync(other => other.Id != id && other.Kind == kind && other.TeamId == team && other.State != ConnectionState.Removed, cancel);
    }
}
