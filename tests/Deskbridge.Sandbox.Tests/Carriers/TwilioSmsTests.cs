using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Deskbridge.Sandbox.Carriers.Twilio;
using Xunit;

namespace Deskbridge.Sandbox.Tests.Carriers;

/// <summary>Messages as Twilio's message resource, status callbacks and inbound webhooks are documented.</summary>
public sealed class TwilioSmsTests : TwilioTest
{
    [Fact]
    public void Signature_OfTheVendorsExample_IsTheVendors() =>
        Assert.Equal("RSOYDt4T1cUTdK1PDd93/VVr8B8=", TwilioSignature.Compute("12345", "https://mycompany.com/myapp.php?foo=1&bar=2", new Dictionary<string, string>
        {
            ["To"] = "+18005551212",
            ["From"] = "+14158675309",
            ["Digits"] = "1234",
            ["Caller"] = "+14158675309",
            ["CallSid"] = "CA1234567890ABCDE",
        }));

    [Fact]
    public async Task Message_IsAnsweredInTheVendorsShape_TellsItsWay_AndIsOnThePhoneAfterARestartToo()
    {
        var (status, sent) = await SendAsync("Mail is down – reply ack", ("StatusCallback", Owner.At("/status?a=1&b=2")));

        Assert.Equal(HttpStatusCode.Created, status);
        Assert.Equal(
            ["account_sid", "api_version", "body", "date_created", "date_sent", "date_updated", "direction", "error_code", "error_message", "from", "messaging_service_sid", "num_media", "num_segments", "price", "price_unit", "sid", "status", "subresource_uris", "to", "uri"],
            Names(sent));
        Assert.Equal(("queued", "outbound-api", "1"), (sent.GetProperty("status").GetString(), sent.GetProperty("direction").GetString(), sent.GetProperty("num_segments").GetString()));
        var sid = sent.GetProperty("sid").GetString()!;
        OwnerAsked[] told = [await Owner.NextAsync(), await Owner.NextAsync(), await Owner.NextAsync()];
        Assert.Equal(["queued", "sent", "delivered"], told.Select(callback => callback["MessageStatus"]));
        Assert.All(told, callback => Assert.True(IsSigned(callback) && callback["MessageSid"] == sid && callback["From"] == Keys.Number));
        Assert.Equal("delivered", (await GetAsync($"/Messages/{sid}.json")).GetProperty("status").GetString());

        await RestartAsync();
        var arrived = Assert.Single(await OnPhoneAsync("sms"));
        Assert.Equal(("received", "Mail is down – reply ack", sid), (arrived.GetProperty("direction").GetString(), arrived.GetProperty("body").GetString(), arrived.GetProperty("sid").GetString()));
    }

    [Theory]
    [InlineData(21604, "To", "")]
    [InlineData(21603, "From", "")]
    [InlineData(21602, "Body", "")]
    [InlineData(21211, "To", "5555550123")]
    [InlineData(21211, "To", "+0555550123")]
    [InlineData(21212, "From", "Deskbridge")]
    [InlineData(21606, "From", "+15555550199")]
    [InlineData(21609, "StatusCallback", "status")]
    [InlineData(90007, "ValidityPeriod", "14401")]
    public async Task Message_ThatTwilioRefuses_IsAnsweredWithItsCode(int code, string field, string value)
    {
        var fields = new Dictionary<string, string> { ["To"] = Dana, ["From"] = Keys.Number, ["Body"] = "x", [field] = value };
        var (status, refusal) = await AskAsync("/Messages.json", [.. fields.Select(pair => (pair.Key, pair.Value))]);

        Assert.Equal(HttpStatusCode.BadRequest, status);
        Assert.Equal(["code", "message", "more_info", "status"], Names(refusal));
        Assert.Equal((code, 400, $"https://www.twilio.com/docs/errors/{code}"), (refusal.GetProperty("code").GetInt32(), refusal.GetProperty("status").GetInt32(), refusal.GetProperty("more_info").GetString()));
        Assert.Empty((await GetAsync("/Messages.json")).GetProperty("messages").EnumerateArray());
    }

    [Fact]
    public async Task Text_OfLongestLength_IsTaken_AndOneMoreCharacterIsNot()
    {
        var (_, longest) = await SendAsync(new string('x', 1600));
        var (_, wide) = await SendAsync(new string('ж', 71));
        var (_, over) = await SendAsync(new string('x', 1601));

        Assert.Equal(("11", "2", 21617), (longest.GetProperty("num_segments").GetString(), wide.GetProperty("num_segments").GetString(), over.GetProperty("code").GetInt32()));
    }

