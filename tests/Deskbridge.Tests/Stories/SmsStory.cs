using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Deskbridge.Core.Alerting;
using Deskbridge.Core.Alerting.Paging;
using Deskbridge.Core.Alerting.Twilio;
using Deskbridge.Core.Data;
using Deskbridge.Features.Settings;
using Microsoft.EntityFrameworkCore;
using Xunit;
using static Deskbridge.Tests.Stories.StoryWorld;

namespace Deskbridge.Tests.Stories;

/// <summary>Pages that come to a telephone as text messages, and answers by text.</summary>
public sealed partial class SmsStory
{
    private const string Phone = "+15555550123";

    [Fact]
    public async Task Ticket_PagesAConfirmedNumber_AndAnswersActOnIt()
    {
        await using var world = await StartAsync();
        var channel = await AddAsync(world);

        // Nothing goes to a number before its owner has shown that it is theirs.
        Assert.IsType<NumberNotConfirmed>((await world.Get<TestChannel>().RunAsync(channel, world.Dana, default)).Failure);
        Assert.IsType<NumberNotConfirmed>((await world.Get<ChangeChannel>().RunAsync(channel, new ChannelDraft("Mobile", Phone), world.Dana, default)).Failure);
        Assert.True(Value(await world.Get<SendNumberCode>().RunAsync(channel, world.Dana, default)).Accepted);
        Assert.IsType<NumberCodeTooSoon>((await world.Get<SendNumberCode>().RunAsync(channel, world.Dana, default)).Failure);
        await EventuallyAsync("the code is there", async () => (await ReceivedAsync(world)).Count == 1);
        var code = Digits().Match((await ReceivedAsync(world))[^1]).Value;
        Assert.IsType<NumberCodeWrong>((await world.Get<ConfirmNumber>().RunAsync(channel, code == "111111" ? "222222" : "111111", world.Dana, default)).Failure);
        Assert.True(Value(await world.Get<ConfirmNumber>().RunAsync(channel, code, world.Dana, default)).Enabled);
        Assert.True(Value(await world.Get<TestChannel>().RunAsync(channel, world.Dana, default)).Accepted);
        await EventuallyAsync("the test message is there", async () => (await ReceivedAsync(world)).Count == 2);

        // One alert: the text says what, for whom and how to answer; the ledger knows that the phone has it.
        var ticket = await world.PostTicketAsync("Mail server down");
        await world.PollAsync();
        await EventuallyAsync("the phone has the text", async () => (await ReceivedAsync(world)).Any(text => text.StartsWith("Mail server down", StringComparison.Ordinal)));
        var customer = (await world.TicketAsync(ticket))["company"]!["name"]!.ToString();
        Assert.Equal($"Mail server down · {customer} · #{ticket}. Reply A1 acknowledge, E1 escalate, C1 close.", (await ReceivedAsync(world))[2]);
        await EventuallyAsync("it is told as delivered", async () => (await LedgerAsync(world, ticket)).Contains(PageAttempt.Delivered));

        // Two alerts: the letter alone does not say which.
        var other = await world.PostTicketAsync("Firewall hot");
        await world.PollAsync();
        await EventuallyAsync("the second text", async () => (await ReceivedAsync(world)).Any(text => text.Contains("Reply A2", StringComparison.Ordinal)));
        Assert.StartsWith("Which one? Write the number after the letter. 1: Mail server down. 2: Firewall hot.", await AnswerAsync(world, "a"), StringComparison.Ordinal);
        Assert.Equal("1, Mail server down: acknowledged. You have it.", await AnswerAsync(world, "a 1"));
        Assert.Equal(AlertStatus.Acknowledged, (await world.AlertAsync(ticket)).Status);
        Assert.Equal(AlertStatus.Open, (await world.AlertAsync(other)).Status);
        await EventuallyAsync("the ticket is assigned", async () => (await world.TicketAsync(ticket))["status"]!["name"]!.ToString() == "Assigned (responded)");
        Assert.Contains(PageAttempt.Acted, await LedgerAsync(world, ticket));
        Assert.Equal("1, Mail server down: you have acknowledged it already. Nothing was changed.", await AnswerAsync(world, "1a"));

        // Escalate, close, and what cannot be done, in words.
        Assert.StartsWith("2, Firewall hot: ", await AnswerAsync(world, "e2"), StringComparison.Ordinal);
        Assert.Equal("2, Firewall hot: closed.", await AnswerAsync(world, "Close #2"));
        Assert.Equal("2, Firewall hot: it is closed already. Nothing was changed.", await AnswerAsync(world, "ack 2"));
        Assert.Equal("No alert has the number 77. 1: Mail server down.", await AnswerAsync(world, "c 77"));

        // The same text again does nothing twice; a forged one does nothing at all.
        await AnswerAsync(world, "e 1");
        var escalated = (await world.AlertAsync(ticket)).Transition;
        var last = (await ControlAsync(world, HttpMethod.Get, "twilio/webhooks"))["items"]!.AsArray().Last(hook => hook!["kind"]!.ToString() == "sms")!;
        Assert.Equal(200, (await ControlAsync(world, HttpMethod.Post, $"twilio/webhooks/{last["seq"]}/replay"))["status"]!.GetValue<int>());
        Assert.Equal(escalated, (await world.AlertAsync(ticket)).Transition);
        await ControlAsync(world, HttpMethod.Post, "faults", new { carrier = "twilio", kind = "callbackBadSignature" }); // every call, since receipts come beside it
        Assert.Equal(403, (await TextAsync(world, "c 1"))["webhookStatus"]!.GetValue<int>());
        await ControlAsync(world, HttpMethod.Delete, "faults");
        Assert.NotEqual(AlertStatus.Closed, (await world.AlertAsync(ticket)).Status);

        // A stranger's text is not answered, whatever it says.
        Assert.Equal(200, (await TextAsync(world, "c 1", "+15555550199"))["webhookStatus"]!.GetValue<int>());
        Assert.NotEqual(AlertStatus.Closed, (await world.AlertAsync(ticket)).Status);

        // STOP switches the channel off, START brings it back.
        await TextAsync(world, "STOP");
        var stopped = await ChannelAsync(world, channel);
        Assert.True(stopped is { Enabled: false, StoppedAt: not null });
        Assert.Contains("21610", Value(await world.Get<TestChannel>().RunAsync(channel, world.Dana, default)).Detail, StringComparison.Ordinal);
        await TextAsync(world, "START");
        Assert.True(await ChannelAsync(world, channel) is { Enabled: true, StoppedAt: null });
        Assert.True(Value(await world.Get<TestChannel>().RunAsync(channel, world.Dana, default)).Accepted);
    }

