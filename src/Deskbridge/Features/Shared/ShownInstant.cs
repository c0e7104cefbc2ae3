using System.Globalization;
using NodaTime;
using NodaTime.Text;

namespace Deskbridge.Features.Shared;

/// <summary>An instant as pages show it.</summary>
/// <param name="Text">In the reader's zone, as short as today allows.</param>
/// <param name="Exact">For hovering: the instant in UTC, and the zone of the text.</param>
/// <param name="Machine">For the <c>datetime</c> attribute.</param>
internal sealed record ShownInstant(string Text, string Exact, string Machine)
{
    private static readonly LocalDateTimePattern Time = LocalDateTimePattern.CreateWithInvariantCulture("HH:mm");
    private static readonly LocalDateTimePattern DayAndTime = LocalDateTimePattern.CreateWithInvariantCulture("d MMM HH:mm");
    private static readonly LocalDateTimePattern Full = LocalDateTimePattern.CreateWithInvariantCulture("d MMM uuuu HH:mm");

    /// <summary>Puts an instant into the reader's words.</summary>
    /// <param name="at">The instant.</param>
    /// <param name="zoneId">The reader's zone; UTC when there is none of that name.</param>
    /// <param name="now">Decides how much of the date is needed.</param>
    public static ShownInstant Of(DateTimeOffset at, string? zoneId, DateTimeOffset now)
    {
        var zone = DateTimeZoneProviders.Tzdb.GetZoneOrNull(zoneId ?? "") ?? DateTimeZone.Utc;
        var local = Instant.FromDateTimeOffset(at).InZone(zone).LocalDateTime;
        var today = Instant.FromDateTimeOffset(now).InZone(zone).LocalDateTime;
        var pattern = local.Date == today.Date ? Time : local.Year == today.Year ? DayAndTime : Full;
        return new ShownInstant(
            pattern.Format(local),
            at.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss.fff", CultureInfo.InvariantCulture) + $" UTC (shown in {zone.Id})",
            at.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ss.fffZ", CultureInfo.InvariantCulture));
    }
}
