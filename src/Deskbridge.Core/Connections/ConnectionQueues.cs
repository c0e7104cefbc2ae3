using Deskbridge.Core.Data;
using Deskbridge.Core.Sync;
using Microsoft.EntityFrameworkCore;

namespace Deskbridge.Core.Connections;

/// <summary>Counts what waits on a connection.</summary>
internal sealed class ConnectionQueues(HubStore store, TimeProvider clock)
{
    /// <summary>Of one connection.</summary>
    public async Task<ConnectionQueue> OfAsync(Guid connectionId, CancellationToken cancel) =>
        (await OfAllAsync(cancel)).GetValueOrDefault(connectionId) ?? ConnectionQueue.Empty;

    /// <summary>Of every connection that has anything to count.</summary>
    public Task<Dictionary<Guid, ConnectionQueue>> OfAllAsync(CancellationToken cancel) =>
        store.ReadAsync(
            async db =>
            {
                var now = clock.GetUtcNow();
                var wakes = await db.Wakes.GroupBy(wake => wake.ConnectionId)
                    .Select(group => new { group.Key, Due = group.Count(wake => wake.DueAt <= now), Oldest = group.Min(wake => wake.DueAt) })
                    .ToDictionaryAsync(row => row.Key, cancel);
                var effects = await db.Effects.Where(effect => EffectStates.Unsettled.Contains(effect.State) || effect.State == EffectState.Rejected || effect.State == EffectState.Dead)
                    .GroupBy(effect => new { effect.ConnectionId, effect.State })
                    .Select(group => new { group.Key.ConnectionId, group.Key.State, Count = group.Count() })
                    .ToListAsync(cancel);
                var missing = await db.Mirrors.Where(mirror => mirror.MissingSince != null && mirror.TombstonedAt == null)
                    .GroupBy(mirror => mirror.ConnectionId)
                    .Select(group => new { group.Key, Count = group.Count() })
                    .ToDictionaryAsync(row => row.Key, row => row.Count, cancel);
                var counted = effects.ToLookup(row => row.ConnectionId);
                return wakes.Keys.Union(counted.Select(group => group.Key)).Union(missing.Keys).ToDictionary(id => id, id =>
                {
                    int Of(params ReadOnlySpan<EffectState> states)
                    {
                        var sum = 0;
                        foreach (var state in states) sum += counted[id].Where(row => row.State == state).Sum(row => row.Count);
                        return sum;
                    }

                    var waiting = wakes.GetValueOrDefault(id);
                    return new ConnectionQueue(
                        waiting?.Due ?? 0,
                        waiting is { Due: > 0 } ? waiting.Oldest : null,
                        Of(EffectState.Pending, EffectState.Claimed),
                        Of(EffectState.Sent),
                        Of(EffectState.Retry),
                        Of(EffectState.Rejected, EffectState.Dead),
                        missing.GetValueOrDefault(id));
                });
            },
            cancel);
}

/// <summary>What waits on a connection.</summary>
/// <param name="Tickets">Tickets that need a look now.</param>
/// <param name="OldestSince">Since when the oldest of them waits.</param>
/// <param name="Writes">Writes not sent yet.</param>
/// <param name="InDoubt">Writes sent and not answered; they are looked up before anything is sent again.</param>
/// <param name="Retries">Writes that failed without effect and are tried again.</param>
/// <param name="Refused">Writes refused for good or given up; each alert names the reason.</param>
/// <param name="Missing">Linked tickets that are not found now and not yet believed to be deleted.</param>
internal sealed record ConnectionQueue(int Tickets, DateTimeOffset? OldestSince, int Writes, int InDoubt, int Retries, int Refused, int Missing)
{
    /// <summary>Nothing waits.</summary>
    public static ConnectionQueue Empty { get; } = new(0, null, 0, 0, 0, 0, 0);
}
