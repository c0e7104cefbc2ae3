using System.Security.Cryptography;
using System.Text;

namespace Deskbridge.Core.Alerting;

/// <summary>A file on an alert. What a person attached becomes a document of the ticket exactly once. Its bytes are a <see cref="Sync.FileContent"/>.</summary>
public sealed class AlertFile
{
    /// <summary>Longest name, in UTF-16 code units.</summary>
    internal const int LongestName = 100;

    private const int LongestEnding = 12;

    /// <summary>Id.</summary>
    public required Guid Id { get; init; }

    /// <summary>The alert.</summary>
    public required Guid AlertId { get; init; }

    /// <summary>Who attached it; <see cref="Guid.Empty"/> for a file that came with a mail, which stays in the hub.</summary>
    public required Guid PersonId { get; init; }

    /// <summary>Their name at that time, or the sender's.</summary>
    public required string Author { get; init; }

    /// <summary>Its name, fit for any file system.</summary>
    public required string Name { get; init; }

    /// <summary>Bytes.</summary>
    public required long Size { get; init; }

    /// <summary>SHA-256 of its bytes, hexadecimal.</summary>
    public required string Hash { get; init; }

    /// <summary>When.</summary>
    public required DateTimeOffset At { get; init; }

    /// <summary>Random mark carried in the document's title.</summary>
    public required string Marker { get; init; }

    /// <summary>The person's id and the Idempotency-Key they sent; unique. Null when none was sent.</summary>
    public string? ClientKey { get; init; }

    /// <summary>The hash of a file.</summary>
    internal static string HashOf(ReadOnlySpan<byte> bytes) => Convert.ToHexStringLower(SHA256.HashData(bytes));

    /// <summary>
    /// A name as it may stand on any file system: without folders, control characters and what Windows forbids, not all dots, and short
    /// enough, its ending kept. One of which nothing is left is "file".
    /// </summary>
    internal static string CleanName(string? given)
    {
        var last = (given ?? "").Split('/', '\\')[^1];
        var clean = new StringBuilder(last.Length);
        foreach (var rune in last.EnumerateRunes())
        {
            if (!Rune.IsControl(rune) && rune != Rune.ReplacementChar && !"<>:\"|?*".Contains(rune.ToString(), StringComparison.Ordinal)
                && Rune.GetUnicodeCategory(rune) != System.Globalization.UnicodeCategory.Format) clean.Append(rune.ToString());
        }

        var name = clean.ToString().Normalize(NormalizationForm.FormC).Trim(' ', '.');
        if (name.Length == 0) return "file";
        if (name.Length <= LongestName) return name;
        var ending = Path.GetExtension(name) is { Length: <= LongestEnding } kept ? kept : "";
        var stem = name[..(LongestName - ending.Length)];
        return (char.IsHighSurrogate(stem[^1]) ? stem[..^1] : stem).TrimEnd(' ', '.') + ending;
    }
}
