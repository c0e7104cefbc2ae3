using System.Globalization;
using System.Text;

namespace Deskbridge.Core.Common;

/// <summary>Names that people give to people, teams, channels, connections and API tokens.</summary>
internal static class Names
{
    /// <summary>Longest name, characters.</summary>
    public const int Longest = 100;

    /// <summary>
    /// Whether it is there, short enough, and shows as it is, in one line: line breaks and characters that turn the direction of the text or
    /// do not show at all would be carried into pages, mails and logs.
    /// </summary>
    public static bool Fits(string name) => name.Trim().Length is > 0 and <= Longest && ShowsAsItIs(name) && name.EnumerateRunes().Any(IsInk);

    /// <summary>Whether a text has no hidden characters.</summary>
    public static bool ShowsAsItIs(string text) => text.EnumerateRunes().All(rune => IsJoiner(rune) || Rune.GetUnicodeCategory(rune) is not (
        UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator));

    /// <summary>Emoji are put together by one of these, and some scripts written with the other.</summary>
    private static bool IsJoiner(Rune rune) => rune.Value is 0x200C or 0x200D;

    private static bool IsInk(Rune rune) => Rune.IsLetterOrDigit(rune) || Rune.IsPunctuation(rune) || Rune.IsSymbol(rune);
}
