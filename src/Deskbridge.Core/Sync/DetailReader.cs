using Deskbridge.Connectors;
using Deskbridge.Core.Common;
using Deskbridge.Core.Connections;
using Deskbridge.Core.Data;
using Deskbridge.Core.Operations;
using Microsoft.EntityFrameworkCore;

namespace Deskbridge.Core.Sync;

/// <summary>Reads the details beside tickets that matter: at first sight, and again when the ticket changed. Nothing waits for it.</summary>
internal sealed class DetailReader(ConnectorPool pool, ConnectionMonitor monitor, HubStore store, PumpWatch watch, TimeProvider clock)
{
    private const int Batch = 8;
    private static readonly TimeSpan TryAgainAfter = TimeSpan.FromMinutes(2);

    /// <summary>Reads the details that are wanted, up to one batch. Answers how many tickets were read.</summary>
    public async Task<int> RunOnceAsync(CancellationToken cancel)
    {
        var notSince = clock.GetUtcNow() - TryAgainAfter;
        var wanted = await store.ReadAsync(
            db => (from ticket in db.Tickets
                   join mirror in db.Mirrors on new { ticket.ConnectionId, ticket.RemoteId } equals new { mirror.ConnectionId, mirror.RemoteId }
                   where ticket.DetailsWanted && (ticket.DetailsReadAt == null || ticket.DetailsReadAt < notSince || ticket.Details != "")
                   orderby ticket.DetailsReadAt != null, ticket.DetailsReadAt // never read first, on either database
                   select new Wanted(ticket.Id, ticket.ConnectionId, mirror.Body)).Take(Batch).ToListAsync(cancel),
            cancel);
        using var callClass = CallClassScope.Use(CallClass.Children);
        foreach (var ticket in wanted)
        {
            await ReadAsync(ticket, cancel);
            watch.Beat(Pump.Details);
        }

        return wanted.Count;
    }

    private async Task ReadAsync(Wanted wanted, CancellationToken cancel)
    {
        TicketDetails? details = null;
        try
        {
            if (!monitor.IsOpen(wanted.ConnectionId, clock.GetUtcNow())
                && await pool.FindAsync(wanted.ConnectionId, cancel) is { Connector: IReadsTickets tickets and IReadsTicketDetails reader })
                details = await reader.ReadDetailsAsync(tickets.ParseTicket(wanted.Body), cancel);
        }
        catch (ConnectorException failure)
        {
            await monitor.FailedAsync(wanted.ConnectionId, failure, "Reading ticket details", cancel);
        }

        await store.WriteAsync(
            async db =>
            {
                var ticket = await db.Tickets.SingleAsync(t => t.Id == wanted.Id, cancel);
                ticket.DetailsReadAt = clock.GetUtcNow();
                if (details is null)
                {
                    ticket.Details = "";
                    return;
                }

                ticket.Details = Json.Write(details);
                ticket.DetailsWanted = false;
            },
            cancel);
    }

    private sealed record Wanted(Guid Id, Guid ConnectionId, string Body);
}
