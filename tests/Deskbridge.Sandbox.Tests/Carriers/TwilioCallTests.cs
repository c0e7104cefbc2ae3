using System.Net;
using System.Text.Json;
using Deskbridge.Testing;
using Xunit;

namespace Deskbridge.Sandbox.Tests.Carriers;

/// <summary>Calls as Twilio's call resource and TwiML are documented, with somebody at the phone.</summary>
public sealed class TwilioCallTests : TwilioTest
{
    private const string Menu = """<?xml version="1.0"?><Response><Gather numDigits="1" timeout="10" action="digits?t=1"><Say>Mail is down.</Say><Pause/><Say>Press 4.</Say></Gather><Redirect>menu?again=1</Redirect></Response>""";

    private readonly ManualTime _clock = new();

    protected override TimeProvider Clock => _clock;

    [Fact]
    public async Task Call_IsAnswered_Heard_AndAcknowledgedByADigit()
    {
        Owner.Answers("/voice/menu", Menu);
        Owner.Answers("/voice/digits", "<Response><Say>Thank you.</Say><Hangup/></Response>");
        var (status, made) = await CallAsync(("MachineDetection", "Enable"), ("StatusCallback", Owner.At("/status")), ("StatusCallbackEvent", "initiated"), ("StatusCallbackEvent", "ringing"), ("StatusCallbackEvent", "answered"), ("StatusCallbackEvent", "completed"));
        await RingsAsync();

        var listening = await ActAsync("answer");
        _clock.Advance(TimeSpan.FromSeconds(7));
        var over = await ActAsync("digits", new { digits = "4" });

        Assert.Equal((HttpStatusCode.Created, "queued"), (status, made.GetProperty("status").GetString()));
        Assert.Equal(
            ["account_sid", "annotation", "answered_by", "api_version", "caller_name", "date_created", "date_updated", "direction", "duration", "end_time", "forwarded_from", "from", "from_formatted", "group_sid", "parent_call_sid", "phone_number_sid", "price", "price_unit", "queue_time", "sid", "start_time", "status", "subresource_uris", "to", "to_formatted", "trunk_sid", "uri"],
            Names(made));
        Assert.Equal(("digits", "in-progress"), (listening.GetProperty("waiting").GetString(), listening.GetProperty("status").GetString()));
        Assert.Equal("completed: Mail is down. | Press 4. | Thank you. (4)", Said(over));
        var asked = Owner.Rest();
        Assert.All(asked, request => Assert.True(IsSigned(request)));
        Assert.Equal(
            ["/status initiated 0", "/status ringing 1", "/status in-progress 2 human", "/voice/menu in-progress  human", "/voice/digits in-progress  human 4", "/status completed 3 human"],
            asked.Select(request => $"{request.Path} {request["CallStatus"]} {request["SequenceNumber"]} {request["AnsweredBy"]} {request["Digits"]}".TrimEnd()));
        Assert.Equal("7", asked[^1]["CallDuration"]);
        var call = await GetAsync($"/Calls/{made.GetProperty("sid")}.json");
        Assert.Equal(("completed", "7", "human", "(555) 555-0123"), (call.GetProperty("status").GetString(), call.GetProperty("duration").GetString(), call.GetProperty("answered_by").GetString(), call.GetProperty("to_formatted").GetString()));
    }

