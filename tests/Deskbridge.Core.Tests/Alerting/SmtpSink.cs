using System.Collections.Concurrent;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace Deskbridge.Core.Tests.Alerting;

/// <summary>A mail server on loopback that follows a script of refusals and keeps what it was told.</summary>
internal sealed class SmtpSink : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stop = new();
    private readonly X509Certificate2 _certificate = SelfSigned();
    private readonly ConcurrentQueue<string> _commands = new();
    private readonly ConcurrentQueue<string> _mails = new();
    private readonly Task _serving;

    public SmtpSink()
    {
        _listener.Start();
        _serving = ServeAsync();
    }

    /// <summary>Extensions offered; STARTTLS is left out once TLS is on.</summary>
    public string[] Offers { get; init; } = ["8BITMIME", "SMTPUTF8"];

    /// <summary>TLS before the first word.</summary>
    public bool ImplicitTls { get; init; }

    /// <summary>Replies by the first word of a command, in place of the usual ones. <c>.</c> stands for the mail itself.</summary>
    public Dictionary<string, string> Replies { get; } = new(StringComparer.Ordinal);

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    public IReadOnlyList<string> Commands => [.. _commands];

    public IReadOnlyList<string> Mails => [.. _mails];

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _serving;
        _listener.Stop();
        _certificate.Dispose();
        _stop.Dispose();
    }

    private async Task ServeAsync()
    {
        try
        {
            while (true)
            {
                using var client = await _listener.AcceptTcpClientAsync(_stop.Token);
                await TalkAsync(client.GetStream());
            }
        }
        catch (OperationCanceledException)
        {
            _commands.Enqueue("(stopped)");
        }
    }

    private async Task TalkAsync(Stream stream)
    {
        try
        {
            var secure = ImplicitTls;
            if (secure) stream = await SecureAsync(stream);
            var reader = new StreamReader(stream, Encoding.UTF8);
            await SayAsync(stream, "220 sink");
            while (await reader.ReadLineAsync(_stop.Token) is { } line)
            {
                _commands.Enqueue(line);
                var verb = line.Split(' ')[0].ToUpperInvariant();
                if (Replies.TryGetValue(verb, out var reply))
                {
                    await SayAsync(stream, reply);
                    continue;
                }

                switch (verb)
                {
                    case "EHLO":
                        var offers = Offers.Where(o => !secure || o != "STARTTLS").ToList();
                        await SayAsync(stream, string.Join("\r\n", offers.Select(o => "250-" + o).Prepend("250-sink").Append("250 HELP")));
                        break;
                    case "STARTTLS":
                        await SayAsync(stream, "220 go");
                        stream = await SecureAsync(stream);
                        reader = new StreamReader(stream, Encoding.UTF8);
                        secure = true;
                        break;
                    case "AUTH":
                        if (line == "AUTH LOGIN") await LogInAsync(stream, reader);
                        await SayAsync(stream, "235 welcome");
                        break;
                    case "DATA":
                        await SayAsync(stream, "354 go on");
                        _mails.Enqueue(await ReadMailAsync(reader));
                        await SayAsync(stream, Replies.GetValueOrDefault(".", "250 queued as 42"));
                        break;
                    case "QUIT":
                        await SayAsync(stream, "221 bye");
                        return;
                    default:
                        await SayAsync(stream, "250 fine");
                        break;
                }
            }
        }
        catch (Exception failure) when (failure is IOException or AuthenticationException)
        {
            _commands.Enqueue("(connection lost)");
        }
    }

    private async Task LogInAsync(Stream stream, StreamReader reader)
    {
        await SayAsync(stream, "334 VXNlcm5hbWU6");
        _commands.Enqueue((await reader.ReadLineAsync(_stop.Token))!);
        await SayAsync(stream, "334 UGFzc3dvcmQ6");
        _commands.Enqueue((await reader.ReadLineAsync(_stop.Token))!);
    }

    private async Task<string> ReadMailAsync(StreamReader reader)
    {
        var mail = new StringBuilder();
        while (await reader.ReadLineAsync(_stop.Token) is { } line and not ".") mail.Append(line.StartsWith('.') ? line[1..] : line).Append('\n');
        return mail.ToString();
    }

    private async Task<Stream> SecureAsync(Stream stream)
    {
        var tls = new SslStream(stream);
        await tls.AuthenticateAsServerAsync(_certificate);
        return tls;
    }

    private static Task SayAsync(Stream stream, string text) => stream.WriteAsync(Encoding.UTF8.GetBytes(text + "\r\n")).AsTask();

    private static X509Certificate2 SelfSigned()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=localhost", key, HashAlgorithmName.SHA256);
        var now = TimeProvider.System.GetUtcNow();
        return request.CreateSelfSigned(now.AddDays(-1), now.AddDays(1));
    }
}
