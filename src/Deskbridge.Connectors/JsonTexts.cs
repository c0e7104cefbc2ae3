using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using System.Text.Unicode;

namespace Deskbridge.Connectors;

/// <summary>
/// Texts of JSON whatever they hold. An escape such as <c>\ud83d</c> without its other half, left by a program that cut a text inside an
/// emoji, is valid JSON (RFC 8259 §8.2) and yet no Unicode text; NUL is both, but no database keeps it. Each becomes U+FFFD, so that one
/// such ticket does not stop the reading of all.
/// </summary>
public static partial class JsonTexts
{
    private const char Replacement = '\uFFFD';

    /// <summary>The text of a JSON string.</summary>
    /// <param name="text">A string.</param>
    public static string Of(JsonElement text)
    {
        string read;
        try
        {
            read = text.GetString()!;
        }
        catch (InvalidOperationException)
        {
            read = Unescape(text.GetRawText()[1..^1]);
        }

        return read.Replace('\0', Replacement);
    }

    /// <summary>Opens an answer. Half a character, left by a program that cut a text by bytes, is replaced: one such ticket must not stop the reading of all.</summary>
    /// <param name="body">UTF-8, perhaps broken.</param>
    /// <exception cref="JsonException">It is not JSON.</exception>
    public static JsonDocument Open(byte[] body) => JsonDocument.Parse(Utf8.IsValid(body) ? body : Encoding.UTF8.GetBytes(Encoding.UTF8.GetString(body)));

    private static string Unescape(string raw)
    {
        var units = Escapes().Replace(raw, found => found.Value[1] switch
        {
            'u' => ((char)ushort.Parse(found.ValueSpan[2..], NumberStyles.HexNumber, CultureInfo.InvariantCulture)).ToString(),
            'n' => "\n",
            'r' => "\r",
            't' => "\t",
            'b' => "\b",
            'f' => "\f",
            var itself => itself.ToString(),
        });
        var whole = new StringBuilder(units.Length);
        foreach (var rune in units.EnumerateRunes()) whole.Append(rune); // half a pair is enumerated as the replacement
        return whole.ToString();
    }

    [GeneratedRegex("""\\(u[0-9a-fA-F]{4}|.)""", RegexOptions.ExplicitCapture | RegexOptions.Singleline, 1000)]
    private static partial Regex Escapes();
}
