using System.Text;
using Deskbridge.Connectors;
using Deskbridge.Core.Common;
using Deskbridge.Core.Connections;
using Deskbridge.Core.Data;
using Deskbridge.Core.Operations;
using Microsoft.EntityFrameworkCore;

namespace Deskbridge.Core.Sync;

/// <summary>
/// Takes a callback in: verified, stored with a wake in one transaction, answered. What it says is never believed; the
/// record is read (engine.md §9).
/// </summary>
internal sealed class CallbackIntake(ConnectorPool pool, ConnectionMonitor monitor, HubStore store, HubMetrics metrics, Failpoints failpoints, TimeProvider clock)
{
    /// <summary>Bodies larger than this are refused unread.</summary>
    public const int MaxBody = 4 * 1024 * 1024;

    /// <summary>Takes one callback that came to a connection's address.</summary>
    public async Task<CallbackAnswer> AcceptAsync(string token, CallbackRequest request, CancellationToken cancel)
    {
        using var span = Tracing.Begin("callback");
        var connectionId = await store.ReadAsync(
            db => db.Connections
                .Where(c => c.CallbackToken == token && (c.State == ConnectionState.Active || c.State == ConnectionState.Paused))
                .Select(c => (Guid?)c.Id)
                .SingleOrDefaultAsync(cancel),
            cancel);
        if (connectionId is not { } id || await pool.FindInAnyStateAsync(id, cancel) is not { Connector: IReceivesCallbacks receiver })
        {
            metrics.Callback(connectionId, "unknown");
            return CallbackAnswer.Unknown;
        }

        CallbackVerdict verdict;
        try
        {
            verdict = await receiver.VerifyAsync(request, cancel);
        }
        catch (ConnectorException failure)
        {
            verdict = new CallbackVerdict.Refused($"The signing key could not be read: {failure.Message}");
        }

        if (verdict is CallbackVerdict.Refused refused)
        {
            await RefuseAsync(id, request, refused.Reason, cancel);
            metrics.Callback(id, "refused");
            return CallbackAnswer.Refused;
        }

        await monitor.SpokeAsync(id, cancel);
        await StoreAsync(id, request, (CallbackVerdict.Accepted)verdict, cancel);
        metrics.Callback(id, "stored");
        failpoints.Pass("inbox.stored");
        return CallbackAnswer.Stored;
    }

    private Task StoreAsync(Guid id, CallbackRequest request, CallbackVerdict.Accepted callback, CancellationToken cancel)
    {
        var body = Encoding.UTF8.GetString(request.Body.Span);
        return store.WriteAsync(
            async db =>
            {
                var now = clock.GetUtcNow();
                if (await db.Inbox.FindAsync([id, callback.DeliveryKey], cancel) is not null) return;
                db.Inbox.Add(new InboxItem { ConnectionId = id, DeliveryKey = callback.DeliveryKey, Body = body, ReceivedAt = now });
                db.LogConnectionEvent(id, "callback", callback.RemoteId, $"Callback: {callback.RecordType} {callback.RemoteId} {callback.Action}.", body, null, now);
                if (await db.ConnectionHealth.FindAsync([id], cancel) is { } health) health.LastCallbackAt = now;
                if (callback.RecordType == RecordTypes.Ticket)
                {
                    await db.WakeAsync(
                        id, RecordTypes.Ticket, callback.RemoteId, now, "callback", needsRead: true,
                        wantedUpdatedAt: callback.EntityUpdatedAt, cancel: cancel);
                }
            },
            cancel);
    }

    private Task RefuseAsync(Guid id, CallbackRequest request, string reason, CancellationToken cancel) =>
        store.WriteAsync(
            db =>
            {
                var body = Encoding.UTF8.GetString(request.Body.Span[..Math.Min(request.Body.Length, 2000)]);
                db.LogConnectionEvent(id, "refused-callback", null, $"Callback refused: {reason}", body, null, clock.GetUtcNow());
                return Task.CompletedTask;
            },
            cancel);
}

/// <summary>What the sender of a callback is told.</summary>
internal enum CallbackAnswer
{
    /// <summary>Stored, now or before: 200.</summary>
    Stored,

    /// <summary>Not believed: 401.</summary>
    Refused,

    /// <summary>No connection has this address: 404.</summary>
    Unknown,
}
