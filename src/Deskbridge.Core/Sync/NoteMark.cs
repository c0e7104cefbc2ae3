using System.Text.RegularExpressions;

namespace Deskbridge.Core.Sync;

/// <summary>The last line of the hub's own notes: who wrote it, and the mark by which it is found again.</summary>
/// <param name="Author">Who wrote it in the hub.</param>
/// <param name="Marker">The mark.</param>
/// <param name="Text">What they wrote, without that line.</param>
internal sealed partial record NoteMark(string Author, string Marker, string Text)
{
    /// <summary>The whole text of a note.</summary>
    public static string Sign(string text, string author, string marker) => $"{text}\n\n{author}{Words}{marker}";

    /// <summary>The title of a document: its name, who attached it, and the mark, which a remote that cuts titles must not take away: so a long name is cut here.</summary>
    public static string Title(string name, string author, string marker)
    {
        var end = $" ({Cut(author, LongestAuthor)}{Words}{marker})";
        return Cut(name, LongestTitle - end.Length) + end;
    }

    /// <summary>Reads it from a note of the remote; null when its last line is none of ours.</summary>
    public static NoteMark? Read(string text) => LastLine().Match(text) is { Success: true } match
        ? new NoteMark(match.Groups["author"].Value.Trim(), match.Groups["marker"].Value, text[..match.Index].Trim())
        : null;

    /// <summary>Whether a text holds this mark, wherever.</summary>
    public static bool IsIn(string text, string marker) => text.Contains(Words + marker, StringComparison.Ordinal);

    /// <summary>Whether two texts say the same: kinds of line end, and blanks around the whole, are the remote's affair.</summary>
    public static bool SameText(string one, string other) => one.ReplaceLineEndings("\n").Trim() == other.ReplaceLineEndings("\n").Trim();

    private static string Cut(string text, int most) =>
        text.Length <= most ? text : (char.IsHighSurrogate(text[most - 2]) ? text[..(most - 2)] : text[..(most - 1)]) + "…";

    /// <summary>ConnectWise publishes no limit for it; the summary of a ticket ends at 100.</summary>
    private const int LongestTitle = 100;

    private const int LongestAuthor = 30;
    private const string Words = " via Deskbridge #";

    [GeneratedRegex(@"(?<author>[^\n]+) via Deskbridge #(?<marker>[0-9a-z]{10})\s*$", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex LastLine();
}