    [Fact]
    public async Task CarrierInTrouble_IsAskedAgain_AndTheLedgerSaysWhatIsKnown()
    {
        await using var world = await StartAsync();
        var channel = await AddAsync(world);
        await world.Get<HubStore>().WriteAsync(async db => (await db.Channels.SingleAsync(c => c.Id == channel)).Confirm(world.Clock.GetUtcNow()), default);

        // No answer: the text was taken all the same, and its receipts say so before it would be sent again.
        await FaultAsync(world, new { carrier = "twilio", kind = "status", status = 503, moment = "after", times = 1 });
        var lost = await PagedAsync(world, "Answer lost");
        await EventuallyAsync("its receipt counts", async () => (await LedgerAsync(world, lost)) is [PageAttempt.Delivered]);

        // Receipts in any order, twice, and forged ones.
        await FaultAsync(world, new { carrier = "twilio", kind = "callbackReordered", times = 1 });
        await FaultAsync(world, new { carrier = "twilio", kind = "callbackDuplicate", times = 1 });
        var mixed = await PagedAsync(world, "Receipts mixed");
        await EventuallyAsync("delivered stays", async () => (await LedgerAsync(world, mixed)) is [PageAttempt.Delivered]);
        foreach (var hook in (await ControlAsync(world, HttpMethod.Get, "twilio/webhooks"))["items"]!.AsArray().Where(hook => hook!["kind"]!.ToString() == "messageStatus").ToList())
            await ControlAsync(world, HttpMethod.Post, $"twilio/webhooks/{hook!["seq"]}/replay");
        Assert.Equal([PageAttempt.Delivered], await LedgerAsync(world, mixed));

        // Accepted, and nothing more is heard: that is all that is said.
        await FaultAsync(world, new { carrier = "twilio", kind = "neverDelivered", times = 1 });
        var silent = await PagedAsync(world, "Never delivered");
        await EventuallyAsync("it is accepted", async () => (await LedgerAsync(world, silent)) is [PageAttempt.Accepted]);

        // Undelivered for good is a failed page, in the timeline with the reason.
        await FaultAsync(world, new { carrier = "twilio", kind = "undelivered", errorCode = 30003, times = 1 });
        var undelivered = await PagedAsync(world, "Phone off");
        await EventuallyAsync("it failed", async () => (await FailuresAsync(world, undelivered)).Any(why => why.Contains("30003", StringComparison.Ordinal)));

        // A wrong token is told with its fix, and so is STOP that the hub did not hear of.
        await FaultAsync(world, new { carrier = "twilio", kind = "status", status = 401, errorCode = 20003, times = 1 });
        var refused = await PagedAsync(world, "Token wrong");
        await EventuallyAsync("it failed", async () => (await FailuresAsync(world, refused)).Any(why => why.Contains("auth token", StringComparison.Ordinal)));
        await FaultAsync(world, new { carrier = "twilio", kind = "status", status = 400, errorCode = 21610, times = 1 });
        await PagedAsync(world, "Stopped elsewhere");
        await EventuallyAsync("the channel is off", async () => await ChannelAsync(world, channel) is { Enabled: false, StoppedAt: not null });

        Assert.Equal(new TwilioTested(true, (await world.Get<TestTwilio>().RunAsync(default)).Detail), await world.Get<TestTwilio>().RunAsync(default));
    }

