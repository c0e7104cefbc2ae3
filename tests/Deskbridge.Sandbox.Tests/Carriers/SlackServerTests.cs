using System.Net;
using System.Net.Http.Json;
using System.Text;
using Xunit;

namespace Deskbridge.Sandbox.Tests.Carriers;

/// <summary>Incoming webhooks as docs.slack.dev describes them.</summary>
public sealed class SlackServerTests : CarriersTest
{
    private const string Hook = "/services/T0NORTHBRIDGE/B1/sandbox0slack0hook0token";

    [Theory]
    [InlineData("""{"text":"Hello"}""")]
    [InlineData("""{"blocks":[{"type":"divider"},{"type":"section","text":{"type":"mrkdwn","text":"*x*","verbatim":true},"accessory":{"type":"button","text":{"type":"plain_text","text":"Open"},"url":"https://example.test"}}]}""")]
    [InlineData("""{"text":"f","blocks":[{"type":"header","text":{"type":"plain_text","text":"T","emoji":false}},{"type":"context","elements":[{"type":"mrkdwn","text":"x"}]},{"type":"actions","elements":[{"type":"button","action_id":"a","style":"danger","text":{"type":"plain_text","text":"Open"},"url":"https://example.test"}]}]}""")]
    public async Task Message_ThatSlackTakes_IsAnsweredOkAndKept(string body)
    {
        Assert.Equal((HttpStatusCode.OK, "ok"), await PostAsync(Hook, body));
        using var form = await Http.PostAsync(Hook, new FormUrlEncodedContent([KeyValuePair.Create("payload", body)]));

        Assert.Equal(HttpStatusCode.OK, form.StatusCode);
        var arrived = await ArrivedAsync("slack");
        Assert.Equal(["B1 " + body, "B1 " + body], arrived.Select(message => $"{message.GetProperty("hook")} {message.GetProperty("payload").GetRawText()}"));
        await RestartAsync();
        Assert.Equal(2, (await ArrivedAsync("slack")).Length);
    }

    [Theory]
    [InlineData("not json", "invalid_payload")]
    [InlineData("[]", "invalid_payload")]
    [InlineData("""{"text":5}""", "invalid_payload")]
    [InlineData("{}", "no_text")]
    [InlineData("""{"text":""}""", "no_text")]
    [InlineData("""{"text":"x","blocks":{}}""", "invalid_blocks")]
    [InlineData("""{"text":"x","blocks":[{"type":"header","text":{"type":"mrkdwn","text":"T"}}]}""", "invalid_blocks")]
    [InlineData("""{"text":"x","blocks":[{"type":"section"}]}""", "invalid_blocks")]
    [InlineData("""{"text":"x","blocks":[{"type":"section","text":{"type":"mrkdwn","text":""}}]}""", "invalid_blocks")]
    [InlineData("""{"text":"x","blocks":[{"type":"section","text":{"type":"mrkdwn","text":"x"},"color":"red"}]}""", "invalid_blocks")]
    [InlineData("""{"text":"x","blocks":[{"type":"actions","elements":[{"type":"button","text":{"type":"plain_text","text":"O"},"url":"open"}]}]}""", "invalid_blocks")]
    [InlineData("""{"text":"x","blocks":[{"type":"poem"}]}""", "invalid_blocks")]
    public async Task Message_ThatSlackRefuses_IsAnsweredWithItsWord(string body, string word)
    {
        Assert.Equal((HttpStatusCode.BadRequest, word), await PostAsync(Hook, body));
        Assert.Empty(await ArrivedAsync("slack"));
    }

    [Theory]
    [InlineData("header", 150, "ok")]
    [InlineData("header", 151, "invalid_blocks")]
    [InlineData("section", 3000, "ok")]
    [InlineData("section", 3001, "invalid_blocks")]
    [InlineData("field", 2000, "ok")]
    [InlineData("field", 2001, "invalid_blocks")]
    public async Task Text_AtItsLimit_IsTaken_AndOneMoreCharacterIsNot(string place, int length, string word)
    {
        var text = new { type = place == "header" ? "plain_text" : "mrkdwn", text = new string('x', length) };
        object block = place == "field" ? new { type = "section", fields = new[] { text } } : new { type = place, text };
        using var answer = await Http.PostAsJsonAsync(Hook, new { text = "x", blocks = new[] { block } });

        Assert.Equal(word, await answer.Content.ReadAsStringAsync());
    }

    [Theory]
    [InlineData("/services/T0OTHER/B1/sandbox0slack0hook0token", HttpStatusCode.NotFound, "no_team")]
    [InlineData("/services/T0NORTHBRIDGE/X1/sandbox0slack0hook0token", HttpStatusCode.NotFound, "no_service")]
    [InlineData("/services/T0NORTHBRIDGE/B1/another", HttpStatusCode.Forbidden, "invalid_token")]
    public async Task Address_ThatIsNone_IsAnsweredWithItsWord(string path, HttpStatusCode status, string word) =>
        Assert.Equal((status, word), await PostAsync(path, """{"text":"x"}"""));

    [Fact]
    public async Task Fault_StrikesItsHookOnly_WithItsWordAndRetryAfter()
    {
        await OrderAsync(new { carrier = "slack", kind = "status", status = 429, retryAfterSeconds = 7, only = "B1", times = 1 });

        Assert.Equal((HttpStatusCode.OK, "ok"), await PostAsync(Hook.Replace("B1", "B2", StringComparison.Ordinal), """{"text":"x"}"""));
        using var struck = await Http.PostAsJsonAsync(Hook, new { text = "x" });

        Assert.Equal((HttpStatusCode.TooManyRequests, "rate_limited", TimeSpan.FromSeconds(7)), (struck.StatusCode, await struck.Content.ReadAsStringAsync(), struck.Headers.RetryAfter!.Delta));
        Assert.Equal((HttpStatusCode.OK, "ok"), await PostAsync(Hook, """{"text":"x"}"""));
    }

    private async Task<(HttpStatusCode Status, string Word)> PostAsync(string path, string body)
    {
        using var answer = await Http.PostAsync(path, new StringContent(body, Encoding.UTF8, "application/json"));
        return (answer.StatusCode, await answer.Content.ReadAsStringAsync());
    }
}
