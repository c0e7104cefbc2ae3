using System.Buffers.Text;
using System.Globalization;
using System.Text;
using System.Text.Unicode;

namespace Deskbridge.Core.Alerting.Intake;

/// <summary>
/// Turns the bytes of a mail into text (RFC 2045, 2047, 2231). Nothing is refused: what is broken is read as far as it goes, since a mail that
/// cannot be read may still be the one that somebody must be woken for.
/// </summary>
internal static class MailText
{
    private static readonly Encoding Western = CodePagesEncodingProvider.Instance.GetEncoding(1252)!;

    /// <summary>Text in a charset. One that nobody knows, and bytes that are not of it, are read as UTF-8, or as Western European.</summary>
    /// <param name="bytes">The text.</param>
    /// <param name="charset">Its charset as the mail calls it; null for none.</param>
    /// <param name="known">Whether it was read as it says.</param>
    public static string Decode(ReadOnlySpan<byte> bytes, string? charset, out bool known)
    {
        var name = charset?.Trim().Trim('"', '\'').ToLowerInvariant() ?? "";
        if (name is "" or "us-ascii" or "ascii" or "utf-8" or "utf8" or "unknown-8bit" or "default")
        {
            known = TryUtf8(bytes, out var text);
            return known ? text : name is "utf-8" or "utf8" ? Encoding.UTF8.GetString(bytes) : Western.GetString(bytes);
        }

        known = Find(name) is not null;
        return Find(name) is { } encoding ? encoding.GetString(bytes) : TryUtf8(bytes, out var other) ? other : Western.GetString(bytes);
    }

    /// <summary>A line of a header: what is not ASCII in it should be UTF-8, and in old mails is Western European.</summary>
    public static string Raw(ReadOnlySpan<byte> bytes) => TryUtf8(bytes, out var text) ? text : Western.GetString(bytes);

    /// <summary>A header's value with its encoded words read, in one line and without control characters.</summary>
    public static string Words(string value)
    {
        if (!value.Contains("=?", StringComparison.Ordinal)) return OneLine(value);
        var text = new StringBuilder(value.Length);
        var pending = new List<byte>();
        var (charset, at) = ("", 0);
        while (at < value.Length)
        {
            var begin = value.IndexOf("=?", at, StringComparison.Ordinal);
            if (begin < 0 || ReadWord(value, begin) is not { } word)
            {
                var end = begin < 0 ? value.Length : begin + 2;
                Flush();
                text.Append(value, at, end - at);
                at = end;
                continue;
            }

            // Blanks between two encoded words are none; a character may be cut in two between words of one charset.
            var between = value.AsSpan(at, begin - at);
            if (!(pending.Count > 0 && between.IsWhiteSpace()))
            {
                Flush();
                text.Append(between);
            }
            else if (!word.Charset.Equals(charset, StringComparison.OrdinalIgnoreCase))
            {
                Flush();
            }

            charset = word.Charset;
            pending.AddRange(word.Bytes);
            at = word.End;
        }

        Flush();
        return OneLine(text.ToString());

        void Flush()
        {
            if (pending.Count > 0) text.Append(Decode([.. pending], charset, out _));
            pending.Clear();
        }
    }

    /// <summary>Quoted-printable; an equals sign that begins nothing stands for itself.</summary>
    public static byte[] QuotedPrintable(ReadOnlySpan<byte> text)
    {
        var bytes = new List<byte>(text.Length);
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] != '=')
            {
                bytes.Add(text[i]);
                continue;
            }

            var rest = text[(i + 1)..];
            if (rest.Length >= 2 && Hex(rest[0]) is { } high && Hex(rest[1]) is { } low)
            {
                bytes.Add((byte)((high << 4) | low));
                i += 2;
                continue;
            }

            var line = rest.IndexOf((byte)'\n');
            if (line >= 0 && rest[..line].IndexOfAnyExcept((byte)' ', (byte)'\t', (byte)'\r') < 0) i += line + 1; // a soft line break
            else if (rest.IndexOfAnyExcept((byte)' ', (byte)'\t', (byte)'\r') < 0) break; // at the very end
            else bytes.Add((byte)'=');
        }

        return [.. bytes];
    }

    /// <summary>Base64 without regard to what is none of it; cut in the middle, it is read up to there.</summary>
    public static byte[] FromBase64(ReadOnlySpan<byte> text)
    {
        var clean = new byte[text.Length + 3];
        var length = 0;
        foreach (var c in text)
        {
            if (c == '=') break;
            if (char.IsAsciiLetterOrDigit((char)c) || c is (byte)'+' or (byte)'/') clean[length++] = c;
        }

        if (length % 4 == 1) length--;
        var missing = (4 - (length % 4)) % 4;
        clean.AsSpan(length, missing).Fill((byte)'A'); // whatever stands in the bits that are cut
        var bytes = new byte[Base64.GetMaxDecodedFromUtf8Length(length + missing)];
        Base64.DecodeFromUtf8(clean.AsSpan(0, length + missing), bytes, out _, out var written);
        return bytes[..(written - missing)];
    }

    /// <summary>Bytes written as percent signs and hexadecimal digits (RFC 2231).</summary>
    public static byte[] Percent(string text)
    {
        var bytes = new List<byte>(text.Length);
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] == '%' && i + 2 < text.Length && byte.TryParse(text.AsSpan(i + 1, 2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var value))
            {
                bytes.Add(value);
                i += 2;
            }
            else
            {
                bytes.AddRange(Encoding.UTF8.GetBytes(text, i, 1));
            }
        }

        return [.. bytes];
    }

    private static EncodedWord? ReadWord(string value, int begin)
    {
        var first = value.IndexOf('?', begin + 2);
        var second = first < 0 ? -1 : value.IndexOf('?', first + 1);
        if (second < 0 || second != first + 2) return null;
        var end = value.IndexOf("?=", second + 1, StringComparison.Ordinal);
        if (end < 0) return null;
        var charset = value[(begin + 2)..first].Split('*')[0];
        var body = Encoding.UTF8.GetBytes(value[(second + 1)..end]);
        return char.ToUpperInvariant(value[first + 1]) switch
        {
            'B' => new(charset, FromBase64(body), end + 2),
            'Q' => new(charset, QuotedPrintable([.. body.Select(c => c == '_' ? (byte)' ' : c)]), end + 2),
            _ => null,
        };
    }

    private static string OneLine(string text)
    {
        var line = new StringBuilder(text.Length);
        foreach (var c in text)
        {
            if (!char.IsControl(c)) line.Append(c);
            else if (line.Length > 0 && line[^1] != ' ') line.Append(' ');
        }

        return line.ToString().Trim();
    }

    private static bool TryUtf8(ReadOnlySpan<byte> bytes, out string text)
    {
        var valid = Utf8.IsValid(bytes);
        text = valid ? Encoding.UTF8.GetString(bytes) : "";
        return valid;
    }

    private static Encoding? Find(string name)
    {
        try
        {
            return CodePagesEncodingProvider.Instance.GetEncoding(name) ?? Encoding.GetEncoding(name);
        }
        catch (Exception failure) when (failure is ArgumentException or NotSupportedException)
        {
            return null;
        }
    }

    private static int? Hex(byte c) => c switch
    {
        >= (byte)'0' and <= (byte)'9' => c - '0',
        >= (byte)'A' and <= (byte)'F' => c - 'A' + 10,
        >= (byte)'a' and <= (byte)'f' => c - 'a' + 10,
        _ => null,
    };

    private sealed record EncodedWord(string Charset, byte[] Bytes, int End);
}
