namespace Deskbridge.Sandbox.Carriers.Mail;

/// <summary>A line without its end. When <see cref="TooLong"/>, only its beginning is there; the rest was read and thrown away.</summary>
internal readonly record struct SmtpLine(byte[] Bytes, bool TooLong);

/// <summary>Reads lines from a connection. Only CR LF ends a line: taking a bare LF as one is how mails are smuggled into others.</summary>
internal sealed class SmtpLines(Stream stream)
{
    private readonly byte[] _buffer = new byte[8192];
    private int _next;
    private int _end;

    /// <summary>The next line, or null when the peer has closed the connection.</summary>
    public async ValueTask<SmtpLine?> ReadAsync(int limit, CancellationToken cancel)
    {
        using var line = new MemoryStream();
        var afterCr = false;
        while (true)
        {
            if (_next == _end)
            {
                (_next, _end) = (0, await stream.ReadAsync(_buffer, cancel));
                if (_end == 0) return null;
            }
            var b = _buffer[_next++];
            if (b == '\n' && afterCr)
            {
                var tooLong = line.Length > limit + 1;                // + 1: the CR is still in it
                var length = (int)Math.Min(tooLong ? limit : line.Length - 1, limit);
                return new SmtpLine(line.GetBuffer()[..length], tooLong);
            }
            afterCr = b == '\r';
            if (line.Length < limit + 2) line.WriteByte(b);
        }
    }
}
