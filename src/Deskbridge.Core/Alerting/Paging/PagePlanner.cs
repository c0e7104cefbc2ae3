using System.Diagnostics.CodeAnalysis;
using Deskbridge.Core.Alerting.Escalation;
using Deskbridge.Core.Alerting.Teams;
using Deskbridge.Core.Data;
using Deskbridge.Core.Directory;
using Microsoft.EntityFrameworkCore;

namespace Deskbridge.Core.Alerting.Paging;

/// <summary>
/// Decides who is paged when, as rows in the caller's transaction. It never looks at remote systems: no page waits for a remote write.
/// The people on duty are looked up anew for every repeat.
/// </summary>
internal class PagePlanner(PageRows rows, ChainSteps steps) : IUnattendedAlerts
{
    /// <summary>Pages everybody on duty at once, or whom the first step of the team's chain names; with nobody to page the administrators are warned. The alert is open and counts its new episode already.</summary>
    public virtual Task BeginEpisodeAsync(HubDb db, Alert alert, DateTimeOffset now, CancellationToken cancel) => BeginEpisodeAsync(db, alert, 1, StepReason.Due, now, cancel);

    /// <summary>The same from a later step of the chain.</summary>
    public async Task BeginEpisodeAsync(HubDb db, Alert alert, int step, StepReason reason, DateTimeOffset now, CancellationToken cancel)
    {
        alert.Unattended = false;
        alert.TeamId ??= (await db.Connections.FindAsync([alert.ConnectionId], cancel))?.TeamId; // raised before the connection had one
        if (await Chained.OfAsync(db, alert.TeamId, cancel) is { } chained) await steps.RunAsync(db, alert, chained, chained.Chain.Fit(new ChainPosition(1, step)), reason, now, cancel);
        else await PlanRoundAsync(db, alert, repeat: 1, due: now, now, cancel);
    }

    /// <summary>Takes back what was not sent yet. A page that a sender holds stays in doubt: it may still arrive, but is not tried again.</summary>
    [SuppressMessage("Performance", "CA1822", Justification = "Its counterpart needs the instance; callers hold one object for both.")]
    public async Task EndEpisodeAsync(HubDb db, Alert alert, string why, CancellationToken cancel)
    {
        alert.Unattended = false;
        await ChainSteps.StopAsync(db, alert, cancel);
        foreach (var page in await PageRows.FindAsync(db, alert, p => p.State == PageState.Pending, cancel))
            if (page.State == PageState.Pending) page.End(PageState.Superseded, why);
    }

    /// <summary>Pages the open alerts of a team that page nobody, having nobody on duty or nobody left who may be paged again: somebody punched in or got a channel. So do teams whose chain asks this one.</summary>
    public virtual async Task PageUnattendedAsync(HubDb db, Guid teamId, DateTimeOffset now, CancellationToken cancel)
    {
        await db.SaveChangesAsync(cancel);
        var reached = (await db.OnDutyAsync(teamId, now, cancel)).Targets.Count > 0;
        if (!reached && await Chained.OfAsync(db, teamId, cancel) is null) return; // a chain may page people who are not on duty
        if (reached)
        {
            foreach (var asking in await ChainedAsync(db, (_, chain) => chain.Asks(teamId), cancel)) await PageSilentAsync(db, asking.Id, now, cancel);
        }

        await PageSilentAsync(db, teamId, now, cancel);
    }

    /// <summary>The same for every team that may reach this person: where they are on duty, and where a chain names them or everybody.</summary>
    public async Task PageUnattendedOfAsync(HubDb db, Guid personId, DateTimeOffset now, CancellationToken cancel)
    {
        await db.SaveChangesAsync(cancel);
        var teams = await db.DutyPeriods.Where(d => d.PersonId == personId && d.EndedAt == null).Select(d => d.TeamId).ToListAsync(cancel);
        foreach (var teamId in teams) await PageUnattendedAsync(db, teamId, now, cancel);
        var member = await db.TeamMembers.Where(m => m.PersonId == personId).Select(m => m.TeamId).ToListAsync(cancel);
        var reaching = await ChainedAsync(db, (team, chain) => chain.Names(personId) || (chain.PagesEverybody && member.Contains(team.Id)), cancel);
        if (reaching.Count > 0) await db.SaveChangesAsync(cancel);
        foreach (var team in reaching) await PageSilentAsync(db, team.Id, now, cancel);
    }

