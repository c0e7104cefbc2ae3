using Deskbridge.Connectors;
using Deskbridge.Core.Connections;
using Deskbridge.Core.Data;

namespace Deskbridge.Core.Sync;

/// <summary>
/// A storm of callbacks asks for many tickets at once: they are read by their ids in one call instead of one each. What such a call does not
/// answer, or cannot, is read alone as ever, so that a missing ticket is missed by its own read only and a failure is told by the ticket it concerns.
/// </summary>
internal sealed class SharedReads(ConnectorPool pool, ConnectionMonitor monitor, HubStore store, TimeProvider clock)
{
    /// <summary>Fewer are each read alone, at once.</summary>
    private const int Few = 4;

    /// <summary>Reads what many of these wakes ask for.</summary>
    /// <returns>Per connection, what was read, by remote id.</returns>
    public async Task<IReadOnlyList<SharedRead>> ReadAsync(IReadOnlyList<Wake> claimed, CancellationToken cancel)
    {
        var reads = new List<SharedRead>();
        foreach (var wanted in claimed.Where(wake => wake is { NeedsRead: true, Type: RecordTypes.Ticket }).GroupBy(wake => wake.ConnectionId))
        {
            var wakes = wanted.ToList();
            if (wakes.Count >= Few && await ReadAsync(wanted.Key, wakes, cancel) is { } read) reads.Add(read);
        }

        return reads;
    }

    private async Task<SharedRead?> ReadAsync(Guid connectionId, List<Wake> wakes, CancellationToken cancel)
    {
        try
        {
            if (monitor.IsOpen(connectionId, clock.GetUtcNow()) || await pool.FindAsync(connectionId, cancel) is not { Connector: IReadsTickets reader } live) return null;
            var reading = await Reading.BeginAsync(store, live, cancel);
            var tickets = await reader.ReadTicketsAsync(wakes.ConvertAll(wake => wake.RemoteId), cancel);
            return new SharedRead(live, wakes, tickets.ToDictionary(ticket => ticket.Id, ticket => reading.Of(ticket) with { IsWoken = true }, StringComparer.Ordinal));
        }
        catch (Exception) when (!cancel.IsCancellationRequested)
        {
            return null; // whatever it was: each reads alone and tells of its own failure, so that one bad record is nobody else's trouble
        }
    }
}

/// <summary>Tickets read in one call.</summary>
/// <param name="Live">Their connection.</param>
/// <param name="Wakes">The wakes that asked for them.</param>
/// <param name="Rows">What was read, by remote id.</param>
internal sealed record SharedRead(LiveConnection Live, IReadOnlyList<Wake> Wakes, IReadOnlyDictionary<string, Observation> Rows);
