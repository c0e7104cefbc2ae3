using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace Deskbridge.Sandbox.Carriers.Mail;

/// <summary>Listens on loopback and gives every connection its own <see cref="SmtpSession"/>.</summary>
internal sealed class SmtpSink : IAsyncDisposable
{
    private const int MostConnections = 200;

    private readonly TcpListener _listener;
    private readonly Func<Socket, SmtpSession> _newSession;
    private readonly CancellationTokenSource _stop = new();
    private readonly ConcurrentDictionary<Task, byte> _sessions = new();
    private readonly Task _accepting;

    private SmtpSink(TcpListener listener, Func<Socket, SmtpSession> newSession)
    {
        _listener = listener;
        _newSession = newSession;
        _accepting = AcceptAsync();
    }

    public IPEndPoint Endpoint => (IPEndPoint)_listener.LocalEndpoint;

    public static SmtpSink Start(AppendLog<StoredMail> log, FaultList faults, CarriersOptions options, TimeProvider clock)
    {
        var listener = new TcpListener(IPAddress.Loopback, options.SmtpPort);
        listener.Start();
        return new SmtpSink(listener, socket => new SmtpSession(socket, log, faults, options, clock));
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _listener.Stop();
        await _accepting;
        await Task.WhenAll(_sessions.Keys);
        _listener.Dispose();
        _stop.Dispose();
    }

    private async Task AcceptAsync()
    {
        while (!_stop.IsCancellationRequested)
        {
            try
            {
                var socket = await _listener.AcceptSocketAsync(_stop.Token);
                if (_sessions.Count >= MostConnections) { socket.Dispose(); continue; }
                var session = ServeAsync(socket);
                _sessions.TryAdd(session, 0);
                _ = session.ContinueWith(done => _sessions.TryRemove(done, out _), TaskScheduler.Default);
            }
            catch (Exception end) when (end is OperationCanceledException or SocketException or ObjectDisposedException)
            {
                // Stopped, or one client gave up before it was accepted: the loop's condition decides.
            }
        }
    }

    private async Task ServeAsync(Socket socket)
    {
        try
        {
            await _newSession(socket).RunAsync(_stop.Token);
        }
        catch (Exception end) when (end is IOException or SocketException or ObjectDisposedException or OperationCanceledException)
        {
            // The peer went away, was idle too long, or the sink stops; nothing was promised that is not in the log.
        }
        finally
        {
            socket.Dispose();
        }
    }
}
