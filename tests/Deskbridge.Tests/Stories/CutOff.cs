using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using Npgsql;

namespace Deskbridge.Tests.Stories;

/// <summary>A way to the PostgreSQL server of the tests that can be cut: every connection on it breaks, and none comes through until it is mended.</summary>
internal sealed class CutOff : IAsyncDisposable
{
    private readonly ConcurrentDictionary<Socket, Socket> _pairs = new();
    private readonly CancellationTokenSource _end = new();
    private readonly EndPoint _server;
    private readonly int _port;
    private Socket? _listener;

    /// <summary>Opens the way.</summary>
    /// <param name="connection">The server; its host is a folder with its socket.</param>
    public CutOff(string connection)
    {
        var settings = new NpgsqlConnectionStringBuilder(connection);
        _server = new UnixDomainSocketEndPoint(Path.Combine(settings.Host!, $".s.PGSQL.{settings.Port}"));
        using (var free = new TcpListener(IPAddress.Loopback, 0))
        {
            free.Start();
            _port = ((IPEndPoint)free.LocalEndpoint).Port;
        }

        (settings.Host, settings.Port) = ("127.0.0.1", _port);
        settings.Timeout = 5;
        Address = settings.ConnectionString;
        Mend();
    }

    /// <summary>The database by this way.</summary>
    public string Address { get; }

    public void Mend()
    {
        _listener = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        _listener.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.ReuseAddress, optionValue: true);
        _listener.Bind(new IPEndPoint(IPAddress.Loopback, _port));
        _listener.Listen();
        _ = AcceptAsync(_listener);
    }

    public void Cut()
    {
        _listener?.Dispose();
        foreach (var (client, server) in _pairs)
        {
            client.Dispose();
            server.Dispose();
        }

        _pairs.Clear();
    }

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        Cut();
        _end.Dispose();
    }

    private async Task AcceptAsync(Socket listener)
    {
        try
        {
            while (true)
            {
                var client = await listener.AcceptAsync(_end.Token);
                var server = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
                await server.ConnectAsync(_server, _end.Token);
                _pairs[client] = server;
                _ = PumpAsync(client, server);
                _ = PumpAsync(server, client);
            }
        }
        catch (Exception failure) when (failure is SocketException or ObjectDisposedException or OperationCanceledException)
        {
            // The way was cut.
        }
    }

    private async Task PumpAsync(Socket from, Socket to)
    {
        var bytes = new byte[16 * 1024];
        try
        {
            for (int read; (read = await from.ReceiveAsync(bytes, _end.Token)) > 0;)
                for (var sent = 0; sent < read;) sent += await to.SendAsync(bytes.AsMemory(sent, read - sent), _end.Token);
        }
        catch (Exception failure) when (failure is SocketException or ObjectDisposedException or OperationCanceledException)
        {
            // One side is gone; so is the other.
        }

        from.Dispose();
        to.Dispose();
    }
}
