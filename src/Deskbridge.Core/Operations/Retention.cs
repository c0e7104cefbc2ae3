using Deskbridge.Connectors;
using Deskbridge.Core.Alerting;
using Deskbridge.Core.Connections;
using Deskbridge.Core.Data;
using Deskbridge.Core.Sync;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace Deskbridge.Core.Operations;

/// <summary>
/// Takes away what is older than it has to be kept, in small transactions, so that pages and writes go on in between. It touches only rows that no rule asks for
/// again: never a link, an alert, a write that is not settled, a page that is still to go, or the audit.
/// </summary>
internal sealed class Retention(HubStore store, ConnectorPool pool, IOptions<RetentionOptions> options, TimeProvider clock)
{
    private const int Batch = 500;

    /// <summary>Each has megabytes.</summary>
    private const int FileBatch = 10;

    private static readonly TimeSpan Slice = TimeSpan.FromHours(6);
    private static readonly TimeSpan AfterWindow = TimeSpan.FromDays(30);

    /// <summary>One pass. Answers how many rows each part removed or emptied.</summary>
    public async Task<RetentionResult> RunAsync(CancellationToken cancel)
    {
        var now = clock.GetUtcNow();
        DateTimeOffset Before(int days) => now - TimeSpan.FromDays(days);
        var keep = options.Value;
        var connections = await store.ReadAsync(db => db.Connections.Select(connection => connection.Id).Concat(db.TeamIntakes.Select(intake => intake.Id)).ToListAsync(cancel), cancel);
        var (payloads, events, unused) = (0, 0, 0);
        foreach (var id in connections)
        {
            payloads += await PayloadsAsync(id, Before(keep.Payloads), cancel);
            events += await EventsAsync(id, Before(keep.Events), cancel);
            if (await AgeWindowAsync(id, cancel) is { } window) unused += await UnusedTicketsAsync(id, Earlier(Before(keep.UnusedTickets), now - window - AfterWindow), cancel);
        }

        payloads += await CallbackBodiesAsync(Before(keep.Payloads), cancel);
        return new RetentionResult(
            payloads, await DeliveriesAsync(Before(keep.Deliveries), cancel), events,
            await WriteTriesAsync(Before(keep.Attempts), cancel) + await SmsAsync(Before(keep.Attempts), cancel) + await PageTriesAsync(Before(keep.Attempts), cancel),
            await RunItemsAsync(Before(keep.RunItems), cancel), unused, await FilesAsync(Before(keep.Files), cancel));
    }

    private Task<int> PayloadsAsync(Guid connection, DateTimeOffset end, CancellationToken cancel) => InSlicesAsync(
        (db, from) => db.ConnectionEvents.Where(e => e.ConnectionId == connection && e.At >= from && e.Payload != null).OrderBy(e => e.At).Select(e => (DateTimeOffset?)e.At),
        (db, from, to) => db.ConnectionEvents.Where(e => e.ConnectionId == connection && e.At >= from && e.At < to && e.Payload != null)
            .ExecuteUpdateAsync(set => set.SetProperty(e => e.Payload, (string?)null), cancel),
        end,
        cancel);

    private Task<int> EventsAsync(Guid connection, DateTimeOffset end, CancellationToken cancel) => InSlicesAsync(
        (db, from) => db.ConnectionEvents.Where(e => e.ConnectionId == connection && e.At >= from).OrderBy(e => e.At).Select(e => (DateTimeOffset?)e.At),
        (db, from, to) => db.ConnectionEvents.Where(e => e.ConnectionId == connection && e.At >= from && e.At < to).ExecuteDeleteAsync(cancel),
        end,
        cancel);

    private Task<int> CallbackBodiesAsync(DateTimeOffset end, CancellationToken cancel) => InSlicesAsync(
        (db, from) => db.Inbox.Where(item => item.ReceivedAt >= from && item.Body != "").OrderBy(item => item.ReceivedAt).Select(item => (DateTimeOffset?)item.ReceivedAt),
        (db, from, to) => db.Inbox.Where(item => item.ReceivedAt >= from && item.ReceivedAt < to && item.Body != "").ExecuteUpdateAsync(set => set.SetProperty(item => item.Body, ""), cancel),
        end,
        cancel);

    private Task<int> DeliveriesAsync(DateTimeOffset end, CancellationToken cancel) => InSlicesAsync(
        (db, from) => db.Inbox.Where(item => item.ReceivedAt >= from).OrderBy(item => item.ReceivedAt).Select(item => (DateTimeOffset?)item.ReceivedAt),
        (db, from, to) => db.Inbox.Where(item => item.ReceivedAt >= from && item.ReceivedAt < to).ExecuteDeleteAsync(cancel),
        end,
        cancel);

    private Task<int> WriteTriesAsync(DateTimeOffset end, CancellationToken cancel) => InBatchesAsync(
        db => (from attempt in db.EffectAttempts
               where attempt.At < end
               join effect in db.Effects on attempt.EffectId equals effect.Id
               where effect.SettledAt < end && !EffectStates.Unsettled.Contains(effect.State)
               select effect.Id).Distinct(),
        (db, ids) => db.EffectAttempts.Where(attempt => ids.Contains(attempt.EffectId)).ExecuteDeleteAsync(cancel),
        cancel);

    private Task<int> PageTriesAsync(DateTimeOffset end, CancellationToken cancel) => InBatchesAsync(
        db => (from attempt in db.PageAttempts
               where attempt.At < end
               join page in db.Pages on attempt.PageId equals page.Id
               where page.State != PageState.Pending && page.State != PageState.Sending
               select page.Id).Distinct(),
        (db, ids) => db.PageAttempts.Where(attempt => ids.Contains(attempt.PageId)).ExecuteDeleteAsync(cancel),
        cancel);

