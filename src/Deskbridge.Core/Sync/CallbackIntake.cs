using System.Collections.Concurrent;
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
internal sealed class CallbackIntake
{
    private const int MostStoredTogether = 64;

    private readonly ConnectorPool _pool;
    private readonly ConnectionMonitor _monitor;
    private readonly CallbackHeal _heal;
    private readonly HubStore _store;
    private readonly HubMetrics _metrics;
    private readonly Failpoints _failpoints;
    private readonly TimeProvider _clock;
    private readonly Gathering<Delivery> _deliveries;

    /// <summary>Whose address a token is, as found before; the pool says whether it still is.</summary>
    private readonly ConcurrentDictionary<string, Guid> _known = new(StringComparer.Ordinal);

    /// <summary>By connection whose calls are counted with those of other programs: until when its next reads wait for each other.</summary>
    private readonly ConcurrentDictionary<Guid, DateTimeOffset> _gathering = new();

    public CallbackIntake(ConnectorPool pool, ConnectionMonitor monitor, CallbackHeal heal, HubStore store, HubMetrics metrics, Failpoints failpoints, TimeProvider clock)
    {
        (_pool, _monitor, _heal, _store, _metrics, _failpoints, _clock) = (pool, monitor, heal, store, metrics, failpoints, clock);
        _deliveries = new Gathering<Delivery>(MostStoredTogether, StoreAsync);
    }

    /// <summary>Why its wakes are there.</summary>
    public const string Reason = "callback";

    /// <summary>
    /// A ticket that was read just now is read again for a callback only after this: a storm costs the read of its first callback, and one more
    /// that all the others share. Each is followed by a read that began after it came, so that nothing is missed.
    /// </summary>
    public static readonly TimeSpan Spacing = TimeSpan.FromSeconds(2);

    /// <summary>Bodies larger than this are refused unread.</summary>
    public const int MaxBody = 4 * 1024 * 1024;

    /// <summary>Takes one callback that came to a connection's address.</summary>
    public async Task<CallbackAnswer> AcceptAsync(string token, CallbackRequest request, CancellationToken cancel)
    {
        using var span = Tracing.Begin("callback");
        var connectionId = await FindAsync(token, cancel);
        if (connectionId is not { } id || await _pool.FindInAnyStateAsync(id, cancel) is not { Connector: IReceivesCallbacks receiver } live)
        {
            _metrics.Callback(connectionId, "unknown");
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
            _metrics.Callback(id, "refused");
            return CallbackAnswer.Refused;
        }

        if (verdict is CallbackVerdict.Hint hint)
        {
            await _heal.WantAsync(id, hint.Reason, Shown(request), cancel);
            _metrics.Callback(id, "hint");
            return CallbackAnswer.Stored;
        }

        await _monitor.SpokeAsync(id, cancel);
        await _deliveries.DoAsync(new Delivery(live, Encoding.UTF8.GetString(request.Body.Span), (CallbackVerdict.Accepted)verdict, cancel));
        _metrics.Callback(id, "stored");
        _failpoints.Pass("inbox.stored");
        return CallbackAnswer.Stored;
    }

    private async Task<Guid?> FindAsync(string token, CancellationToken cancel)
    {
        if (_known.TryGetValue(token, out var known)
            && (await _pool.FindInAnyStateAsync(known, cancel))?.Connection is { State: ConnectionState.Active or ConnectionState.Paused } row && row.CallbackToken == token) return known;
        var found = await _store.ReadAsync(
            db => db.Connections
                .Where(c => c.CallbackToken == token && (c.State == ConnectionState.Active || c.State == ConnectionState.Paused))
                .Select(c => (Guid?)c.Id)
                .SingleOrDefaultAsync(cancel),
            cancel);
        if (found is { } id) _known[token] = id;
        else _known.TryRemove(token, out _);
        return found;
    }

    /// <summary>Those that come at the same time share a transaction, and each is answered after it.</summary>
    private Task StoreAsync(IReadOnlyList<Delivery> group)
    {
        var cancel = group[0].Cancel;
        return _store.WriteAsync(
            async db =>
            {
                foreach (var deliveries in group.GroupBy(delivery => delivery.Live.Id)) await StoreAsync(db, deliveries.Key, [.. deliveries], cancel);
            },
            cancel);
    }

