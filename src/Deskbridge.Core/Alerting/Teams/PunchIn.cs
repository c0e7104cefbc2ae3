using Deskbridge.Core.Alerting.Paging;
using Deskbridge.Core.Alerting.Schedules;
using Deskbridge.Core.Common;
using Deskbridge.Core.Data;
using Deskbridge.Core.Directory;
using Microsoft.EntityFrameworkCore;

namespace Deskbridge.Core.Alerting.Teams;

/// <summary>Begins a person's duty in a team. Open alerts that could page nobody page now.</summary>
internal sealed class PunchIn(HubStore store, PagePlanner pages, DutyShifts shifts, RandomIds ids, TimeProvider clock)
{
    /// <summary>Runs it. Somebody on duty stays on duty since they came.</summary>
    /// <param name="teamId">The team.</param>
    /// <param name="personId">Who is to be on duty.</param>
    /// <param name="by">Who asks; for others a dispatcher or administrator.</param>
    /// <param name="cancel">Gives up.</param>
    public Task<Result<DutyPeriod>> RunAsync(Guid teamId, Guid personId, Person by, CancellationToken cancel) =>
        store.WriteAsync<Result<DutyPeriod>>(
            async db =>
            {
                var checkedPeople = await DutyRules.CheckAsync(db, teamId, personId, by, cancel);
                if (checkedPeople.Failure is { } refused) return refused;
                var now = clock.GetUtcNow();
                await shifts.RollAsync(db, teamId, now, cancel);
                if (await DutyRules.PresentAsync(db, teamId, personId, cancel) is { } present) return present;
                var (team, person) = checkedPeople.Value;
                if (!await db.TeamMembers.AnyAsync(m => m.TeamId == teamId && m.PersonId == personId, cancel))
                    return new NotInTeam(person.Name, team.Name);

                if (await DutyRules.ResumeAsync(db, teamId, personId, now, cancel))
                {
                    await shifts.AgainAsync(db, team, now, cancel);
                    await db.SaveChangesAsync(cancel);
                    if (await DutyRules.PresentAsync(db, teamId, personId, cancel) is { } resumed) return resumed;
                }

                var period = new DutyPeriod { Id = ids.NewId(), TeamId = teamId, PersonId = personId, StartedAt = now };
                db.DutyPeriods.Add(period);
                await pages.PageUnattendedAsync(db, teamId, now, cancel);
                return period;
            },
            cancel);
}

/// <summary>Ends a person's duty in a team. Who punches out of a shift stays off until it ends; the next layer that has somebody takes it.</summary>
internal sealed class PunchOut(HubStore store, DutyShifts shifts, TimeProvider clock)
{
    /// <summary>Runs it. Somebody not on duty stays so; null is answered then.</summary>
    /// <inheritdoc cref="PunchIn.RunAsync"/>
    public Task<Result<DutyPeriod?>> RunAsync(Guid teamId, Guid personId, Person by, CancellationToken cancel) =>
        store.WriteAsync<Result<DutyPeriod?>>(
            async db =>
            {
                var checkedPeople = await DutyRules.CheckAsync(db, teamId, personId, by, cancel);
                if (checkedPeople.Failure is { } refused) return refused;
                var now = clock.GetUtcNow();
                await shifts.RollAsync(db, teamId, now, cancel);
                await db.SaveChangesAsync(cancel);
                var period = await DutyRules.PresentAsync(db, teamId, personId, cancel);
                if (period is null) return period;
                period.EndedAt = now;
                if (period.ShiftUntil is not null) await shifts.AgainAsync(db, checkedPeople.Value.Team, now, cancel);
                return period;
            },
            cancel);
}

/// <summary>What punching in and out have in common.</summary>
internal static class DutyRules
{
    /// <summary>Team and person exist, and the asker may do it.</summary>
    public static async Task<Result<(Team Team, Person Person)>> CheckAsync(HubDb db, Guid teamId, Guid personId, Person by, CancellationToken cancel)
    {
        if (by.Role == PersonRole.Viewer) return new ViewersOnlyLook(by.Name);
        if (by.Id != personId && by.Role < PersonRole.Dispatcher) return new DispatchersOnly(by.Name);
        if (await db.Teams.FindAsync([teamId], cancel) is not { } team) return new TeamNotFound(teamId);
        return await db.People.FindAsync([personId], cancel) is { Active: true } person ? (team, person) : new MemberNotFound(personId);
    }

    /// <summary>Whoever punched out of a shift that is not over has it again.</summary>
    public static async Task<bool> ResumeAsync(HubDb db, Guid teamId, Guid personId, DateTimeOffset now, CancellationToken cancel)
    {
        var left = await db.DutyPeriods.Where(d => d.TeamId == teamId && d.PersonId == personId && d.EndedAt != null && d.ShiftUntil > now && d.ShiftUntil > d.EndedAt).ToListAsync(cancel);
        foreach (var period in left) period.ShiftUntil = period.EndedAt;
        return left.Count > 0;
    }

    /// <summary>The stretch of duty under way.</summary>
    public static Task<DutyPeriod?> PresentAsync(HubDb db, Guid teamId, Guid personId, CancellationToken cancel) =>
        db.DutyPeriods.FirstOrDefaultAsync(d => d.TeamId == teamId && d.PersonId == personId && d.EndedAt == null, cancel);
}
