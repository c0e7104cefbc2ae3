using Deskbridge.Connectors;
using Deskbridge.Core.Common;
using Deskbridge.Core.Connections;
using Deskbridge.Core.Data;
using Deskbridge.Core.Operations;
using Microsoft.EntityFrameworkCore;

namespace Deskbridge.Core.Sync;

/// <summary>
/// Reads the details beside tickets that matter: at first sight, again when the ticket changed, and once more when it was left alone for a while.
/// Notes and files often come right after the ticket (a mail that became one brings its attachments so), and need not change it. Nothing waits for it.
/// </summary>
internal sealed class DetailReader(ConnectorPool pool, ConnectionMonitor monitor, HubStore store, PumpWatch watch, TimeProvider clock)
{
    private const int Batch = 8;
    private static readonly TimeSpan TryAgainAfter = TimeSpan.FromMinutes(2);
    private static readonly TimeSpan LeftAlone = TimeSpan.FromSeconds(30);

    /// <summary>Reads the details that are wanted, up to one batch. Answers how many tickets were read.</summary>
    public async Task<int> RunOnceAsync(CancellationToken cancel)
    {
        var now = clock.GetUtcNow();
        var notSince = now - TryAgainAfter;
        var wanted = await store.ReadAsync(
            db => (from ticket in db.Tickets
                   join mirror in db.Mirrors on new { ticket.ConnectionId, ticket.RemoteId } equals new { mirror.ConnectionId, mirror.RemoteId }
                   where (ticket.DetailsWanted || ticket.DetailsAgainAt <= now) && (ticket.DetailsFailedAt == null || ticket.DetailsFailedAt < notSince)
                   orderby ticket.DetailsFailedAt != null, ticket.DetailsReadAt != null, ticket.DetailsReadAt // what fails last, never read first, on either database
                   select new Wanted(
                       ticket.Id, ticket.ConnectionId, ticket.RemoteId, mirror.Body, mirror.Hash,
                       db.ChildPairs.Count(pair => pair.Kind == ChildPair.Document && db.Links.Any(link => link.Id == pair.LinkId && link.TicketId == ticket.Id)))).Take(Batch).ToListAsync(cancel),
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
        DateTimeOffset? again = null;
        var began = clock.GetUtcNow();
        try
        {
            if (!monitor.IsOpen(wanted.ConnectionId, began)
                && await pool.FindAsync(wanted.ConnectionId, cancel) is { Connector: IReadsTickets tickets and IReadsTicketDetails reader } live)
            {
                var seen = tickets.ParseTicket(wanted.Body);
                details = await reader.ReadDetailsAsync(seen, cancel);
                if (began < seen.UpdatedAt - live.ClockOffset + LeftAlone) again = began + LeftAlone;
            }
        }
        catch (ConnectorException failure)
        {
            await monitor.FailedAsync(wanted.ConnectionId, failure, "Reading ticket details", cancel);
        }

        await store.WriteAsync(
            async db =>
            {
                var ticket = await db.Tickets.SingleAsync(t => t.Id == wanted.Id, cancel);
                if (details is null)
                {
                    ticket.DetailsFailedAt = clock.GetUtcNow();
                    return;
                }

                ticket.Details = Json.Write(details);
                (ticket.DetailsReadAt, ticket.DetailsFailedAt, ticket.DetailsAgainAt) = (began, null, again);
                if (await IsLatestAsync(db, wanted, cancel)) ticket.DetailsWanted = false;
            },
            cancel);
    }

    /// <summary>
    /// A ticket that changed while its details were read may have raised the wish anew: that one is not served by them. So may a file of ours that
    /// became a document meanwhile, which need not change the ticket.
    /// </summary>
    private static Task<bool> IsLatestAsync(HubDb db, Wanted wanted, CancellationToken cancel) =>
        db.Mirrors.AnyAsync(
            m => m.ConnectionId == wanted.ConnectionId && m.Type == RecordTypes.Ticket && m.RemoteId == wanted.RemoteId && m.Hash == wanted.Hash
                && db.ChildPairs.Count(pair => pair.Kind == ChildPair.Document && db.Links.Any(link => link.Id == pair.LinkId && link.TicketId == wanted.Id)) == wanted.Documents,
            cancel);

    private sealed record Wanted(Guid Id, Guid ConnectionId, string RemoteId, string Body, string Hash, int Documents);
}

/// <summary>Asks for details anew.</summary>
internal static class DetailsWanted
{
    extension(HubDb db)
    {
        /// <summary>The details of these tickets are read anew, at once even where that failed a moment ago. Part of the caller's transaction.</summary>
        public async Task WantDetailsAsync(IQueryable<Ticket> tickets, CancellationToken cancel)
        {
            await tickets
                .Where(ticket => !ticket.DetailsWanted || ticket.DetailsFailedAt != null)
                .ExecuteUpdateAsync(set => set.SetProperty(ticket => ticket.DetailsWanted, true).SetProperty(ticket => ticket.DetailsFailedAt, (DateTimeOffset?)null), cancel);
            db.Hints.Add(WorkHint.Details);
        }
    }
}
