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
        return teams.ConvertAll(t => new TeamView(t.Id, t.Name, t.Description, t.RepeatMinutes, t.MaxRepeats, EscalationChain.Of(t)?.Steps.Count ?? 1, [.. byTeam[t.Id]]));
    }
}

/// <summary>A team with its members. <c>EscalationSteps</c> is 1 where it escalates in the usual way.</summary>
internal sealed record TeamView(
    Guid Id, string Name, string Description, int RepeatMinutes, int MaxRepeats, int EscalationSteps, IReadOnlyList<MemberView> Members);

/// <summary>A member. <c>OnDutySince</c> is null off duty; with no channel in use nobody can page them.</summary>
internal sealed record MemberView(Guid PersonId, string Name, bool Active, DateTimeOffset? OnDutySince, int Channels);
