using System.Collections.Concurrent;
using System.Net;
using System.Net.Http.Json;
using Deskbridge.Core.Connections;
using Deskbridge.Core.Data;
using Deskbridge.Core.Directory;
using Deskbridge.Core.Operations;
using Deskbridge.Features.Health;
using Deskbridge.Features.Heartbeat;
using Deskbridge.Tests.Stories;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Xunit;

namespace Deskbridge.Tests.Operations;

public sealed class HeartbeatTests : IAsyncLifetime
{
    private const string Secret = "ping-0b1c2d";
    private readonly DirectoryInfo _folder = System.IO.Directory.CreateTempSubdirectory("deskbridge-heartbeat-");
    private readonly ConcurrentQueue<string> _calls = new();
    private WebApplication _watcher = null!;
    private int _status = StatusCodes.Status200OK;

    private string Url => $"{_watcher.Urls.First()}/{Secret}";

    public async ValueTask InitializeAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        _watcher = builder.Build();
        _watcher.Run(http =>
        {
            _calls.Enqueue(http.Request.Path);
            http.Response.StatusCode = _status;
            return Task.CompletedTask;
        });
        await _watcher.StartAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await _watcher.DisposeAsync();
        _folder.Delete(recursive: true);
    }

    [Fact]
    public async Task WellHub_CallsTheAddress_AndTellsWhen()
    {
        await using var world = await HubWorld.StartAsync(_folder);
        using var admin = await world.ProgramAsync(PersonRole.Admin);
        Assert.Equal(HttpStatusCode.NoContent, (await PutAsync(admin, new { url = Url, seconds = 30 })).StatusCode);

        await world.Get<OutsideHeartbeat>().BeatAsync(default);
        await world.Get<OutsideHeartbeat>().BeatAsync(default); // not due yet

        Assert.Equal(["/" + Secret], _calls);
        var told = await admin.JsonAsync("/api/v1/heartbeat");
        Assert.True(told["set"]!.GetValue<bool>());
        Assert.Equal("127.0.0.1", told["host"]!.GetValue<string>());
        Assert.NotNull(told["lastCalledAt"]);
        Assert.DoesNotContain(Secret, told.ToJsonString(), StringComparison.Ordinal);
        Assert.DoesNotContain(Secret, await world.Get<HubStore>().ReadAsync(db => db.Settings.Where(s => s.Key == SettingKeys.HeartbeatUrl).Select(s => s.Value).SingleAsync(), default), StringComparison.Ordinal);
    }

    [Fact]
    public async Task SomethingBroken_WithholdsTheCall_NamesIt_AndGoesOnAfterwards()
    {
        await using var world = await StoryWorld.StartAsync(options => options with { Configuration = new Dictionary<string, string?> { ["Connections:PollInterval"] = "00:10:00" } });
        await world.PollAsync();
        await world.EndSandboxAsync(); // so that no poll heals it
        var longAgo = DateTimeOffset.UnixEpoch;
        await StoryWorld.EventuallyAsync("no poll is under way any more", async () =>
        {
            await world.Get<HubStore>().WriteAsync(db => db.ConnectionHealth.ExecuteUpdateAsync(set => set.SetProperty(h => h.LastReadAt, longAgo)), default);
            await Task.Delay(TimeSpan.FromSeconds(1));
            return await world.Get<HubStore>().ReadAsync(db => db.ConnectionHealth.AllAsync(h => h.LastReadAt == longAgo), default);
        });
        Assert.Null(await world.Get<HeartbeatSettings>().ChangeAsync(new(Url, 30), default)); // from here the clock may call at any moment

        await world.Get<OutsideHeartbeat>().BeatAsync(default);

        Assert.Empty(_calls);
        Assert.Contains(world.Get<OutsideHeartbeat>().State.Withheld, why => why.Contains("Northbridge PSA", StringComparison.Ordinal));
        Assert.Null(world.Get<OutsideHeartbeat>().State.LastCalledAt);

        var beat = new OutsideHeartbeat(world.Get<HubHealth>(), world.Get<HeartbeatSettings>(), world.Get<HubMetrics>(), TimeProvider.System, world.Get<ILogger<OutsideHeartbeat>>());
        await world.Get<HubStore>().WriteAsync(db => db.Connections.ExecuteUpdateAsync(set => set.SetProperty(c => c.State, ConnectionState.Paused)), default);
        await beat.BeatAsync(default);
        Assert.Equal(["/" + Secret], _calls);
        beat.Dispose();
    }

    [Fact]
    public async Task NobodyOnDuty_IsNoReasonToWithhold()
    {
        await using var world = await StoryWorld.StartAsync();
        await world.PollAsync();
        await world.Get<HubStore>().WriteAsync(db => db.DutyPeriods.ExecuteDeleteAsync(), default);
        Assert.Null(await world.Get<HeartbeatSettings>().ChangeAsync(new(Url, 30), default));

        await world.Get<OutsideHeartbeat>().BeatAsync(default);

        Assert.Single(_calls);
    }

    [Fact]
    public async Task AnsweringBadly_IsTold_WithoutTheAddress()
    {
        await using var world = await HubWorld.StartAsync(_folder);
        _status = StatusCodes.Status404NotFound;
        Assert.Null(await world.Get<HeartbeatSettings>().ChangeAsync(new(Url, null), default));

        await world.Get<OutsideHeartbeat>().BeatAsync(default);

        Assert.Contains("404", world.Get<OutsideHeartbeat>().State.Message, StringComparison.Ordinal);
        Assert.DoesNotContain(Secret, world.Get<OutsideHeartbeat>().State.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Clock_CallsByItself()
    {
        await using var world = await HubWorld.StartAsync(_folder);
        Assert.Null(await world.Get<HeartbeatSettings>().ChangeAsync(new(Url, 30), default));

        await StoryWorld.EventuallyAsync("the clock has called", () => Task.FromResult(!_calls.IsEmpty));
    }

    [Theory]
    [InlineData("watch.example.com/ping", 60, "url")]
    [InlineData("https://watch.example.com/ping", 5, "seconds")]
    public async Task BadSetting_IsRefused(string url, int seconds, string field)
    {
        await using var world = await HubWorld.StartAsync(_folder);
        using var admin = await world.ProgramAsync(PersonRole.Admin);

        using var answer = await PutAsync(admin, new { url, seconds });

        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.Contains(field, await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken), StringComparison.OrdinalIgnoreCase);
    }

    private static Task<HttpResponseMessage> PutAsync(Visitor admin, object body) => admin.Http.PutAsJsonAsync("/api/v1/heartbeat", body, TestContext.Current.CancellationToken);
}
