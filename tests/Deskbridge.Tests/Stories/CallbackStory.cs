using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Deskbridge.Core.Data;
using Deskbridge.Core.Sync;
using Microsoft.EntityFrameworkCore;
using Xunit;
using static Deskbridge.Tests.Stories.StoryWorld;

namespace Deskbridge.Tests.Stories;

/// <summary>Callbacks that come in crowds, twice, or from somebody else.</summary>
public sealed class CallbackStory
{
    private static readonly TimeSpan VendorsPatience = TimeSpan.FromSeconds(5);

    [Theory]
    [InlineData("callback-other-company", "another company")]
    [InlineData("callback-other-key", "another company")]
    [InlineData("callback-bad-signature", "does not fit")]
    public async Task Callback_OfAnotherCustomer_IsRefusedAndNamed_AndTheTicketIsFoundByPolling(string fault, string reason)
    {
        await using var world = await StartAsync(options => options with { Configuration = new Dictionary<string, string?> { ["Connections:PollInterval"] = "00:10:00" } });
        await world.ControlAsync(HttpMethod.Post, "faults", new { kind = fault });

        var ticket = await world.PostTicketAsync("Told by a stranger");
        await EventuallyAsync("the sandbox is refused", async () => (await CallbacksAsync(world)).Any(sent => sent.Status == 401));

        var refused = await world.Get<HubStore>().ReadAsync(db => db.ConnectionEvents.Where(e => e.Kind == "refused-callback").ToListAsync(), default); // it is sent again after a while
        Assert.NotEmpty(refused);
        Assert.All(refused, told => Assert.Contains(reason, told.Message, StringComparison.Ordinal));
        Assert.Empty(await world.PagesAsync());
        await world.PollAsync();
        await EventuallyAsync("polling finds it", async () => (await world.PagesAsync()).Any(p => p["title"]!.ToString().Contains("Told by a stranger")));
        Assert.NotNull(await world.AlertAsync(ticket));
    }

    [Fact]
    public async Task Callback_Replayed_IsAnsweredAndChangesNothing()
    {
        await using var world = await StartAsync();
        var ticket = await world.PostTicketAsync("Told once");
        await EventuallyAsync("it pages", async () => (await world.PagesAsync()).Count == 1);
        var (body, url) = await DeliveredAsync(world, ticket);
        await EventuallyAsync("it is told of its own marker too", async () => (await CallbacksAsync(world)).Count == 2);
        await QuietAsync(world);
        var before = await CountsAsync(world);

        for (var i = 0; i < 20; i++) Assert.Equal(HttpStatusCode.OK, await SendAsync(world, url, body, await SignAsync(world, body)));

        Assert.Equal(before, await CountsAsync(world));
        Assert.Single(await world.PagesAsync());
    }

    [Fact]
    public async Task Storm_OfAThousandCallbacks_IsTakenInTimeCoalescedAndLosesNoChange()
    {
        await using var world = await StartAsync();
        var busy = await world.PostTicketAsync("Changed a thousand times");
        await world.ControlAsync(HttpMethod.Post, "seed", new { count = 50 });
        await QuietAsync(world);
        var (template, url) = await DeliveredAsync(world, busy);
        var many = (await world.Psa.GetFromJsonAsync<JsonArray>("service/tickets?pageSize=50&orderBy=id desc&fields=id", TestContext.Current.CancellationToken))!.Select(t => t!["id"]!.GetValue<int>()).ToList();
        var bodies = Enumerable.Range(0, 1000).Select(i => Changed(template, i % 2 == 0 ? busy : many[i / 2 % many.Count], i)).ToList();
        var key = await KeyAsync(world, template);
        var before = await ReadsAsync(world, busy);
        await world.ControlAsync(HttpMethod.Patch, $"tickets/{busy}", new { by = "sburke", summary = "As it is at the end" });

        var took = new ConcurrentBag<TimeSpan>();
        await Parallel.ForEachAsync(bodies, new ParallelOptions { MaxDegreeOfParallelism = 16 }, async (body, _) =>
        {
            var began = TimeProvider.System.GetTimestamp();
            Assert.Equal(HttpStatusCode.OK, await SendAsync(world, url, body, Sign(key, body)));
            took.Add(TimeProvider.System.GetElapsedTime(began));
        });

        var sorted = took.Order().ToList();
        TestContext.Current.TestOutputHelper?.WriteLine(string.Create(CultureInfo.InvariantCulture, $"answers: p50 {sorted[500].TotalMilliseconds:0.0} ms, p99 {sorted[990].TotalMilliseconds:0.0} ms, longest {sorted[^1].TotalMilliseconds:0.0} ms"));
        Assert.True(sorted[500] < VendorsPatience, $"Half of the answers took longer than {sorted[500]}; ConnectWise gives up after {VendorsPatience}."); // the longest depends on what else the machine does
        await QuietAsync(world, sent: 1000);
        var id = busy.ToString(CultureInfo.InvariantCulture);
        Assert.Contains("As it is at the end", (await world.Get<HubStore>().ReadAsync(db => db.Mirrors.SingleAsync(m => m.RemoteId == id), default)).Body, StringComparison.Ordinal);
        var reads = await ReadsAsync(world, busy) - before;
        Assert.True(reads < 100, $"500 callbacks about one ticket cost {reads} reads of it."); // one in every two seconds of the storm, however long that lasts
        Assert.Single(await world.PagesAsync(), p => p["title"]!.ToString().Contains("thousand times", StringComparison.Ordinal) || p["title"]!.ToString().Contains("at the end", StringComparison.Ordinal));
    }

