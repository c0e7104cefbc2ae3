using Deskbridge.Connectors;
using Deskbridge.Core.Common;
using Deskbridge.Core.Data;
using Deskbridge.Core.Sync;
using Microsoft.EntityFrameworkCore;

namespace Deskbridge.Core.Alerting.Planning;

/// <summary>
/// Who becomes owner is scheduled then and not before (engine.md §6.8): an owner who was overtaken or refused has no business on the ticket.
/// Once the ticket is given back to whom it belonged before, the entries that the hub added for that are ended (decision 0044). Part of the
/// transaction that settles the write.
/// </summary>
internal sealed class OwnerSchedule(RandomIds ids, TimeProvider clock)
{
    /// <summary>A write is on the ticket.</summary>
    public async Task SettledAsync(HubDb db, Effect effect, CancellationToken cancel)
    {
        if (effect.Kind == EffectKind.Schedule)
        {
            await EndLateAsync(db, effect, cancel);
            return;
        }

        if (effect.Kind is not (EffectKind.Transition or EffectKind.Field)) return;
        if (Json.Read<FieldWrite>(effect.Payload) is not { } write || !write.Set.TryGetValue(TicketFields.Owner, out var owner)) return;
        if (write.Unscheduled) return;
        if (!write.AssignsOwner) await EndAllAsync(db, effect, owner, cancel);
        else if (owner is not null) await AddAsync(db, effect, $"s{owner}", new ScheduleWrite(owner) { ForOwner = true, Name = write.Names.GetValueOrDefault(TicketFields.Owner) ?? "" }, cancel);
    }

    private async Task EndAllAsync(HubDb db, Effect effect, string? owner, CancellationToken cancel)
    {
        if (!await IsOpenAsync(db, effect, cancel)) return;
        var confirmed = await db.Effects.Where(e => e.LinkId == effect.LinkId && e.Kind == EffectKind.Schedule && e.State == EffectState.Confirmed).ToListAsync(cancel);
        var ended = confirmed.Select(e => Json.Read<ScheduleWrite>(e.Payload).Ends).ToHashSet(StringComparer.Ordinal);
        foreach (var entry in confirmed.Where(entry => IsOurs(entry) && !ended.Contains(entry.ObjectId)))
        {
            var scheduled = Json.Read<ScheduleWrite>(entry.Payload);
            if (scheduled.MemberId != owner) await AddAsync(db, effect, $"e{entry.ObjectId}", new ScheduleWrite(scheduled.MemberId) { Ends = entry.ObjectId, Name = scheduled.Name }, cancel);
        }
    }

    /// <summary>An entry whose answer came only after the ticket was given back.</summary>
    private async Task EndLateAsync(HubDb db, Effect effect, CancellationToken cancel)
    {
        if (!IsOurs(effect) || !await IsOpenAsync(db, effect, cancel)) return;
        var link = await db.LinkOfAsync(effect, cancel);
        var scheduled = Json.Read<ScheduleWrite>(effect.Payload);
        if (Json.Read<LinkBase>(link.Base).OwnerWeSet is null) await AddAsync(db, effect, $"e{effect.ObjectId}", new ScheduleWrite(scheduled.MemberId) { Ends = effect.ObjectId, Name = scheduled.Name }, cancel);
    }

    /// <summary>Added by the hub for an owner. One that was found there, before anything was sent, is somebody else's.</summary>
    private static bool IsOurs(Effect entry) => entry is { SentAt: not null, ObjectId: not null } && Json.Read<ScheduleWrite>(entry.Payload) is { ForOwner: true, Ends: null };

    private static async Task<bool> IsOpenAsync(HubDb db, Effect effect, CancellationToken cancel) =>
        effect.AlertId is { } id && await db.Alerts.FindAsync([id], cancel) is { Status: AlertStatus.Open };

    private async Task AddAsync(HubDb db, Effect because, string key, ScheduleWrite entry, CancellationToken cancel) =>
        new EffectWriter(db, await db.LinkOfAsync(because, cancel), ids, clock.GetUtcNow()).Add(EffectKind.Schedule, $"{because.IdemKey}:{key}", entry, because.AlertId);
}
