namespace Deskbridge.Api;

/// <summary>Words of a request that stand for the members of an enum.</summary>
internal static class Words
{
    /// <summary>Reads a word, whatever its case. A number or a list of words is none, though an enum would take them.</summary>
    public static bool TryRead<T>(string? word, out T value)
        where T : struct, Enum
    {
        value = default;
        return word is not null && Enum.GetNames<T>().Contains(word, StringComparer.OrdinalIgnoreCase) && Enum.TryParse(word, ignoreCase: true, out value);
    }
}
