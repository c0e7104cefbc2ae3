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
                var connections = await RunningAsync(db, now, cancel);
                var due = await DueAsync(db, now, [.. connections.Keys], cancel);
                if (due.Count == 0) return due;
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
                    if (safeties.Order.Waits(effect.Seq, open.Where(o => o.LinkId == effect.LinkId && Group(o.Kind) == Group(effect.Kind)).Select(o => o.Seq))) continue;
                    if (Group(effect.Kind) == EffectKind.Transition)
                    {
                        if (safeties.CustomFields.RunsAlone(connections[effect.ConnectionId]) && busy.Any(b => b.ConnectionId == effect.ConnectionId && b.Id != effect.Id)) continue;
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

    /// <summary>The oldest ones of connections that run: what waits for another must not take their places.</summary>
    private static Task<List<Effect>> DueAsync(HubDb db, DateTimeOffset now, List<Guid> connections, CancellationToken cancel) =>
        db.Effects
            .Where(e => connections.Contains(e.ConnectionId) && e.NotBefore <= now
                && (e.State == EffectState.Pending || e.State == EffectState.Retry
                    || ((e.State == EffectState.Claimed || e.State == EffectState.Sent) && (e.LeaseUntil == null || e.LeaseUntil < now))))
            .OrderBy(e => e.NotBefore).ThenBy(e => e.Seq)
            .Take(LookAt)
            .ForClaim()
            .ToListAsync(cancel);

    private static Task<Dictionary<Guid, CustomFieldMode>> RunningAsync(HubDb db, DateTimeOffset now, CancellationToken cancel) =>
        (from connection in db.Connections
         join health in db.ConnectionHealth on connection.Id equals health.ConnectionId into healths
         from health in healths.DefaultIfEmpty()
         where connection.State == ConnectionState.Active && (health == null || health.BreakerOpenUntil == null || health.BreakerOpenUntil <= now)
         select new { connection.Id, connection.CustomFields })
            .ToDictionaryAsync(c => c.Id, c => c.CustomFields, cancel);

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
