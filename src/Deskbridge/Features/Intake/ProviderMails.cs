using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Deskbridge.Connectors;
using Deskbridge.Core.Alerting.Intake;

namespace Deskbridge.Features.Intake;

/// <summary>
/// What mail providers post when a mail comes in. Each can post the raw mail, which is read as any; where somebody left that off, what the
/// provider made of it is taken.
/// </summary>
internal static class ProviderMails
{
    /// <summary>SendGrid Inbound Parse: a form; <c>email</c> is the raw mail (https://www.twilio.com/docs/sendgrid/for-developers/parsing-email/setting-up-the-inbound-parse-webhook).</summary>
    public static ReceivedMail? SendGrid(FormParts form)
    {
        if (form.Bytes("email") is { Length: > 0 } raw) return MailReader.Read(raw);
        if (form.Bytes("from") is null && form.Bytes("subject") is null) return null;
        var charsets = form.Text("charsets");
        string? Field(string name) => form.Text(name, Charset(charsets, name));
        var head = MimePart.Read(Encoding.UTF8.GetBytes((Field("headers") ?? "") + "\n"));
        var fields = head.Fields.Select(field => new MailField(field.Name, MailText.Words(field.Value))).ToList();
        return Made(fields, Field("from"), Field("subject"), Field("text"), Field("html"), form.Files());
    }

    /// <summary>Mailgun routes: a form; <c>body-mime</c> is the raw mail where the address ends with <c>mime</c> (https://documentation.mailgun.com/docs/mailgun/user-manual/receive-forward-store/receive-http).</summary>
    public static ReceivedMail? Mailgun(FormParts form)
    {
        if (form.Bytes("body-mime") is { Length: > 0 } raw) return MailReader.Read(raw);
        if (form.Bytes("from") is null && form.Bytes("subject") is null && form.Bytes("body-plain") is null) return null;
        var fields = new List<MailField>();
        foreach (var pair in Parsed(form.Text("message-headers")) is { ValueKind: JsonValueKind.Array } list ? list.EnumerateArray() : default)
        {
            if (pair.ValueKind == JsonValueKind.Array && pair.GetArrayLength() == 2 && pair.EnumerateArray().All(item => item.ValueKind == JsonValueKind.String)) fields.Add(new(JsonTexts.Of(pair[0]), MailText.Words(JsonTexts.Of(pair[1]))));
        }

        return Made(fields, form.Text("from"), form.Text("subject"), form.Text("body-plain"), form.Text("body-html"), form.Files());
    }

    /// <summary>Why Mailgun's signature does not hold: HMAC-SHA256 of timestamp and token. An old one is no harm, since a mail that came before changes nothing.</summary>
    public static string? WhyForged(FormParts form, string key)
    {
        var (timestamp, token, signature) = (form.Text("timestamp"), form.Text("token"), form.Text("signature"));
        if (timestamp is null || token is null || signature is null) return "The post has no signature of Mailgun (timestamp, token, signature), and the team's page holds a signing key.";
        var expected = Convert.ToHexStringLower(HMACSHA256.HashData(Encoding.UTF8.GetBytes(key), Encoding.UTF8.GetBytes(timestamp + token)));
        return CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(expected), Encoding.UTF8.GetBytes(signature.Trim().ToLowerInvariant()))
            ? null
            : "The signature is not of the signing key on the team's page. Copy the HTTP webhook signing key from Mailgun's API security page.";
    }

    /// <summary>Postmark: JSON; <c>RawEmail</c> is the raw mail where the stream is set to include it (https://postmarkapp.com/developer/webhooks/inbound-webhook).</summary>
    public static ReceivedMail? Postmark(ReadOnlyMemory<byte> body)
    {
        if (Parsed(MailText.Decode(body.Span, "utf-8", out _)) is not { ValueKind: JsonValueKind.Object } post) return null;
        if (Text(post, "RawEmail") is { Length: > 0 } raw) return MailReader.Read(Encoding.UTF8.GetBytes(raw));
        if (Text(post, "From") is null && Text(post, "Subject") is null) return null;
        var fields = Items(post, "Headers").Select(header => new MailField(Text(header, "Name") ?? "", MailText.Words(Text(header, "Value") ?? ""))).ToList();
        if (!fields.Exists(field => field.Name.Equals("Message-ID", StringComparison.OrdinalIgnoreCase)) && Text(post, "MessageID") is { } id) fields.Add(new("Message-ID", id));
        var from = post.TryGetProperty("FromFull", out var full) && Text(full, "Email") is { } address ? $"{Text(full, "Name")} <{address}>" : Text(post, "From");
        var files = Items(post, "Attachments").Select(file => new MailFile(Text(file, "Name") ?? "file", MailText.FromBase64(Encoding.UTF8.GetBytes(Text(file, "Content") ?? "")))).Where(file => file.Bytes.Length > 0).ToList();
        return Made(fields, from, Text(post, "Subject"), Text(post, "TextBody"), Text(post, "HtmlBody"), files);
    }

    private static ReceivedMail Made(List<MailField> fields, string? from, string? subject, string? text, string? html, IReadOnlyList<MailFile> files)
    {
        var mail = MailReader.Described(fields);
        return mail with
        {
            From = MailSender.Read(from is null ? mail.Field("From") : MailText.Words(from)),
            Subject = subject is null ? mail.Subject : MailText.Words(subject),
            Text = MailReader.Cleaned(string.IsNullOrWhiteSpace(text) ? HtmlText.Of(html ?? "") : text),
            Files = files,
        };
    }

    private static IEnumerable<JsonElement> Items(JsonElement post, string name) =>
        post.TryGetProperty(name, out var items) && items.ValueKind == JsonValueKind.Array ? items.EnumerateArray().Where(item => item.ValueKind == JsonValueKind.Object) : [];

    private static string? Text(JsonElement from, string name) =>
        from.ValueKind == JsonValueKind.Object && from.TryGetProperty(name, out var member) && member.ValueKind == JsonValueKind.String ? JsonTexts.Of(member) : null;

    /// <summary>The charset that SendGrid names for a field; null when it names none.</summary>
    private static string? Charset(string? charsets, string field) => Parsed(charsets) is { ValueKind: JsonValueKind.Object } named ? Text(named, field) : null;

    private static JsonElement? Parsed(string? json)
    {
        try
        {
            return json is null ? null : JsonElement.Parse(json);
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
