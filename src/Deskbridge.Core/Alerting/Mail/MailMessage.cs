using System.Net;
using System.Text;
using Deskbridge.Core.Alerting.Paging;

namespace Deskbridge.Core.Alerting.Mail;

/// <summary>A mail ready for the wire (RFC 5322): CRLF line ends, ASCII only unless an address needs UTF-8.</summary>
/// <param name="From">Sender.</param>
/// <param name="To">Recipient.</param>
/// <param name="Content">Headers and body.</param>
internal sealed record MailMessage(MailPerson From, MailPerson To, string Content)
{
    private const int Line = 76;

    /// <summary>Writes a page as text and HTML. Every attempt carries the same Message-ID; all mails of an alert form one thread.</summary>
    public static MailMessage Of(PageMessage page, MailPerson from, MailPerson to)
    {
        var letter = new Letter(page.DeliveryId, page.Title, page.Text, page.Url, "Open in Deskbridge", page.At);
        var thread = page.IsTest ? null : $"<alert-{page.AlertId:N}@{from.Domain}>";
        return Of(letter, from, to, [
            .. thread is null ? [] : new[] { ("In-Reply-To", thread), ("References", thread) },
            ("X-Deskbridge-Delivery", page.DeliveryId.ToString()),
            ("X-Priority", page.IsTest ? "3" : "1"),
        ]);
    }

    /// <summary>Writes a letter as text and HTML.</summary>
    public static MailMessage Of(Letter letter, MailPerson from, MailPerson to, params IReadOnlyList<(string Name, string Value)> more)
    {
        var boundary = $"part-{letter.Id:N}";
        var mail = new StringBuilder();
        Header("From", Named(from));
        Header("To", Named(to));
        Header("Subject", EncodedWord(letter.Title));
        Header("Date", letter.At.ToString("ddd, dd MMM yyyy HH:mm:ss +0000", System.Globalization.CultureInfo.InvariantCulture));
        Header("Message-ID", $"<{letter.Id:N}@{from.Domain}>");
        Header("Auto-Submitted", "auto-generated");
        Header("X-Auto-Response-Suppress", "All");
        foreach (var (name, value) in more) Header(name, value);
        Header("MIME-Version", "1.0");
        Header("Content-Type", $"multipart/alternative; boundary=\"{boundary}\"");
        mail.Append("\r\n");
        Part("text/plain", Text(letter));
        Part("text/html", Html(letter));
        mail.Append("--").Append(boundary).Append("--\r\n");
        return new MailMessage(from, to, mail.ToString());

        void Header(string name, string value) => mail.Append(name).Append(": ").Append(value).Append("\r\n");

        void Part(string type, string text)
        {
            mail.Append("--").Append(boundary).Append("\r\n");
            Header("Content-Type", type + "; charset=utf-8");
            Header("Content-Transfer-Encoding", "base64");
            mail.Append("\r\n");
            var encoded = Convert.ToBase64String(Encoding.UTF8.GetBytes(text));
            for (var i = 0; i < encoded.Length; i += Line) mail.Append(encoded.AsSpan(i, Math.Min(Line, encoded.Length - i))).Append("\r\n");
        }
    }

    /// <summary>Any text as a header value (RFC 2047): ASCII stays, other text becomes encoded words of at most 75 characters, folded.</summary>
    internal static string EncodedWord(string text)
    {
        var clean = new string([.. text.Where(c => !char.IsControl(c))]);
        if (Ascii.IsValid(clean) && clean.Length <= Line && !clean.Contains("=?", StringComparison.Ordinal)) return clean;
        const int bytesPerWord = 45; // 60 characters of base64 and 12 around them
        var words = new List<string>();
        var word = new List<byte>();
        foreach (var rune in clean.EnumerateRunes())
        {
            if (word.Count + rune.Utf8SequenceLength > bytesPerWord) Flush();
            var bytes = new byte[rune.Utf8SequenceLength];
            rune.EncodeToUtf8(bytes);
            word.AddRange(bytes);
        }

        Flush();
        return string.Join("\r\n ", words);

        void Flush()
        {
            if (word.Count > 0) words.Add($"=?utf-8?B?{Convert.ToBase64String([.. word])}?=");
            word.Clear();
        }
    }

    private static string Named(MailPerson person) =>
        person.Name.Length == 0 ? person.Address
        : person.Name.All(c => char.IsAsciiLetterOrDigit(c) || c is ' ' or '-') ? $"{person.Name} <{person.Address}>"
        : $"{(Ascii.IsValid(person.Name) ? Quoted(person.Name) : EncodedWord(person.Name))} <{person.Address}>";

    private static string Quoted(string name) => $"\"{name.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal)}\"";

    private static string Text(Letter letter) =>
        $"{letter.Title}\r\n\r\n{letter.Text.ReplaceLineEndings("\r\n")}\r\n" + (letter.Url is { } url ? $"\r\n{url}\r\n" : "");

    private static string Html(Letter letter)
    {
        var text = WebUtility.HtmlEncode(letter.Text).ReplaceLineEndings("<br>");
        var link = letter.Url is { } url ? $"<p><a href=\"{WebUtility.HtmlEncode(url.AbsoluteUri)}\">{WebUtility.HtmlEncode(letter.LinkText)}</a></p>" : "";
        return $"<!doctype html><html><body><h1 style=\"font-size:1.2em\">{WebUtility.HtmlEncode(letter.Title)}</h1><p>{text}</p>{link}</body></html>";
    }
}

/// <summary>What a mail says.</summary>
/// <param name="Id">Becomes the Message-ID.</param>
/// <param name="Title">Subject.</param>
/// <param name="Text">Plain text.</param>
/// <param name="Url">A link under the text; null for none.</param>
/// <param name="LinkText">What the link is called.</param>
/// <param name="At">When it is written.</param>
internal sealed record Letter(Guid Id, string Title, string Text, Uri? Url, string LinkText, DateTimeOffset At);
