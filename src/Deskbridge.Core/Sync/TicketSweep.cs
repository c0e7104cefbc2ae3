using Deskbridge.Connectors;
using Deskbridge.Core.Connections;
using Deskbridge.Core.Data;
using Microsoft.EntityFrameworkCore;

namespace Deskbridge.Core.Sync;

/// <summary>
/// The nightly look at everything: every linked ticket by id, every ticket inside the age window once. Finds what the
/// stream missed (drift, expected 0) and tickets that are gone (engine.md §8).
/// </summary>
internal sealed class TicketSweep(
    ConnectorPool pool, ConnectionMonitor monitor, HubStore store, ObservationBook book, MissingTickets vanished, ITicketAttachment attachment, TimeProvider clock)
{
    /// <summary>Name of the cursor that remembers when a sweep last came to its end.</summary>
    public const string Stream = "sweep";

    private const int Batch = 200;

    /// <summary>Sweeps one connection. Answers what it found; null when the connection does not run now.</summary>
    public async Task<SweepResult?> SweepAsync(Guid connectionId, CancellationToken cancel)
    {
        if (await pool.FindAsync(connectionId, cancel) is not { Connector: IReadsTickets reader } live) return null;
        using var callClass = CallClassScope.Use(CallClass.Sweeps);
        try
        {
            var (linked, drift, missing) = await SweepLinksAsync(live, reader, cancel);
            var found = await SweepWindowAsync(live, reader, cancel);
            var gone = await vanished.SweptAsync(live, reader, missing, linked, cancel);
            var result = new SweepResult(linked, drift + found, gone);
            await LogAsync(live.Id, result, cancel);
            if (live.ReadsDetails) await store.WriteAsync(db => attachment.WantDetailsAsync(db, live.Id, cancel), cancel);
            return result;
        }
        catch (ConnectorException failure)
        {
            await monitor.FailedAsync(connectionId, failure, "Nightly sweep", cancel);
            return null;
        }
    }

    private async Task<(int Linked, int Drift, List<string> Missing)> SweepLinksAsync(LiveConnection live, IReadsTickets reader, CancellationToken cancel)
    {
        // Those that count as deleted are asked for too: they may only have been out of sight, and nothing else would find them again.
        var links = await store.ReadAsync(
            db => db.Links
                .Where(l => l.ConnectionId == live.Id && l.Type == RecordTypes.Ticket)
                .OrderBy(l => l.RemoteId)
                .Select(l => new { l.RemoteId, Gone = l.State == LinkState.Tombstoned })
                .ToListAsync(cancel),
            cancel);
        var drift = 0;
        var missing = new List<string>();
        foreach (var batch in links.Chunk(Batch))
        {
            var reading = await Reading.BeginAsync(store, live, cancel);
            var tickets = await reader.ReadTicketsAsync([.. batch.Select(l => l.RemoteId)], cancel);
            drift += await ObserveAsync(live, tickets, reading, cancel);
            missing.AddRange(batch.Where(l => !l.Gone).Select(l => l.RemoteId).Except(tickets.Select(t => t.Id)));
        }

        return (links.Count(l => !l.Gone), drift, missing);
    }

    private async Task<int> SweepWindowAsync(LiveConnection live, IReadsTickets reader, CancellationToken cancel)
    {
        var since = live.RemoteNow - (live.Rules?.AgeWindow ?? RuleBook.UsualAgeWindow);
        string? after = null;
        var found = 0;
        while (true)
        {
            var reading = await Reading.BeginAsync(store, live, cancel);
            var page = await reader.ReadEnteredAsync(since, after, Batch, cancel);
            found += await ObserveAsync(live, page.Tickets, reading, cancel);
            if (!page.Full || page.Tickets.Count == 0) return found;
            after = page.Tickets[^1].Id;
        }
    }

    private Task<int> ObserveAsync(LiveConnection live, IReadOnlyList<RemoteTicket> tickets, Reading reading, CancellationToken cancel) =>
        store.WriteAsync(
            async db =>
            {
                var unsure = await UnsureAsync(db, live.Id, [.. tickets.Select(t => t.Id)], cancel);
                var missedBefore = await MissedBeforeAsync(db, live.Id, cancel);
                var missed = 0;
                foreach (var (row, outcome) in await book.ApplyAsync(db, live.Id, [.. tickets.Select(reading.Of)], cancel))
                {
                    if (outcome == ObservationOutcome.Unchanged) continue;
                    if (outcome == ObservationOutcome.Applied && row.Ticket.UpdatedAt < missedBefore && !unsure.Contains(row.Ticket.Id)) missed++;
                    await db.WakeAsync(
                        live.Id, RecordTypes.Ticket, row.Ticket.Id, clock.GetUtcNow(), "sweep",
                        needsRead: outcome == ObservationOutcome.Stale, cancel: cancel);
                }

                return missed;
            },
            cancel);

    /// <summary>What was changed before this, on the remote's clock, the stream has shown or never will. Later changes are news to the sweep only because no poll came yet.</summary>
    private static async Task<DateTimeOffset> MissedBeforeAsync(HubDb db, Guid connectionId, CancellationToken cancel) =>
        await db.Cursors.FindAsync([connectionId, TicketPoller.Stream], cancel) is { } stream ? stream.MarkTime.AddSeconds(-stream.OverlapSeconds) : DateTimeOffset.MinValue;

    /// <summary>Tickets that were missing or counted as deleted: that one of them shows again is no change that the stream missed.</summary>
    private static Task<HashSet<string>> UnsureAsync(HubDb db, Guid connectionId, List<string> ids, CancellationToken cancel) =>
        db.Mirrors
            .Where(m => m.ConnectionId == connectionId && m.Type == RecordTypes.Ticket && ids.Contains(m.RemoteId) && (m.MissingSince != null || m.TombstonedAt != null))
            .Select(m => m.RemoteId)
            .ToHashSetAsync(StringComparer.Ordinal, cancel);

    private Task LogAsync(Guid connectionId, SweepResult result, CancellationToken cancel) =>
        store.WriteAsync(
            async db =>
            {
                var now = clock.GetUtcNow();
                var cursor = await db.Cursors.FindAsync([connectionId, Stream], cancel)
                    ?? db.Cursors.Add(new Cursor { ConnectionId = connectionId, Stream = Stream, MarkTime = now, OverlapSeconds = 0 }).Entity;
                (cursor.MarkTime, cursor.LastCompleteAt) = (now, now);
                db.LogConnectionEvent(
                    connectionId, "sweep", null,
                    $"Sweep: {result.Linked} linked tickets compared, {result.Drift} differed (expected 0), {result.Gone} no longer exist.",
                    null, null, now);
            },
            cancel);
}

/// <summary>What a sweep found.</summary>
/// <param name="Linked">Linked tickets compared.</param>
/// <param name="Drift">Tickets that the stream had missed.</param>
/// <param name="Gone">Tickets that no longer exist.</param>
internal sealed record SweepResult(int Linked, int Drift, int Gone);
