using System.Diagnostics.CodeAnalysis;
using System.Linq.Expressions;
using Deskbridge.Core.Alerting.Teams;
using Deskbridge.Core.Common;
using Deskbridge.Core.Data;
using Microsoft.EntityFrameworkCore;

namespace Deskbridge.Core.Alerting.Paging;

/// <summary>
/// Decides who is paged when, as rows in the caller's transaction. It never looks at remote systems: no page waits for a remote write.
/// The people on duty are looked up anew for every repeat.
/// </summary>
internal class PagePlanner(RandomIds ids)
{
    /// <summary>Pages everybody on duty at once; with nobody to page the administrators are warned. The alert is open and counts its new episode already.</summary>
    public virtual async Task BeginEpisodeAsync(HubDb db, Alert alert, DateTimeOffset now, CancellationToken cancel)
    {
        alert.Unattended = false;
        alert.TeamId ??= (await db.Connections.FindAsync([alert.ConnectionId], cancel))?.TeamId; // raised before the connection had one
        await PlanRoundAsync(db, alert, repeat: 1, due: now, now, cancel);
    }

    /// <summary>Takes back what was not sent yet. A page that a sender holds stays in doubt: it may still arrive, but is not tried again.</summary>
    [SuppressMessage("Performance", "CA1822", Justification = "Its counterpart needs the instance; callers hold one object for both.")]
    public async Task EndEpisodeAsync(HubDb db, Alert alert, string why, CancellationToken cancel)
    {
        alert.Unattended = false;
        foreach (var page in await PagesAsync(db, alert, p => p.State == PageState.Pending, cancel))
            if (page.State == PageState.Pending) page.End(PageState.Superseded, why);
    }

    /// <summary>Pages the open alerts of a team that page nobody, having nobody on duty or nobody left who may be paged again: somebody punched in or got a channel.</summary>
    public virtual async Task PageUnattendedAsync(HubDb db, Guid teamId, DateTimeOffset now, CancellationToken cancel)
    {
        await db.SaveChangesAsync(cancel);
        if ((await db.OnDutyAsync(teamId, cancel)).Targets.Count == 0) return;
        var alerts = await SilentOf(db, teamId).ToListAsync(cancel);
        foreach (var alert in alerts)
        {
            alert.Unattended = false;
            var pages = await OfEpisodeAsync(db, alert, cancel);
            foreach (var warning in pages.Where(p => p is { Step: Page.WarningStep, State: PageState.Pending }))
                warning.End(PageState.Superseded, "Somebody is on duty now.");
            await PlanRoundAsync(db, alert, pages.Where(p => p.Step != Page.WarningStep).Max(p => (int?)p.Repeat).GetValueOrDefault() + 1, now, now, cancel);
        }
    }

    /// <summary>One that was linked without a page (engine.md §6.11) is not among them: it has no pages to go on with.</summary>
    private static IQueryable<Alert> SilentOf(HubDb db, Guid teamId) =>
        from alert in db.Alerts
        where alert.TeamId == teamId && alert.Status == AlertStatus.Open
        where alert.Unattended
            || (db.Pages.Any(p => p.AlertId == alert.Id && p.Episode == alert.Episode && p.Step != Page.WarningStep)
                && !db.Pages.Any(p => p.AlertId == alert.Id && p.Episode == alert.Episode && p.Step != Page.WarningStep && (p.State == PageState.Pending || p.State == PageState.Sending)))
        select alert;

    /// <summary>The same for every team in which this person is on duty: they may be reachable now.</summary>
    public async Task PageUnattendedOfAsync(HubDb db, Guid personId, DateTimeOffset now, CancellationToken cancel)
    {
        var teams = await db.DutyPeriods.Where(d => d.PersonId == personId && d.EndedAt == null).Select(d => d.TeamId).ToListAsync(cancel);
        foreach (var teamId in teams) await PageUnattendedAsync(db, teamId, now, cancel);
    }

    /// <summary>Lets pages go that were held until the ticket was read again after a restore. Those of an alert that is not open any more were taken back already.</summary>
    public static async Task ReleaseAsync(HubDb db, Alert alert, DateTimeOffset now, CancellationToken cancel)
    {
        foreach (var page in await PagesAsync(db, alert, p => p.State == PageState.Pending && p.RoundAt <= now, cancel))
            if (page.DueAt > now) page.DueAt = now;
        db.Hints.Add(WorkHint.Pages);
    }

