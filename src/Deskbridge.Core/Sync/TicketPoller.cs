using Deskbridge.Connectors;
using Deskbridge.Core.Common;
using Deskbridge.Core.Connections;
using Deskbridge.Core.Data;
using Deskbridge.Core.Operations;
using Microsoft.EntityFrameworkCore;

namespace Deskbridge.Core.Sync;

/// <summary>
/// Reads the one stream of changed tickets of a connection (engine.md §8). Rows are observations: mirror, wakes and cursor
/// are committed together, page by page; the mark moves when the whole window is durable.
/// </summary>
internal sealed class TicketPoller(
    ConnectorPool pool, ConnectionMonitor monitor, HubStore store, ObservationBook book, SyncSafeties safeties, Failpoints failpoints, TimeProvider clock)
{
    /// <summary>Name of the stream.</summary>
    public const string Stream = "tickets";

    private const int PageSize = 500;

    /// <summary>Reads to the end of the stream. Answers how many rows were new; null when the connection does not run now.</summary>
    public async Task<int?> PollAsync(Guid connectionId, CancellationToken cancel)
    {
        if (await pool.FindAsync(connectionId, cancel) is not { Connector: IReadsTickets reader } live) return null;
        if (monitor.IsOpen(connectionId, clock.GetUtcNow())) return null;
        using var callClass = CallClassScope.Use(CallClass.Tickets);
        using var span = Tracing.Begin("poll");
        try
        {
            var fresh = await ReadAllAsync(live, reader, cancel);
            await monitor.SucceededAsync(connectionId, live.Connector.ClockOffset, cancel);
            return fresh;
        }
        catch (ConnectorException failure)
        {
            await monitor.FailedAsync(connectionId, failure, "reading changed tickets", cancel);
            return null;
        }
    }

    private async Task<int> ReadAllAsync(LiveConnection live, IReadsTickets reader, CancellationToken cancel)
    {
        var cursor = await store.ReadAsync(db => db.Cursors.SingleOrDefaultAsync(c => c.ConnectionId == live.Id && c.Stream == Stream, cancel), cancel);
        var startedAt = live.RemoteNow;
        var mark = cursor?.MarkTime ?? startedAt;
        var since = WholeSecond(mark.AddSeconds(-(cursor?.OverlapSeconds ?? DefaultOverlapSeconds)));

        var seen = new HashSet<(string, DateTimeOffset)>();
        var newest = DateTimeOffset.MinValue;
        var oldestNew = DateTimeOffset.MaxValue;
        int fresh = 0, number = 1;
        while (true)
        {
            var reading = await Reading.BeginAsync(store, live, cancel);
            var page = await reader.ReadChangedAsync(since, number, PageSize, cancel);
            var rows = page.Tickets.Where(t => seen.Add((t.Id, t.UpdatedAt))).Select(t => reading.Of(t) with { IsPolled = true }).ToList();
            if (rows.Count > 0)
            {
                var applied = await StoreAsync(live, rows, cancel);
                fresh += applied.Count;
                newest = Max(newest, rows.Max(r => r.Ticket.UpdatedAt));
                foreach (var row in applied) oldestNew = row.UpdatedAt < oldestNew ? row.UpdatedAt : oldestNew;
            }

            if (!page.Full) break;
            failpoints.Pass("poll.between-pages");
            (since, number) = safeties.Paging.Next(since, number, rows.Count > 0 ? WholeSecond(newest) : null);
        }

        await MoveMarkAsync(live.Id, startedAt, mark, newest, oldestNew, cancel);
        return fresh;
    }

    private async Task<List<RemoteTicket>> StoreAsync(LiveConnection live, List<Observation> rows, CancellationToken cancel)
    {
        var applied = await store.WriteAsync(
            async db =>
            {
                var news = new List<RemoteTicket>();
                foreach (var (row, outcome) in await book.ApplyAsync(db, live.Id, rows, cancel))
                {
                    if (outcome == ObservationOutcome.Unchanged) continue;
                    var stale = outcome == ObservationOutcome.Stale;
                    await db.WakeAsync(live.Id, RecordTypes.Ticket, row.Ticket.Id, clock.GetUtcNow(), stale ? "old read" : "poll", needsRead: stale, cancel: cancel);
                    if (!stale) news.Add(row.Ticket);
                }

                failpoints.Pass("poll.before-commit");
                return news;
            },
            cancel);
        failpoints.Pass("poll.after-commit");
        return applied;
    }

    /// <summary>Moves the mark, never backwards, and widens the overlap when a row turned up later than it covers comfortably.</summary>
    private Task MoveMarkAsync(
        Guid connectionId, DateTimeOffset startedAt, DateTimeOffset mark, DateTimeOffset newest, DateTimeOffset oldestNew, CancellationToken cancel) =>
        store.WriteAsync(
            async db =>
            {
                var cursor = await db.Cursors.FindAsync([connectionId, Stream], cancel);
                if (cursor is null)
                {
                    cursor = new Cursor { ConnectionId = connectionId, Stream = Stream, MarkTime = mark, OverlapSeconds = DefaultOverlapSeconds };
                    db.Cursors.Add(cursor);
                }

                // Somebody set the mark back while this poll ran ("Sync now"): theirs stands, the next poll reads from there.
                if (cursor.MarkTime != mark) return;
                cursor.MarkTime = safeties.Marks.After(cursor.MarkTime, newest > DateTimeOffset.MinValue ? newest : null, startedAt);
                if (oldestNew < mark) cursor.OverlapSeconds = Math.Clamp((int)(2 * (mark - oldestNew).TotalSeconds), cursor.OverlapSeconds, MaxOverlapSeconds);
                cursor.LastCompleteAt = clock.GetUtcNow();
            },
            cancel);

    internal const int DefaultOverlapSeconds = 300;
    private const int MaxOverlapSeconds = 3600;

    private static DateTimeOffset WholeSecond(DateTimeOffset instant) => DateTimeOffset.FromUnixTimeSeconds(instant.ToUnixTimeSeconds());

    private static DateTimeOffset Max(DateTimeOffset a, DateTimeOffset b) => a > b ? a : b;
}
