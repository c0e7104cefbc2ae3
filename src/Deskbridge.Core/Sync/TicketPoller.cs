using System.Runtime.ExceptionServices;
using Deskbridge.Connectors;
using Deskbridge.Core.Common;
using Deskbridge.Core.Connections;
using Deskbridge.Core.Data;
using Deskbridge.Core.Operations;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging;

namespace Deskbridge.Core.Sync;

/// <summary>
/// Reads the one stream of changed tickets of a connection (engine.md §8). Rows are observations: mirror, wakes and cursor
/// are committed together, part by part of each page; the mark moves when the whole window is durable. A ticket that nobody knows yet is
/// planned in the same transaction.
/// </summary>
internal sealed partial class TicketPoller(
    ConnectorPool pool,
    ConnectionMonitor monitor,
    CallbackHeal callbacks,
    HubStore store,
    ObservationBook book,
    FirstSight firstSight,
    PollWindows windows,
    SyncSafeties safeties,
    PageRush rush,
    Failpoints failpoints,
    TimeProvider clock,
    ILogger<TicketPoller> logger)
{
    /// <summary>Name of the stream.</summary>
    public const string Stream = "tickets";

    private const int PageSize = 500;

    /// <summary>Rows that are committed together: enough to share a flush, few enough that nobody else's write waits long.</summary>
    private const int PartSize = 100;

    /// <summary>Reads to the end of the stream. Answers how many rows were new; null when the connection does not run now.</summary>
    public async Task<int?> PollAsync(Guid connectionId, CancellationToken cancel)
    {
        if (await pool.FindAsync(connectionId, cancel) is not { Connector: IReadsTickets reader } live) return null;
        if (monitor.IsOpen(connectionId, clock.GetUtcNow())) return null;
        using var callClass = CallClassScope.Use(CallClass.Tickets);
        using var span = Tracing.Begin("poll");
        try
        {
            var (fresh, young) = await ReadAllAsync(live, reader, cancel);
            if (await monitor.SucceededAsync(connectionId, live.Connector.ClockOffset, young, cancel)) await callbacks.HealAsync(connectionId, cancel, anew: true);
            return fresh;
        }
        catch (ConnectorException failure)
        {
            await monitor.FailedAsync(connectionId, failure, "reading changed tickets", cancel, all: true);
            return null;
        }
    }

    /// <summary>Answers how many rows were new, and how many of those had changed just now.</summary>
    private async Task<(int Fresh, int Young)> ReadAllAsync(LiveConnection live, IReadsTickets reader, CancellationToken cancel)
    {
        var (cursor, writes) = await BeginAsync(live.Id, cancel);
        var startedAt = live.RemoteNow;
        var reading = new Reading(startedAt, writes);
        var mark = cursor?.MarkTime ?? startedAt;
        var from = mark < startedAt ? mark : startedAt; // a remote whose clock was set back is read from its present
        var window = windows.Next(live.Id, from, TimeSpan.FromSeconds(cursor?.OverlapSeconds ?? DefaultOverlapSeconds), clock.GetUtcNow());
        var since = WholeSecond(window.Since);

        var seen = new HashSet<(string, DateTimeOffset)>();
        var newest = DateTimeOffset.MinValue;
        var oldestNew = DateTimeOffset.MaxValue;
        int fresh = 0, young = 0, number = 1;
        while (true)
        {
            var page = await reader.ReadChangedAsync(since, number, PageSize, cancel);
            var rows = page.Tickets.Where(t => seen.Add((t.Id, t.UpdatedAt))).Select(t => reading.Of(t) with { IsPolled = true }).ToList();
            foreach (var part in rows.Chunk(PartSize))
            {
                var applied = await StoreAsync(live, part, cancel);
                fresh += applied.Count;
                young += await YoungAsync(live, [.. applied.Where(ticket => ticket.UpdatedAt > startedAt - CallbackWatch.Young).Select(ticket => ticket.Id)], cancel);
                newest = Max(newest, part.Max(r => r.Ticket.UpdatedAt));
                if (applied.Count > PartSize / 2) rush.Saw(); // their pages are due now
                foreach (var row in applied) oldestNew = row.UpdatedAt < oldestNew ? row.UpdatedAt : oldestNew;
            }

            if (page.Cut is { } failure) ExceptionDispatchInfo.Throw(failure); // what was read is stored, and pages; the mark stays
            if (!page.Full) break;
            failpoints.Pass("poll.between-pages");
            reading = await Reading.BeginAsync(store, live, cancel);
            (since, number) = safeties.Paging.Next(since, number, rows.Count > 0 ? WholeSecond(newest) : null);
        }

        if (window.MovesMark) mark = await MoveMarkAsync(live.Id, startedAt, mark, newest, oldestNew, cancel);
        windows.Read(live.Id, window, mark, newest < startedAt ? newest : startedAt, startedAt - live.ClockOffset);
        return (fresh, young);
    }

    /// <summary>Where the last poll stopped, and the connection's write counter before the first request.</summary>
    private async Task<(Cursor? Cursor, long Writes)> BeginAsync(Guid connectionId, CancellationToken cancel)
    {
        var row = await store.ReadAsync(
            db => db.Connections
                .Where(c => c.Id == connectionId)
                .LeftJoin(db.Cursors.Where(c => c.Stream == Stream), c => c.Id, c => c.ConnectionId, (connection, cursor) => new { connection.WriteCounter, Cursor = cursor })
                .SingleAsync(cancel),
            cancel);
        return (row.Cursor, row.WriteCounter);
    }

    private async Task<List<RemoteTicket>> StoreAsync(LiveConnection live, IReadOnlyList<Observation> rows, CancellationToken cancel)
    {
        var applied = await StoreAndPlanAsync(live, rows, cancel);
        failpoints.Pass("poll.after-commit");
        return applied;
    }

    /// <summary>One ticket that cannot be planned must not hold back the others of its part: then the worker plans each alone.</summary>
    private async Task<List<RemoteTicket>> StoreAndPlanAsync(LiveConnection live, IReadOnlyList<Observation> rows, CancellationToken cancel)
    {
        try
        {
            return await StoreAsync(live, rows, planNew: true, cancel);
        }
        catch (Exception failure) when (failure is not OperationCanceledException)
        {
            LogPlanFailed(logger, rows.Count, live.Id, failure);
            return await StoreAsync(live, rows, planNew: false, cancel);
        }
    }

    /// <summary>How many of these a callback should have told of: not those that the hub itself wrote to just now. So many are never all its own.</summary>
    private async Task<int> YoungAsync(LiveConnection live, List<string> changed, CancellationToken cancel)
    {
        const int Many = 20;
        if (changed.Count is 0 or > Many) return changed.Count;
        var since = clock.GetUtcNow() - CallbackWatch.Young - CallbackWatch.Young;
        var ours = await store.ReadAsync(
            db => (from link in db.Links
                   join effect in db.Effects on link.Id equals effect.LinkId
                   where link.ConnectionId == live.Id && link.Type == RecordTypes.Ticket && changed.Contains(link.RemoteId) && effect.SentAt > since
                   select link.RemoteId).Distinct().CountAsync(cancel),
            cancel);
        return changed.Count - ours;
    }

    private Task<List<RemoteTicket>> StoreAsync(LiveConnection live, IReadOnlyList<Observation> rows, bool planNew, CancellationToken cancel) =>
        store.WriteAsync(
            async db =>
            {
                var now = clock.GetUtcNow();
                var outcomes = await book.ApplyAsync(db, live.Id, rows, cancel);
                var news = outcomes.Where(o => o.Outcome == ObservationOutcome.Applied).Select(o => o.Row.Ticket).ToList();
                var stale = outcomes.Where(o => o.Outcome == ObservationOutcome.Stale).Select(o => o.Row.Ticket.Id).ToList();
                var planned = planNew && news.Count > 0 ? await firstSight.PlanAsync(db, live, news, cancel) : [];
                await db.WakeManyAsync(live.Id, [.. news.Select(ticket => ticket.Id).Where(id => !planned.Contains(id))], now, "poll", needsRead: false, cancel);
                await db.WakeManyAsync(live.Id, stale, now, "old read", needsRead: true, cancel);
                failpoints.Pass("poll.before-commit");
                return news;
            },
            cancel);

    /// <summary>Moves the mark, never backwards, and widens the overlap when a row turned up later than it covers comfortably.</summary>
    private Task<DateTimeOffset> MoveMarkAsync(
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
                if (cursor.MarkTime != mark) return cursor.MarkTime;
                cursor.MarkTime = safeties.Marks.After(cursor.MarkTime, newest > DateTimeOffset.MinValue ? newest : null, startedAt);
                if (oldestNew < mark) cursor.OverlapSeconds = Math.Clamp((int)(2 * (mark - oldestNew).TotalSeconds), cursor.OverlapSeconds, MaxOverlapSeconds);
                cursor.LastCompleteAt = clock.GetUtcNow();
                return cursor.MarkTime;
            },
            cancel);

    internal const int DefaultOverlapSeconds = 300;
    private const int MaxOverlapSeconds = 3600;

    private static DateTimeOffset WholeSecond(DateTimeOffset instant) => DateTimeOffset.FromUnixTimeSeconds(instant.ToUnixTimeSeconds());

    private static DateTimeOffset Max(DateTimeOffset a, DateTimeOffset b) => a > b ? a : b;

    [LoggerMessage(1003, LogLevel.Error, "One of {Count} new tickets of connection {ConnectionId} could not be planned with the others; each is planned alone")]
    private static partial void LogPlanFailed(ILogger logger, int count, Guid connectionId, Exception failure);
}
