using Deskbridge.Connectors;
using Deskbridge.Core.Common;
using Deskbridge.Core.Connections;
using Deskbridge.Core.Data;
using Deskbridge.Testing;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging.Abstractions;
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

    /// <summary>A cloud that deploys refuses credentials for seconds, to every call under way; nobody is paged until it is read again.</summary>
    [Fact]
    public async Task CredentialsRefusedToManyCallsAfterAnOutage_PauseForAQuarterOfAMinute()
    {
        await using var hub = await ConnectionsHub.CreateAsync();
        var id = await hub.InstallAsync();
        var monitor = hub.Store.Get<ConnectionMonitor>();
        for (var i = 0; i < Breaker.Threshold; i++) await monitor.FailedAsync(id, new ConnectorUnavailableException("No answer.", false), "Reading", default);
        hub.Store.Time.Advance(TimeSpan.FromSeconds(20));

        for (var i = 0; i < 6; i++) await monitor.FailedAsync(id, new ConnectorCredentialsException("Unauthorized."), "Reading", default);

        Assert.True(monitor.IsOpen(id, hub.Store.Time.GetUtcNow().AddSeconds(14)));
        Assert.False(monitor.IsOpen(id, hub.Store.Time.GetUtcNow().AddSeconds(19)));
    }

    /// <summary>Where other writes come between, a write runs again: one refusal is one all the same, or its pause would last minutes.</summary>
    [Fact]
    public async Task CredentialsRefusedWhileOthersWrite_PauseForAQuarterOfAMinute_AndForTwiceThatTheNextTime()
    {
        await using var hub = await ConnectionsHub.CreateAsync();
        var id = await hub.InstallAsync();
        var store = new HubStore(hub.Store.Get<IDbContextFactory<HubDb>>(), new RepeatingWriter(hub.Store.Get<IHubWriter>()));
        var monitor = new ConnectionMonitor(store, hub.Store.Get<RandomIds>(), hub.Store.Time, NullLogger<ConnectionMonitor>.Instance);

        await monitor.FailedAsync(id, new ConnectorCredentialsException("Unauthorized."), "Reading", default);

        Assert.True(monitor.IsOpen(id, hub.Store.Time.GetUtcNow().AddSeconds(14)));
        Assert.False(monitor.IsOpen(id, hub.Store.Time.GetUtcNow().AddSeconds(19)));
        hub.Store.Time.Advance(TimeSpan.FromSeconds(19));

        await monitor.FailedAsync(id, new ConnectorCredentialsException("Unauthorized."), "Reading", default);

        Assert.True(monitor.IsOpen(id, hub.Store.Time.GetUtcNow().AddSeconds(29)));
        Assert.False(monitor.IsOpen(id, hub.Store.Time.GetUtcNow().AddSeconds(37)));
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

    /// <summary>A remote that answers 400 to every list is there, so calls go on; but since when nothing can be read must be seen.</summary>
    [Fact]
    public async Task ListsThatAreRefused_SayFromWhenOn_AndOpenNoBreaker()
    {
        using var log = new KeptLog();
        await using var hub = await ConnectionsHub.CreateAsync(log: log);
        var id = await hub.InstallAsync();
        hub.Psa.FailBefore = _ => new ConnectorRejectedException("The conditions cannot be read.");
        var since = hub.Store.Time.GetUtcNow();

        for (var i = 0; i < 2 * Breaker.Threshold; i++) await hub.PollLaterAsync(id);

        var health = (await hub.Store.Get<ConnectionQueries>().FindAsync(id, default))!.Health;
        Assert.Equal(since + TimeSpan.FromSeconds(20), health.FailingSince);
        Assert.Single(log.Lines, line => line.Contains($"Connection 'Main' ({id}) fails. reading changed tickets: The conditions cannot be read.", StringComparison.Ordinal));
        Assert.False(hub.Store.Get<ConnectionMonitor>().IsOpen(id, hub.Store.Time.GetUtcNow()));
        hub.Psa.FailBefore = null;
        await hub.PollLaterAsync(id);
        Assert.Null((await hub.Store.Get<ConnectionQueries>().FindAsync(id, default))!.Health.FailingSince);
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