    /// <summary>Plans the next repeat after a page that was accepted or failed.</summary>
    public async Task PlanNextAsync(HubDb db, Alert alert, Page settled, DateTimeOffset now, CancellationToken cancel)
    {
        if (settled.Step == Page.WarningStep || !alert.Wants(settled)) return;
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
    public async Task<OnDuty> PlanRoundAsync(HubDb db, Alert alert, int repeat, DateTimeOffset due, DateTimeOffset now, CancellationToken cancel)
    {
        var duty = await db.OnDutyAsync(alert.TeamId, cancel);
        if (duty.Targets.Count == 0)
        {
            await LeaveUnattendedAsync(db, alert, duty, now, cancel);
            return duty;
        }

        var team = alert.TeamId is { } teamId ? await db.Teams.FindAsync([teamId], cancel) : null;
        var most = team?.MaxRepeats ?? 0;
        var stored = most == 0 && db.PagesSeen.Contains(alert.Id) ? Tracked(db, alert) : await PagesAsync(
            db, alert, p => p.Episode == alert.Episode && (most > 0 || p.Repeat >= repeat || p.State == PageState.Pending || p.State == PageState.Sending), cancel);
        var known = stored.Where(p => p.Episode == alert.Episode).ToList();
        var taken = known
            .Where(p => p.Step != Page.WarningStep && (p.Repeat >= repeat || p.State is PageState.Pending or PageState.Sending))
            .Select(p => (p.PersonId, p.ChannelId))
            .ToHashSet();
        var spent = most == 0 ? [] : PagedBefore(known, repeat, most);
        var fresh = duty.Targets.Where(t => !spent.Contains(t.Person.Id) && !taken.Contains((t.Person.Id, t.Channel.Id))).ToList();
        AddPages(db, alert, fresh, step: 1, repeat, due, now);
        if (repeat == 1 && fresh.Count > 0)
        {
            var silent = string.Join(", ", duty.Unreachable.Select(p => p.Name));
            db.AddEvent(alert, "paged", $"Paging {Names(fresh)}.", $"On duty in {team?.Name}.{(silent.Length == 0 ? "" : $" Also on duty, but without a channel in use: {silent}.")}", null, now);
        }

        return duty;
    }

    /// <summary>Who was paged in so many earlier rounds; by how many channels does not count.</summary>
    private static HashSet<Guid> PagedBefore(IEnumerable<Page> known, int repeat, int times) =>
        [.. from page in known
            where page.Step != Page.WarningStep && page.Repeat < repeat && page.State != PageState.Superseded
            group page.Repeat by page.PersonId into rounds
            where rounds.Distinct().Count() >= times
            select rounds.Key];

    private async Task LeaveUnattendedAsync(HubDb db, Alert alert, OnDuty duty, DateTimeOffset now, CancellationToken cancel)
    {
        if (alert.Unattended) return;
        alert.Unattended = true;
        var pages = await OfEpisodeAsync(db, alert, cancel);
        foreach (var page in pages.Where(p => p.State == PageState.Pending)) page.End(PageState.Superseded, "Not on duty any more.");

        var administrators = await db.AdministratorsAsync(cancel);
        var warned = pages.Any(p => p.Step == Page.WarningStep);
        if (!warned) AddPages(db, alert, administrators.Targets, Page.WarningStep, repeat: 1, now, now);
        var reason = await ReasonAsync(db, alert, duty, cancel);
        var consequence = warned ? "The administrators were warned before."
            : administrators.Targets.Count > 0 ? $"Warning the administrators: {Names(administrators.Targets)}."
            : "No administrator has a channel in use either.";
        db.AddEvent(alert, "nobody-on-duty", $"{reason} {consequence}", "It pages as soon as somebody punches in.", null, now);
    }

    private static async Task<string> ReasonAsync(HubDb db, Alert alert, OnDuty duty, CancellationToken cancel)
    {
        if (duty.People.Count > 0)
            return $"On duty, but without a channel in use: {string.Join(", ", duty.People.Select(p => p.Name))}.";
        return alert.TeamId is { } id && await db.Teams.FindAsync([id], cancel) is { } team
            ? $"Nobody is on duty in {team.Name}."
            : "The connection has no team, so there is nobody to page.";
    }

    private void AddPages(HubDb db, Alert alert, IEnumerable<PageTarget> targets, int step, int repeat, DateTimeOffset due, DateTimeOffset now)
    {
        foreach (var (person, channel) in targets)
        {
            db.Hints.Add(WorkHint.Pages);
            db.Pages.Add(new Page
            {
                Id = ids.NewId(),
                AlertId = alert.Id,
                Episode = alert.Episode,
                Step = step,
                Repeat = repeat,
                PersonId = person.Id,
                ChannelId = channel.Id,
                DueAt = due,
                RoundAt = due,
                CreatedAt = now,
            });
        }
    }

    private static async Task<List<Page>> OfEpisodeAsync(HubDb db, Alert alert, CancellationToken cancel) =>
        [.. (await PagesAsync(db, alert, p => p.Episode == alert.Episode, cancel)).Where(p => p.Episode == alert.Episode)];

    /// <summary>
    /// Stored pages of a kind, and all that this transaction added or changed; the state of a tracked page is the one in memory, so that the
    /// caller must look at it again.
    /// </summary>
    private static async Task<IEnumerable<Page>> PagesAsync(HubDb db, Alert alert, Expression<Func<Page, bool>> which, CancellationToken cancel)
    {
        if (db.Entry(alert).State == EntityState.Added) return Tracked(db, alert);
        var stored = await db.Pages.Where(p => p.AlertId == alert.Id).Where(which).ToListAsync(cancel);
        return stored.Union(Tracked(db, alert));
    }

    private static List<Page> Tracked(HubDb db, Alert alert) => [.. db.Pages.Local.Where(p => p.AlertId == alert.Id)];

    private static string Names(IEnumerable<PageTarget> targets) =>
        string.Join(", ", targets.GroupBy(t => t.Person.Id).Select(g => $"{g.First().Person.Name} ({string.Join(", ", g.Select(t => t.Channel.Name))})"));
}
