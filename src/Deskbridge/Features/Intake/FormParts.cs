using System.Globalization;
using System.Net;
using System.Text;
using Deskbridge.Core.Alerting.Intake;

namespace Deskbridge.Features.Intake;

/// <summary>
/// A posted form whose fields keep their bytes: mail in other charsets than UTF-8 comes as a field, which a form reader would have decoded.
/// </summary>
internal sealed class FormParts
{
    private readonly List<FormPart> _parts;

    private FormParts(List<FormPart> parts) => _parts = parts;

    /// <summary>Reads a form of either kind; null when the body is none.</summary>
    public static FormParts? Read(string? contentType, ReadOnlyMemory<byte> body)
    {
        var type = MimeValue.Read(contentType ?? "");
        if (type.Value == "multipart/form-data")
        {
            var head = Encoding.UTF8.GetBytes($"Content-Type: {contentType}\r\n\r\n");
            var whole = new byte[head.Length + body.Length];
            head.CopyTo(whole, 0);
            body.CopyTo(whole.AsMemory(head.Length));
            return new([.. MimePart.Read(whole).Parts().Select(MimePart.Read).Where(part => part.Disposition["name"] is not null).Select(part => new FormPart(part.Disposition["name"]!, part.Disposition["filename"], part.Body))]);
        }

        if (type.Value != "application/x-www-form-urlencoded") return null;
        return new([.. Encoding.UTF8.GetString(body.Span).Split('&', StringSplitOptions.RemoveEmptyEntries).Select(Pair)]);
    }

    /// <summary>A field's bytes; null when it is not there.</summary>
    public ReadOnlyMemory<byte>? Bytes(string name) => _parts.Find(part => part.File is null && part.Name.Equals(name, StringComparison.OrdinalIgnoreCase))?.Bytes;

    /// <summary>A field's text; null when it is not there.</summary>
    public string? Text(string name, string? charset = null) => Bytes(name) is { } bytes ? MailText.Decode(bytes.Span, charset, out _) : null;

    /// <summary>Every field that is no file.</summary>
    public IEnumerable<KeyValuePair<string, string>> Pairs() => _parts.Where(part => part.File is null).Select(part => KeyValuePair.Create(part.Name, MailText.Decode(part.Bytes.Span, null, out _)));

    /// <summary>The files, in the order of their numbers.</summary>
    public IReadOnlyList<MailFile> Files() => [.. _parts
        .Where(part => part.File is not null && part.Bytes.Length > 0)
        .OrderBy(part => int.TryParse(part.Name.AsSpan(part.Name.AsSpan().LastIndexOfAnyExceptInRange('0', '9') + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : int.MaxValue)
        .Select(part => new MailFile(part.File!, part.Bytes.ToArray()))];

    private static FormPart Pair(string text)
    {
        var equals = text.IndexOf('=', StringComparison.Ordinal);
        var value = Encoding.UTF8.GetBytes(equals < 0 ? "" : text[(equals + 1)..]);
        return new(WebUtility.UrlDecode(equals < 0 ? text : text[..equals]), null, WebUtility.UrlDecodeToBytes(value, 0, value.Length));
    }

    private sealed record FormPart(string Name, string? File, ReadOnlyMemory<byte> Bytes);
}
