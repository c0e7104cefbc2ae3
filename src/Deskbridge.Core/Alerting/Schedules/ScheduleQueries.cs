using Deskbridge.Core.Data;
using Microsoft.EntityFrameworkCore;
using NodaTime;

namespace Deskbridge.Core.Alerting.Schedules;

/// <summary>Reads schedules as pages and API show them.</summary>
internal sealed class ScheduleQueries(HubStore store, TimeProvider clock)
{
    private const int MostEvents = 12;

    /// <summary>How far ahead gaps are told.</summary>
    public static readonly Duration Shown = Duration.FromDays(14);

    /// <summary>A team's schedule; null when there is no such team.</summary>
    public Task<ScheduleView?> GetAsync(Guid teamId, CancellationToken cancel) => store.ReadAsync(
        async db =>
        {
            if (await db.Teams.FirstOrDefaultAsync(one => one.Id == teamId, cancel) is not { } team) return null;
            var now = clock.GetUtcNow();
            var schedule = DutySchedule.Of(team) ?? DutySchedule.Empty;
            var names = await db.People.ToDictionaryAsync(person => person.Id, person => person.Name, cancel);
            var able = await db.AbleAsync(teamId, cancel);
            var at = Instant.FromDateTimeOffset(now);
            var ahead = DutyTimeline.Of(schedule, able, await db.AbsencesAsync(teamId, now, cancel), at, at + ShiftChange.Ahead);
            var duty = await db.DutyNowAsync(teamId, now, cancel);
            var events = await db.DutyPeriods.Where(one => one.TeamId == teamId).OrderByDescending(one => one.StartedAt).Take(MostEvents).ToListAsync(cancel);
            return new ScheduleView(
                team.Id, team.Name, team.ScheduleVersion, schedule,
                [.. duty.OrderBy(one => NameOf(one.PersonId), StringComparer.CurrentCulture).Select(one => new OnNow(one.PersonId, NameOf(one.PersonId), one.StartedAt, one.ShiftUntil))],
                NextOf(ahead, [.. duty.Select(one => one.PersonId)]),
                [.. ahead.Gaps.Where(gap => schedule.Layers.Count > 0 && gap.Start < at + Shown).Select(gap => new ShiftView(null, "", gap.Start.ToDateTimeOffset(), Instant.Min(gap.End, at + Shown).ToDateTimeOffset(), ""))],
                [.. schedule.People.Where(id => !able.Contains(id)).Select(NameOf)],
                [.. events.Select(one => new DutyEvent(one.PersonId, NameOf(one.PersonId), one.StartedAt, one.EndedAt, one.ShiftUntil is not null))],
                names);

            string NameOf(Guid id) => names.GetValueOrDefault(id, "somebody who was deleted");

            NextOn? NextOf(DutyTimeline timeline, HashSet<Guid> present) =>
                timeline.Shifts.FirstOrDefault(shift => shift.Start > at && !present.Contains(shift.Who.PersonId)) is { } next
                    ? new NextOn(next.Who.PersonId, NameOf(next.Who.PersonId), next.Start.ToDateTimeOffset(), next.End.ToDateTimeOffset())
                    : null;
        },
        cancel);

    /// <summary>Who is on when by schedule, in order; null when there is no such team. Gaps are shifts of nobody.</summary>
    public Task<IReadOnlyList<ShiftView>?> ShiftsAsync(Guid teamId, Instant from, Instant until, CancellationToken cancel) => store.ReadAsync<IReadOnlyList<ShiftView>?>(
        async db =>
        {
            if (await db.Teams.FirstOrDefaultAsync(one => one.Id == teamId, cancel) is not { } team) return null;
            if (DutySchedule.Of(team) is not { } schedule) return [];
            var names = await db.People.ToDictionaryAsync(person => person.Id, person => person.Name, cancel);
            var timeline = DutyTimeline.Of(schedule, await db.AbleAsync(teamId, cancel), await db.AbsencesAsync(teamId, clock.GetUtcNow(), cancel), from, until);
            var shifts = timeline.Shifts.Select(shift => new ShiftView(
                shift.Who.PersonId, names.GetValueOrDefault(shift.Who.PersonId, ""), shift.Start.ToDateTimeOffset(), Instant.Min(shift.End, until).ToDateTimeOffset(), shift.Who.Override is null ? shift.Who.Source : "override"));
            var gaps = timeline.Gaps.Select(gap => new ShiftView(null, "", gap.Start.ToDateTimeOffset(), gap.End.ToDateTimeOffset(), ""));
            return [.. shifts.Concat(gaps).OrderBy(shift => shift.Start).ThenBy(shift => shift.Name, StringComparer.Ordinal)];
        },
        cancel);
}

/// <summary>A team's schedule. <c>Skipped</c> are those it names who are deactivated or not in the team: the next in the order has their turns.</summary>
internal sealed record ScheduleView(
    Guid TeamId, string Team, int Version, DutySchedule Schedule, IReadOnlyList<OnNow> Now, NextOn? Next, IReadOnlyList<ShiftView> Gaps, IReadOnlyList<string> Skipped,
    IReadOnlyList<DutyEvent> Events, IReadOnlyDictionary<Guid, string> Names);

/// <summary>Who is on duty now. <c>Until</c> is null for who punched in by hand.</summary>
internal sealed record OnNow(Guid PersonId, string Name, DateTimeOffset Since, DateTimeOffset? Until);

/// <summary>Who comes on next by schedule.</summary>
internal sealed record NextOn(Guid PersonId, string Name, DateTimeOffset At, DateTimeOffset Until);

/// <summary>A stretch of duty by schedule; of nobody it is a gap.</summary>
internal sealed record ShiftView(Guid? PersonId, string Name, DateTimeOffset Start, DateTimeOffset End, string By);

/// <summary>Somebody's duty as it was.</summary>
internal sealed record DutyEvent(Guid PersonId, string Name, DateTimeOffset StartedAt, DateTimeOffset? EndedAt, bool BySchedule);
