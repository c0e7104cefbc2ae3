using Deskbridge.Core.Alerting.Schedules;
using Deskbridge.Core.Common;
using NodaTime;

namespace Deskbridge.Core.Tests.Alerting.Schedules;

/// <summary>Schedules in few words.</summary>
internal static class Plans
{
    public static Guid Ada { get; } = new("0a000000-0000-0000-0000-000000000001");

    public static Guid Ben { get; } = new("0b000000-0000-0000-0000-000000000002");

    public static Guid Cleo { get; } = new("0c000000-0000-0000-0000-000000000003");

    public static HashSet<Guid> Everybody { get; } = [Ada, Ben, Cleo];

    public static DutyLayer Layer(string zone, int length, ShiftUnit unit, string start, params Guid[] people)
    {
        var first = Time(start);
        return new DutyLayer("Rotation", people, length, unit, first.Date, first.TimeOfDay, zone, [], LocalTime.Midnight, LocalTime.Midnight);
    }

    public static DutyLayer Only(this DutyLayer layer, string from, string to, params IsoDayOfWeek[] days) =>
        layer with { From = LocalTimes.Time.Parse(from).Value, To = LocalTimes.Time.Parse(to).Value, Days = days };

    public static DutyOverride Override(Guid person, Guid? insteadOf, string from, string until, string zone = "UTC") => new(Guid.CreateVersion7(), person, insteadOf, Time(from), Time(until), zone);

    public static LocalDateTime Time(string text) => LocalTimes.DateAndTime.Parse(text).Value;

    public static Instant Utc(string text) => Time(text).InUtc().ToInstant();

    public static DutyTimeline Timeline(DutySchedule schedule, string from, string until, IReadOnlySet<Guid>? able = null, params Absence[] absences) =>
        DutyTimeline.Of(schedule, able ?? Everybody, absences, Utc(from), Utc(until));

    /// <summary>Who is on when, in UTC, such as <c>28 07:00 Ada</c>; nobody is a dash.</summary>
    public static string Words(this DutyTimeline timeline) => string.Join(", ", timeline.Slots.Select(slot =>
        $"{slot.Start.ToString("dd HH:mm", null)} {(slot.People.Count == 0 ? "-" : string.Join('+', slot.People.Select(who => Name(who.PersonId))))}"));

    private static string Name(Guid id) => id == Ada ? "Ada" : id == Ben ? "Ben" : "Cleo";
}
