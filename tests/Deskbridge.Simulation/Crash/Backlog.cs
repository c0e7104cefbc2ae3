using Deskbridge.Core.Alerting;
using Deskbridge.Core.Connections;
using Deskbridge.Core.Sync;
using Microsoft.EntityFrameworkCore;

namespace Deskbridge.Simulation.Crash;

/// <summary>What a world's hubs still have to do, read from their database.</summary>
internal sealed class Backlog(CrashWorld world)
{
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(120);
    private static readonly TimeSpan LookAgain = TimeSpan.FromMilliseconds(250);
    private static readonly EffectState[] Unsettled = [EffectState.Pending, EffectState.Claimed, EffectState.Sent, EffectState.Retry];

    /// <summary>Waits until nothing is left; what was left after all when it took too long.</summary>
    public async Task<string?> BecomesEmptyAsync()
    {
        var began = TimeProvider.System.GetTimestamp();
        string? left;
        while ((left = await LeftAsync()) is not null && TimeProvider.System.GetElapsedTime(began) < Patience) await Task.Delay(LookAgain);
        return left;
    }

    /// <summary>In words; null for nothing.</summary>
    public async Task<string?> LeftAsync()
    {
        await using var db = world.OpenDb();
        var now = TimeProvider.System.GetUtcNow();
        var soon = now.AddMinutes(1);
        var wakes = await db.Wakes.Where(w => w.DueAt <= soon).Select(w => $"wake of ticket {w.RemoteId} ({w.Reasons})").ToListAsync();
        var effects = await db.Effects.Where(e => Unsettled.Contains(e.State)).Select(e => $"{e.Kind} on ticket {e.RemoteId}: {e.State} {e.Error}").ToListAsync();
        var pages = await db.Pages.Where(p => p.State == PageState.Sending || (p.State == PageState.Pending && p.DueAt <= now)).Select(p => $"page {p.Id}: {p.State}").ToListAsync();
        var runs = await db.ConnectionRuns.Where(r => r.State == RunState.Running).Select(r => $"{r.Kind} runs").ToListAsync();
        List<string> all = [.. wakes, .. effects, .. pages, .. runs];
        return all.Count == 0 ? null : string.Join("; ", all);
    }
}
