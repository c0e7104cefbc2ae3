using Deskbridge.Core.Alerting;
using Deskbridge.Core.Sync;
using Microsoft.EntityFrameworkCore;

namespace Deskbridge.Core.Data;

/// <summary>
/// Claims that a killed hub left behind. They would end with their leases, a minute or two later; a hub that holds its data alone knows at
/// start that nobody works on them any more. What was sent stays in doubt and is probed, a page is repeated under its delivery id.
/// </summary>
internal sealed class AbandonedClaims(HubStore store, TimeProvider clock)
{
    /// <summary>Frees every claim. Only while no worker of this or another process runs on the database.</summary>
    public Task ReleaseAsync(CancellationToken cancel) =>
        store.WriteAsync(
            async db =>
            {
                var now = clock.GetUtcNow();
                await db.Effects.Where(e => e.LeaseUntil != null).ExecuteUpdateAsync(set => set.SetProperty(e => e.LeaseUntil, (DateTimeOffset?)null), cancel);
                await db.Effects.Where(e => e.State == EffectState.Claimed).ExecuteUpdateAsync(set => set.SetProperty(e => e.State, EffectState.Retry), cancel);
                await db.Wakes.Where(w => w.LeaseUntil != null).ExecuteUpdateAsync(set => set.SetProperty(w => w.LeaseUntil, (DateTimeOffset?)null), cancel);
                await db.Pages.Where(p => p.State == PageState.Sending).ExecuteUpdateAsync(set => set.SetProperty(p => p.LeaseUntil, (DateTimeOffset?)now), cancel);
            },
            cancel);
}
