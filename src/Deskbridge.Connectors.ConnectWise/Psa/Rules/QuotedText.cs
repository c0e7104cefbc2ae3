using System.Text;

namespace Deskbridge.Connectors.ConnectWise.Psa.Rules;

/// <summary>Strings in quotes, either kind; a backslash before a quote or a backslash makes it literal.</summary>
internal static class QuotedText
{
    public static string Write(string text) =>
        "\"" + text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal) + "\"";

    /// <summary>Reads the string that begins here and moves past it; null when none does or it never ends.</summary>
    public static string? Read(string text, ref int at)
    {
        if (at >= text.Length || text[at] is not ('"' or '\'')) return null;
        var quote = text[at];
        var read = new StringBuilder();
        for (var next = at + 1; next < text.Length; next++)
        {
            if (text[next] == quote)
            {
                at = next + 1;
                return read.ToString();
            }
            if (text[next] == '\\' && next + 1 < text.Length && text[next + 1] is '"' or '\'' or '\\') next++;
            read.Append(text[next]);
        }
        return null;
    }
}
