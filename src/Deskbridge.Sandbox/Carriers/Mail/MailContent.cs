using System.Net;
using System.Text;
using System.Text.RegularExpressions;

namespace Deskbridge.Sandbox.Carriers.Mail;

internal sealed record MailHeader(string Name, string Value);

/// <summary>What a reader of a mail sees: decoded headers, the plain text and the HTML, each the first of its kind.</summary>
internal sealed partial record MailContent(IReadOnlyList<MailHeader> Headers, string Text, string? Html)
{
    private const int DeepestNesting = 16;

    public string Subject => Headers.FirstOrDefault(header => header.Name.Equals("Subject", StringComparison.OrdinalIgnoreCase))?.Value ?? "";

    /// <summary>Reads any bytes: what is not well-formed mail is shown as plain text, never an error.</summary>
    public static MailContent Read(byte[] raw)
    {
        var part = MimePart.Read(Encoding.Latin1.GetString(raw));
        string? text = null, html = null;
        Collect(part, depth: 0, ref text, ref html);
        var headers = part.Headers
            .Select(header => new MailHeader(header.Name, EncodedWords.Decode(MailCharset.Guess(Encoding.Latin1.GetBytes(header.Value)))))
            .ToList();
        return new MailContent(headers, text ?? (html is null ? "" : WithoutTags(html)), html);
    }

    private static void Collect(MimePart part, int depth, ref string? text, ref string? html)
    {
        if (part.MediaType.StartsWith("multipart/", StringComparison.Ordinal) && depth < DeepestNesting)
        {
            foreach (var child in part.Children()) Collect(child, depth + 1, ref text, ref html);
        }
        else if (part.IsAttachment)
        {
            return;
        }
        else if (part.MediaType == "text/html")
        {
            html ??= part.DecodedText();
        }
        else if (part.MediaType.StartsWith("text/", StringComparison.Ordinal))
        {
            text ??= part.DecodedText();
        }
    }

    private static string WithoutTags(string html) => WebUtility.HtmlDecode(Tag().Replace(html, " ")).Trim();

    [GeneratedRegex("<[^<>]*>", RegexOptions.None, matchTimeoutMilliseconds: 2000)]
    private static partial Regex Tag();
}
