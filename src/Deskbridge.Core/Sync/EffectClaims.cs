using Deskbridge.Core.Connections;
using Deskbridge.Core.Data;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace Deskbridge.Core.Sync;

/// <summary>
/// Picks the effects that may be worked on now: one field write per link at a time and in order, notes in order, and a
/// connection whose custom-field ways are unknown strictly one by one (engine.md §4, §5).
/// </summary>
internal sealed class EffectClaims(HubStore store, SyncSafeties safeties, IOptions<SyncLeases> leases, ThisNode node, TimeProvider clock)
{
    private const int BatchSize = 16;
    private const int LookAt = 200;

    /// <summary>Claims effects. Those found in state Sent are in doubt: they come back as Sent, to be probed.</summary>
    public Task<List<Effect>> TakeAsync(CancellationToken cancel)
    {
        var now = clock.GetUtcNow();
        return store.ClaimAsync(
            WorkHint.Effects,
            async db =>
            {
                var due = await DueAsync(db, now, cancel);
                if (due.Count == 0) return due;
                var connections = await RunningAsync(db, now, due, cancel);
                var linkIds = due.Select(e => e.LinkId).Distinct().ToList();
                var open = await db.Effects
                    .Where(e => linkIds.Contains(e.LinkId) && EffectStates.Unsettled.Contains(e.State))
                    .Select(e => new { e.LinkId, e.Kind, e.Seq })
                    .ToListAsync(cancel);
                var busy = await BusyAsync(db, now, connections.Keys, cancel);

                var taken = new List<Effect>();
                foreach (var effect in due)
                {
                    if (taken.Count == BatchSize) break;
                    if (!connections.TryGetValue(effect.ConnectionId, out var mode)) continue;
                    if (safeties.Order.Waits(effect.Seq, open.Where(o => o.LinkId == effect.LinkId && Group(o.Kind) == Group(effect.Kind)).Select(o => o.Seq))) continue;
                    if (Group(effect.Kind) == EffectKind.Transition)
                    {
                        if (safeties.CustomFields.RunsAlone(mode) && busy.Any(b => b.ConnectionId == effect.ConnectionId && b.Id != effect.Id)) continue;
                        busy.Add((effect.ConnectionId, effect.Id));
                    }

                    if (effect.State != EffectState.Sent) effect.State = EffectState.Claimed;
                    effect.Epoch++;
                    effect.LeaseUntil = now + leases.Value.EffectLease;
                    effect.Holder = node.Id;
                    taken.Add(effect);
                }

                return taken;
            },
            cancel);
    }

    private static Task<List<Effect>> DueAsync(HubDb db, DateTimeOffset now, CancellationToken cancel) =>
        db.Effects
            .Where(e => e.NotBefore <= now
                && (e.State == EffectState.Pending || e.State == EffectState.Retry
                    || ((e.State == EffectState.Claimed || e.State == EffectState.Sent) && (e.LeaseUntil == null || e.LeaseUntil < now))))
            .OrderBy(e => e.NotBefore).ThenBy(e => e.Seq)
            .Take(LookAt)
            .ForClaim()
            .ToListAsync(cancel);

    private static async Task<Dictionary<Guid, CustomFieldMode>> RunningAsync(
        HubDb db, DateTimeOffset now, List<Effect> due, CancellationToken cancel)
    {
        var ids = due.Select(e => e.ConnectionId).Distinct().ToList();
        return await (from connection in db.Connections
                      join health in db.ConnectionHealth on connection.Id equals health.ConnectionId into healths
                      from health in healths.DefaultIfEmpty()
                      where ids.Contains(connection.Id) && connection.State == ConnectionState.Active
                          && (health == null || health.BreakerOpenUntil == null || health.BreakerOpenUntil <= now)
                      select new { connection.Id, connection.CustomFields })
            .ToDictionaryAsync(c => c.Id, c => c.CustomFields, cancel);
    }

    /// <summary>Field writes at which a sender is at work, or whose outcome is in doubt. Notes and schedule entries touch no custom field: one in doubt holds up nobody.</summary>
    private static async Task<List<(Guid ConnectionId, Guid Id)>> BusyAsync(HubDb db, DateTimeOffset now, IEnumerable<Guid> connections, CancellationToken cancel)
    {
        var ids = connections.ToList();
        var busy = await db.Effects
            .Where(e => ids.Contains(e.ConnectionId) && (e.Kind == EffectKind.Transition || e.Kind == EffectKind.Field)
                && (e.State == EffectState.Sent || (e.State == EffectState.Claimed && e.LeaseUntil >= now)))
            .Select(e => new { e.ConnectionId, e.Id })
            .ToListAsync(cancel);
        return [.. busy.Select(b => (b.ConnectionId, b.Id))];
    }

    /// <summary>Transition and field writes touch the same record and so share one order.</summary>
    private static EffectKind Group(EffectKind kind) => kind == EffectKind.Field ? EffectKind.Transition : kind;
}
