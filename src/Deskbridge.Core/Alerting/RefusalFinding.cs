using Deskbridge.Core.Common;
using Deskbridge.Core.Data;
using Deskbridge.Core.Sync;
using Microsoft.EntityFrameworkCore;

namespace Deskbridge.Core.Alerting;

/// <summary>One finding per connection for writes that the ticket system refuses (engine.md §6.12), until one of the same kind is accepted. Part of the caller's transaction.</summary>
internal sealed class RefusalFinding(HubAlerts alerts)
{
    private const string Cause = "write-refused";

    /// <summary>A write was refused, or given up.</summary>
    public Task RaiseAsync(HubDb db, Effect refused, string message, DateTimeOffset now, CancellationToken cancel) =>
        alerts.RaiseAsync(db, refused.ConnectionId, Cause, "The ticket system refuses a change", $"Ticket {refused.RemoteId}: {message}", now, cancel);

    /// <summary>Writes of one connection were accepted: the finding ends if what was refused last is among one of them. The rest of a joint write proves nothing, it is accepted in the same second.</summary>
    public async Task ClearAsync(HubDb db, IReadOnlyList<Effect> accepted, DateTimeOffset now, CancellationToken cancel)
    {
        var connectionId = accepted[0].ConnectionId;
        if (!await HubAlerts.IsOpenAsync(db, connectionId, Cause, cancel)) return;
        var refused = await db.Effects
            .Where(effect => effect.ConnectionId == connectionId && (effect.State == EffectState.Rejected || effect.State == EffectState.Dead))
            .OrderByDescending(effect => effect.SettledAt)
            .FirstOrDefaultAsync(cancel);
        if (refused is null || accepted.Any(effect => Written(refused).IsSubsetOf(Written(effect))))
            await alerts.ClearAsync(db, connectionId, Cause, "A later write of the same kind was accepted.", now, cancel);
    }

    /// <summary>A person answered refused writes: the finding ends when no other one is left.</summary>
    public async Task EndWithoutRefusalsAsync(HubDb db, Guid connectionId, List<Guid> answered, string why, DateTimeOffset now, CancellationToken cancel)
    {
        if (await db.Effects.AnyAsync(effect => effect.ConnectionId == connectionId && !answered.Contains(effect.Id) && (effect.State == EffectState.Rejected || effect.State == EffectState.Dead), cancel)) return;
        await alerts.ClearAsync(db, connectionId, Cause, why, now, cancel);
    }

    private static HashSet<string> Written(Effect effect) => effect.Kind is EffectKind.Transition or EffectKind.Field
        ? [.. Json.Read<FieldWrite>(effect.Payload).Set.Keys]
        : [effect.Kind.ToString()];
}
