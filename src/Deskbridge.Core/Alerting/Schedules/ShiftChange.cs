using Deskbridge.Core.Data;
using Microsoft.EntityFrameworkCore;
using NodaTime;

namespace Deskbridge.Core.Alerting.Schedules;

/// <summary>What the schedule changes in a team's duty at a moment.</summary>
/// <param name="Ended">Who goes off, and when they should have.</param>
/// <param name="Kept">Who stays, and until when now.</param>
/// <param name="Begun">Who comes on.</param>
/// <param name="DueAt">When something changes next; null without a schedule.</param>
internal sealed record ShiftChange(
    IReadOnlyList<(DutyPeriod Period, DateTimeOffset At)> Ended, IReadOnlyList<(DutyPeriod Period, DateTimeOffset Until)> Kept, IReadOnlyList<DutyPeriod> Begun, DateTimeOffset? DueAt)
{
    /// <summary>How far ahead hand-overs are looked for. A schedule in which nothing changes for so long is looked at again.</summary>
    public static readonly Duration Ahead = Duration.FromDays(62);

    /// <summary>Compares who is on with who should be. Who punched in by hand stays on until they punch out.</summary>
    public static async Task<ShiftChange> FindAsync(HubDb db, Team team, IReadOnlyList<DutyPeriod> open, DateTimeOffset now, Func<Guid> newId, CancellationToken cancel)
    {
        var byShift = open.Where(period => period.ShiftUntil is not null).ToList();
        if (DutySchedule.Of(team) is not { } schedule) return new([.. byShift.Select(period => (period, now))], [], [], null);
        var at = Instant.FromDateTimeOffset(now);
        var since = team.ShiftsDueAt is { } due && due < now ? Instant.Max(Instant.FromDateTimeOffset(due), at - Ahead) : at;
        var timeline = DutyTimeline.Of(schedule, await db.AbleAsync(team.Id, cancel), await db.AbsencesAsync(team.Id, now, cancel), since, at + Ahead);
        var shifts = timeline.Shifts.Where(shift => shift.Start <= at && shift.End > at).ToLookup(shift => shift.Who.PersonId);

        var ended = byShift.Where(period => !shifts.Contains(period.PersonId)).Select(period => (period, period.ShiftUntil < now && period.ShiftUntil > period.StartedAt ? period.ShiftUntil.Value : now));
        var kept = byShift.Where(period => shifts.Contains(period.PersonId)).Select(period => (period, Until(shifts[period.PersonId])));
        var begun = shifts.Where(person => open.All(period => period.PersonId != person.Key)).Select(person => new DutyPeriod
        {
            Id = newId(),
            TeamId = team.Id,
            PersonId = person.Key,
            StartedAt = person.Min(shift => shift.Start).ToDateTimeOffset(),
            ShiftUntil = Until(person),
        });
        var next = timeline.Slots.First(slot => slot.End > at).End.ToDateTimeOffset();
        return new([.. ended], [.. kept], [.. begun], next);

        static DateTimeOffset Until(IEnumerable<Shift> of) => of.Max(shift => shift.End).ToDateTimeOffset();
    }
}

/// <summary>Asks what schedules need to know.</summary>
internal static class ScheduleQueriesOfDb
{
    extension(HubDb db)
    {
        /// <summary>Whom a schedule can put on duty: active people who are in the team.</summary>
        public async Task<HashSet<Guid>> AbleAsync(Guid teamId, CancellationToken cancel) =>
            await db.People.Where(p => p.Active && db.TeamMembers.Any(m => m.TeamId == teamId && m.PersonId == p.Id)).Select(p => p.Id).ToHashSetAsync(cancel);

        /// <summary>Who punched out of a shift that is not over yet.</summary>
        public async Task<IReadOnlyList<Absence>> AbsencesAsync(Guid teamId, DateTimeOffset now, CancellationToken cancel)
        {
            var left = await db.DutyPeriods.Where(d => d.TeamId == teamId && d.EndedAt != null && d.ShiftUntil > now && d.ShiftUntil > d.EndedAt).ToListAsync(cancel);
            return [.. left.Select(period => new Absence(period.PersonId, new Interval(Instant.FromDateTimeOffset(period.EndedAt!.Value), Instant.FromDateTimeOffset(period.ShiftUntil!.Value))))];
        }

        /// <summary>
        /// Who is on duty in a team, by hand or by schedule: the one answer for paging and for pages. A hand-over whose time has come counts, whether or not a
        /// hub has written it down yet.
        /// </summary>
        public async Task<List<DutyPeriod>> DutyNowAsync(Guid teamId, DateTimeOffset now, CancellationToken cancel)
        {
            var open = await db.DutyPeriods.Where(d => d.TeamId == teamId && d.EndedAt == null).ToListAsync(cancel);
            if (await db.Teams.FindAsync([teamId], cancel) is not { ShiftsDueAt: { } due } team || due > now) return open;
            var change = await ShiftChange.FindAsync(db, team, open, now, () => Guid.Empty, cancel);
            return [.. open.Except(change.Ended.Select(one => one.Period)), .. change.Begun];
        }
    }
}
