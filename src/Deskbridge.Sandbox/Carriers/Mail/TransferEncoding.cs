using System.Globalization;
using System.Text;

namespace Deskbridge.Sandbox.Carriers.Mail;

/// <summary>Content transfer encodings (RFC 2045 §6) over text whose characters are bytes. Lenient: damage is kept or skipped, never thrown.</summary>
internal static class TransferEncoding
{
    public static byte[] Decode(string body, string encoding) => encoding.Trim().ToLowerInvariant() switch
    {
        "base64" => Base64(body),
        "quoted-printable" => QuotedPrintable(body),
        _ => Encoding.Latin1.GetBytes(body),
    };

    /// <summary>Ignores every foreign character and an incomplete last group.</summary>
    public static byte[] Base64(string text)
    {
        var digits = new StringBuilder(text.Length);
        foreach (var c in text)
        {
            if (c == '=') break;
            if (char.IsAsciiLetterOrDigit(c) || c is '+' or '/') digits.Append(c);
        }
        if (digits.Length % 4 == 1) digits.Length--;
        while (digits.Length % 4 != 0) digits.Append('=');
        return Convert.FromBase64String(digits.ToString());
    }

    public static byte[] QuotedPrintable(string text)
    {
        var bytes = new List<byte>(text.Length);
        for (var at = 0; at < text.Length; at++)
        {
            if (text[at] != '=') { bytes.Add((byte)text[at]); continue; }
            if (SoftBreak(text, at) is var next && next > at) { at = next; continue; }
            if (at + 2 < text.Length && byte.TryParse(text.AsSpan(at + 1, 2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var value))
            {
                bytes.Add(value);
                at += 2;
            }
            else
            {
                bytes.Add((byte)'=');
            }
        }
        return [.. bytes];
    }

    // "=" then blanks then a line end joins two lines; returns the index of the line feed, or -1.
    private static int SoftBreak(string text, int at)
    {
        at++;
        while (at < text.Length && text[at] is (' ' or '\t')) at++;
        if (at < text.Length && text[at] == '\r') at++;
        return at < text.Length && text[at] == '\n' ? at : -1;
    }
}
