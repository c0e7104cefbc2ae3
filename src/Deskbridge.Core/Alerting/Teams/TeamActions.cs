using Deskbridge.Core.Alerting.Escalation;
using Deskbridge.Core.Alerting.Paging;
using Deskbridge.Core.Alerting.Schedules;
using Deskbridge.Core.Common;
using Deskbridge.Core.Data;
using Deskbridge.Core.Directory;
using Microsoft.EntityFrameworkCore;

namespace Deskbridge.Core.Alerting.Teams;

/// <summary>What is entered for a team.</summary>
/// <param name="Name">Unique name.</param>
/// <param name="Description">Free text.</param>
/// <param name="RepeatMinutes">Minutes between pages, 1 to 1440.</param>
/// <param name="MaxRepeats">Most pages per person and episode, up to 1000; 0 for no end.</param>
internal sealed record TeamDraft(string Name, string Description = "", int RepeatMinutes = 5, int MaxRepeats = 0);

/// <summary>Adds a team.</summary>
internal sealed class CreateTeam(HubStore store, RandomIds ids)
{
    /// <summary>Adds it, for a dispatcher or administrator.</summary>
    public Task<Result<Team>> RunAsync(TeamDraft draft, Person by, CancellationToken cancel) =>
        store.WriteAsync<Result<Team>>(
            async db =>
            {
                var team = new Team { Id = ids.NewId(), Name = draft.Name.Trim() };
                if (await TeamRules.CheckAsync(db, team.Id, draft, by, cancel) is { } refused) return refused;
                TeamRules.Apply(draft, team);
                db.Teams.Add(team);
                return team;
            },
            cancel);
}

/// <summary>Changes a team.</summary>
internal sealed class ChangeTeam(HubStore store)
{
    /// <summary>Changes it, for a dispatcher or administrator. Repeats planned already keep their time.</summary>
    public Task<Result<Team>> RunAsync(Guid teamId, TeamDraft draft, Person by, CancellationToken cancel) =>
        store.WriteAsync<Result<Team>>(
            async db =>
            {
                if (await db.Teams.FindAsync([teamId], cancel) is not { } team) return new TeamNotFound(teamId);
                if (await TeamRules.CheckAsync(db, teamId, draft, by, cancel) is { } refused) return refused;
                TeamRules.Apply(draft, team);
                return team;
            },
            cancel);
}

/// <summary>Deletes a team that nothing needs.</summary>
internal sealed class DeleteTeam(HubStore store)
{
    /// <summary>Deletes it, for a dispatcher or administrator.</summary>
    public Task<Failure?> RunAsync(Guid teamId, Person by, CancellationToken cancel) =>
        store.WriteAsync<Failure?>(
            async db =>
            {
                if (TeamRules.MayManage(by) is { } refused) return refused;
                if (await db.Teams.FindAsync([teamId], cancel) is not { } team) return new TeamNotFound(teamId);
                var removed = Connections.ConnectionState.Removed;
                if (await db.Connections.FirstOrDefaultAsync(c => c.TeamId == teamId && c.State != removed, cancel) is { } connection)
                    return new TeamUsedByConnection(team.Name, connection.Name);
                var waiting = await db.Alerts.CountAsync(a => a.TeamId == teamId && a.Status != AlertStatus.Closed, cancel);
                if (waiting > 0) return new TeamHasAlerts(team.Name, waiting);
                if ((await db.Teams.Where(t => t.Id != teamId && t.Chain != "").ToListAsync(cancel)).Find(t => EscalationChain.Of(t)!.Asks(teamId)) is { } asking) return new TeamInChain(team.Name, asking.Name);

                db.TeamMembers.RemoveRange(await db.TeamMembers.Where(m => m.TeamId == teamId).ToListAsync(cancel));
                db.DutyPeriods.RemoveRange(await db.DutyPeriods.Where(d => d.TeamId == teamId).ToListAsync(cancel));
                db.TeamIntakes.RemoveRange(await db.TeamIntakes.Where(i => i.TeamId == teamId).ToListAsync(cancel));
                db.Teams.Remove(team);
                return null;
            },
            cancel);
}

/// <summary>Says who is in a team. Who leaves it goes off duty there; who joins it is paged for open alerts that could page nobody, where the chain pages everybody.</summary>
internal sealed class SetTeamMembers(HubStore store, PagePlanner pages, DutyShifts shifts, TimeProvider clock)
{
    /// <summary>Sets the members, for a dispatcher or administrator.</summary>
    public Task<Failure?> RunAsync(Guid teamId, IReadOnlyCollection<Guid> personIds, Person by, CancellationToken cancel) =>
        store.WriteAsync<Failure?>(
            async db =>
            {
                if (TeamRules.MayManage(by) is { } refused) return refused;
                if (await db.Teams.FindAsync([teamId], cancel) is not { } team) return new TeamNotFound(teamId);
                var wanted = personIds.ToHashSet();
                var present = await db.TeamMembers.Where(m => m.TeamId == teamId).ToListAsync(cancel);
                var added = wanted.Except(present.Select(m => m.PersonId)).ToList();
                var known = await db.People.Where(p => p.Active && added.Contains(p.Id)).Select(p => p.Id).ToListAsync(cancel);
                if (added.Except(known).Select(id => (Guid?)id).FirstOrDefault() is { } missing) return new MemberNotFound(missing);

                db.TeamMembers.AddRange(added.Select(id => new TeamMember { TeamId = teamId, PersonId = id }));
                db.TeamMembers.RemoveRange(present.Where(m => !wanted.Contains(m.PersonId)));
                var now = clock.GetUtcNow();
                var onDuty = await db.DutyPeriods.Where(d => d.TeamId == teamId && d.EndedAt == null).ToListAsync(cancel);
                foreach (var period in onDuty.Where(d => !wanted.Contains(d.PersonId))) period.EndedAt = now;
                await shifts.AgainAsync(db, team, now, cancel);
                if (added.Count > 0) await pages.PageUnattendedAsync(db, teamId, now, cancel);
                return null;
            },
            cancel);
}

/// <summary>What teams must look like and who may change them.</summary>
internal static class TeamRules
{
    private const int LongestRepeatMinutes = 1440;
    private const int MostRepeats = 1000;

    /// <summary>Dispatchers and administrators manage teams.</summary>
    public static Failure? MayManage(Person by) => by.Role >= PersonRole.Dispatcher ? null : new TeamsByDispatchers(by.Name);

    /// <summary>Checks what was entered.</summary>
    public static async Task<Failure?> CheckAsync(HubDb db, Guid teamId, TeamDraft draft, Person by, CancellationToken cancel)
    {
        if (MayManage(by) is { } refused) return refused;
        if (!Names.Fits(draft.Name)) return new TeamNameMissing();
        var name = draft.Name.Trim();
        if (draft.RepeatMinutes is < 1 or > LongestRepeatMinutes) return new RepeatMinutesOutOfRange();
        if (draft.MaxRepeats is < 0 or > MostRepeats) return new MaxRepeatsOutOfRange();
        return await db.Teams.AnyAsync(t => t.Name == name && t.Id != teamId, cancel) ? new TeamNameTaken(name) : null;
    }

    /// <summary>Takes over what was entered.</summary>
    public static void Apply(TeamDraft draft, Team team)
    {
        team.Name = draft.Name.Trim();
        team.Description = draft.Description.Trim();
        team.RepeatMinutes = draft.RepeatMinutes;
        team.MaxRepeats = draft.MaxRepeats;
    }
}