    private async Task StoreAsync(HubDb db, Guid id, IReadOnlyList<Delivery> deliveries, CancellationToken cancel)
    {
        var now = _clock.GetUtcNow();
        var keys = deliveries.Select(delivery => delivery.Callback.DeliveryKey).ToList();
        var stored = await db.Inbox.Where(item => item.ConnectionId == id && keys.Contains(item.DeliveryKey)).Select(item => item.DeliveryKey).ToHashSetAsync(StringComparer.Ordinal, cancel);
        var fresh = deliveries.Where(delivery => stored.Add(delivery.Callback.DeliveryKey)).ToList();
        if (fresh.Count == 0) return;
        if (await db.ConnectionHealth.FindAsync([id], cancel) is { } health)
        {
            if (health.CallbacksSilentSince is not null) db.LogConnectionEvent(id, "subscriptions", null, "Callbacks come again.", null, null, now);
            health.Called(now);
        }

        foreach (var (_, body, callback, _) in fresh)
        {
            db.Inbox.Add(new InboxItem { ConnectionId = id, DeliveryKey = callback.DeliveryKey, Body = body, ReceivedAt = now });
            db.LogConnectionEvent(id, "callback", callback.RemoteId, $"Callback: {callback.RecordType} {callback.RemoteId} {callback.Action}.", body, null, now);
        }

        var tickets = fresh.FindAll(delivery => delivery.Callback.RecordType == RecordTypes.Ticket).ToLookup(delivery => delivery.Callback.RemoteId, delivery => delivery.Callback.EntityUpdatedAt);
        var remoteIds = tickets.Select(ticket => ticket.Key).ToList();
        var beside = fresh.FindAll(delivery => delivery.Callback.Beside).ConvertAll(delivery => delivery.Callback.RemoteId);
        if (beside.Count > 0 && deliveries[^1].Live.ReadsDetails) await db.WantDetailsAsync(db.Tickets.Where(ticket => ticket.ConnectionId == id && beside.Contains(ticket.RemoteId)), cancel);
        var notSince = deliveries[^1].Live.RemoteNow - Spacing;
        var justRead = await db.Mirrors.Where(m => m.ConnectionId == id && m.Type == RecordTypes.Ticket && remoteIds.Contains(m.RemoteId) && m.ReadAt > notSince).Select(m => m.RemoteId).ToListAsync(cancel);
        foreach (var (due, some) in new[] { (DueOf(deliveries[^1].Live, now), remoteIds.Except(justRead)), (now + Spacing, justRead) })
            await db.WakeManyAsync(id, [.. some], due, Reason, needsRead: true, cancel, wanted: remoteId => tickets[remoteId].Max());
    }

    /// <summary>Where calls are dear, what comes soon after a read is read together (<see cref="SharedReads"/>) and not one by one.</summary>
    private DateTimeOffset DueOf(LiveConnection live, DateTimeOffset now)
    {
        if (live.Connector is not IReadsTickets { SharesCalls: true }) return now;
        if (_gathering.TryGetValue(live.Id, out var until) && now < until && until <= now + Spacing) return until;
        _gathering[live.Id] = now + Spacing;
        return now;
    }

    private static string Shown(CallbackRequest request) => Encoding.UTF8.GetString(request.Body.Span[..Math.Min(request.Body.Length, 2000)]);

    private Task RefuseAsync(Guid id, CallbackRequest request, string reason, CancellationToken cancel) =>
        _store.WriteAsync(
            db =>
            {
                db.LogConnectionEvent(id, "refused-callback", null, $"Callback refused: {reason}", Shown(request), null, _clock.GetUtcNow());
                return Task.CompletedTask;
            },
            cancel);
}

/// <summary>A callback that is believed.</summary>
/// <param name="Live">The connection it came for.</param>
/// <param name="Body">As received.</param>
/// <param name="Callback">What it says.</param>
/// <param name="Cancel">Its sender hung up.</param>
internal sealed record Delivery(LiveConnection Live, string Body, CallbackVerdict.Accepted Callback, CancellationToken Cancel);

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
