namespace Deskbridge.Core.Common;

/// <summary>What differs between two lists of lines, for people.</summary>
internal static class LineDifference
{
    /// <summary>Lines that only the old list has, behind "- ", then those that only the new one has, behind "+ ". A line that stands twice counts twice; empty when nothing differs.</summary>
    public static string Of(IReadOnlyList<string> old, IReadOnlyList<string> now) =>
        string.Join('\n', Without(old, now).Select(line => "- " + line).Concat(Without(now, old).Select(line => "+ " + line)));

    private static List<string> Without(IEnumerable<string> lines, IEnumerable<string> others)
    {
        var left = lines.ToList();
        foreach (var line in others) left.Remove(line);
        return left;
    }
}