    [Theory]
    [InlineData("decline", "busy")]
    [InlineData("busy", "busy")]
    [InlineData("no-answer", "no-answer")]
    [InlineData("fail", "failed")]
    public async Task Call_ThatNobodyTakes_EndsSo(string action, string status)
    {
        await CallAsync(("StatusCallback", Owner.At("/status")));
        await RingsAsync();

        Assert.Equal(status, (await ActAsync(action)).GetProperty("status").GetString());
        Assert.Equal(status, Assert.Single(Owner.Rest())["CallStatus"]);
        await DoAsync(HttpMethod.Post, Phone + "/calls/current/answer", null, HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task Call_RingsForItsTimeout_AndAPhoneMayHaveAHabit()
    {
        await CallAsync(("Timeout", "20"), ("StatusCallback", Owner.At("/status")));
        await RingsAsync();
        _clock.Advance(TimeSpan.FromSeconds(19));
        Assert.Equal("ring", (await OnPhoneAsync("calls"))[0].GetProperty("waiting").GetString());
        _clock.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal("no-answer", (await Owner.NextAsync())["CallStatus"]);

        await DoAsync(HttpMethod.Put, Phone, new { calls = "busy" });
        await CallAsync(("StatusCallback", Owner.At("/status")));
        Assert.Equal("busy", (await Owner.NextAsync())["CallStatus"]);
    }

    [Fact]
    public async Task Caller_WhoCancelsOrCompletes_EndsTheCall()
    {
        Owner.Answers("/voice/menu", Menu);
        var sid = (await CallAsync()).Body.GetProperty("sid").GetString();
        await RingsAsync();
        var (_, canceled) = await AskAsync($"/Calls/{sid}.json", ("Status", "canceled"));
        sid = (await CallAsync()).Body.GetProperty("sid").GetString();
        await RingsAsync();
        await ActAsync("answer");
        var (_, completed) = await AskAsync($"/Calls/{sid}.json", ("Status", "completed"));
        var (_, late) = await AskAsync($"/Calls/{sid}.json", ("Status", "completed"));

        Assert.Equal(("canceled", "completed", 21220), (canceled.GetProperty("status").GetString(), completed.GetProperty("status").GetString(), late.GetProperty("code").GetInt32()));
    }

    [Fact]
    public async Task Silence_GoesOnBehindTheGather_AfterItsTimeout()
    {
        Owner.Answers("/voice/menu", Menu);
        await CallAsync();
        await RingsAsync();
        await ActAsync("answer");
        await Owner.NextAsync();

        _clock.Advance(TimeSpan.FromSeconds(11)); // a second of pause in the prompt, ten of silence

        Assert.EndsWith("/voice/menu?again=1", (await Owner.NextAsync()).Url, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Voicemail_IsToldApart_HearsEverything_AndHangsUp()
    {
        Owner.Answers("/voice/menu", Menu.Replace("timeout=\"10\"", "timeout=\"600\"", StringComparison.Ordinal));
        await CallAsync(("MachineDetection", "Enable"), ("StatusCallback", Owner.At("/status")));
        await RingsAsync();

        var listening = await ActAsync("voicemail");
        Assert.Equal("machine_start", (await Owner.NextAsync())["AnsweredBy"]);
        _clock.Advance(TimeSpan.FromSeconds(60));

        Assert.Equal("in-progress: Mail is down. | Press 4. ()", Said(listening));
        Assert.Equal(("completed", "60"), (await Owner.NextAsync()) is var end ? (end["CallStatus"], end["CallDuration"]) : default);
    }

    [Theory]
    [InlineData("""<Gather numDigits="2"/><Say>none</Say>""", "12", "12")]
    [InlineData("""<Gather/>""", "123#", "123")]
    [InlineData("""<Gather finishOnKey="*"/>""", "1#*", "1#")]
    [InlineData("""<Gather finishOnKey="" numDigits="1"/>""", "#", "#")]
    [InlineData("""<Gather actionOnEmptyResult="true"/>""", "#", "")]
    [InlineData("""<Gather/><Say>none</Say>""", "#", "(none)")]
    public async Task Gather_HandsInWhatWasPressed_AsItsAttributesSay(string gather, string pressed, string handedIn)
    {
        var twiml = "<Response>" + gather.Replace("<Gather", $"<Gather action=\"{Owner.At("/digits")}\"", StringComparison.Ordinal) + "</Response>";
        await AskAsync("/Calls.json", ("To", Dana), ("From", Keys.Number), ("Twiml", twiml));
        await RingsAsync();
        await ActAsync("answer");

        var call = await ActAsync("digits", new { digits = pressed });

        var asked = Owner.Rest();
        if (handedIn == "(none)") Assert.Equal(("none", 0), (Assert.Single(call.GetProperty("heard").EnumerateArray()).GetString(), asked.Count));
        else Assert.Equal(handedIn, Assert.Single(asked)["Digits"]);
    }

    [Theory]
    [InlineData("<!DOCTYPE r [<!ENTITY x SYSTEM \"file:///etc/hostname\">]><Response><Say>&x;</Say></Response>", "application/xml", "12100")]
    [InlineData("<Response><Say>", "application/xml", "12100")]
    [InlineData("<html/>", "text/html", "12100")]
    [InlineData("{}", "application/json", "12300")]
    public async Task Document_ThatIsNoTwiml_EndsTheCallWithTheVendorsError(string body, string type, string error)
    {
        Owner.Answers("/voice/menu", body, type: type);
        await CallAsync();
        await RingsAsync();

        var call = await ActAsync("answer");

        Assert.StartsWith(error, call.GetProperty("problem").GetString(), StringComparison.Ordinal);
        Assert.Equal("completed: We are sorry. An application error has occurred. Goodbye. ()", Said(call));
    }

    [Fact]
    public async Task Owner_WhoFails_IsAskedAtTheFallbackAddress()
    {
        Owner.Answers("/voice/menu", "", status: 500);
        Owner.Answers("/fallback", "<Response><Say>Call the office.</Say></Response>");
        await CallAsync(("FallbackUrl", Owner.At("/fallback")));
        await RingsAsync();

        Assert.Equal("completed: Call the office. ()", Said(await ActAsync("answer")));
        Assert.Equal("11200", Owner.Rest()[^1]["ErrorCode"]);
    }

    [Fact]
    public async Task Order_ThatTwilioRefuses_IsAnsweredWithItsCode()
    {
        async Task<int> CodeAsync(params (string, string)[] fields) => (await AskAsync("/Calls.json", fields)).Body.GetProperty("code").GetInt32();

        Assert.Equal(21201, await CodeAsync(("From", Keys.Number), ("Url", "http://127.0.0.1/")));
        Assert.Equal(21211, await CodeAsync(("To", "12"), ("From", Keys.Number), ("Url", "http://127.0.0.1/")));
        Assert.Equal(21210, await CodeAsync(("To", Dana), ("From", "+15555550199"), ("Url", "http://127.0.0.1/")));
        Assert.Equal(21205, await CodeAsync(("To", Dana), ("From", Keys.Number)));
        Assert.Empty(await OnPhoneAsync("calls"));
    }

    private Task<(HttpStatusCode Status, JsonElement Body)> CallAsync(params (string, string)[] more) =>
        AskAsync("/Calls.json", [("To", Dana), ("From", Keys.Number), ("Url", Owner.At("/voice/menu")), .. more]);

    private async Task RingsAsync()
    {
        while (!((await OnPhoneAsync("calls"))[^1].TryGetProperty("waiting", out var waiting) && waiting.GetString() == "ring")) await Task.Delay(10, TestContext.Current.CancellationToken);
    }

    private static string Said(JsonElement call) =>
        $"{call.GetProperty("status")}: {string.Join(" | ", call.GetProperty("heard").EnumerateArray())} ({call.GetProperty("pressed")})";
}
