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

    /// <summary>A write was accepted: the finding ends if what was refused last is among it. The rest of a joint write proves nothing, it is accepted in the same second.</summary>
    public async Task ClearAsync(HubDb db, Effect accepted, DateTimeOffset now, CancellationToken cancel)
    {
        if (!await HubAlerts.IsOpenAsync(db, accepted.ConnectionId, Cause, cancel)) return;
        var refused = await db.Effects
            .Where(effect => effect.ConnectionId == accepted.ConnectionId && (effect.State == EffectState.Rejected || effect.State == EffectState.Dead))
            .OrderByDescending(effect => effect.SettledAt)
            .FirstOrDefaultAsync(cancel);
        if (refused is null || Written(refused).IsSubsetOf(Written(accepted)))
            await alerts.ClearAsync(db, accepted.ConnectionId, Cause, "A later write of the same kind was accepted.", now, cancel);
    }

    private static HashSet<string> Written(Effect effect) => effect.Kind is EffectKind.Transition or EffectKind.Field
        ? [.. Json.Read<FieldWrite>(effect.Payload).Set.Keys]
        : [effect.Kind.ToString()];
}
