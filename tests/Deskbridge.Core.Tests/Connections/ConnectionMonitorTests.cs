using Deskbridge.Connectors;
using Deskbridge.Core.Connections;
using Xunit;

namespace Deskbridge.Core.Tests.Connections;

public sealed class ConnectionMonitorTests
{
    [Fact]
    public async Task RemoteThatSpeaks_EndsThePause_AndTheNextFailureOpensForLonger()
    {
        await using var hub = await ConnectionsHub.CreateAsync();
        var id = await hub.InstallAsync();
        var monitor = hub.Store.Get<ConnectionMonitor>();
        for (var i = 0; i < Breaker.Threshold; i++) await monitor.FailedAsync(id, new ConnectorUnavailableException("No answer.", false), "Reading", default);
        Assert.True(monitor.IsOpen(id, hub.Store.Time.GetUtcNow()));

        await monitor.SpokeAsync(id, default);

        Assert.False(monitor.IsOpen(id, hub.Store.Time.GetUtcNow()));
        await monitor.FailedAsync(id, new ConnectorUnavailableException("No answer.", false), "Reading", default);
        Assert.True(monitor.IsOpen(id, hub.Store.Time.GetUtcNow().AddSeconds(29)));
    }

    [Fact]
    public async Task RemoteThatSpeaks_DoesNotEndAPauseThatItAskedFor()
    {
        await using var hub = await ConnectionsHub.CreateAsync();
        var id = await hub.InstallAsync();
        var monitor = hub.Store.Get<ConnectionMonitor>();
        for (var i = 0; i < Breaker.Threshold; i++) await monitor.FailedAsync(id, new ConnectorThrottledException("Too many calls.", TimeSpan.FromSeconds(40)), "Reading", default);

        await monitor.SpokeAsync(id, default);

        Assert.True(monitor.IsOpen(id, hub.Store.Time.GetUtcNow().AddSeconds(39)));
    }
}
