using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Deskbridge.Core.Alerting;
using Deskbridge.Core.Alerting.Paging;
using Deskbridge.Core.Data;
using Microsoft.EntityFrameworkCore;
using Xunit;
using static Deskbridge.Tests.Stories.StoryWorld;

namespace Deskbridge.Tests.Stories;

/// <summary>Pages that arrive in Teams and in Slack.</summary>
public sealed class ChatStory
{
    [Fact]
    public async Task Ticket_PagesByTeamsAndSlack_InOrderWithTheOtherChannels_AndALinkAcknowledgesNothing()
    {
        await using var world = await StartAsync(pages: true);
        await AddAsync(world, ChannelKind.Slack, "#oncall", world.Sandbox.SlackUrl);
        await AddAsync(world, ChannelKind.Teams, "On call", world.Sandbox.TeamsUrl);

        var ticket = await world.PostTicketAsync("Mail server <down> & out");
        await world.PollAsync();
        await EventuallyAsync("it is in Teams", async () => (await ArrivedAsync(world, "teams")).Count == 1);
        await EventuallyAsync("it is in Slack", async () => (await ArrivedAsync(world, "slack")).Count == 1);
        await EventuallyAsync("the phone rings", async () => (await world.PagesAsync()).Count == 1);

        var alert = await world.AlertAsync(ticket);
        var remote = await world.TicketAsync(ticket);
        var (customer, priority, number) = (remote["company"]!["name"]!.ToString(), remote["priority"]!["name"]!.ToString(), $"{ticket}");
        var run = Assert.Single(await ArrivedAsync(world, "teams"))!;
        Assert.Null(run["problem"]);
        var card = run["message"]!["attachments"]![0]!["content"]!;
        var said = card["body"]!.AsArray().Select(block => string.Concat(block!["inlines"]!.AsArray().Select(inline => inline!["text"]!.ToString()))).ToList();
        Assert.Equal("Mail server <down> & out", said[0]);
        Assert.Equal([$"Priority: {priority}", $"Customer: {customer}", $"Ticket: {number}"], said[1..4]);
        Assert.StartsWith("Since: ", said[4], StringComparison.Ordinal);
        var links = card["actions"]!.AsArray().Select(action => action!["url"]!.ToString()).ToList();
        Assert.StartsWith($"{world.Hub.Address}alerts/{alert.Id}?d=", links[0], StringComparison.Ordinal);
        Assert.Contains($"recid={number}", links[1], StringComparison.Ordinal);

        var slack = Assert.Single(await ArrivedAsync(world, "slack"))!["payload"]!;
        Assert.Equal($"{priority}: Mail server &lt;down&gt; &amp; out ({customer}, ticket {number})", slack["text"]!.ToString());
        Assert.Contains($"/alerts/{alert.Id}?d=", slack["blocks"]!.ToJsonString(), StringComparison.Ordinal);

        var paged = await world.Get<HubStore>().ReadAsync(db => db.AlertEvents.SingleAsync(e => e.AlertId == alert.Id && e.Kind == "paged"), default);
        Assert.Equal("Paging Dana Reyes (Phone, #oncall, On call).", paged.Message);
        using var visitor = await world.SignedInAsync();
        (await visitor.GetAsync(new Uri(links[0]).PathAndQuery)).EnsureSuccessStatusCode();
        Assert.Equal(AlertStatus.Open, (await world.AlertAsync(ticket)).Status);
    }

    [Fact]
    public async Task AnswerThatGotLost_IsTriedAgain_UnderTheSameDeliveryId()
    {
        await using var world = await StartAsync(pages: true);
        await AddAsync(world, ChannelKind.Slack, "#oncall", world.Sandbox.SlackUrl);
        await ControlAsync(world, HttpMethod.Post, "faults", new { carrier = "slack", kind = "status", status = 503, moment = "after", times = 1 });

        var ticket = await world.PostTicketAsync("Mail server down");
        await world.PollAsync();
        await EventuallyAsync("it came twice", async () => (await ArrivedAsync(world, "slack")).Count == 2);
        await EventuallyAsync("the second answer is on record", async () => (await AttemptsAsync(world, ticket)).Contains("accepted"));

        Assert.Equal(["failed", "accepted"], await AttemptsAsync(world, ticket));
        var deliveries = (await ArrivedAsync(world, "slack")).Select(message => message!["payload"]!["blocks"]!.ToJsonString()).ToList();
        Assert.Equal(deliveries[0], deliveries[1]);
    }

    [Fact]
    public async Task WebhookThatWasRemoved_IsSwitchedOff_AndTheOthersGoOn()
    {
        await using var world = await StartAsync(pages: true);
        await AddAsync(world, ChannelKind.Slack, "#oncall", world.Sandbox.SlackUrl);
        await ControlAsync(world, HttpMethod.Post, "faults", new { carrier = "slack", kind = "status", status = 404, text = "no_service", times = 1 });

        var ticket = await world.PostTicketAsync("Mail server down");
        await world.PollAsync();
        await EventuallyAsync("the channel is off", async () => await world.Get<HubStore>().ReadAsync(db => db.Channels.AnyAsync(channel => channel.Kind == ChannelKind.Slack && !channel.Enabled), default));
        await EventuallyAsync("the phone rings", async () => (await world.PagesAsync()).Count >= 1);

        Assert.Equal(["refused"], await AttemptsAsync(world, ticket));
    }

    private static async Task AddAsync(StoryWorld world, ChannelKind kind, string name, Uri address) =>
        Value(await world.Get<CreateChannel>().RunAsync(world.Dana.Id, kind, new ChannelDraft(name, address.ToString()), world.Dana, default));

    private static async Task<JsonArray> ArrivedAsync(StoryWorld world, string carrier) => (await ControlAsync(world, HttpMethod.Get, carrier))["items"]!.AsArray();

    private static async Task<List<string>> AttemptsAsync(StoryWorld world, int ticket)
    {
        var alert = await world.AlertAsync(ticket);
        return await world.Get<HubStore>().ReadAsync(
            db => (from attempt in db.PageAttempts
                   join page in db.Pages on attempt.PageId equals page.Id
                   join channel in db.Channels on page.ChannelId equals channel.Id
                   where page.AlertId == alert.Id && channel.Kind == ChannelKind.Slack && page.Repeat == 1
                   orderby attempt.Number
                   select attempt.Outcome).ToListAsync(),
            default);
    }

    private static async Task<JsonNode> ControlAsync(StoryWorld world, HttpMethod method, string path, object? body = null)
    {
        using var http = new HttpClient(new SocketsHttpHandler { UseProxy = false });
        using var request = new HttpRequestMessage(method, new Uri(world.Sandbox.NtfyUrl, "/_control/" + path)) { Content = body is null ? null : JsonContent.Create(body) };
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", world.Sandbox.ControlToken);
        using var answer = await http.SendAsync(request);
        answer.EnsureSuccessStatusCode();
        return (await answer.Content.ReadFromJsonAsync<JsonNode>())!;
    }
}
