using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace Deskbridge.Sandbox.Carriers.Ntfy;

/// <summary>The small notations of ntfy: topic names, durations, priorities.</summary>
internal static partial class NtfyText
{
    private static readonly string[] Reserved = ["docs", "static", "file", "app", "metrics", "account", "settings", "signup", "login", "v1"];

    public static bool IsTopic(string? name) => name is { Length: >= 1 and <= 64 } && name.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_');

    public static bool IsReserved(string topic) => Reserved.Contains(topic, StringComparer.Ordinal);

    public static bool TryUtf8(byte[] bytes, out string text)
    {
        try
        {
            text = new UTF8Encoding(false, throwOnInvalidBytes: true).GetString(bytes);
            return true;
        }
        catch (DecoderFallbackException)
        {
            text = "";
            return false;
        }
    }

    /// <summary>0 for the default (also for a browser's own <c>Priority: u=…</c>, RFC 9218), 1 to 5, or null when it is none.</summary>
    public static int? Priority(string? text) => text?.Trim().ToLowerInvariant() switch
    {
        null or "" => 0,
        "1" or "min" => 1,
        "2" or "low" => 2,
        "3" or "default" => 3,
        "4" or "high" => 4,
        "5" or "max" or "urgent" => 5,
        { } browser when browser.StartsWith("u=", StringComparison.Ordinal) => 0,
        _ => null,
    };

    /// <summary>Reads e.g. <c>10s</c>, <c>30min</c>, <c>1h30m</c>, <c>2 days</c>; null when it is no duration.</summary>
    public static TimeSpan? Duration(string text)
    {
        var sum = TimeSpan.Zero;
        var end = 0;
        foreach (Match step in DurationStep().Matches(text))
        {
            if (!text.AsSpan(end, step.Index - end).IsWhiteSpace()) return null;
            if (!int.TryParse(step.Groups["count"].ValueSpan, NumberStyles.None, CultureInfo.InvariantCulture, out var count) || count > 1_000_000) return null;
            end = step.Index + step.Length;
            sum += char.ToLowerInvariant(step.Groups["unit"].Value[0]) switch
            {
                's' => TimeSpan.FromSeconds(count),
                'm' => TimeSpan.FromMinutes(count),
                'h' => TimeSpan.FromHours(count),
                _ => TimeSpan.FromDays(count),
            };
        }
        return end > 0 && text.AsSpan(end).IsWhiteSpace() ? sum : null;
    }

    /// <summary>A moment given as Unix seconds; null when it is none.</summary>
    public static DateTimeOffset? UnixTime(string text) =>
        long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds) && seconds <= 253_402_300_799
            ? DateTimeOffset.FromUnixTimeSeconds(seconds)
            : null;

    [GeneratedRegex("(?<count>[0-9]{1,9}) ?(?<unit>seconds?|secs?|s|minutes?|mins?|m|hours?|h|days?|d)", RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex DurationStep();
}
