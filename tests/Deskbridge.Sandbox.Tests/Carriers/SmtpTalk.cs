using System.Net;
using System.Net.Sockets;
using System.Text;
using Xunit;

namespace Deskbridge.Sandbox.Tests.Carriers;

/// <summary>A raw SMTP conversation: says lines, reads whole replies.</summary>
internal sealed class SmtpTalk : IDisposable
{
    private readonly TcpClient _client;
    private readonly StreamReader _reader;

    private SmtpTalk(TcpClient client) => (_client, _reader) = (client, new StreamReader(client.GetStream(), Encoding.UTF8));

    public static async Task<SmtpTalk> ConnectAsync(int port)
    {
        var client = new TcpClient();
        await client.ConnectAsync(IPAddress.Loopback, port);
        return new SmtpTalk(client);
    }

    /// <summary>The next reply's last line, or "" when the connection has ended.</summary>
    public async Task<string> HearAsync()
    {
        try
        {
            while (true)
            {
                if (await _reader.ReadLineAsync() is not { } line) return "";
                if (line.Length < 4 || line[3] != '-') return line;
            }
        }
        catch (IOException)
        {
            return "";
        }
    }

    public async Task<string> SayAsync(string line)
    {
        await SendAsync(line + "\r\n");
        return await HearAsync();
    }

    public Task SendAsync(string text) => _client.GetStream().WriteAsync(Encoding.UTF8.GetBytes(text)).AsTask();

    public static async Task<SmtpTalk> GreetedAsync(int port)
    {
        var talk = await ConnectAsync(port);
        Assert.StartsWith("220 ", await talk.HearAsync());
        Assert.StartsWith("250 ", await talk.SayAsync("EHLO test.example"));
        return talk;
    }

    /// <summary>Sends a whole mail and returns the reply to its end.</summary>
    public async Task<string> MailAsync(string content)
    {
        Assert.StartsWith("250 ", await SayAsync("MAIL FROM:<hub@example.test>"));
        Assert.StartsWith("250 ", await SayAsync("RCPT TO:<ann@example.test>"));
        Assert.StartsWith("354 ", await SayAsync("DATA"));
        return await SayAsync(content + "\r\n.");
    }

    public void Dispose()
    {
        _reader.Dispose();
        _client.Dispose();
    }
}
