using System.Globalization;
using Deskbridge.Core.Common;

namespace Deskbridge.Core.Connections;

/// <summary>A ticket's number as a person enters it.</summary>
internal static class TicketNumber
{
    private const int LongestEcho = 40;

    /// <summary>The remote id: its digits, without blanks and #.</summary>
    public static Result<string> Parse(string entered)
    {
        var text = entered.Trim();
        var digits = text.TrimStart('#');
        if (long.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out _)) return digits;
        return new InvalidFailure("ticket", $"'{(text.Length > LongestEcho ? text[..LongestEcho] + "…" : text)}' is no ticket number. Enter its digits, for example 10031.");
    }
}
