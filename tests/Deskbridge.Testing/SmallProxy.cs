using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Deskbridge.Testing;

/// <summary>
/// A real HTTP proxy on loopback: tunnels for https, absolute addresses for http, with a user name and password if it is told so. It can
/// refuse tunnels, and can answer for the remote that a key is not known.
/// </summary>
public sealed class SmallProxy : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _ending = new();
    private readonly ConcurrentQueue<string> _served = new();
    private readonly Task _accepting;

    public SmallProxy()
    {
        _listener.Start();
        _accepting = AcceptAsync();
    }

    public Uri Address => new($"http://127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}");

    /// <summary>User name and password as "user:password"; null when anybody may pass.</summary>
    public string? Password { get; init; }

    /// <summary>Answers every request with 403, as a proxy whose rules do not allow the address.</summary>
    public bool Forbids { get; set; }

    /// <summary>Values of the Authorization header that are answered with 401 in the remote's name.</summary>
    public ConcurrentDictionary<string, bool> RefusedKeys { get; } = new(StringComparer.Ordinal);

    /// <summary>First lines of the requests that passed.</summary>
    public IReadOnlyCollection<string> Served => _served;

    public async ValueTask DisposeAsync()
    {
        await _ending.CancelAsync();
        await _accepting;
        _listener.Dispose();
        _ending.Dispose();
    }

    private async Task AcceptAsync()
    {
        var serving = new List<Task>();
        try
        {
            while (true) serving.Add(ServeAsync(await _listener.AcceptTcpClientAsync(_ending.Token)));
        }
        catch (OperationCanceledException)
        {
            await Task.WhenAll(serving);
        }
    }

    private async Task ServeAsync(TcpClient client)
    {
        using var _ = client;
        try
        {
            var stream = client.GetStream();
            var (head, rest) = await ReadHeadAsync(stream);
            if (head.Length == 0) return;
            var lines = head.Split("\r\n");
            var first = lines[0].Split(' ');
            if (Password is not null && Header(lines, "Proxy-Authorization") != "Basic " + Convert.ToBase64String(Encoding.UTF8.GetBytes(Password)))
                await AnswerAsync(stream, "407 Proxy Authentication Required\r\nProxy-Authenticate: Basic realm=\"small\"", "");
            else if (Forbids)
                await AnswerAsync(stream, "403 Forbidden", "Not from here.");
            else if (Header(lines, "Authorization") is { } key && RefusedKeys.ContainsKey(key))
                await AnswerAsync(stream, "401 Unauthorized\r\nContent-Type: application/json", "{\"code\":\"Unauthorized\",\"message\":\"The key is not known.\"}");
            else
                await PassAsync(stream, lines, first, rest);
        }
        catch (Exception broken) when (broken is IOException or SocketException or OperationCanceledException or ObjectDisposedException)
        {
            // One of the two ended; so does the connection.
        }
    }

    private async Task PassAsync(NetworkStream stream, string[] lines, string[] first, byte[] rest)
    {
        _served.Enqueue(lines[0]);
        var tunnel = first[0] == "CONNECT";
        var target = tunnel ? new Uri("http://" + first[1]) : new Uri(first[1]);
        using var onward = new TcpClient();
        await onward.ConnectAsync(target.Host, target.Port, _ending.Token);
        var remote = onward.GetStream();
        if (tunnel)
        {
            await stream.WriteAsync("HTTP/1.1 200 Connection Established\r\n\r\n"u8.ToArray(), _ending.Token);
        }
        else
        {
            var kept = lines[1..].Where(line => !line.StartsWith("Proxy-", StringComparison.OrdinalIgnoreCase) && !line.StartsWith("Connection:", StringComparison.OrdinalIgnoreCase));
            var head = string.Join("\r\n", [$"{first[0]} {target.PathAndQuery} HTTP/1.1", .. kept, "Connection: close", "", ""]);
            await remote.WriteAsync(Encoding.Latin1.GetBytes(head), _ending.Token);
        }

        await remote.WriteAsync(rest, _ending.Token);
        await Task.WhenAny(stream.CopyToAsync(remote, _ending.Token), remote.CopyToAsync(stream, _ending.Token));
    }

    private async Task<(string Head, byte[] Begun)> ReadHeadAsync(NetworkStream stream)
    {
        var read = new List<byte>();
        var buffer = new byte[8192];
        while (true)
        {
            var count = await stream.ReadAsync(buffer, _ending.Token);
            if (count == 0) return ("", []);
            read.AddRange(buffer.AsSpan(0, count));
            var bytes = read.ToArray();
            if (bytes.AsSpan().IndexOf("\r\n\r\n"u8) is >= 0 and var end) return (Encoding.Latin1.GetString(bytes, 0, end), bytes[(end + 4)..]);
        }
    }

    private static string? Header(string[] lines, string name) =>
        lines.FirstOrDefault(line => line.StartsWith(name + ":", StringComparison.OrdinalIgnoreCase)) is { } line ? line[(name.Length + 1)..].Trim() : null;

    private async Task AnswerAsync(NetworkStream stream, string status, string body)
    {
        await stream.WriteAsync(Encoding.Latin1.GetBytes($"HTTP/1.1 {status}\r\nContent-Length: {body.Length}\r\nConnection: close\r\n\r\n{body}"), _ending.Token);
    }
}
