using Deskbridge.Connectors;
using Deskbridge.Core.Connections;
using Deskbridge.Core.Data;
using Microsoft.EntityFrameworkCore;

namespace Deskbridge.Core.Sync;

/// <summary>
/// Reads the log of deleted tickets where the remote keeps one. What stands there and is not found by its id was deleted, however many there are:
/// the remote says so itself, and no sweep need be waited for (decision 0056).
/// </summary>
internal sealed class DeletionLog(ConnectorPool pool, ConnectionMonitor monitor, MissingTickets missing, HubStore store, TimeProvider clock)
{
    /// <summary>Name of the stream.</summary>
    public const string Stream = "deleted";

    private const int OverlapSeconds = 300;

    /// <summary>Callbacks tell of deletions at once; without them nobody waits for such news.</summary>
    private static readonly TimeSpan NotMoreOften = TimeSpan.FromMinutes(5);

    /// <summary>Reads what came since the last look, unless that was just now.</summary>
    public async Task LookAsync(Guid connectionId, CancellationToken cancel)
    {
        if (await pool.FindAsync(connectionId, cancel) is not { Connector: IReadsDeletions log and IReadsTickets reader } live) return;
        var now = clock.GetUtcNow();
        var cursor = await store.ReadAsync(db => db.Cursors.SingleOrDefaultAsync(row => row.ConnectionId == connectionId && row.Stream == Stream, cancel), cancel);
        if (monitor.IsOpen(connectionId, now) || (now - cursor?.LastCompleteAt)?.Duration() < NotMoreOften) return;
        using var callClass = CallClassScope.Use(CallClass.Sweeps);
        var began = live.RemoteNow;
        try
        {
            await missing.LoggedAsync(live, reader, await log.ReadDeletedAsync((cursor?.MarkTime ?? began).AddSeconds(-OverlapSeconds), cancel), cancel);
            await MoveAsync(connectionId, began, cancel);
        }
        catch (ConnectorRejectedException)
        {
            await MoveAsync(connectionId, cursor?.MarkTime ?? began, cancel); // the rights say so; sweeps find what was deleted
        }
        catch (ConnectorException failure)
        {
            await monitor.FailedAsync(connectionId, failure, "reading the log of deleted tickets", cancel);
        }
    }

    /// <summary>The deletion of a ticket that was not found; null when none is written down, or that cannot be read now.</summary>
    public static async Task<DeletedTicket?> FindAsync(LiveConnection live, string remoteId, CancellationToken cancel)
    {
        if (live.Connector is not IReadsDeletions log) return null;
        try
        {
            return await log.FindDeletedAsync(remoteId, cancel);
        }
        catch (ConnectorException)
        {
            return null;
        }
    }

    private Task MoveAsync(Guid connectionId, DateTimeOffset mark, CancellationToken cancel) =>
        store.WriteAsync(
            async db =>
            {
                var cursor = await db.Cursors.FindAsync([connectionId, Stream], cancel)
                    ?? db.Cursors.Add(new Cursor { ConnectionId = connectionId, Stream = Stream, MarkTime = mark, OverlapSeconds = OverlapSeconds }).Entity;
                if (mark > cursor.MarkTime) cursor.MarkTime = mark;
                cursor.LastCompleteAt = clock.GetUtcNow();
            },
            cancel);
}
