using Deskbridge.Connectors;
using Deskbridge.Core.Connections;
using Deskbridge.Core.Data;
using Deskbridge.Core.Operations;
using Microsoft.EntityFrameworkCore;

namespace Deskbridge.Core.Sync;

/// <summary>
/// Plans tickets that were never linked in the transaction that stores them: nothing of theirs can be in doubt, nobody acted on them and
/// nothing else must be read, so that a page can go out from the list's own row. Every other ticket is woken and planned by the worker, and
/// so is one that carries our marker: of that, more than the row must be read.
/// </summary>
internal sealed class FirstSight(ITicketAttachment attachment, SyncSafeties safeties)
{
    /// <summary>Plans those that nobody knows yet. Part of the caller's transaction. Answers their ids; the rest is to be woken.</summary>
    public async Task<HashSet<string>> PlanAsync(HubDb db, LiveConnection live, IReadOnlyList<RemoteTicket> tickets, CancellationToken cancel)
    {
        var ids = tickets.Select(ticket => ticket.Id).ToList();
        var known = await db.Links
            .Where(link => link.ConnectionId == live.Id && link.Type == RecordTypes.Ticket && ids.Contains(link.RemoteId))
            .Select(link => link.RemoteId)
            .Concat(db.Wakes
                .Where(wake => wake.ConnectionId == live.Id && wake.Type == RecordTypes.Ticket && ids.Contains(wake.RemoteId))
                .Select(wake => wake.RemoteId))
            .ToHashSetAsync(StringComparer.Ordinal, cancel);
        var planned = new HashSet<string>(StringComparer.Ordinal);
        foreach (var ticket in tickets)
        {
            if (ticket.MarkerRetrieved == true || known.Contains(ticket.Id) || !planned.Add(ticket.Id)) continue;
            using var span = Tracing.Begin("ticket");
            var context = new TicketContext([], null, null, ticket.Board?.Id);
            var again = await attachment.PlanAsync(db, live, ticket, null, context, cancel);
            if (safeties.TimeWakes.Next(again) is { } next) db.Wakes.Add(Wake.AtTime(live, ticket.Id, next, version: 1));
        }

        return planned;
    }
}