    /// <summary>The hub's account is the sandbox's, its number leads to the hub, and Dana has entered hers.</summary>
    private static async Task<Guid> AddAsync(StoryWorld world)
    {
        var twilio = world.Sandbox.Twilio;
        Assert.Null(await world.Get<TwilioSettings>().ChangeAsync(new(twilio.AccountSid, twilio.AuthToken, twilio.Number, world.Sandbox.TwilioUrl.ToString()), default));
        await ControlAsync(world, HttpMethod.Put, "twilio/number", new { smsUrl = (await world.Get<TwilioSettings>().ReadAsync(default)).InboundUrl });
        return Value(await world.Get<CreateChannel>().RunAsync(world.Dana.Id, ChannelKind.Sms, new ChannelDraft("Mobile", "+1 (555) 555-0123"), world.Dana, default)).Channel.Id;
    }

    private static async Task<int> PagedAsync(StoryWorld world, string summary)
    {
        var ticket = await world.PostTicketAsync(summary);
        await world.PollAsync();
        await EventuallyAsync("a text is tried", async () => (await LedgerAsync(world, ticket)).Count > 0);
        return ticket;
    }

    private static Task<JsonNode> FaultAsync(StoryWorld world, object fault) => ControlAsync(world, HttpMethod.Post, "faults", fault);

    private static Task<Channel> ChannelAsync(StoryWorld world, Guid id) => world.Get<HubStore>().ReadAsync(db => db.Channels.SingleAsync(channel => channel.Id == id), default);

    private static async Task<List<string>> FailuresAsync(StoryWorld world, int ticket)
    {
        var alert = await world.AlertAsync(ticket);
        return await world.Get<HubStore>().ReadAsync(db => db.AlertEvents.Where(e => e.AlertId == alert.Id && e.Kind == "page-failed").Select(e => e.Why ?? "").ToListAsync(), default);
    }

    /// <summary>The attempts of the first text of a ticket's alert.</summary>
    private static async Task<List<string>> LedgerAsync(StoryWorld world, int ticket)
    {
        var id = ticket.ToString(System.Globalization.CultureInfo.InvariantCulture);
        return await world.Get<HubStore>().ReadAsync(
            db => (from attempt in db.PageAttempts
                   join page in db.Pages on attempt.PageId equals page.Id
                   join channel in db.Channels on page.ChannelId equals channel.Id
                   join alert in db.Alerts on page.AlertId equals alert.Id
                   join link in db.Links on alert.LinkId equals link.Id
                   where link.RemoteId == id && channel.Kind == ChannelKind.Sms && page.Repeat == 1 && page.Episode == 1
                   orderby attempt.Number
                   select attempt.Outcome).ToListAsync(),
            default);
    }

    private static async Task<string> AnswerAsync(StoryWorld world, string text)
    {
        var before = (await AllReceivedAsync(world)).Select(sms => sms.Sid).ToHashSet(StringComparer.Ordinal);
        Assert.Equal(200, (await TextAsync(world, text))["webhookStatus"]!.GetValue<int>());
        List<string> answers = [];
        await EventuallyAsync("the answer is there", async () => (answers = [.. (await AllReceivedAsync(world)).Where(sms => !before.Contains(sms.Sid)).Select(sms => sms.Body).Where(answer => !answer.Contains("Reply A", StringComparison.Ordinal) && !answer.StartsWith("Deskbridge: test", StringComparison.Ordinal))]).Count > 0);
        return Assert.Single(answers);
    }

    private static Task<JsonNode> TextAsync(StoryWorld world, string text, string from = Phone) => ControlAsync(world, HttpMethod.Post, $"phones/{from}/sms", new { body = text });

    private static async Task<List<string>> ReceivedAsync(StoryWorld world) => [.. (await AllReceivedAsync(world)).Select(sms => sms.Body)];

    private static async Task<List<(string Sid, string Body)>> AllReceivedAsync(StoryWorld world) =>
        [.. (await ControlAsync(world, HttpMethod.Get, $"phones/{Phone}/sms"))["items"]!.AsArray().Where(sms => sms!["direction"]!.ToString() == "received").Select(sms => (sms!["sid"]!.ToString(), sms["body"]!.ToString()))];

    private static async Task<JsonNode> ControlAsync(StoryWorld world, HttpMethod method, string path, object? body = null)
    {
        using var http = new HttpClient(new SocketsHttpHandler { UseProxy = false });
        using var request = new HttpRequestMessage(method, new Uri(world.Sandbox.TwilioUrl, "/_control/" + path)) { Content = body is null ? null : JsonContent.Create(body) };
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", world.Sandbox.ControlToken);
        using var answer = await http.SendAsync(request);
        Assert.True(answer.IsSuccessStatusCode, $"{path}: {await answer.Content.ReadAsStringAsync()}");
        return answer.StatusCode == HttpStatusCode.NoContent ? new JsonObject() : (await answer.Content.ReadFromJsonAsync<JsonNode>())!;
    }

    [GeneratedRegex("^[0-9]{6}", RegexOptions.None, 1000)]
    private static partial Regex Digits();
}