    /// <summary>Somebody asks for what comes next, now: the next step of the chain, or the next page to whoever is on duty. False when that is under way.</summary>
    public async Task<bool> EscalateAsync(HubDb db, Alert alert, Person by, DateTimeOffset now, CancellationToken cancel)
    {
        var reason = new StepReason(by);
        if (await Chained.OfAsync(db, alert.TeamId, cancel) is { } chained)
        {
            if (await db.NextStepAsync(alert, cancel) is { } due) await steps.RunAsync(db, alert, chained, chained.Chain.Fit(new ChainPosition(due.Round, due.Step)), reason, now, cancel);
            else await steps.GoOnAsync(db, alert, chained, reason, now, cancel);
            return true;
        }

        var pages = (await PageRows.OfEpisodeAsync(db, alert, cancel)).Where(page => page.Step != Page.WarningStep).ToList();
        var waiting = pages.Where(page => page.State == PageState.Pending && page.DueAt > now).ToList();
        if (waiting.Count == 0 && pages.Exists(page => page.State is PageState.Pending or PageState.Sending)) return false;
        foreach (var page in waiting) (page.DueAt, page.RoundAt) = (now, now);
        var duty = waiting.Count > 0 ? await db.OnDutyAsync(alert.TeamId, now, cancel) : await PlanRoundAsync(db, alert, PageRows.LastRound(pages) + 1, now, now, insists: true, cancel);
        var what = duty.Targets.Count > 0 ? "whoever is on duty is paged again now" : "nobody is on duty who can be paged";
        db.AddEvent(alert, "escalated", $"{by.Name} escalated: {what}.", "The team has no escalation chain.", by.Id, now);
        db.Hints.Add(WorkHint.Pages);
        return true;
    }

    /// <summary>The chain of a team was changed: its open alerts follow what is not due yet.</summary>
    public async Task FollowChainAsync(HubDb db, Team team, DateTimeOffset now, CancellationToken cancel)
    {
        var alerts = await db.Alerts.Where(a => a.TeamId == team.Id && a.Status == AlertStatus.Open).ToListAsync(cancel);
        var chain = EscalationChain.Of(team);
        foreach (var alert in alerts)
        {
            if (chain is not null) await ChainSteps.FollowAsync(db, alert, new Chained(team, chain), now, cancel);
            else if (await db.NextStepAsync(alert, cancel) is { } due)
            {
                db.DueSteps.Remove(due);
                var next = due.RanAt + TimeSpan.FromMinutes(team.RepeatMinutes);
                await PlanRoundAsync(db, alert, PageRows.LastRound(await PageRows.OfEpisodeAsync(db, alert, cancel)) + 1, alert.Unattended || next < now ? now : next, now, cancel);
            }
        }
    }

    private async Task PageSilentAsync(HubDb db, Guid teamId, DateTimeOffset now, CancellationToken cancel)
    {
        var chained = await Chained.OfAsync(db, teamId, cancel);
        foreach (var alert in await SilentOf(db, teamId).ToListAsync(cancel))
        {
            if (chained is not null)
            {
                await steps.GoOnAsync(db, alert, chained, StepReason.Reachable, now, cancel);
                continue;
            }

            alert.Unattended = false;
            var pages = await PageRows.OfEpisodeAsync(db, alert, cancel);
            foreach (var warning in pages.Where(p => p is { Step: Page.WarningStep, State: PageState.Pending }))
                warning.End(PageState.Superseded, "Somebody is on duty now.");
            await PlanRoundAsync(db, alert, PageRows.LastRound(pages) + 1, now, now, cancel);
        }
    }

    /// <summary>One that was linked without a page (engine.md §6.11) is not among them: it has no pages to go on with. Nor is one that waits for its next step.</summary>
    private static IQueryable<Alert> SilentOf(HubDb db, Guid teamId) =>
        from alert in db.Alerts
        where alert.TeamId == teamId && alert.Status == AlertStatus.Open
        where alert.Unattended
            || (db.Pages.Any(p => p.AlertId == alert.Id && p.Episode == alert.Episode && p.Step != Page.WarningStep)
                && !db.Pages.Any(p => p.AlertId == alert.Id && p.Episode == alert.Episode && p.Step != Page.WarningStep && (p.State == PageState.Pending || p.State == PageState.Sending))
                && !db.DueSteps.Any(step => step.AlertId == alert.Id))
        select alert;

    private static async Task<List<Team>> ChainedAsync(HubDb db, Func<Team, EscalationChain, bool> which, CancellationToken cancel) =>
        [.. (await db.Teams.Where(team => team.Chain != "").ToListAsync(cancel)).Where(team => EscalationChain.Of(team) is { } chain && which(team, chain))];

    /// <summary>Lets pages go that were held until the ticket was read again after a restore. Those of an alert that is not open any more were taken back already.</summary>
    public static async Task ReleaseAsync(HubDb db, Alert alert, DateTimeOffset now, CancellationToken cancel)
    {
        foreach (var page in await PageRows.FindAsync(db, alert, p => p.State == PageState.Pending && p.RoundAt <= now, cancel))
            if (page.DueAt > now) page.DueAt = now;
        if (await db.NextStepAsync(alert, cancel) is { } due) due.HeldUntil = null;
        db.Hints.Add(WorkHint.Pages);
    }

