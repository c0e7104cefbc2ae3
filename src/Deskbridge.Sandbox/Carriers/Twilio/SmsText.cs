using System.Globalization;

namespace Deskbridge.Sandbox.Carriers.Twilio;

/// <summary>What Twilio sees in numbers and texts.</summary>
internal static class SmsText
{
    /// <summary>Longest message (twilio.com/docs/api/errors/21617).</summary>
    public const int Longest = 1600;

    private const string Gsm = "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà";
    private const string GsmTwice = "^{}\\[~]|€";

    /// <summary>What stops messages to the one who texts it (help.twilio.com, "Twilio support for opt-out keywords").</summary>
    public static bool IsStop(string body) => body.Trim().ToUpperInvariant() is "STOP" or "STOPALL" or "UNSUBSCRIBE" or "CANCEL" or "END" or "QUIT";

    public static bool IsStart(string body) => body.Trim().ToUpperInvariant() is "START" or "YES" or "UNSTOP";

    public static bool IsHelp(string body) => body.Trim().ToUpperInvariant() is "HELP" or "INFO";

    /// <summary>E.164.</summary>
    public static bool IsNumber(string text) => text.Length is >= 8 and <= 16 && text[0] == '+' && text[1] is >= '1' and <= '9' && !text.AsSpan(1).ContainsAnyExceptInRange('0', '9');

    /// <summary>As people of North America write their numbers; others stay as they are.</summary>
    public static string Formatted(string number) =>
        number is ['+', '1', ..] && number.Length == 12 ? $"({number[2..5]}) {number[5..8]}-{number[8..]}" : number;

    /// <summary>How many SMS a text takes: 160 signs of GSM-7 or 70 others, less in each when there are several.</summary>
    public static int Segments(string body)
    {
        var isGsm = !body.AsSpan().ContainsAnyExcept(Gsm + GsmTwice);
        var length = isGsm ? body.Length + body.Count(GsmTwice.Contains) : body.Length;
        var (one, each) = isGsm ? (160, 153) : (70, 67);
        return length <= one ? 1 : (length + each - 1) / each;
    }

    public static string Date(DateTimeOffset at) => at.ToUniversalTime().ToString("ddd, dd MMM yyyy HH:mm:ss +0000", CultureInfo.InvariantCulture);
}
