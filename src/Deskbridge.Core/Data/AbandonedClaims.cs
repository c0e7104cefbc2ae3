using Deskbridge.Core.Alerting;
using Deskbridge.Core.Sync;
using Microsoft.EntityFrameworkCore;

namespace Deskbridge.Core.Data;

/// <summary>
/// Claims that this hub left behind when it was killed. They would end with their leases, a minute or two later; a hub that starts knows that
/// nobody works on its own any more. What was sent stays in doubt and is probed, a page is repeated under its delivery id.
/// </summary>
internal sealed class AbandonedClaims(HubStore store, ThisNode node, TimeProvider clock)
{
    /// <summary>Frees them. Only while no worker of this hub runs; those of other hubs on the database are left alone.</summary>
    public async Task ReleaseAsync(CancellationToken cancel)
    {
        // In turn with those who claim. A serializable transaction over whole queues would be refused for as long as other hubs are busy with them.
        await store.ClaimAsync(
            WorkHint.Effects,
            async db =>
            {
                var effects = db.Effects.Where(e => node.Alone || e.Holder == node.Id);
                await effects.Where(e => e.LeaseUntil != null).ExecuteUpdateAsync(set => set.SetProperty(e => e.LeaseUntil, (DateTimeOffset?)null), cancel);
                return await effects.Where(e => e.State == EffectState.Claimed).ExecuteUpdateAsync(set => set.SetProperty(e => e.State, EffectState.Retry), cancel);
            },
            cancel);
        await store.ClaimAsync(
            WorkHint.Wakes,
            db => db.Wakes.Where(w => w.LeaseUntil != null && (node.Alone || w.Holder == node.Id)).ExecuteUpdateAsync(set => set.SetProperty(w => w.LeaseUntil, (DateTimeOffset?)null), cancel),
            cancel);
        var now = clock.GetUtcNow();
        await store.ClaimAsync(
            WorkHint.Pages,
            db => db.Pages.Where(p => p.State == PageState.Sending && (node.Alone || p.Holder == node.Id)).ExecuteUpdateAsync(set => set.SetProperty(p => p.LeaseUntil, (DateTimeOffset?)now), cancel),
            cancel);
    }
}
