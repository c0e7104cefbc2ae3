using Deskbridge.Core.Alerting.Schedules;
using Deskbridge.Core.Common;
using NodaTime;
using Xunit;
using static Deskbridge.Core.Tests.Alerting.Schedules.Plans;

namespace Deskbridge.Core.Tests.Alerting.Schedules;

public sealed class DutyTimelineTests
{
    private static readonly DutyLayer Always = Layer("UTC", 1, ShiftUnit.Weeks, "2026-01-01T00:00", Ada);

    [Fact]
    public void UpperLayer_WinsWhereItHasSomebody()
    {
        var nights = Layer("Europe/Berlin", 1, ShiftUnit.Days, "2026-01-01T00:00", Ben).Only("18:00", "08:00") with { Name = "Nights" };

        Assert.Equal("05 00:00 Ben, 05 07:00 Ada, 05 17:00 Ben", Short(new([nights, Always], []), "2026-01-05T00:00", "2026-01-06T00:00"));
    }

    [Fact]
    public void Weekdays_LeaveAGapThatIsFound()
    {
        var hours = Layer("UTC", 1, ShiftUnit.Weeks, "2026-01-01T00:00", Ada).Only("08:00", "18:00", IsoDayOfWeek.Friday, IsoDayOfWeek.Monday);
        var timeline = Timeline(new([hours], []), "2026-01-09T08:00", "2026-01-12T18:00");

        var gap = Assert.Single(timeline.Gaps);
        Assert.Equal((Utc("2026-01-09T18:00"), Utc("2026-01-12T08:00")), (gap.Start, gap.End));
    }

    [Fact]
    public void Override_InsteadOfSomebody_HoldsOnlyWhileTheyAreOn()
    {
        var turns = Layer("UTC", 1, ShiftUnit.Days, "2026-01-01T00:00", Ada, Ben);

        Assert.Equal("01 00:00 Ada, 01 20:00 Cleo, 02 00:00 Ben", Short(new([turns], [Override(Cleo, Ada, "2026-01-01T20:00", "2026-01-02T08:00")]), "2026-01-01T00:00", "2026-01-03T00:00"));
    }

    [Fact]
    public void Override_InAddition_CoversAGapToo() =>
        Assert.Equal("01 00:00 -, 01 10:00 Ben, 01 12:00 -", Short(new([], [Override(Ben, null, "2026-01-01T10:00", "2026-01-01T12:00")]), "2026-01-01T00:00", "2026-01-02T00:00"));

    [Fact]
    public void Override_IsWrittenInTheTimeOfItsZone() => Assert.Equal(
        "29 00:00 Ada, 29 00:30 Ada+Ben, 29 01:30 Ada",
        Short(new([Always], [Override(Ben, null, "2026-03-29T01:30", "2026-03-29T03:30", "Europe/Berlin")]), "2026-03-29T00:00", "2026-03-30T00:00"));

    [Fact]
    public void Override_OfSomebodyWhoCannotBeOnDuty_LeavesWhoeverIsOn() =>
        Assert.Equal("01 00:00 Ada", Short(new([Always], [Override(Ben, Ada, "2026-01-01T10:00", "2026-01-01T12:00")]), "2026-01-01T00:00", "2026-01-02T00:00", new HashSet<Guid> { Ada }));

    [Fact]
    public void WhoeverPunchedOut_IsStoodInForByTheLayerBelow()
    {
        var upper = Layer("UTC", 1, ShiftUnit.Days, "2026-01-01T00:00", Ben) with { Name = "Upper" };

        Assert.Equal("01 00:00 Ben, 01 10:00 Ada, 02 00:00 Ben", string.Join(", ", Timeline(
            new([upper, Always], []), "2026-01-01T00:00", "2026-01-03T00:00", Everybody, new Absence(Ben, new Interval(Utc("2026-01-01T10:00"), Utc("2026-01-02T00:00")))).Words().Split(", ").Take(3)));
    }

    [Fact]
    public void TwoZones_HandOverEachAtItsOwnMorning()
    {
        var sydney = Layer("Australia/Sydney", 1, ShiftUnit.Days, "2026-06-01T00:00", Ben).Only("08:00", "20:00") with { Name = "Sydney" };
        var newYork = Layer("America/New_York", 1, ShiftUnit.Days, "2026-06-01T00:00", Cleo).Only("08:00", "18:00") with { Name = "New York" };

        Assert.Equal("09 00:00 Ben, 09 10:00 Ada, 09 12:00 Cleo, 09 22:00 Ben", Short(new([sydney, newYork, Always], []), "2026-06-09T00:00", "2026-06-10T00:00"));
    }

    [Fact]
    public void Shifts_EndWithTheTurn_ThoughItIsBeyondTheTimeline()
    {
        var timeline = Timeline(new([Layer("UTC", 3, ShiftUnit.Months, "2026-01-01T00:00", Ada, Ben)], []), "2026-01-05T00:00", "2026-01-06T00:00");

        Assert.Equal(Utc("2026-04-01T00:00"), Assert.Single(timeline.Shifts).End);
    }

    [Fact]
    public void Stored_WritesTimesOfTheWallClockAndZones_AndNoOffset()
    {
        var schedule = new DutySchedule([Layer("Europe/Berlin", 1, ShiftUnit.Weeks, "2026-03-02T08:00", Ada, Ben).Only("18:00", "08:00", IsoDayOfWeek.Monday)], [Override(Ben, Ada, "2026-03-29T01:30", "2026-03-29T03:30", "Europe/Berlin")]);
        var stored = schedule.Stored;

        Assert.Contains("\"start\":\"2026-03-02\",\"handOver\":\"08:00\",\"zone\":\"Europe/Berlin\"", stored, StringComparison.Ordinal);
        Assert.DoesNotContain("+0", stored, StringComparison.Ordinal);
        Assert.Equal(stored, Json.Read<DutySchedule>(stored).Stored);
    }

    private static string Short(DutySchedule schedule, string from, string until, IReadOnlySet<Guid>? able = null)
    {
        var words = new List<string>();
        foreach (var word in Timeline(schedule, from, until, able).Words().Split(", ").Where(word => words.Count == 0 || !words[^1].EndsWith(word[8..], StringComparison.Ordinal))) words.Add(word);
        return string.Join(", ", words);
    }
}
