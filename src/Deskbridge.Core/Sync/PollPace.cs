using System.Collections.Concurrent;
using Deskbridge.Connectors;
using Deskbridge.Core.Connections;
using Deskbridge.Core.Data;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace Deskbridge.Core.Sync;

/// <summary>
/// How often each connection is polled (S50). Where callbacks come and tell everything, so that polls find nothing of their own, or where calls
/// are shared with other programs and polls find nothing, every second poll is left out; the first one that finds something nobody told of
/// brings the usual interval back. Kept in memory: a process that knows nothing polls at the usual interval.
/// </summary>
internal sealed class PollPace(ConnectorPool pool, HubStore store, IOptions<ConnectionsOptions> options, TimeProvider clock)
{
    /// <summary>So many polls in a row find nothing before one is left out.</summary>
    internal const int QuietBefore = 5;

    /// <summary>However quiet it is, a change is found in less than a minute.</summary>
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(59);

    /// <summary>Callbacks that came within this time show that they come at all.</summary>
    private static readonly TimeSpan ToldWithin = TimeSpan.FromHours(1);

    private readonly ConcurrentDictionary<Guid, Pace> _paces = new();

    /// <summary>The interval of a connection as it is now.</summary>
    public TimeSpan IntervalOf(Guid connectionId) => _paces.TryGetValue(connectionId, out var pace) && pace.Quiet >= QuietBefore ? Slow : options.Value.PollInterval;

    /// <summary>Whether the poll whose turn it is takes place.</summary>
    public bool IsDue(Guid connectionId) =>
        !_paces.TryGetValue(connectionId, out var pace) || pace.Quiet < QuietBefore || clock.GetElapsedTime(pace.PolledAt) >= Slow - (options.Value.PollInterval / 2);

    /// <summary>A poll took place.</summary>
    /// <param name="connectionId">The connection.</param>
    /// <param name="fresh">Rows that nobody had told of; null when it could not read.</param>
    /// <param name="cancel">Gives up.</param>
    public async Task PolledAsync(Guid connectionId, int? fresh, CancellationToken cancel)
    {
        var quiet = fresh == 0 ? _paces.GetValueOrDefault(connectionId)?.Quiet + 1 ?? 1 : 0;
        if (quiet >= QuietBefore && !await MayRestAsync(connectionId, cancel)) quiet = QuietBefore - 1;
        _paces[connectionId] = new Pace(quiet, clock.GetTimestamp());
    }

    private TimeSpan Slow => options.Value.PollInterval * 2 <= Longest ? options.Value.PollInterval * 2 : options.Value.PollInterval;

    /// <summary>Callbacks come, or each call counts against a limit that others share; and nothing but a callback or a poll is needed: events that the remote evaluates are asked for at every poll.</summary>
    private async Task<bool> MayRestAsync(Guid connectionId, CancellationToken cancel)
    {
        if (await pool.FindAsync(connectionId, cancel) is not { AskedEvents.Count: 0 } live) return false;
        if (live.Connector is IReadsTickets { SharesCalls: true }) return true;
        var from = clock.GetUtcNow() - ToldWithin;
        return await store.ReadAsync(db => db.ConnectionHealth.AnyAsync(health => health.ConnectionId == connectionId && health.LastCallbackAt >= from, cancel), cancel);
    }

    /// <summary>What is remembered of a connection.</summary>
    /// <param name="Quiet">Polls in a row that found nothing.</param>
    /// <param name="PolledAt">When the last one took place, by the monotonic clock.</param>
    private sealed record Pace(int Quiet, long PolledAt);
}
