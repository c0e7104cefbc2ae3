using Deskbridge.Core.Alerting.Escalation;
using Deskbridge.Core.Alerting.Schedules;
using Deskbridge.Core.Data;
using Microsoft.EntityFrameworkCore;

namespace Deskbridge.Core.Alerting.Teams;

/// <summary>Reads teams as pages and API show them.</summary>
internal sealed class TeamQueries(HubStore store, TimeProvider clock)
{
    /// <summary>All teams by name.</summary>
    public Task<IReadOnlyList<TeamView>> ListAsync(CancellationToken cancel) =>
        store.ReadAsync<IReadOnlyList<TeamView>>(async db => await ReadAsync(db, db.Teams.OrderBy(t => t.Name), clock.GetUtcNow(), cancel), cancel);

    /// <summary>One team; null when there is none.</summary>
    public Task<TeamView?> GetAsync(Guid id, CancellationToken cancel) =>
        store.ReadAsync(async db => (await ReadAsync(db, db.Teams.Where(t => t.Id == id), clock.GetUtcNow(), cancel)).FirstOrDefault(), cancel);

    private static async Task<List<TeamView>> ReadAsync(HubDb db, IQueryable<Team> query, DateTimeOffset now, CancellationToken cancel)
    {
        var teams = await query.ToListAsync(cancel);
        var members = await (
            from member in db.TeamMembers
            join person in db.People on member.PersonId equals person.Id
            orderby person.Name
            select new
            {
                member.TeamId,
                View = new MemberView(
                    person.Id,
                    person.Name,
                    person.Active,
                    null,
                    null,
                    db.Channels.Count(c => c.PersonId == person.Id && c.Enabled)),
            }).ToListAsync(cancel);
        var byTeam = members.ToLookup(m => m.TeamId, m => m.View);
        var open = (await db.DutyPeriods.Where(d => d.EndedAt == null).ToListAsync(cancel)).ToLookup(period => period.TeamId);
        var views = new List<TeamView>();
        foreach (var team in teams)
        {
            var chain = EscalationChain.Of(team);
            var duty = team.ShiftsDueAt <= now ? await db.DutyNowAsync(team.Id, now, cancel) : open[team.Id];
            var people = Present([.. byTeam[team.Id]], [.. duty]);
            var manned = chain is null ? people.Any(member => member.OnDutySince is not null) : (await db.PeopleOfChainAsync(team, now, cancel)).Exists(step => step.Reached.People.Count > 0);
            views.Add(new TeamView(team.Id, team.Name, team.Description, team.RepeatMinutes, team.MaxRepeats, chain?.Steps.Count ?? 1, manned, people));
        }

        return views;
    }

    private static IReadOnlyList<MemberView> Present(IReadOnlyList<MemberView> members, IReadOnlyList<DutyPeriod> duty) =>
        [.. members.Select(member => member.Active && duty.FirstOrDefault(period => period.PersonId == member.PersonId) is { } period ? member with { OnDutySince = period.StartedAt, ShiftUntil = period.ShiftUntil } : member)];
}

/// <summary>A team with its members. <c>EscalationSteps</c> is 1 where it escalates in the usual way; <c>Manned</c> says that an alert at this moment is meant for somebody.</summary>
internal sealed record TeamView(
    Guid Id, string Name, string Description, int RepeatMinutes, int MaxRepeats, int EscalationSteps, bool Manned, IReadOnlyList<MemberView> Members);

/// <summary>A member. <c>OnDutySince</c> is null off duty; <c>ShiftUntil</c> is when a shift by schedule ends, null for who punched in by hand; with no channel in use nobody can page them.</summary>
internal sealed record MemberView(Guid PersonId, string Name, bool Active, DateTimeOffset? OnDutySince, DateTimeOffset? ShiftUntil, int Channels);
