using System.Net;
using Deskbridge.Core.Directory;
using Deskbridge.Core.Operations;
using Deskbridge.Core.Sync;
using Deskbridge.Testing;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace Deskbridge.Tests.Operations;

public sealed class HealthTests : IDisposable
{
    private readonly DirectoryInfo _folder = System.IO.Directory.CreateTempSubdirectory("deskbridge-health-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public async Task Hub_IsLiveAndReady_AndTellsStrangersOnlyThat()
    {
        await using var hub = await StartAsync();
        using var stranger = new Visitor(hub.Address, "10.0.0.1");

        Assert.Equal("live", await stranger.ReadAsync("/health/live"));
        Assert.Equal("ready", await stranger.ReadAsync("/health/ready"));
    }

    [Fact]
    public async Task StuckLoop_MakesTheHubNotReady_ButLive()
    {
        var time = new ManualTime();
        await using var hub = await StartAsync(services =>
        {
            services.Remove(services.Single(service => service.ImplementationType == typeof(SyncPump)));
            services.AddSingleton(new PumpWatch(time));
        });
        using var stranger = new Visitor(hub.Address, "10.0.0.1");
        Assert.Equal("ready", await stranger.ReadAsync("/health/ready"));

        time.Advance(TimeSpan.FromMinutes(5));

        using var answer = await stranger.GetAsync("/health/ready");
        Assert.Equal(HttpStatusCode.ServiceUnavailable, answer.StatusCode);
        Assert.Equal("not ready", await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
        Assert.Equal("live", await stranger.ReadAsync("/health/live"));
    }

    [Fact]
    public async Task Details_AreForThoseWhoSignedIn()
    {
        var time = new ManualTime();
        await using var world = await HubWorld.StartAsync(_folder, services =>
        {
            services.Remove(services.Single(service => service.ImplementationType == typeof(SyncPump)));
            services.AddSingleton(new PumpWatch(time));
        });
        time.Advance(TimeSpan.FromMinutes(5));
        using var viewer = await world.ProgramAsync(PersonRole.Viewer);

        var report = await viewer.JsonAsync("/api/v1/health");

        Assert.Equal("failing", report["status"]!.GetValue<string>());
        Assert.Equal("failing", report["loops"]!.AsArray().Single(loop => loop!["name"]!.GetValue<string>() == "tickets")!["status"]!.GetValue<string>());
        Assert.Contains(report["problems"]!.AsArray(), problem => problem!["message"]!.GetValue<string>().Contains("stopped looking at tickets", StringComparison.Ordinal));
    }

    private Task<Hub> StartAsync(Action<IServiceCollection>? services = null) => Hub.StartAsync(new HubOptions { Data = _folder.FullName, Port = 0, Services = services }, default);
}
