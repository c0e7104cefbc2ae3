using System.Globalization;
using System.Net.Sockets;
using System.Text;
using Deskbridge.Core.Operations;
using Deskbridge.Telemetry;
using Deskbridge.Testing;
using Microsoft.Extensions.Hosting.Internal;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Xunit;

namespace Deskbridge.Tests.Operations;

/// <summary>What systemd is told, through the socket it would listen on.</summary>
public sealed class SystemdTests : IDisposable
{
    private readonly DirectoryInfo _folder = System.IO.Directory.CreateTempSubdirectory("deskbridge-systemd-");
    private readonly Socket _systemd = new(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified);

    public SystemdTests() => _systemd.Bind(new UnixDomainSocketEndPoint(Path));

    private string Path => System.IO.Path.Combine(_folder.FullName, "notify");

    public void Dispose()
    {
        _systemd.Dispose();
        _folder.Delete(recursive: true);
    }

    [Fact]
    public async Task Service_TellsThatItIsReady_LivesAndEnds()
    {
        var environment = new Dictionary<string, string>(StringComparer.Ordinal) { ["NOTIFY_SOCKET"] = Path, ["WATCHDOG_USEC"] = TimeSpan.FromSeconds(1).TotalMicroseconds.ToString(CultureInfo.InvariantCulture) };
        await using (var hub = await HubProcess.StartAsync(environment: environment))
        {
            Assert.Equal("READY=1", await HeardAsync());
            Assert.Equal("WATCHDOG=1", await HeardAsync());
        }

        string heard;
        do heard = await HeardAsync();
        while (heard == "WATCHDOG=1");
        Assert.Equal("STOPPING=1", heard);
    }

    [Fact]
    public async Task StuckLoop_GivesNoSignOfLife_SoThatSystemdRestartsTheHub()
    {
        var time = new ManualTime();
        var pumps = new PumpWatch(time);
        var lifetime = new ApplicationLifetime(NullLogger<ApplicationLifetime>.Instance);
        var log = new KeptLog();
        using var logs = LoggerFactory.Create(logging => logging.AddProvider(log));
        using var notice = new SystemdNotice(new SystemdSocket(Path, TimeSpan.FromSeconds(120)), pumps, lifetime, time, logs.CreateLogger<SystemdNotice>());
        await notice.StartAsync(TestContext.Current.CancellationToken);

        lifetime.NotifyStarted();
        Assert.Equal("READY=1", await HeardAsync());
        time.Advance(TimeSpan.FromSeconds(40));
        Assert.Equal("WATCHDOG=1", await HeardAsync());
        time.Jump(TimeSpan.FromMinutes(5));
        Assert.Contains(log.Lines, line => line.Contains("stopped looking at tickets", StringComparison.Ordinal));
        lifetime.StopApplication();

        Assert.Equal("STOPPING=1", await HeardAsync());
        await notice.StopAsync(TestContext.Current.CancellationToken);
    }

    private async Task<string> HeardAsync()
    {
        var bytes = new byte[100];
        var count = await _systemd.ReceiveAsync(bytes, TestContext.Current.CancellationToken).AsTask().WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken);
        return Encoding.ASCII.GetString(bytes, 0, count);
    }
}
