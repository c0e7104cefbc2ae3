using System.Text;

namespace Deskbridge.Sandbox.Carriers.Mail;

/// <summary>Turns bytes of a named charset into text; an unknown or wrong name falls back to UTF-8, then to Latin-1, which takes every byte.</summary>
internal static class MailCharset
{
    private static readonly UTF8Encoding StrictUtf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    public static string Decode(byte[] bytes, string charset) => Named(charset.Trim())?.GetString(bytes) ?? Guess(bytes);

    /// <summary>UTF-8 when the bytes are valid UTF-8, else Latin-1.</summary>
    public static string Guess(byte[] bytes)
    {
        try
        {
            return StrictUtf8.GetString(bytes);
        }
        catch (DecoderFallbackException)
        {
            return Encoding.Latin1.GetString(bytes);
        }
    }

    // UTF-8 and ASCII are guessed: senders write them for whatever they had, and a strict reading would only lose letters.
    private static Encoding? Named(string charset)
    {
        if (charset.Length == 0 || charset.Equals("utf-8", StringComparison.OrdinalIgnoreCase) || charset.Equals("us-ascii", StringComparison.OrdinalIgnoreCase)) return null;
        if (charset.Equals("iso-8859-1", StringComparison.OrdinalIgnoreCase)) return Encoding.Latin1;
        if (CodePagesEncodingProvider.Instance.GetEncoding(charset) is { } known) return known;
        try
        {
            return Encoding.GetEncoding(charset);
        }
        catch (ArgumentException)
        {
            return null;
        }
    }
}
