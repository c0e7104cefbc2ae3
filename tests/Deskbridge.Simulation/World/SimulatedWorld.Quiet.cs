using Deskbridge.Core.Alerting;
using Deskbridge.Core.Alerting.Paging;
using Deskbridge.Core.Common;
using Deskbridge.Core.Sync;
using Microsoft.EntityFrameworkCore;

namespace Deskbridge.Simulation.World;

/// <content>Letting everything settle.</content>
internal sealed partial class SimulatedWorld
{
    private const int MostRounds = 180; // three writes to a broken ticket, one after the other, are tried ten times each

    /// <summary>Ends every disturbance: no faults, no lag, no edits, the first rules, Mia on duty.</summary>
    public async Task HealAsync()
    {
        Crashes.Arm(null);
        Phone.FaultShare = 0;
        foreach (var (psa, _) in Remotes)
        {
            psa.Faults.Heal();
            psa.Inside = null;
            psa.ListLag = psa.GetLag = TimeSpan.Zero;
            psa.ListsAreDown = false;
            psa.Rules.Reset();
            foreach (var (role, _, _) in psa.NeededObjects) psa.Objects.TryAdd(role, "by hand");
        }

        if (!await Hub.ReadAsync(db => db.DutyPeriods.AnyAsync(period => period.PersonId == Mia.Id && period.EndedAt == null))) await TogglePunchAsync();
        Time.Advance(TimeSpan.FromMinutes(2)); // longer than any pause of the breaker
        foreach (var remote in Remotes) await RefreshRulesAsync(remote);
    }

    /// <summary>Runs all parts until nothing is left to do. Not ending within the bound is a violation of I5.</summary>
    /// <param name="polls">False: nobody reads the list meanwhile; only callbacks and wakes bring news.</param>
    public async Task QuietAsync(bool polls = true)
    {
        for (var round = 0; round < MostRounds; round++)
        {
            if (polls)
            {
                foreach (var remote in Remotes) await PollAsync(remote);
            }

            await WorkAsync();
            await SendAsync();
            await WorkAsync();
            await LiveAsync(SendPagesAsync);
            await DetailsAsync();
            if (await NextWorkAsync() is not { } next)
            {
                if (round > 0 || !polls) return;
                next = Time.GetUtcNow();
            }

            // What is due may stand behind something that a dead sender still holds: the longer it takes, the longer the steps.
            var wait = next - Time.GetUtcNow();
            var atLeast = TimeSpan.FromSeconds(1 + (round / 4 * 2));
            Time.Advance(wait > atLeast ? wait : atLeast);
        }

        Violations.Add(new Violation("I5", $"After {MostRounds} rounds there is still work: {await LeftOverAsync()}"));
    }

    /// <summary>Nothing is under way on this link, nothing is to be looked at, and the hub knows the ticket as it stands.</summary>
    public bool IsSettled(Link link)
    {
        var shadow = Ledger.Shadow;
        var key = (link.ConnectionId, link.RemoteId);
        return link is { State: LinkState.Active, PlanAgain: false }
            && (!shadow.Wakes.TryGetValue(key, out var wake) || wake.Reasons == "time")
            && (!shadow.Unsettled.TryGetValue(link.Id, out var open) || open.Count == 0)
            && shadow.Mirrors.TryGetValue(key, out var mirror)
            && RemoteOf(link.ConnectionId).Psa.Find(link.RemoteId) is { } ticket
            && Json.Write(ticket) == mirror.Body;
    }

    private static async Task SendPagesAsync(Hub hub, CancellationToken cancel)
    {
        while (await hub.Get<PageSender>().RunOnceAsync(cancel) > 0)
        {
            // A pass takes a few at a time.
        }
    }

    /// <summary>When the next piece of unfinished work is due; null when there is none. Looks that only time can make due do not count.</summary>
    private Task<DateTimeOffset?> NextWorkAsync() => Hub.ReadAsync(async db =>
    {
        var wakes = await db.Wakes.Where(wake => wake.Reasons != "time").Select(wake => new { wake.DueAt, wake.LeaseUntil }).ToListAsync();
        var effects = await db.Effects.Where(effect => Unsettled.Contains(effect.State)).Select(effect => new { effect.NotBefore, effect.LeaseUntil }).ToListAsync();
        var open = await db.ConnectionHealth.Select(health => health.BreakerOpenUntil).MaxAsync();
        var due = wakes.Select(wake => Later(wake.DueAt, wake.LeaseUntil)).Concat(effects.Select(effect => Later(effect.NotBefore, effect.LeaseUntil))).ToList();
        var pages = await db.Pages.Where(page => page.Repeat == 1 && (page.State == PageState.Pending || page.State == PageState.Sending)).Select(page => new { page.DueAt, page.LeaseUntil }).ToListAsync();
        due.AddRange(pages.Select(page => Later(page.DueAt, page.LeaseUntil)));
        if (due.Count == 0) return open > Time.GetUtcNow() ? open : (DateTimeOffset?)null;
        return open > due.Min() ? open : due.Min();
    });

    private static readonly EffectState[] Unsettled = [EffectState.Pending, EffectState.Claimed, EffectState.Sent, EffectState.Retry];

    private static DateTimeOffset Later(DateTimeOffset due, DateTimeOffset? lease) => lease > due ? lease.Value.AddMilliseconds(1) : due;

    private Task<string> LeftOverAsync() => Hub.ReadAsync(async db =>
    {
        var wakes = await db.Wakes.Where(wake => wake.Reasons != "time").ToListAsync();
        var effects = await db.Effects.Where(effect => Unsettled.Contains(effect.State)).ToListAsync();
        return string.Join("; ", wakes.Select(wake => $"wake {wake.RemoteId} ({wake.Reasons}, attempt {wake.Attempts})")
            .Concat(effects.Select(effect => $"{effect.Kind} {effect.IdemKey} {effect.State} attempt {effect.Attempts}: {effect.Error}")));
    });
}
