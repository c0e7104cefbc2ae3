using System.Linq.Expressions;
using Deskbridge.Core.Alerting.Teams;
using Deskbridge.Core.Common;
using Deskbridge.Core.Data;
using Microsoft.EntityFrameworkCore;

namespace Deskbridge.Core.Alerting.Paging;

/// <summary>The rows of pages, as the planner of rounds and the steps of a chain read and write them. Part of the caller's transaction.</summary>
internal sealed class PageRows(RandomIds ids)
{
    /// <summary>One page to each, due at an instant.</summary>
    public void Add(HubDb db, Alert alert, IEnumerable<PageTarget> targets, int step, int repeat, DateTimeOffset due, DateTimeOffset now)
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

    /// <summary>Nobody can be paged: the alert says why, and the administrators are warned, once in an episode.</summary>
    public async Task LeaveUnattendedAsync(HubDb db, Alert alert, string reason, string next, DateTimeOffset now, CancellationToken cancel)
    {
        if (alert.Unattended) return;
        alert.Unattended = true;
        var pages = await OfEpisodeAsync(db, alert, cancel);
        foreach (var page in pages.Where(p => p.State == PageState.Pending)) page.End(PageState.Superseded, "Not on duty any more.");

        var administrators = await db.AdministratorsAsync(cancel);
        var warned = pages.Any(p => p.Step == Page.WarningStep);
        if (!warned) Add(db, alert, administrators.Targets, Page.WarningStep, repeat: 1, now, now);
        var consequence = warned ? "The administrators were warned before."
            : administrators.Targets.Count > 0 ? $"Warning the administrators: {PageTargets.Names(administrators.Targets)}."
            : "No administrator has a channel in use either.";
        db.AddEvent(alert, "nobody-on-duty", $"{reason} {consequence}", next, null, now);
    }

    /// <summary>Every page of the alert's episode.</summary>
    public static async Task<List<Page>> OfEpisodeAsync(HubDb db, Alert alert, CancellationToken cancel) =>
        [.. (await FindAsync(db, alert, p => p.Episode == alert.Episode, cancel)).Where(p => p.Episode == alert.Episode)];

    /// <summary>
    /// Stored pages of a kind, and all that this transaction added or changed; the state of a tracked page is the one in memory, so that the
    /// caller must look at it again.
    /// </summary>
    public static async Task<IEnumerable<Page>> FindAsync(HubDb db, Alert alert, Expression<Func<Page, bool>> which, CancellationToken cancel)
    {
        if (db.Entry(alert).State == EntityState.Added) return Tracked(db, alert);
        var stored = await db.Pages.Where(p => p.AlertId == alert.Id).Where(which).ToListAsync(cancel);
        return stored.Union(Tracked(db, alert));
    }

    /// <summary>What this transaction has in its hands.</summary>
    public static List<Page> Tracked(HubDb db, Alert alert) => [.. db.Pages.Local.Where(p => p.AlertId == alert.Id)];

    /// <summary>The highest round of the episode so far; 0 when nothing was ever planned.</summary>
    public static int LastRound(IEnumerable<Page> pages) => pages.Where(p => p.Step != Page.WarningStep).Max(p => (int?)p.Repeat).GetValueOrDefault();

    /// <summary>Who was paged in so many earlier rounds; by how many channels does not count.</summary>
    public static HashSet<Guid> PagedBefore(IEnumerable<Page> known, int repeat, int times) =>
        [.. from page in known
            where page.Step != Page.WarningStep && page.Repeat < repeat && page.State != PageState.Superseded
            group page.Repeat by page.PersonId into rounds
            where rounds.Distinct().Count() >= times
            select rounds.Key];
}

/// <summary>People by their channels, in words.</summary>
internal static class PageTargets
{
    /// <summary>Each person once, with every channel.</summary>
    public static string Names(IEnumerable<PageTarget> targets) =>
        string.Join(", ", targets.GroupBy(t => t.Person.Id).Select(g => $"{g.First().Person.Name} ({string.Join(", ", g.Select(t => t.Channel.Name))})"));
}
