using System.Text;

namespace Deskbridge.Sandbox.Carriers.Mail;

/// <summary>Header text with RFC 2047 encoded words, as mail subjects and ntfy titles carry it. What is malformed stays as it came.</summary>
internal static class EncodedWords
{
    public static string Decode(string text)
    {
        var result = new StringBuilder();
        var run = new List<byte>();                       // bytes of neighbouring words: a character may be split between two
        var runCharset = "";
        var at = 0;
        while (at < text.Length)
        {
            if (TryRead(text, at) is { } word)
            {
                if (!word.Charset.Equals(runCharset, StringComparison.OrdinalIgnoreCase)) Flush();
                runCharset = word.Charset;
                run.AddRange(word.Bytes);
                at = word.End;
                var next = SkipBlanks(text, at);          // blanks between two words are not part of the text
                if (next > at && TryRead(text, next) is not null) at = next;
                continue;
            }
            Flush();
            result.Append(text[at++]);
        }
        Flush();
        return result.ToString();

        void Flush()
        {
            if (run.Count > 0) result.Append(MailCharset.Decode(run.ToArray(), runCharset));
            run.Clear();
        }
    }

    private static (string Charset, byte[] Bytes, int End)? TryRead(string text, int at)
    {
        if (string.CompareOrdinal(text, at, "=?", 0, 2) != 0) return null;
        var charsetEnd = text.IndexOf('?', at + 2);
        if (charsetEnd < 0 || charsetEnd + 2 >= text.Length || text[charsetEnd + 2] != '?') return null;
        var end = text.IndexOf("?=", charsetEnd + 3, StringComparison.Ordinal);
        if (end < 0) return null;

        var payload = text[(charsetEnd + 3)..end];
        if (payload.AsSpan().ContainsAny(' ', '\t', '?')) return null;
        var charset = text[(at + 2)..charsetEnd].Split('*')[0];   // RFC 2231: a language may follow
        byte[]? bytes = char.ToLowerInvariant(text[charsetEnd + 1]) switch
        {
            'b' => TransferEncoding.Base64(payload),
            'q' => TransferEncoding.QuotedPrintable(payload.Replace('_', ' ')),
            _ => null,
        };
        return bytes is null ? null : (charset, bytes, end + 2);
    }

    private static int SkipBlanks(string text, int at)
    {
        while (at < text.Length && text[at] is (' ' or '\t' or '\r' or '\n')) at++;
        return at;
    }
}
