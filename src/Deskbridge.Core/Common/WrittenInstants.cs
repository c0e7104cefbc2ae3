using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using NodaTime;
using NodaTime.Text;

namespace Deskbridge.Core.Common;

/// <summary>Instants inside sentences. The hub writes them for every reader alike, in UTC; each reader sees them in their own zone.</summary>
internal static partial class WrittenInstants
{
    private static readonly LocalDateTimePattern DayAndTime = LocalDateTimePattern.CreateWithInvariantCulture("d MMM HH:mm");

    /// <summary>The instants of a text: where each stands, and what it says.</summary>
    public static IEnumerable<(int Index, int Length, DateTimeOffset At)> In(string text)
    {
        foreach (Match found in Instants().Matches(text))
            if (DateTimeOffset.TryParse(found.Value.Replace(" UTC", "Z", StringComparison.Ordinal), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var at)) yield return (found.Index, found.Length, at);
    }

    /// <summary>The text with its instants in a zone, for messages that leave the hub: <c>14 Nov 07:48 (America/New_York)</c>.</summary>
    /// <param name="text">The text.</param>
    /// <param name="zoneId">IANA name; UTC when there is none of that name.</param>
    public static string InZone(string text, string zoneId)
    {
        var zone = DateTimeZoneProviders.Tzdb.GetZoneOrNull(zoneId) ?? DateTimeZone.Utc;
        var told = new StringBuilder();
        var end = 0;
        foreach (var (index, length, at) in In(text))
        {
            var local = Instant.FromDateTimeOffset(at).InZone(zone).LocalDateTime;
            told.Append(text, end, index - end).Append(DayAndTime.Format(local)).Append(" (").Append(zone == DateTimeZone.Utc ? "UTC" : zone.Id).Append(')');
            end = index + length;
        }

        return told.Append(text, end, text.Length - end).ToString();
    }

    [GeneratedRegex(@"(?<![\w.:-])\d{4}-\d\d-\d\d[T ]\d\d:\d\d(:\d\d(\.\d{1,7})?)?(Z| UTC|[+-]\d\d:\d\d)(?!\w)", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Instants();
}
