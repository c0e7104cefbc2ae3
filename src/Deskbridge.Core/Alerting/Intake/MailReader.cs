using System.Text;

namespace Deskbridge.Core.Alerting.Intake;

/// <summary>
/// Reads a raw mail (RFC 5322 with MIME). Anything can be read: what is broken is told beside what could be read, and text comes out of every
/// mail that holds some.
/// </summary>
internal sealed class MailReader
{
    private const int DeepestPart = 20;
    private const int MostParts = 500;

    private readonly List<MailFile> _files = [];
    private readonly List<string> _troubles = [];
    private int _parts;

    private MailReader()
    {
    }

    /// <summary>Reads one.</summary>
    public static ReceivedMail Read(ReadOnlyMemory<byte> raw)
    {
        var reader = new MailReader();
        var mail = MimePart.Read(raw);
        var text = reader.TextOf(mail, depth: 0);
        return Described([.. mail.Fields.Select(field => new MailField(field.Name, MailText.Words(field.Value)))]) with
        {
            Text = Cleaned(text.Text),
            Files = reader._files,
            IsReport = mail.ContentType == "multipart/report",
            Troubles = [.. reader._troubles.Distinct(StringComparer.Ordinal)],
        };
    }

    /// <summary>What the header tells.</summary>
    public static ReceivedMail Described(IReadOnlyList<MailField> fields)
    {
        var mail = new ReceivedMail { Fields = fields };
        return mail with
        {
            MessageId = (mail.Field("Message-ID") ?? "").Trim().Trim('<', '>').Trim(),
            From = MailSender.Read(mail.Field("From") ?? mail.Field("Sender")),
            Subject = mail.Field("Subject") ?? "",
            IsReport = MimeValue.Read(mail.Field("Content-Type") ?? "").Value == "multipart/report",
        };
    }

    /// <summary>One kind of line end, no control characters, and no long runs of empty lines.</summary>
    public static string Cleaned(string text)
    {
        var clean = new StringBuilder(text.Length);
        var lines = 0;
        foreach (var c in text.ReplaceLineEndings("\n"))
        {
            lines = c == '\n' ? lines + 1 : 0;
            if (c == '\n' ? lines <= 2 : c == '\t' || !char.IsControl(c)) clean.Append(c);
        }

        return clean.ToString().Trim();
    }

    private Seen TextOf(MimePart part, int depth)
    {
        if (++_parts > MostParts || depth > DeepestPart)
        {
            _troubles.Add($"The mail has more than {MostParts} parts, or parts inside each other deeper than {DeepestPart}: the rest was left out.");
            return Seen.Nothing;
        }

        if (part.ContentType.StartsWith("multipart/", StringComparison.Ordinal)) return TextOfMany(part, depth);
        var attached = part.Disposition.Value == "attachment" || part.FileName is not null;
        if (!attached && part.ContentType is "text/plain" or "text/html") return Text(part);
        if (!attached && part.ContentType.StartsWith("text/", StringComparison.Ordinal) && part.ContentType is not ("text/calendar" or "text/css")) return Text(part);
        if (part.ContentType is "message/delivery-status" or "text/rfc822-headers" && !attached) return Text(part);
        Keep(part);
        return Seen.Nothing;
    }

    private Seen TextOfMany(MimePart part, int depth)
    {
        var found = new List<Seen>();
        var any = false;
        foreach (var bytes in part.Parts())
        {
            any = true;
            found.Add(TextOf(MimePart.Read(bytes), depth + 1));
            if (_parts > MostParts) break;
        }

        if (!any)
        {
            _troubles.Add("The mail says that it has parts and has none that can be told apart; all of it was read as text.");
            return new(MailText.Raw(part.Body.Span), IsHtml: false);
        }

        found.RemoveAll(seen => string.IsNullOrWhiteSpace(seen.Text));
        if (found.Count == 0) return Seen.Nothing;
        if (part.ContentType == "multipart/alternative") return found.Find(seen => !seen.IsHtml) ?? found[0];
        return new(string.Join("\n\n", found.Select(seen => seen.Text)), found.TrueForAll(seen => seen.IsHtml));
    }

    private Seen Text(MimePart part)
    {
        var charset = part.Type["charset"];
        var text = MailText.Decode(part.Content(), charset, out var known);
        if (!known) _troubles.Add(charset is null ? "The text names no charset and is not UTF-8; it was read as Western European." : $"The text is not of the charset \"{charset}\" that it names, or nobody knows that; some letters may be wrong.");
        var html = part.ContentType == "text/html" || (part.ContentType == "text/plain" && text.AsSpan().TrimStart().StartsWith("<!DOCTYPE html", StringComparison.OrdinalIgnoreCase));
        return html ? new(HtmlText.Of(text), IsHtml: true) : new(text, IsHtml: false);
    }

    private void Keep(MimePart part)
    {
        var name = part.FileName;
        if (string.IsNullOrWhiteSpace(name)) name = part.ContentType == "message/rfc822" ? $"{MailText.Words(MimePart.Read(part.Body).Field("Subject") ?? "mail")}.eml" : "part." + part.ContentType.Split('/')[^1].Split('+', '.', '-')[^1];
        var bytes = part.Content();
        if (bytes.Length > 0) _files.Add(new(AlertFile.CleanName(name), bytes));
        else _troubles.Add($"The attachment \"{AlertFile.CleanName(name)}\" is empty, or could not be read.");
    }

    /// <summary>Text of a part, and whether it was HTML.</summary>
    private sealed record Seen(string Text, bool IsHtml)
    {
        public static readonly Seen Nothing = new("", IsHtml: true);
    }
}
