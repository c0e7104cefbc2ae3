using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Deskbridge.Core.Alerting;
using Deskbridge.Core.Alerting.Paging;
using Deskbridge.Core.Data;
using Deskbridge.Testing;
using Microsoft.AspNetCore.Http;
using Microsoft.EntityFrameworkCore;
using Xunit;

namespace Deskbridge.Core.Tests.Alerting;

public sealed class CarrierTests
{
    private const string Secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";

    [Fact]
    public async Task Ntfy_GetsAnUrgentPublicationAtTheServersRoot()
    {
        await using var world = await PagerWorld.StartAsync(onDuty: false);
        await world.Test.AddAsync(Build.Duty(world.Team, world.Mia));
        await SetSecretAsync(world, world.Phone, "tk_123");
        await world.RaiseAsync("Kühlung ausgefallen 🔥");

        await world.SendAsync();

        var arrival = Assert.Single(world.Sink.Arrivals);
        using var body = JsonDocument.Parse(arrival.Body);
        Assert.Equal(("POST", "/", "Bearer tk_123"), (arrival.Method, arrival.Path, arrival.Headers["authorization"]));
        Assert.Equal(("mia", "Kühlung ausgefallen 🔥", 5), (Text(body, "topic"), Text(body, "title"), body.RootElement.GetProperty("priority").GetInt32()));
        Assert.Equal("rotating_light", body.RootElement.GetProperty("tags")[0].GetString());
    }

    [Fact]
    public async Task Page_WithoutAPublicAddress_SaysSoAndHasNoLink()
    {
        await using var world = await PagerWorld.StartAsync();
        await world.Test.Store.WriteAsync(db => db.Settings.Where(s => s.Key == SettingKeys.PublicUrl).ExecuteDeleteAsync(), default);
        await world.RaiseAsync();

        await world.SendAsync();

        using var body = JsonDocument.Parse(Assert.Single(world.Sink.Arrivals).Body);
        Assert.Contains("public address", Text(body, "message"), StringComparison.Ordinal);
        Assert.Equal(JsonValueKind.Null, body.RootElement.GetProperty("click").ValueKind);
    }

    [Theory]
    [InlineData("https://ntfy.sh/alerts-mia", "https://ntfy.sh/", "alerts-mia")]
    [InlineData("http://127.0.0.1:81/ntfy/mia/", "http://127.0.0.1:81/ntfy/", "mia")]
    public void NtfyAddress_IsSplitIntoServerAndTopic(string address, string server, string topic) =>
        Assert.Equal((new Uri(server), topic), NtfyCarrier.Split(address));

    [Fact]
    public async Task Webhook_IsSignedAsStandardWebhooksSays()
    {
        await using var world = await PagerWorld.StartAsync(onDuty: false);
        var hook = await HookAsync(world);
        var alert = await world.RaiseAsync("Backup failed");

        await world.SendAsync();

        var arrival = Assert.Single(world.Sink.Arrivals, a => a.Path == "/hook");
        var page = (await world.PagesAsync(alert)).Single(p => p.ChannelId == hook.Id && p.Repeat == 1);
        var signed = $"{arrival.Headers["webhook-id"]}.{arrival.Headers["webhook-timestamp"]}.{arrival.Body}";
        var mac = HMACSHA256.HashData(Convert.FromBase64String(Secret["whsec_".Length..]), Encoding.UTF8.GetBytes(signed));
        Assert.Equal("v1," + Convert.ToBase64String(mac), arrival.Headers["webhook-signature"]);
        Assert.Equal(page.Id.ToString(), arrival.Headers["webhook-id"]);
        using var body = JsonDocument.Parse(arrival.Body);
        var data = body.RootElement.GetProperty("data");
        Assert.Equal("alert.page", Text(body, "type"));
        Assert.Equal((alert.Id, page.Id), (data.GetProperty("alertId").GetGuid(), data.GetProperty("deliveryId").GetGuid()));
        Assert.Equal("Backup failed", data.GetProperty("title").GetString());
        Assert.Equal($"https://hub.example.test/alerts/{alert.Id}", data.GetProperty("url").GetString());
        Assert.Equal("open", data.GetProperty("status").GetString());
    }

    [Theory]
    [InlineData(410, PageState.Failed, false)]
    [InlineData(404, PageState.Failed, true)]
    [InlineData(400, PageState.Failed, true)]
    [InlineData(302, PageState.Failed, true)]
    [InlineData(500, PageState.Pending, true)]
    [InlineData(429, PageState.Pending, true)]
    public async Task Webhook_Refuses_TheAnswerDecides(int status, PageState state, bool enabled)
    {
        await using var world = await PagerWorld.StartAsync(onDuty: false);
        var hook = await HookAsync(world);
        var elsewhere = world.Sink.Url + "/elsewhere";
        world.Sink.Answer = (_, response) =>
        {
            response.StatusCode = status;
            if (status == 302) response.Headers.Location = elsewhere;
            return response.WriteAsync("why not");
        };
        var alert = await world.RaiseAsync();

        await world.SendAsync();

        Assert.Equal(state, (await world.PagesAsync(alert)).Single(p => p.ChannelId == hook.Id && p.Repeat == 1).State);
        Assert.Equal(enabled, await world.Test.ReadAsync(db => db.Channels.Where(c => c.Id == hook.Id).Select(c => c.Enabled).SingleAsync()));
        Assert.DoesNotContain(world.Sink.Arrivals, a => a.Path == "/elsewhere");
    }

    [Fact]
    public async Task TestChannel_SendsAMarkedMessageAndTellsTheOutcome()
    {
        await using var world = await PagerWorld.StartAsync();
        var test = world.Test.Get<TestChannel>();

        var good = await test.RunAsync(world.Phone.Id, world.Mia, default);
        world.Sink.Answer = (_, response) =>
        {
            response.StatusCode = 403;
            return Task.CompletedTask;
        };
        var bad = await test.RunAsync(world.Phone.Id, world.Mia, default);

        Assert.True(good.Value.Accepted);
        Assert.Contains("Test message", world.Sink.Arrivals[0].Body, StringComparison.Ordinal);
        Assert.False(bad.Value.Accepted);
        Assert.Contains("403", bad.Value.Detail, StringComparison.Ordinal);
    }

    private static async Task<Channel> HookAsync(PagerWorld world)
    {
        var hook = Build.Channel(world.Mia, ChannelKind.Webhook, world.Sink.Url + "/hook", new TestSecrets().Protect(Secret));
        await world.Test.AddAsync(hook, Build.Duty(world.Team, world.Mia));
        return hook;
    }

    private static Task<int> SetSecretAsync(PagerWorld world, Channel channel, string secret) =>
        world.Test.Store.WriteAsync(
            db => db.Channels.Where(c => c.Id == channel.Id).ExecuteUpdateAsync(set => set.SetProperty(c => c.Secret, new TestSecrets().Protect(secret))), default);

    private static string? Text(JsonDocument body, string name) => body.RootElement.GetProperty(name).GetString();
}
