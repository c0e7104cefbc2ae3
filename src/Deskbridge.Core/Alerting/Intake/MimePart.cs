using System.Text;

namespace Deskbridge.Core.Alerting.Intake;

/// <summary>A mail or a part of one: its header and the bytes behind it (RFC 5322, 2045).</summary>
internal sealed class MimePart
{
    private const int MostFields = 1000;
    private const int LongestField = 32 * 1024;

    private MimePart(IReadOnlyList<MailField> fields, ReadOnlyMemory<byte> body)
    {
        (Fields, Body) = (fields, body);
        Type = MimeValue.Read(Field("Content-Type") ?? "");
        Disposition = MimeValue.Read(Field("Content-Disposition") ?? "");
    }

    /// <summary>The header as it stands there, encoded words included.</summary>
    public IReadOnlyList<MailField> Fields { get; }

    /// <summary>Behind the header, still in its transfer encoding.</summary>
    public ReadOnlyMemory<byte> Body { get; }

    /// <summary>Content type; <c>text/plain</c> where none is said.</summary>
    public MimeValue Type { get; }

    /// <summary>Inline or attachment; empty where nothing is said.</summary>
    public MimeValue Disposition { get; }

    /// <summary>In lower case.</summary>
    public string ContentType => Type.Value.Contains('/', StringComparison.Ordinal) ? Type.Value : "text/plain";

    /// <summary>The name of the file that it is; null for none.</summary>
    public string? FileName => Disposition["filename"] ?? Type["name"];

    /// <summary>The first field of a name; null when there is none.</summary>
    public string? Field(string name) => Fields.FirstOrDefault(field => field.Name.Equals(name, StringComparison.OrdinalIgnoreCase))?.Value;

    /// <summary>Takes a mail apart into header and rest.</summary>
    public static MimePart Read(ReadOnlyMemory<byte> bytes)
    {
        var fields = new List<MailField>();
        var rest = bytes;
        if (rest.Span.StartsWith("From "u8)) Line(ref rest); // as mail is kept in folders
        while (rest.Length > 0)
        {
            var before = rest;
            var line = Line(ref rest);
            if (line.IsEmpty) break;
            if (line.Span[0] is (byte)' ' or (byte)'\t')
            {
                if (fields.Count > 0 && fields[^1].Value.Length < LongestField) fields[^1] = fields[^1] with { Value = fields[^1].Value + " " + MailText.Raw(line.Span).Trim() };
                continue;
            }

            var colon = line.Span.IndexOf((byte)':');
            if (colon <= 0 || line.Span[..colon].ContainsAnyInRange((byte)0, (byte)' '))
            {
                if (fields.Count > 0 && fields.Count < MostFields) return new(fields, before); // somebody forgot the empty line
                if (fields.Count == 0) return new([], bytes);
                continue;
            }

            if (fields.Count < MostFields) fields.Add(new(Encoding.ASCII.GetString(line.Span[..colon]), MailText.Raw(line.Span[(colon + 1)..]).Trim()));
        }

        return new(fields, rest);
    }

    /// <summary>The body's bytes, its transfer encoding undone.</summary>
    public byte[] Content() => (Field("Content-Transfer-Encoding") ?? "").Trim().ToLowerInvariant() switch
    {
        "base64" => MailText.FromBase64(Body.Span),
        "quoted-printable" => MailText.QuotedPrintable(Body.Span),
        _ => Body.ToArray(),
    };

    /// <summary>The parts of a multipart body, up to a bound; without its boundary it is one part of text.</summary>
    public IEnumerable<ReadOnlyMemory<byte>> Parts()
    {
        if (Type["boundary"] is not { Length: > 0 } boundary) yield break;
        var mark = Encoding.UTF8.GetBytes("--" + boundary);
        var (rest, begin) = (Body, -1);
        while (rest.Length > 0)
        {
            var at = Body.Length - rest.Length;
            var line = Line(ref rest);
            if (!line.Span.StartsWith(mark)) continue;
            var behind = line.Span[mark.Length..].TrimEnd(" \t"u8);
            var last = behind.SequenceEqual("--"u8);
            if (!last && behind.Length > 0) continue;
            if (begin >= 0) yield return WithoutLineEnd(Body[begin..at]);
            begin = last ? -1 : Body.Length - rest.Length;
            if (last) yield break;
        }

        if (begin >= 0 && begin < Body.Length) yield return Body[begin..]; // cut before its end
    }

    /// <summary>The next line without its end, which is taken off the rest.</summary>
    private static ReadOnlyMemory<byte> Line(ref ReadOnlyMemory<byte> rest)
    {
        var end = rest.Span.IndexOf((byte)'\n');
        var line = end < 0 ? rest : rest[..end];
        rest = end < 0 ? default : rest[(end + 1)..];
        return line.Length > 0 && line.Span[^1] == '\r' ? line[..^1] : line;
    }

    private static ReadOnlyMemory<byte> WithoutLineEnd(ReadOnlyMemory<byte> part)
    {
        if (part.Length > 0 && part.Span[^1] == '\n') part = part[..^1];
        return part.Length > 0 && part.Span[^1] == '\r' ? part[..^1] : part;
    }
}
