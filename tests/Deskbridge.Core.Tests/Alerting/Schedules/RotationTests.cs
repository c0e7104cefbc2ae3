using Deskbridge.Core.Alerting.Schedules;
using FsCheck;
using FsCheck.Fluent;
using NodaTime;
using Xunit;
using static Deskbridge.Core.Tests.Alerting.Schedules.Plans;

namespace Deskbridge.Core.Tests.Alerting.Schedules;

public sealed class RotationTests
{
    private static readonly string[] Zones = ["Europe/Berlin", "America/New_York", "Australia/Lord_Howe"];

    [Theory]
    [InlineData("Europe/Berlin", "2026-03-28T08:00", "28 07:00, 29 06:00, 30 06:00")]
    [InlineData("Europe/Berlin", "2026-10-24T08:00", "24 06:00, 25 07:00, 26 07:00")]
    [InlineData("America/New_York", "2026-03-07T08:00", "07 13:00, 08 12:00, 09 12:00")]
    [InlineData("America/New_York", "2026-10-31T08:00", "31 12:00, 01 13:00, 02 13:00")]
    [InlineData("Australia/Lord_Howe", "2026-10-03T08:00", "02 21:30, 03 21:00, 04 21:00")]
    [InlineData("Australia/Lord_Howe", "2026-04-04T08:00", "03 21:00, 04 21:30, 05 21:30")]
    public void HandOver_StaysAtItsTimeOnTheWall_WhenTheClocksChange(string zone, string start, string expected) =>
        Assert.Equal(expected, Begins(Layer(zone, 1, ShiftUnit.Days, start, Ada, Ben), 3));

    [Theory]
    [InlineData("Europe/Berlin", "2026-03-28T02:30", "28 01:30, 29 01:00, 30 00:30")] // 02:30 is skipped: at the change
    [InlineData("Europe/Berlin", "2026-10-24T02:30", "24 00:30, 25 00:30, 26 01:30")] // 02:30 comes twice: at the first
    [InlineData("America/New_York", "2026-03-07T02:15", "07 07:15, 08 07:00, 09 06:15")]
    [InlineData("America/New_York", "2026-10-31T01:15", "31 05:15, 01 05:15, 02 06:15")]
    [InlineData("Australia/Lord_Howe", "2026-10-03T02:15", "02 15:45, 03 15:30, 04 15:15")]
    [InlineData("Australia/Lord_Howe", "2026-04-04T01:45", "03 14:45, 04 14:45, 05 15:15")]
    public void HandOver_InAnHourThatIsSkippedOrComesTwice(string zone, string start, string expected) =>
        Assert.Equal(expected, Begins(Layer(zone, 1, ShiftUnit.Days, start, Ada, Ben), 3));

    [Fact]
    public void TwelveHours_StayDayAndNight_OverAChangeOfTheClocks() =>
        Assert.Equal("28 07:00, 28 19:00, 29 06:00, 29 18:00", Begins(Layer("Europe/Berlin", 12, ShiftUnit.Hours, "2026-03-28T08:00", Ada, Ben), 4));

    [Fact]
    public void AnHourThatIsSkipped_IsNobodysTurn()
    {
        var turns = Rotation.Turns(Layer("Europe/Berlin", 1, ShiftUnit.Hours, "2026-03-29T00:00", Ada), Utc("2026-03-28T23:00"), Utc("2026-03-29T03:00")).ToList();

        Assert.Equal([0, 1, 3, 4], turns.Select(turn => turn.Number));
    }

    [Fact]
    public void Months_HandOverOnTheLastDay_WhereThereIsNoSuchDay_AndDoNotDrift() =>
        Assert.Equal("31 00:00, 28 00:00, 31 00:00, 30 00:00", Begins(Layer("UTC", 1, ShiftUnit.Months, "2026-01-31T00:00", Ada, Ben), 4));

    [Fact]
    public void WhoeverCannotBeOnDuty_IsPassedOver_AndNobodyElsesTurnsMove()
    {
        var layer = Layer("UTC", 1, ShiftUnit.Days, "2026-01-01T08:00", Ada, Ben, Cleo);

        var shifts = Rotation.Shifts(layer, new HashSet<Guid> { Ada, Cleo }, Utc("2026-01-01T08:00"), Utc("2026-01-05T08:00"));

        Assert.Equal([Ada, Cleo, Cleo, Ada], shifts.Select(shift => shift.PersonId));
        Assert.All(Rotation.Shifts(layer, new HashSet<Guid>(), Utc("2026-01-01T08:00"), Utc("2026-01-05T08:00")), shift => Assert.Null(shift.PersonId));
    }

    [Fact]
    public void Turns_FollowEachOther_WithoutAHoleOrAnOverlap_InAnyRotation()
    {
        var rotations =
            from zone in Gen.Elements(Zones)
            from unit in Gen.Elements(Enum.GetValues<ShiftUnit>())
            from length in Gen.Choose(1, 9)
            from minute in Gen.Choose(0, 1439)
            from day in Gen.Choose(0, 365)
            from after in Gen.Choose(0, 500)
            select (Layer: new DutyLayer("L", [Ada, Ben], length, unit, new LocalDate(2026, 1, 1).PlusDays(day), LocalTime.Midnight.PlusMinutes(minute), zone, [], LocalTime.Midnight, LocalTime.Midnight), After: after);

        Prop.ForAll(rotations.ToArbitrary(), one =>
        {
            var from = Rotation.At(one.Layer.Start + one.Layer.HandOver, one.Layer.Zone) + Duration.FromDays(one.After);
            var until = from + Duration.FromDays(20);
            var turns = Rotation.Turns(one.Layer, from, until).ToList();
            return turns[0].Start <= from && turns[^1].End >= until
                && turns.Zip(turns.Skip(1)).All(pair => pair.First.End == pair.Second.Start && pair.First.Number < pair.Second.Number)
                && turns.TrueForAll(turn => turn.End > turn.Start);
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(200));
    }

    [Fact]
    public void Layer_HasOnePersonAtMost_AtEveryInstant_HoweverItIsRestricted()
    {
        var layers =
            from zone in Gen.Elements(Zones)
            from length in Gen.Choose(1, 30)
            from minutes in Gen.Two(Gen.Choose(0, 1439))
            from day in Gen.Choose(0, 365)
            from days in Gen.SubListOf(Enum.GetValues<IsoDayOfWeek>().Where(one => one != IsoDayOfWeek.None).ToArray())
            select new DutyLayer(
                "L", [Ada, Ben, Cleo], length, ShiftUnit.Hours, new LocalDate(2026, 1, 1).PlusDays(day), new LocalTime(8, 0), zone, [.. days],
                LocalTime.Midnight.PlusMinutes(minutes.Item1), LocalTime.Midnight.PlusMinutes(minutes.Item2));

        Prop.ForAll(layers.ToArbitrary(), layer =>
        {
            var from = Rotation.At(layer.Start + layer.HandOver, layer.Zone);
            var shifts = Rotation.Shifts(layer, Everybody, from, from + Duration.FromDays(10));
            return shifts.Zip(shifts.Skip(1)).All(pair => pair.First.End <= pair.Second.Start) && shifts.TrueForAll(shift => shift.End > shift.Start);
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(200));
    }

    private static string Begins(DutyLayer layer, int turns)
    {
        var from = Rotation.At(layer.Start + layer.HandOver, layer.Zone);
        return string.Join(", ", Rotation.Turns(layer, from, from + Duration.FromDays(200)).Take(turns).Select(turn => turn.Start.ToString("dd HH:mm", null)));
    }
}