    /// <summary>Plans the next repeat after a page that was accepted or failed. In a chain the steps are rows of their own, and wait for no page.</summary>
    public async Task PlanNextAsync(HubDb db, Alert alert, Page settled, DateTimeOffset now, CancellationToken cancel)
    {
        if (settled.Step == Page.WarningStep || !alert.Wants(settled)) return;
        if (await Chained.OfAsync(db, alert.TeamId, cancel) is not null)
        {
            await ChainSteps.SettledAsync(db, alert, settled, now, cancel);
            return;
        }

        var team = alert.TeamId is { } teamId ? await db.Teams.FindAsync([teamId], cancel) : null;

        // Nobody is paged in a row for repeats missed while the hub was down or the provider out of reach.
        var interval = TimeSpan.FromMinutes(team?.RepeatMinutes ?? 0);
        var due = settled.RoundAt + interval > now ? settled.RoundAt + interval : now + interval;
        await PlanRoundAsync(db, alert, settled.Repeat + 1, due, now, cancel);
    }

    /// <summary>Tracks every page of these alerts that a coming round must know, so that planning many asks once.</summary>
    public static async Task TrackPagesAsync(HubDb db, IReadOnlyCollection<Guid> alertIds, int fromRepeat, CancellationToken cancel)
    {
        await db.Pages
            .Where(p => alertIds.Contains(p.AlertId) && (p.Repeat >= fromRepeat || p.State == PageState.Pending || p.State == PageState.Sending))
            .LoadAsync(cancel);
        db.PagesSeen.UnionWith(alertIds);
    }

    /// <summary>Adds what is missing in a round: one page for every channel of everybody on duty. Who still has an earlier page under way joins when that is settled.</summary>
    public Task<OnDuty> PlanRoundAsync(HubDb db, Alert alert, int repeat, DateTimeOffset due, DateTimeOffset now, CancellationToken cancel) =>
        PlanRoundAsync(db, alert, repeat, due, now, insists: false, cancel);

    private async Task<OnDuty> PlanRoundAsync(HubDb db, Alert alert, int repeat, DateTimeOffset due, DateTimeOffset now, bool insists, CancellationToken cancel)
    {
        var duty = await db.OnDutyAsync(alert.TeamId, now, cancel);
        if (duty.Targets.Count == 0)
        {
            await LeaveUnattendedAsync(db, alert, duty, now, cancel);
            return duty;
        }

        var team = alert.TeamId is { } teamId ? await db.Teams.FindAsync([teamId], cancel) : null;
        var most = insists ? 0 : team?.MaxRepeats ?? 0;
        var stored = most == 0 && db.PagesSeen.Contains(alert.Id) ? PageRows.Tracked(db, alert) : await PageRows.FindAsync(
            db, alert, p => p.Episode == alert.Episode && (most > 0 || p.Repeat >= repeat || p.State == PageState.Pending || p.State == PageState.Sending), cancel);
        var known = stored.Where(p => p.Episode == alert.Episode).ToList();
        var taken = known
            .Where(p => p.Step != Page.WarningStep && (p.Repeat >= repeat || p.State is PageState.Pending or PageState.Sending))
            .Select(p => (p.PersonId, p.ChannelId))
            .ToHashSet();
        var spent = most == 0 ? [] : PageRows.PagedBefore(known, repeat, most);
        var fresh = duty.Targets.Where(t => !spent.Contains(t.Person.Id) && !taken.Contains((t.Person.Id, t.Channel.Id))).ToList();
        rows.Add(db, alert, fresh, step: 1, repeat, due, now);
        if (repeat == 1 && fresh.Count > 0)
        {
            var silent = string.Join(", ", duty.Unreachable.Select(p => p.Name));
            db.AddEvent(alert, "paged", $"Paging {PageTargets.Names(fresh)}.", $"On duty in {team?.Name}.{(silent.Length == 0 ? "" : $" Also on duty, but without a channel in use: {silent}.")}", null, now);
        }

        return duty;
    }

    private async Task LeaveUnattendedAsync(HubDb db, Alert alert, OnDuty duty, DateTimeOffset now, CancellationToken cancel)
    {
        if (!alert.Unattended) await rows.LeaveUnattendedAsync(db, alert, await ReasonAsync(db, alert, duty, cancel), "It pages as soon as somebody comes on duty.", now, cancel);
    }

    private static async Task<string> ReasonAsync(HubDb db, Alert alert, OnDuty duty, CancellationToken cancel)
    {
        if (duty.People.Count > 0)
            return $"On duty, but without a channel in use: {string.Join(", ", duty.People.Select(p => p.Name))}.";
        return alert.TeamId is { } id && await db.Teams.FindAsync([id], cancel) is { } team
            ? $"Nobody is on duty in {team.Name}."
            : "The connection has no team, so there is nobody to page.";
    }
}
