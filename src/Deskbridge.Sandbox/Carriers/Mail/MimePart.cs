namespace Deskbridge.Sandbox.Carriers.Mail;

/// <summary>One entity of RFC 2045: header fields and a body, over text whose characters are bytes.</summary>
internal sealed class MimePart(IReadOnlyList<MailHeader> headers, string body)
{
    private readonly string _contentType = Find(headers, "Content-Type") ?? "text/plain";

    public IReadOnlyList<MailHeader> Headers => headers;

    public string MediaType => _contentType.Split(';')[0].Trim().ToLowerInvariant();

    public bool IsAttachment => Find(headers, "Content-Disposition")?.TrimStart().StartsWith("attachment", StringComparison.OrdinalIgnoreCase) == true;

    public static MimePart Read(string entity)
    {
        var headers = new List<MailHeader>();
        var at = 0;
        while (at < entity.Length)
        {
            var end = entity.IndexOf('\n', at);
            var next = end < 0 ? entity.Length : end + 1;
            var line = entity[at..(end < 0 ? entity.Length : end)].TrimEnd('\r');
            if (line.Length == 0) return new MimePart(headers, entity[next..]);
            if (line[0] is ' ' or '\t' && headers.Count > 0)
                headers[^1] = headers[^1] with { Value = headers[^1].Value + " " + line.Trim() };
            else if (line.IndexOf(':', StringComparison.Ordinal) is > 0 and var colon)
                headers.Add(new MailHeader(line[..colon].Trim(), line[(colon + 1)..].Trim()));
            else
                return new MimePart(headers, entity[at..]);          // no header: the body began without an empty line
            at = next;
        }
        return new MimePart(headers, "");
    }

    public string DecodedText() =>
        MailCharset.Decode(TransferEncoding.Decode(body, Find(headers, "Content-Transfer-Encoding") ?? ""), Parameter("charset") ?? "");

    /// <summary>The parts between the boundary lines; without a usable boundary there are none.</summary>
    public IEnumerable<MimePart> Children()
    {
        if (Parameter("boundary") is not { Length: > 0 } boundary) yield break;
        var delimiter = "--" + boundary;
        var start = -1;
        for (var at = 0; at < body.Length;)
        {
            var end = body.IndexOf('\n', at);
            var next = end < 0 ? body.Length : end + 1;
            var line = body.AsSpan(at, next - at).TrimEnd();
            var closes = line.SequenceEqual(delimiter + "--");
            if (closes || line.SequenceEqual(delimiter))
            {
                if (start >= 0) yield return Read(WithoutLastLineEnd(body[start..at]));
                if (closes) yield break;
                start = next;
            }
            at = next;
        }
        if (start >= 0) yield return Read(body[start..]);            // cut short: what came is still worth showing
    }

    private string? Parameter(string name)
    {
        var at = _contentType.IndexOf(';', StringComparison.Ordinal);
        while (at >= 0)
        {
            var equals = _contentType.IndexOf('=', at);
            if (equals < 0) return null;
            var found = _contentType[(at + 1)..equals].Trim();
            var value = Value(equals + 1, out at);
            if (found.Equals(name, StringComparison.OrdinalIgnoreCase)) return value;
        }
        return null;
    }

    private string Value(int start, out int nextSemicolon)
    {
        while (start < _contentType.Length && _contentType[start] == ' ') start++;
        if (start < _contentType.Length && _contentType[start] == '"')
        {
            var close = _contentType.IndexOf('"', start + 1);
            if (close < 0) close = _contentType.Length;
            nextSemicolon = _contentType.IndexOf(';', close);
            return _contentType[(start + 1)..close];
        }
        nextSemicolon = _contentType.IndexOf(';', start);
        return _contentType[start..(nextSemicolon < 0 ? _contentType.Length : nextSemicolon)].Trim();
    }

    // The line end before a boundary belongs to the boundary (RFC 2046 §5.1.1).
    private static string WithoutLastLineEnd(string part) =>
        part.EndsWith("\r\n", StringComparison.Ordinal) ? part[..^2] : part.EndsWith('\n') ? part[..^1] : part;

    private static string? Find(IReadOnlyList<MailHeader> headers, string name) =>
        headers.FirstOrDefault(header => header.Name.Equals(name, StringComparison.OrdinalIgnoreCase))?.Value;
}
