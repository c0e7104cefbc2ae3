using System.Collections.Concurrent;
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
    private const int MostTogether = 64;
    private static readonly TimeSpan TryAgainAfter = TimeSpan.FromMinutes(2);
    private static readonly TimeSpan LeftAlone = TimeSpan.FromSeconds(30);

    /// <summary>Where many are read in the calls of one, fewer than can be wait so long for each other.</summary>
    private static readonly TimeSpan Gathers = TimeSpan.FromSeconds(5);

    /// <summary>When the details of a connection that reads many together were read last.</summary>
    private readonly ConcurrentDictionary<Guid, DateTimeOffset> _together = new();

    /// <summary>Reads the details that are wanted, up to one batch of each connection. Answers how many tickets were read.</summary>
    public async Task<int> RunOnceAsync(CancellationToken cancel)
    {
        var now = clock.GetUtcNow();
        var notSince = now - TryAgainAfter;
        var due = await store.ReadAsync(
            db => (from ticket in db.Tickets
                   join mirror in db.Mirrors on new { ticket.ConnectionId, ticket.RemoteId } equals new { mirror.ConnectionId, mirror.RemoteId }
                   where (ticket.DetailsWanted || ticket.DetailsAgainAt <= now) && (ticket.DetailsFailedAt == null || ticket.DetailsFailedAt < notSince)
                   orderby ticket.DetailsFailedAt != null, ticket.DetailsReadAt != null, ticket.DetailsReadAt // what fails last, never read first, on either database
                   select new { ticket.Id, ticket.ConnectionId }).Take(MostTogether).ToListAsync(cancel),
            cancel);
        if (due.Count == 0) return 0;
        var parts = new List<Guid[]>();
        foreach (var tickets in due.GroupBy(ticket => ticket.ConnectionId, ticket => ticket.Id))
        {
            if (!await ReadsTogetherAsync(tickets.Key, cancel)) parts.AddRange(tickets.Take(Batch).Select(id => new[] { id }));
            else if (MayRead(tickets.Key, tickets.Count(), now)) parts.Add([.. tickets]);
        }

        if (parts.Count == 0) return 0;
        var wanted = await WantedAsync([.. parts.SelectMany(part => part)], cancel);
        using var callClass = CallClassScope.Use(CallClass.Children);
        foreach (var part in parts)
        {
            List<Wanted> tickets = [.. part.Select(id => wanted.GetValueOrDefault(id)).OfType<Wanted>()];
            if (tickets.Count == 0) continue;
            await ReadAsync(tickets[0].ConnectionId, tickets, cancel);
            watch.Beat(Pump.Details);
        }

        return wanted.Count;
    }

    private bool MayRead(Guid connectionId, int count, DateTimeOffset now)
    {
        if (count < MostTogether && _together.TryGetValue(connectionId, out var last) && (now - last).Duration() < Gathers) return false;
        _together[connectionId] = now;
        return true;
    }

    /// <summary>The tickets with their bodies, of those only that are read now.</summary>
    private Task<Dictionary<Guid, Wanted>> WantedAsync(List<Guid> ids, CancellationToken cancel) =>
        store.ReadAsync(
            db => (from ticket in db.Tickets
                   join mirror in db.Mirrors on new { ticket.ConnectionId, ticket.RemoteId } equals new { mirror.ConnectionId, mirror.RemoteId }
                   where ids.Contains(ticket.Id)
                   select new Wanted(
                       ticket.Id, ticket.ConnectionId, ticket.RemoteId, mirror.Body, mirror.Hash,
                       db.ChildPairs.Count(pair => pair.Kind == ChildPair.Document && db.Links.Any(link => link.Id == pair.LinkId && link.TicketId == ticket.Id)))).ToDictionaryAsync(one => one.Id, cancel),
            cancel);

    private async Task<bool> ReadsTogetherAsync(Guid connectionId, CancellationToken cancel)
    {
        try
        {
            return await pool.FindAsync(connectionId, cancel) is { Connector: IReadsDetailsTogether };
        }
        catch (ConnectorException)
        {
            return false; // told by whoever reads
        }
    }

    private async Task ReadAsync(Guid connectionId, IReadOnlyList<Wanted> wanted, CancellationToken cancel)
    {
        var began = clock.GetUtcNow();
        List<Seen> seen = [];
        try
        {
            if (!monitor.IsOpen(connectionId, began)
                && await pool.FindAsync(connectionId, cancel) is { Connector: IReadsTickets reader and IReadsTicketDetails beside } live)
            {
                var tickets = wanted.Select(one => reader.ParseTicket(one.Body)).ToList();
                IReadOnlyList<TicketDetails> details = beside is IReadsDetailsTogether many ? await many.ReadDetailsAsync(tickets, cancel) : [await beside.ReadDetailsAsync(tickets[0], cancel)];
                seen = [.. tickets.Zip(details, (ticket, found) => new Seen(found, began < ticket.UpdatedAt - live.ClockOffset + LeftAlone ? began + LeftAlone : null))];
            }
        }
        catch (ConnectorException failure)
        {
            await monitor.FailedAsync(connectionId, failure, "Reading ticket details", cancel);
        }

        await store.WriteAsync(
            async db =>
            {
                for (var i = 0; i < wanted.Count; i++) await StoreAsync(db, wanted[i], seen.ElementAtOrDefault(i), began, cancel);
            },
            cancel);
    }

    private async Task StoreAsync(HubDb db, Wanted wanted, Seen? seen, DateTimeOffset began, CancellationToken cancel)
    {
        var ticket = await db.Tickets.SingleAsync(t => t.Id == wanted.Id, cancel);
        if (seen is null)
        {
            ticket.DetailsFailedAt = clock.GetUtcNow();
            return;
        }

        ticket.Details = Json.Write(seen.Details);
        (ticket.DetailsReadAt, ticket.DetailsFailedAt, ticket.DetailsAgainAt) = (began, null, seen.Again);
        if (await IsLatestAsync(db, wanted, cancel)) ticket.DetailsWanted = false;
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

    private sealed record Seen(TicketDetails Details, DateTimeOffset? Again);

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
