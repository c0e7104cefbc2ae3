using Deskbridge.Core.Alerting.Teams;
using Deskbridge.Core.Common;
using Deskbridge.Core.Data;
using Deskbridge.Core.Directory;
using NodaTime;

namespace Deskbridge.Core.Alerting.Schedules;

/// <summary>Changes a team's duty schedule. Who is on by schedule changes at once; who punched in by hand stays on.</summary>
internal sealed class SetSchedule(HubStore store, DutyShifts shifts, RandomIds ids, TimeProvider clock)
{
    /// <summary>How long an override that is over is kept.</summary>
    private static readonly Duration Kept = Duration.FromDays(31);

    /// <summary>Sets it whole, for a dispatcher or administrator.</summary>
    /// <param name="teamId">The team.</param>
    /// <param name="schedule">The schedule; one that says nothing for none.</param>
    /// <param name="version">The version that was seen; null for whichever is there.</param>
    /// <param name="by">Who asks.</param>
    /// <param name="cancel">Gives up.</param>
    public Task<Result<Team>> RunAsync(Guid teamId, DutySchedule schedule, int? version, Person by, CancellationToken cancel) =>
        ChangeAsync(teamId, version, by, _ => schedule, cancel);

    /// <summary>Adds an override.</summary>
    /// <inheritdoc cref="RunAsync"/>
    public async Task<Result<DutyOverride>> AddAsync(Guid teamId, DutyOverride one, Person by, CancellationToken cancel)
    {
        var added = one with { Id = ids.NewId() };
        var done = await ChangeAsync(teamId, null, by, known => known with { Overrides = [.. known.Overrides, added] }, cancel);
        return done.Failure is { } refused ? refused : added;
    }

    /// <summary>Removes an override.</summary>
    /// <inheritdoc cref="RunAsync"/>
    public async Task<Failure?> RemoveAsync(Guid teamId, Guid overrideId, Person by, CancellationToken cancel)
    {
        var found = false;
        var done = await ChangeAsync(
            teamId, null, by,
            known =>
            {
                found = known.Overrides.Any(one => one.Id == overrideId);
                return known with { Overrides = [.. known.Overrides.Where(one => one.Id != overrideId)] };
            },
            cancel);
        return done.Failure ?? (found ? null : new OverrideNotFound(overrideId));
    }

    private Task<Result<Team>> ChangeAsync(Guid teamId, int? version, Person by, Func<DutySchedule, DutySchedule> change, CancellationToken cancel) =>
        store.WriteAsync<Result<Team>>(
            async db =>
            {
                if (TeamRules.MayManage(by) is { } forbidden) return forbidden;
                if (await db.Teams.FindAsync([teamId], cancel) is not { } team) return new TeamNotFound(teamId);
                if (version is { } seen && seen != team.ScheduleVersion) return new ScheduleChanged(team.Name);
                var now = clock.GetUtcNow();
                var schedule = change(DutySchedule.Of(team) ?? DutySchedule.Empty);
                if (await ScheduleRules.CheckAsync(db, schedule, cancel) is { } refused) return refused;
                var over = Instant.FromDateTimeOffset(now) - Kept;
                var stored = (schedule with { Overrides = [.. schedule.Overrides.Where(one => one.Interval.End > over)] }).Stored;
                if (stored == team.Schedule) return team;
                await shifts.RollAsync(db, teamId, now, cancel);
                team.Schedule = stored;
                team.ScheduleVersion++;
                team.ShiftsDueAt = now;
                await shifts.AgainAsync(db, team, now, cancel);
                return team;
            },
            cancel);
}
