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

    /// <summary>Writes that find no budget left wait for it; reading tickets, which goes first, must not wait with them.</summary>
    [Fact]
    public async Task CallsThatOurOwnBudgetHoldsBack_OpenNoBreaker()
    {
        await using var hub = await ConnectionsHub.CreateAsync();
        var id = await hub.InstallAsync();
        var monitor = hub.Store.Get<ConnectionMonitor>();
        using var budget = new CallBudget(6, hub.Store.Time);
        await budget.EnterAsync(CallClass.Writes, default);
        for (var i = 0; i < 2 * Breaker.Threshold; i++)
        {
            var heldBack = await Assert.ThrowsAsync<ConnectorThrottledException>(() => budget.EnterAsync(CallClass.Writes, default).AsTask());
            await monitor.FailedAsync(id, heldBack, "Writing", default);
        }

        Assert.False(monitor.IsOpen(id, hub.Store.Time.GetUtcNow()));
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
