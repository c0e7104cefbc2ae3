using System.Globalization;
using System.Text.RegularExpressions;

namespace Deskbridge.Core.Alerting.Twilio;

/// <summary>What a text asks for.</summary>
/// <param name="Wish">What is to be done.</param>
/// <param name="Code">With which alert; null when it names none.</param>
internal sealed partial record SmsReply(SmsWish Wish, int? Code = null)
{
    /// <summary>Words after which Twilio itself sends nothing more to a number, and those that end this (Twilio, "Advanced Opt-Out", the defaults).</summary>
    private static readonly string[] Stops = ["stop", "stopall", "unsubscribe", "cancel", "end", "quit", "revoke", "optout"];
    private static readonly string[] Starts = ["start", "yes", "unstop"];

    /// <summary>Reads <c>a 12</c>, <c>A12</c>, <c>12a</c>, <c>ack #12</c>, <c>close</c> and the like, and the words that stop and start texts.</summary>
    public static SmsReply Read(string text)
    {
        var word = text.Trim().TrimEnd('.', '!').ToLowerInvariant();
        if (Stops.Contains(word, StringComparer.Ordinal)) return new(SmsWish.Stop);
        if (Starts.Contains(word, StringComparer.Ordinal)) return new(SmsWish.Start);
        if (Shape().Match(word) is not { Success: true } match) return new(SmsWish.Unknown);
        var wish = match.Groups["verb"].Value[0] switch { 'a' => SmsWish.Acknowledge, 'c' => SmsWish.Close, _ => SmsWish.Escalate };
        var digits = match.Groups["before"].Value + match.Groups["after"].Value;
        return digits.Length == 0 ? new(wish) : match.Groups["before"].Success && match.Groups["after"].Success ? new(SmsWish.Unknown) : new(wish, int.Parse(digits, CultureInfo.InvariantCulture));
    }

    [GeneratedRegex(@"^#?(?<before>[0-9]{1,4})?\s*(?<verb>a|ack|acknowledge|c|close|e|esc|escalate)\s*#?(?<after>[0-9]{1,4})?$", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Shape();
}

/// <summary>What may be asked for by text.</summary>
internal enum SmsWish
{
    /// <summary>Nothing that the hub knows.</summary>
    Unknown,

    /// <summary>Take the alert.</summary>
    Acknowledge,

    /// <summary>Close it.</summary>
    Close,

    /// <summary>Do what comes next, now.</summary>
    Escalate,

    /// <summary>No more texts to this number.</summary>
    Stop,

    /// <summary>Texts again.</summary>
    Start,
}