    /// <summary>What an answer waits for is the store alone: no call to ConnectWise, however long that one takes.</summary>
    [Fact]
    public async Task Callbacks_AreAnswered_WhileConnectWiseAnswersNothing()
    {
        await using var world = await StartAsync();
        var ticket = await world.PostTicketAsync("Changed while ConnectWise is slow");
        var (template, url) = await DeliveredAsync(world, ticket);
        await EventuallyAsync("it pages", async () => (await world.PagesAsync()).Count == 1);
        await EventuallyAsync("it is told of its own marker too", async () => (await CallbacksAsync(world)).Count == 2);
        await QuietAsync(world);
        var key = await KeyAsync(world, template);
        var bodies = Enumerable.Range(0, 50).Select(i => Changed(template, ticket, i)).ToList();
        var before = await ReadsAsync(world, ticket);
        await world.ControlAsync(HttpMethod.Post, "faults", new { kind = "latency", path = "service/tickets", milliseconds = 600_000 });

        await Parallel.ForEachAsync(bodies, new ParallelOptions { MaxDegreeOfParallelism = 16 }, async (body, _) => Assert.Equal(HttpStatusCode.OK, await SendAsync(world, url, body, Sign(key, body))));

        Assert.Equal(before, await ReadsAsync(world, ticket));
        Assert.Equal(bodies.Count, await world.Get<HubStore>().ReadAsync(db => db.ConnectionEvents.CountAsync(entry => entry.Kind == "callback" && entry.Payload!.Contains("storm-")), default));
    }

    /// <summary>Everything that was sent has arrived, and nothing is left to look at or to write.</summary>
    private static Task QuietAsync(StoryWorld world, int sent = 0) => EventuallyAsync("it is quiet", async () =>
    {
        var told = (await CallbacksAsync(world)).Count + sent;
        var now = TimeProvider.System.GetUtcNow();
        return await world.Get<HubStore>().ReadAsync(
            async db => await db.Inbox.CountAsync() == told
                && !await db.Wakes.AnyAsync(w => w.DueAt <= now || w.NeedsRead)
                && !await db.Effects.AnyAsync(e => e.State != EffectState.Confirmed && e.State != EffectState.Superseded),
            default);
    });

    private static async Task<List<(string Url, int Status)>> CallbacksAsync(StoryWorld world) =>
        [.. (await world.ControlAsync(HttpMethod.Get, "log?kind=callback&limit=10000"))["items"]!.AsArray().Select(line => (line!["url"]!.GetValue<string>(), line["status"]!.GetValue<int>()))];

    private static async Task<int> ReadsAsync(StoryWorld world, int ticket) =>
        (await world.ControlAsync(HttpMethod.Get, "log?kind=request&limit=10000"))["items"]!.AsArray()
            .Count(line => line!["method"]!.GetValue<string>() == "GET" && line["path"]!.GetValue<string>().EndsWith($"/service/tickets/{ticket}", StringComparison.Ordinal));

    /// <summary>The first callback about a ticket as it was stored, and where it had been sent.</summary>
    private static async Task<(string Body, string Url)> DeliveredAsync(StoryWorld world, int ticket)
    {
        var id = ticket.ToString(CultureInfo.InvariantCulture);
        await EventuallyAsync("the callback is stored", () => world.Get<HubStore>().ReadAsync(db => db.ConnectionEvents.AnyAsync(e => e.Kind == "callback" && e.RemoteId == id), default));
        var stored = await world.Get<HubStore>().ReadAsync(db => db.ConnectionEvents.FirstAsync(e => e.Kind == "callback" && e.RemoteId == id), default);
        await EventuallyAsync("its sender has logged it", async () => (await CallbacksAsync(world)).Count > 0);
        return (stored.Payload!, (await CallbacksAsync(world))[0].Url);
    }

    private static async Task<(int Inbox, int Events, int Wakes, int Alerts)> CountsAsync(StoryWorld world) => await world.Get<HubStore>().ReadAsync(
        async db => (await db.Inbox.CountAsync(), await db.ConnectionEvents.CountAsync(e => e.Kind == "callback"), await db.Wakes.CountAsync(), await db.Alerts.CountAsync()), default);

    private static string Changed(string template, int ticket, int number)
    {
        var body = JsonNode.Parse(template)!;
        body["MessageId"] = string.Create(CultureInfo.InvariantCulture, $"storm-{number}");
        body["ID"] = ticket;
        body["Action"] = "updated";
        return body.ToJsonString();
    }

    private static async Task<string> SignAsync(StoryWorld world, string body) => Sign(await KeyAsync(world, body), body);

    private static string Sign(string key, string body) =>
        Convert.ToBase64String(HMACSHA256.HashData(SHA256.HashData(Encoding.UTF8.GetBytes(key)), Encoding.UTF8.GetBytes(body)));

    private static async Task<string> KeyAsync(StoryWorld world, string body) =>
        (await world.Psa.GetFromJsonAsync<JsonNode>(JsonNode.Parse(body)!["Metadata"]!["key_url"]!.GetValue<string>(), TestContext.Current.CancellationToken))!["signing_key"]!.GetValue<string>();

    private static async Task<HttpStatusCode> SendAsync(StoryWorld world, string url, string body, string signature)
    {
        using var message = new HttpRequestMessage(HttpMethod.Post, url) { Content = new ByteArrayContent(Encoding.UTF8.GetBytes(body)) };
        message.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        message.Headers.Add("x-content-signature", signature);
        using var answer = await world.Psa.SendAsync(message, TestContext.Current.CancellationToken);
        return answer.StatusCode;
    }
}