    private Task<int> SmsAsync(DateTimeOffset end, CancellationToken cancel) => InSlicesAsync(
        (db, from) => db.SmsReceived.Where(sms => sms.At >= from).OrderBy(sms => sms.At).Select(sms => (DateTimeOffset?)sms.At),
        (db, from, to) => db.SmsReceived.Where(sms => sms.At >= from && sms.At < to).ExecuteDeleteAsync(cancel),
        end,
        cancel);

    /// <summary>Only of files that are on their ticket: any other content is the only one there is.</summary>
    private Task<int> FilesAsync(DateTimeOffset end, CancellationToken cancel) => InBatchesAsync(
        db => from pair in db.ChildPairs
              where pair.Kind == ChildPair.Document
              join content in db.FileContents on pair.HubId equals content.FileId
              where db.Effects.Any(effect => effect.LinkId == pair.LinkId && effect.Kind == EffectKind.Document && effect.State == EffectState.Confirmed && effect.ObjectId == pair.RemoteId && effect.SettledAt < end)
              select content.FileId,
        (db, ids) => db.FileContents.Where(content => ids.Contains(content.FileId)).ExecuteDeleteAsync(cancel),
        cancel,
        FileBatch);

    private Task<int> RunItemsAsync(DateTimeOffset end, CancellationToken cancel) => InBatchesAsync(
        db => (from item in db.ConnectionRunItems
               join run in db.ConnectionRuns on item.RunId equals run.Id
               where run.EndedAt < end
               select run.Id).Distinct(),
        (db, ids) => db.ConnectionRunItems.Where(item => ids.Contains(item.RunId)).ExecuteDeleteAsync(cancel),
        cancel);

    /// <summary>A ticket inside it may still raise an alert, so it is kept however short the setting is. Null when it is not known: then none is forgotten.</summary>
    private async Task<TimeSpan?> AgeWindowAsync(Guid connection, CancellationToken cancel)
    {
        try
        {
            return (await pool.FindAsync(connection, cancel))?.Rules?.AgeWindow;
        }
        catch (ConnectorException)
        {
            return null;
        }
    }

    private static DateTimeOffset Earlier(DateTimeOffset one, DateTimeOffset other) => one < other ? one : other;

    /// <summary>One that nobody finds is kept until a person has said whether it was deleted.</summary>
    private Task<int> UnusedTicketsAsync(Guid connection, DateTimeOffset end, CancellationToken cancel) => InBatchesAsync(
        db => db.Mirrors
            .Where(mirror => mirror.ConnectionId == connection && mirror.RemoteUpdatedAt < end && (mirror.MissingSince == null || mirror.TombstonedAt != null)
                && !db.Links.Any(link => link.ConnectionId == connection && link.Type == mirror.Type && link.RemoteId == mirror.RemoteId)
                && !db.Wakes.Any(wake => wake.ConnectionId == connection && wake.Type == mirror.Type && wake.RemoteId == mirror.RemoteId))
            .Select(mirror => mirror.RemoteId),
        (db, ids) => db.Mirrors
            .Where(mirror => mirror.ConnectionId == connection && ids.Contains(mirror.RemoteId) && mirror.RemoteUpdatedAt < end
                && !db.Links.Any(link => link.ConnectionId == connection && link.Type == mirror.Type && link.RemoteId == mirror.RemoteId))
            .ExecuteDeleteAsync(cancel),
        cancel);

    /// <summary>Goes through time from the oldest row on; what lies between two rows is leapt over.</summary>
    private async Task<int> InSlicesAsync(
        Func<HubDb, DateTimeOffset, IQueryable<DateTimeOffset?>> oldest, Func<HubDb, DateTimeOffset, DateTimeOffset, Task<int>> change, DateTimeOffset end, CancellationToken cancel)
    {
        var (from, changed) = (DateTimeOffset.UnixEpoch, 0);
        while (await store.ReadAsync(db => oldest(db, from).FirstOrDefaultAsync(cancel), cancel) is { } next && next < end)
        {
            var to = Earlier(next + Slice, end);
            changed += await store.WriteAsync(db => change(db, next, to), cancel);
            from = to;
        }

        return changed;
    }

    private async Task<int> InBatchesAsync<T>(Func<HubDb, IQueryable<T>> old, Func<HubDb, List<T>, Task<int>> remove, CancellationToken cancel, int batch = Batch)
    {
        for (var removed = 0; ;)
        {
            var ids = await store.ReadAsync(db => old(db).Take(batch).ToListAsync(cancel), cancel);
            if (ids.Count > 0) removed += await store.WriteAsync(db => remove(db, ids), cancel);
            if (ids.Count < batch) return removed;
        }
    }
}

/// <summary>What one pass removed or emptied, in rows.</summary>
/// <param name="Payloads">Raw payloads emptied.</param>
/// <param name="Deliveries">Ids of callbacks.</param>
/// <param name="Events">Entries of the event log.</param>
/// <param name="Attempts">Single tries of writes and pages.</param>
/// <param name="RunItems">Steps of runs.</param>
/// <param name="UnusedTickets">Observations of tickets that never had an alert.</param>
/// <param name="Files">Contents of files that are on their tickets.</param>
internal sealed record RetentionResult(int Payloads, int Deliveries, int Events, int Attempts, int RunItems, int UnusedTickets, int Files)
{
    public int All => Payloads + Deliveries + Events + Attempts + RunItems + UnusedTickets + Files;
}
