using System.Globalization;
using System.Net.Sockets;
using System.Text;
using Deskbridge.Core.Operations;

namespace Deskbridge.Telemetry;

/// <summary>Where systemd listens, and how often it wants a sign of life. The protocol: sd_notify(3), sd_watchdog_enabled(3).</summary>
/// <param name="Socket">A path, or a name in the abstract namespace behind <c>@</c>.</param>
/// <param name="Watchdog">Without a sign for so long it restarts the hub; null when it asks for none.</param>
internal sealed record SystemdSocket(string Socket, TimeSpan? Watchdog)
{
    /// <summary>What systemd told this process; null when it did not start it, or does not listen.</summary>
    public static SystemdSocket? FromEnvironment()
    {
        if (Environment.GetEnvironmentVariable("NOTIFY_SOCKET") is not { Length: > 0 } socket || OperatingSystem.IsWindows()) return null;
        var asked = long.TryParse(Environment.GetEnvironmentVariable("WATCHDOG_USEC"), CultureInfo.InvariantCulture, out var microseconds) && microseconds > 0;
        return new SystemdSocket(socket, asked ? TimeSpan.FromMicroseconds(microseconds) : null);
    }
}

/// <summary>
/// Tells systemd that the hub is ready, and, when the unit asks for it, that its loops turn: one that is stuck is then restarted. A database
/// that takes no writes is no reason: a restart mends no disk.
/// </summary>
internal sealed partial class SystemdNotice(SystemdSocket systemd, PumpWatch pumps, IHostApplicationLifetime lifetime, TimeProvider clock, ILogger<SystemdNotice> logger)
    : IHostedService, IDisposable
{
    private readonly List<IDisposable> _held = [];

    public Task StartAsync(CancellationToken cancellationToken)
    {
        _held.Add(lifetime.ApplicationStarted.Register(Begin));
        _held.Add(lifetime.ApplicationStopping.Register(() => Tell("STOPPING=1")));
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken)
    {
        Dispose();
        return Task.CompletedTask;
    }

    public void Dispose()
    {
        _held.ForEach(one => one.Dispose());
        _held.Clear();
    }

    private void Begin()
    {
        Tell("READY=1");
        if (systemd.Watchdog is { } patience) _held.Add(clock.CreateTimer(_ => GiveSign(), null, patience / 3, patience / 3));
    }

    private void GiveSign()
    {
        if (pumps.States().FirstOrDefault(pump => pump.Stuck) is { } stuck) LogStuck(logger, stuck.Work);
        else Tell("WATCHDOG=1");
    }

    private void Tell(string state)
    {
        try
        {
            using var socket = new Socket(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified);
            socket.Connect(new UnixDomainSocketEndPoint(systemd.Socket[0] == '@' ? '\0' + systemd.Socket[1..] : systemd.Socket));
            socket.Send(Encoding.ASCII.GetBytes(state));
        }
        catch (SocketException failure)
        {
            LogNotTold(logger, state, failure.Message);
        }
    }

    [LoggerMessage(6030, LogLevel.Error, "The hub has stopped {Work}; systemd is left to restart it")]
    private static partial void LogStuck(ILogger logger, string work);

    [LoggerMessage(6031, LogLevel.Warning, "systemd could not be told '{State}': {Why}")]
    private static partial void LogNotTold(ILogger logger, string state, string why);
}