    [Fact]
    public async Task Caller_WithoutTheKeys_IsTurnedAway_AndAnotherAccountIsNotFound()
    {
        Assert.Equal("Northbridge", (await Http.GetFromJsonAsync<JsonElement>(Api + ".json")).GetProperty("friendly_name").GetString());
        using var elsewhere = await Http.GetAsync("/2010-04-01/Accounts/AC00000000000000000000000000000000/Messages.json");
        using var unknown = await Http.GetAsync(Api + "/Messages/SM0.json");
        Http.DefaultRequestHeaders.Authorization = Basic(Keys.AccountSid, "another");
        using var stranger = await Http.GetAsync(Api + ".json");

        Assert.Equal(20404, (await elsewhere.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("code").GetInt32());
        Assert.Equal(20404, (await unknown.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("code").GetInt32());
        Assert.Equal(
            """{"code":20003,"message":"Authenticate","more_info":"https://www.twilio.com/docs/errors/20003","status":401}""",
            await stranger.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task Messages_OfAService_AreAcceptedWithoutASender_AndListsAreFiltered()
    {
        var (_, sent) = await AskAsync("/Messages.json", ("To", Dana), ("MessagingServiceSid", Keys.MessagingServiceSid), ("Body", "x"), ("StatusCallback", Owner.At("/status")));
        Assert.Equal("delivered", new[] { await Owner.NextAsync(), await Owner.NextAsync(), await Owner.NextAsync() }[2]["MessageStatus"]);
        await AskAsync("/Messages.json", ("To", "+15555550188"), ("From", Keys.Number), ("Body", "y"));

        Assert.Equal(("accepted", JsonValueKind.Null), (sent.GetProperty("status").GetString(), sent.GetProperty("from").ValueKind));
        var today = sent.GetProperty("date_created").GetString()!;
        var day = DateTimeOffset.Parse(today, System.Globalization.CultureInfo.InvariantCulture).ToString("yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture);
        var found = await GetAsync($"/Messages.json?To={Uri.EscapeDataString(Dana)}&DateSent%3E={day}");
        Assert.Equal(Keys.Number, Assert.Single(found.GetProperty("messages").EnumerateArray()).GetProperty("from").GetString());
        Assert.Empty((await GetAsync("/Messages.json?DateSent=2001-01-01")).GetProperty("messages").EnumerateArray());
    }

    [Fact]
    public async Task Reply_IsHandedInSigned_AndWhatIsAnsweredComesToThePhone()
    {
        await DoAsync(HttpMethod.Put, "/_control/twilio/number", new { smsUrl = Owner.At("/inbound?t=s3") });
        Owner.Answers("/inbound", "<Response><Message>Acknowledged &amp; noted</Message></Response>");

        var reply = await DoAsync(HttpMethod.Post, Phone + "/sms", new { body = "ack #12" });

        var inbound = await Owner.NextAsync();
        Assert.True(IsSigned(inbound));
        Assert.Equal((Dana, Keys.Number, "ack #12", reply.GetProperty("sid").GetString()), (inbound["From"], inbound["To"], inbound["Body"], inbound["MessageSid"]));
        Assert.Equal(200, reply.GetProperty("webhookStatus").GetInt32());
        Assert.Equal(["sent ack #12", "received Acknowledged & noted"], (await OnPhoneAsync("sms")).Select(sms => $"{sms.GetProperty("direction")} {sms.GetProperty("body")}"));

        var webhook = Assert.Single(await ArrivedAsync("twilio/webhooks"));
        await DoAsync(HttpMethod.Post, $"/_control/twilio/webhooks/{webhook.GetProperty("seq")}/replay", null);
        Assert.Equivalent(inbound, await Owner.NextAsync());
    }

    [Fact]
    public async Task Stop_EndsMessagesToThePhone_UntilItTextsStart()
    {
        var stop = await DoAsync(HttpMethod.Post, Phone + "/sms", new { body = " Stop " });
        var (_, refused) = await SendAsync("x");
        await DoAsync(HttpMethod.Post, Phone + "/sms", new { body = "START" });
        var (taken, _) = await SendAsync("x");

        Assert.False(stop.TryGetProperty("webhookStatus", out _));
        Assert.Equal((21610, HttpStatusCode.Created), (refused.GetProperty("code").GetInt32(), taken));
        Assert.Contains("unsubscribed", (await OnPhoneAsync("sms"))[1].GetProperty("body").GetString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(21608, 400)]
    [InlineData(20429, 429)]
    [InlineData(20500, 500)]
    public async Task Fault_AnswersInTheVendorsShape_AndOnlyForItsPhone(int code, int status)
    {
        await OrderAsync(new { carrier = "twilio", kind = "status", status, errorCode = code, only = Dana, retryAfterSeconds = 3 });

        var (other, _) = await AskAsync("/Messages.json", ("To", "+15555550188"), ("From", Keys.Number), ("Body", "x"));
        var (struck, refusal) = await SendAsync("x");

        Assert.Equal((HttpStatusCode.Created, (HttpStatusCode)status, code), (other, struck, refusal.GetProperty("code").GetInt32()));
    }

    [Theory]
    [InlineData("undelivered", "queued sent undelivered:30003")]
    [InlineData("failed", "queued failed:30001")]
    [InlineData("neverDelivered", "queued sent")]
    [InlineData("callbackLost", "sent delivered")]
    [InlineData("callbackDuplicate", "queued queued sent delivered")]
    [InlineData("callbackReordered", "sent queued delivered")]
    public async Task Fault_AfterTheAnswer_ChangesWhatIsTold(string kind, string told)
    {
        await OrderAsync(new { carrier = "twilio", kind, times = 1 });
        var words = told.Split(' ');

        await SendAsync("x", ("StatusCallback", Owner.At("/status")));

        foreach (var word in words)
        {
            var callback = await Owner.NextAsync();
            Assert.Equal(word, callback["ErrorCode"] is { Length: > 0 } code ? $"{callback["MessageStatus"]}:{code}" : callback["MessageStatus"]);
        }

        Assert.Equal(words[^1] == "delivered" ? 1 : 0, (await OnPhoneAsync("sms")).Length);
    }

    [Fact]
    public async Task Fault_OfTheSignature_SpoilsOneRequest()
    {
        await OrderAsync(new { carrier = "twilio", kind = "callbackBadSignature", times = 1 });

        await SendAsync("x", ("StatusCallback", Owner.At("/status")));

        Assert.Equal([false, true, true], new[] { await Owner.NextAsync(), await Owner.NextAsync(), await Owner.NextAsync() }.Select(IsSigned));
    }
}
