using System.Globalization;
using System.Net;
using System.Text;

namespace Deskbridge.Core.Alerting.Mail;

/// <summary>Commands and replies on an SMTP connection.</summary>
internal sealed class SmtpWire(Stream stream)
{
    private const int LongestLine = 4096;
    private const int MostLines = 100;

    private readonly byte[] _buffer = new byte[LongestLine];
    private int _filled;
    private int _used;

    /// <summary>Writes bytes as they are.</summary>
    public async Task WriteAsync(string text, CancellationToken cancel)
    {
        await stream.WriteAsync(Encoding.UTF8.GetBytes(text), cancel);
        await stream.FlushAsync(cancel);
    }

    /// <summary>Sends a command and expects one reply code. <paramref name="shown"/> stands for a command that holds a secret.</summary>
    public async Task AskAsync(string command, int wanted, CancellationToken cancel, string? shown = null)
    {
        await WriteAsync(command + "\r\n", cancel);
        await ExpectAsync(wanted, shown ?? command, cancel);
    }

    /// <summary>Reads a reply and refuses any other code of another class.</summary>
    /// <returns>The reply's text.</returns>
    public async Task<string> ExpectAsync(int wanted, string what, CancellationToken cancel)
    {
        var (code, lines) = await ReadAsync(cancel);
        var text = string.Join(' ', lines);
        return code / 100 == wanted / 100 ? text : throw new SmtpRefusedException(code, $"The mail server answered {code} to {what}: {text}");
    }

    /// <summary>Reads one reply of one or more lines.</summary>
    public async Task<(int Code, IReadOnlyList<string> Lines)> ReadAsync(CancellationToken cancel)
    {
        var lines = new List<string>();
        while (lines.Count < MostLines)
        {
            var line = await ReadLineAsync(cancel);
            if (line.Length < 3 || !int.TryParse(line.AsSpan(0, 3), CultureInfo.InvariantCulture, out var code)) throw new IOException("The answer was not that of a mail server.");
            lines.Add(line.Length > 4 ? line[4..] : "");
            if (line.Length == 3 || line[3] != '-') return (code, lines);
        }

        throw new IOException("The mail server's reply does not end.");
    }

    /// <summary>Leaves politely; the mail was taken already, so a server that is gone does not matter.</summary>
    public async Task SayGoodbyeAsync(CancellationToken cancel)
    {
        try
        {
            await WriteAsync("QUIT\r\n", cancel);
        }
        catch (IOException)
        {
            _used = _filled;
        }
    }

    private async Task<string> ReadLineAsync(CancellationToken cancel)
    {
        var line = new List<byte>();
        while (line.Count < LongestLine)
        {
            if (_used == _filled)
            {
                _filled = await stream.ReadAsync(_buffer, cancel);
                _used = 0;
                if (_filled == 0) throw new IOException("The mail server closed the connection.");
            }

            var next = _buffer[_used++];
            if (next == '\n') return Encoding.UTF8.GetString([.. line]).TrimEnd('\r');
            line.Add(next);
        }

        throw new IOException("The mail server sent a line that is too long.");
    }
}

/// <summary>Where a connection leads.</summary>
internal static class EndPoints
{
    extension(EndPoint? remote)
    {
        /// <summary>Whether the connection stays on this machine.</summary>
        public bool IsThisMachine => remote is IPEndPoint ip && IPAddress.IsLoopback(ip.Address);
    }
}
