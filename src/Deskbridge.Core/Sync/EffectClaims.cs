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
    private const int BatchSize = 64;
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
                var alone = connections.Where(c => safeties.CustomFields.RunsAlone(c.Value)).Select(c => c.Key).ToHashSet();
                var busy = alone.Count == 0 ? [] : await BusyAsync(db, now, alone, cancel);
                var chosen = new List<Guid>();
                foreach (var part in due.Chunk(BatchSize))
                {
                    if (chosen.Count == BatchSize) break;
                    var linkIds = part.Select(e => e.LinkId).Distinct().ToList();
                    var open = (await db.Effects
                        .Where(e => linkIds.Contains(e.LinkId) && EffectStates.Unsettled.Contains(e.State))
                        .Select(e => new { e.LinkId, e.Kind, e.Seq })
                        .ToListAsync(cancel)).ToLookup(e => (e.LinkId, Group(e.Kind)), e => e.Seq);
                    foreach (var effect in part)
                    {
                        if (chosen.Count == BatchSize) break;
                        if (safeties.Order.Waits(effect.Seq, open[(effect.LinkId, Group(effect.Kind))])) continue;
                        if (alone.Contains(effect.ConnectionId) && Group(effect.Kind) == EffectKind.Transition)
                        {
                            if (busy.Exists(b => b.ConnectionId == effect.ConnectionId && b.Id != effect.Id)) continue;
                            busy.Add((effect.ConnectionId, effect.Id));
                        }

                        chosen.Add(effect.Id);
                    }
                }

                return chosen.Count == 0 ? [] : await ClaimAsync(db, now, chosen, cancel);
            },
            cancel);
    }

    private async Task<List<Effect>> ClaimAsync(HubDb db, DateTimeOffset now, List<Guid> ids, CancellationToken cancel)
    {
        // A row that another transaction holds is passed over, and one that it has just changed is not due any more.
        var rows = await db.Effects.Where(e => ids.Contains(e.Id)).ForClaim().ToDictionaryAsync(e => e.Id, cancel);
        var taken = ids.Select(id => rows.GetValueOrDefault(id)).OfType<Effect>().Where(e => IsDue(e, now)).ToList();
        foreach (var effect in taken)
        {
            if (effect.State != EffectState.Sent) effect.State = EffectState.Claimed;
            effect.Epoch++;
            effect.LeaseUntil = now + leases.Value.EffectLease;
            effect.Holder = node.Id;
        }

        return taken;
    }

    private static bool IsDue(Effect effect, DateTimeOffset now) => effect.NotBefore <= now
        && (effect.State is EffectState.Pending or EffectState.Retry || (effect.State is EffectState.Claimed or EffectState.Sent && (effect.LeaseUntil is null || effect.LeaseUntil < now)));

    /// <summary>The oldest ones of connections that run: what waits for another must not take their places. Each state by itself, so that the index gives them in order and no long queue is sorted; all in one question.</summary>
    private static async Task<List<Due>> DueAsync(HubDb db, DateTimeOffset now, List<Guid> connections, CancellationToken cancel)
    {
        if (connections.Count == 0) return [];
        var free = db.Effects.Where(e => e.LeaseUntil == null || e.LeaseUntil < now);
        var due = await Oldest(db.Effects.Where(e => e.State == EffectState.Pending))
            .Concat(Oldest(db.Effects.Where(e => e.State == EffectState.Retry)))
            .Concat(Oldest(free.Where(e => e.State == EffectState.Claimed)))
            .Concat(Oldest(free.Where(e => e.State == EffectState.Sent)))
            .ToListAsync(cancel);
        return [.. due.OrderBy(e => e.NotBefore).ThenBy(e => e.Seq).Take(LookAt)];

        IQueryable<Due> Oldest(IQueryable<Effect> effects) => effects
            .Where(e => e.NotBefore <= now && connections.Contains(e.ConnectionId))
            .OrderBy(e => e.NotBefore).ThenBy(e => e.Seq)
            .Take(LookAt)
            .Select(e => new Due { Id = e.Id, ConnectionId = e.ConnectionId, LinkId = e.LinkId, Kind = e.Kind, Seq = e.Seq, NotBefore = e.NotBefore });
    }

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

    /// <summary>Transition and field writes touch the same record and so share one order; a note is changed after it was added.</summary>
    private static EffectKind Group(EffectKind kind) => kind switch
    {
        EffectKind.Field => EffectKind.Transition,
        EffectKind.NoteEdit => EffectKind.Note,
        _ => kind,
    };

    private sealed class Due
    {
        public required Guid Id { get; init; }

        public required Guid ConnectionId { get; init; }

        public required Guid LinkId { get; init; }

        public required EffectKind Kind { get; init; }

        public required int Seq { get; init; }

        public required DateTimeOffset NotBefore { get; init; }
    }
}
