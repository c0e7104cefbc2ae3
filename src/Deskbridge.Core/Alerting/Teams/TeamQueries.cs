using Deskbridge.Core.Alerting.Escalation;
using Deskbridge.Core.Data;
using Microsoft.EntityFrameworkCore;

namespace Deskbridge.Core.Alerting.Teams;

/// <summary>Reads teams as pages and API show them.</summary>
internal sealed class TeamQueries(HubStore store)
{
    /// <summary>All teams by name.</summary>
    public Task<IReadOnlyList<TeamView>> ListAsync(CancellationToken cancel) =>
        store.ReadAsync<IReadOnlyList<TeamView>>(async db => await ReadAsync(db, db.Teams.OrderBy(t => t.Name), cancel), cancel);

    /// <summary>One team; null when there is none.</summary>
    public Task<TeamView?> GetAsync(Guid id, CancellationToken cancel) =>
        store.ReadAsync(async db => (await ReadAsync(db, db.Teams.Where(t => t.Id == id), cancel)).FirstOrDefault(), cancel);

    private static async Task<List<TeamView>> ReadAsync(HubDb db, IQueryable<Team> query, CancellationToken cancel)
    {
        var teams = await query.ToListAsync(cancel);
        var members = await (
            from member in db.TeamMembers
            join person in db.People on member.PersonId equals person.Id
            join duty in db.DutyPeriods.Where(d => d.EndedAt == null)
                on new { member.TeamId, member.PersonId } equals new { duty.TeamId, duty.PersonId } into duties
            from duty in duties.DefaultIfEmpty()
            orderby person.Name
            select new
            {
                member.TeamId,
                View = new MemberView(
                    person.Id,
                    person.Name,
                    person.Active,
                    person.Active && duty != null ? duty.StartedAt : null,
                    db.Channels.Count(c => c.PersonId == person.Id && c.Enabled)),
            }).ToListAsync(cancel);
        var byTeam = members.ToLookup(m => m.TeamId, m => m.View);
        var views = new List<TeamView>();
        foreach (var team in teams)
        {
            var chain = EscalationChain.Of(team);
            var manned = chain is null ? byTeam[team.Id].Any(member => member.OnDutySince is not null) : (await db.PeopleOfChainAsync(team, cancel)).Exists(step => step.Reached.People.Count > 0);
            views.Add(new TeamView(team.Id, team.Name, team.Description, team.RepeatMinutes, team.MaxRepeats, chain?.Steps.Count ?? 1, manned, [.. byTeam[team.Id]]));
        }

        return views;
    }
}

/// <summary>A team with its members. <c>EscalationSteps</c> is 1 where it escalates in the usual way; <c>Manned</c> says that an alert at this moment is meant for somebody.</summary>
internal sealed record TeamView(
    Guid Id, string Name, string Description, int RepeatMinutes, int MaxRepeats, int EscalationSteps, bool Manned, IReadOnlyList<MemberView> Members);

/// <summary>A member. <c>OnDutySince</c> is null off duty; with no channel in use nobody can page them.</summary>
internal sealed record MemberView(Guid PersonId, string Name, bool Active, DateTimeOffset? OnDutySince, int Channels);
