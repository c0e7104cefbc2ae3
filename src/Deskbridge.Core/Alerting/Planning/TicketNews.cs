using Deskbridge.Connectors;
using Deskbridge.Core.Sync;

namespace Deskbridge.Core.Alerting.Planning;

/// <summary>What others did to the ticket since both sides last agreed, for the timeline: it is one for both.</summary>
internal static class TicketNews
{
    /// <summary>A line per change. The status is left out where the ticket's effect on the alert tells of it.</summary>
    public static IReadOnlyList<TimelineLine> Of(LinkBase known, RemoteTicket ticket, bool withStatus)
    {
        var lines = new List<TimelineLine>();
        var why = ticket.UpdatedBy is { Length: > 0 } by ? $"Changed last by {by}." : null;
        if (Moved(TicketFields.MergedInto) && ticket.MergedInto is { } into)
            lines.Add(new TimelineLine("conflict", $"Ticket was merged into ticket {into.Id}{Quoted(into)}.", "What is written here stays on this ticket; the work goes on there."));
        if (Moved(TicketFields.Board)) lines.Add(new TimelineLine("ticket-updated", $"Ticket moved to board{Quoted(ticket.Board)}.", why));
        if (Moved(TicketFields.Company)) lines.Add(new TimelineLine("ticket-updated", $"Ticket moved to company{Quoted(ticket.Company)}.", why));
        if (Moved(TicketFields.Priority)) lines.Add(new TimelineLine("ticket-updated", $"Ticket has priority{Quoted(ticket.Priority)} now.", why));
        if (Moved(TicketFields.Owner)) lines.Add(new TimelineLine("ticket-updated", ticket.Owner is { } owner ? $"Ticket is owned by {owner.Name} now." : "Ticket has no owner any more.", why));
        if (withStatus && Moved(TicketFields.Status)) lines.Add(new TimelineLine("ticket-updated", $"Ticket is{Quoted(ticket.Status)} now.", why));
        return lines;

        bool Moved(string field) => known.Fields.TryGetValue(field, out var before) && before != ticket[field];
    }

    private static string Quoted(RemoteRef? value) => string.IsNullOrEmpty(value?.Name) ? " (none)" : $" \"{value.Name}\"";
}
