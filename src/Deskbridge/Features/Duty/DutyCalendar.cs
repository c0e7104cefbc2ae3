using System.Globalization;
using Deskbridge.Core.Alerting.Schedules;
using NodaTime;
using NodaTime.Text;

namespace Deskbridge.Features.Duty;

/// <summary>Two weeks of duty as bars: a row for each person, and one for gaps. Places are per cent of the whole.</summary>
internal sealed record DutyCalendar(IReadOnlyList<CalendarDay> Dates, IReadOnlyList<CalendarRow> Rows, IReadOnlyList<ShiftView> Shifts)
{
    public const int Days = 14;

    private const int Hues = 6;

    private static readonly LocalDatePattern Short = LocalDatePattern.CreateWithInvariantCulture("ddd d");
    private static readonly LocalDateTimePattern Words = LocalDateTimePattern.CreateWithInvariantCulture("ddd d MMM HH:mm");

    public static DutyCalendar Of(IReadOnlyList<ShiftView> shifts, LocalDate today, DateTimeZone zone)
    {
        var (from, until) = (zone.AtStartOfDay(today).ToInstant(), zone.AtStartOfDay(today.PlusDays(Days)).ToInstant());
        var dates = Enumerable.Range(0, Days).Select(day => new CalendarDay(Short.Format(today.PlusDays(day)), Place(zone.AtStartOfDay(today.PlusDays(day)).ToInstant())));
        var rows = shifts.GroupBy(shift => (shift.PersonId, shift.Name)).OrderBy(row => row.Key.PersonId is null).ThenBy(row => row.Key.Name, StringComparer.CurrentCulture)
            .Select((row, index) => new CalendarRow(row.Key.PersonId is null ? "Nobody" : row.Key.Name, row.Key.PersonId is null ? "app-hue-gap" : $"app-hue-{index % Hues}", [.. row.Select(Bar)]));
        return new DutyCalendar([.. dates], [.. rows], shifts);

        CalendarBar Bar(ShiftView shift)
        {
            var (start, end) = (Instant.FromDateTimeOffset(shift.Start), Instant.FromDateTimeOffset(shift.End));
            return new CalendarBar(Place(start), Percent((end - start) / (until - from)), $"{Words.Format(start.InZone(zone).LocalDateTime)} to {Words.Format(end.InZone(zone).LocalDateTime)}{(shift.By.Length > 0 ? $", {shift.By}" : "")}");
        }

        string Place(Instant at) => Percent((at - from) / (until - from));
    }

    private static string Percent(double part) => (part * 100).ToString("0.###", CultureInfo.InvariantCulture) + "%";
}

/// <summary>Where a day begins.</summary>
internal sealed record CalendarDay(string Name, string Place);

/// <summary>A person's bars.</summary>
internal sealed record CalendarRow(string Name, string Hue, IReadOnlyList<CalendarBar> Bars);

/// <summary>A shift, and what it is in words.</summary>
internal sealed record CalendarBar(string Place, string Width, string Words);
