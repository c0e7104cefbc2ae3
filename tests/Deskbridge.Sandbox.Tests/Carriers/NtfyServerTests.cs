using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Xunit;

namespace Deskbridge.Sandbox.Tests.Carriers;

public sealed class NtfyServerTests : CarriersTest
{
    [Fact]
    public async Task Publish_WithHeaders_AnswersTheMessageAndPollGivesIt()
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/duty") { Content = new StringContent("Disk full\n") };
        request.Headers.Add("X-Title", "=?UTF-8?B?U3TDtnJ1bmc=?=");
        request.Headers.Add("prio", "urgent");
        request.Headers.Add("Tags", "warning, disk");
        request.Headers.Add("Click", "https://example.test/alerts/1");
        request.Headers.Add("Actions", "view, Open, https://example.test; http, \"Ack, now\", https://example.test/ack, method=put, headers.X-A=b, clear=true");

        using var answer = await Http.SendAsync(request);

        var message = await answer.Content.ReadFromJsonAsync<JsonElement>();
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Matches("^[A-Za-z0-9]{12}$", message.GetProperty("id").GetString());
        Assert.Equal(("message", "duty", "Störung", "Disk full", 5), (message.GetProperty("event").GetString(), message.GetProperty("topic").GetString(), message.GetProperty("title").GetString(), message.GetProperty("message").GetString(), message.GetProperty("priority").GetInt32()));
        Assert.Equal("""["warning","disk"]""", message.GetProperty("tags").GetRawText());
        Assert.Equal(12 * 3600, message.GetProperty("expires").GetInt64() - message.GetProperty("time").GetInt64());
        var action = message.GetProperty("actions")[1];
        Assert.Equal(("Ack, now", "PUT", "b", true), (action.GetProperty("label").GetString(), action.GetProperty("method").GetString(), action.GetProperty("headers").GetProperty("X-A").GetString(), action.GetProperty("clear").GetBoolean()));
        Assert.Equal(message.ToString(), Assert.Single(await PollAsync("duty")).ToString());
    }

    [Fact]
    public async Task Publish_Json_KeepsEveryField()
    {
        using var answer = await Http.PostAsJsonAsync("/", new { topic = "duty", message = "Käse 東京 🎉", title = "T", priority = 4, tags = new[] { "a" }, click = "https://example.test", actions = new[] { new { action = "view", label = "Open", url = "https://example.test" } } });

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        var message = Assert.Single(await PollAsync("duty"));
        Assert.Equal("Käse 東京 🎉", message.GetProperty("message").GetString());
        Assert.Equal(4, message.GetProperty("priority").GetInt32());
        Assert.Equal("view", message.GetProperty("actions")[0].GetProperty("action").GetString());
    }

    [Theory]
    [InlineData("POST", "/duty?priority=9", "x", 400, 40007)]
    [InlineData("POST", "/bad%20topic", "x", 404, 40401)]
    [InlineData("POST", "/docs", "x", 400, 40010)]
    [InlineData("POST", "/", "not json", 400, 40017)]
    [InlineData("POST", "/", "{\"topic\":\"a b\"}", 400, 40009)]
    [InlineData("POST", "/", "{\"topic\":5}", 400, 40017)]
    [InlineData("POST", "/", "[null]", 400, 40017)]
    [InlineData("POST", "/duty?actions=dance,x", "x", 400, 40018)]
    [InlineData("POST", "/duty?delay=soon", "x", 400, 40004)]
    [InlineData("POST", "/duty?delay=1s", "x", 400, 40005)]
    [InlineData("POST", "/duty?email=a@example.test", "x", 400, 40001)]
    [InlineData("GET", "/duty/json?poll=1&since=never", null, 400, 40008)]
    [InlineData("GET", "/duty/nothing/here", null, 404, 40401)]
    public async Task Request_Refused_AnswersNtfysErrorDocument(string method, string path, string? body, int status, int code)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), path) { Content = body is null ? null : new StringContent(body) };

        using var answer = await Http.SendAsync(request);

        var error = await answer.Content.ReadFromJsonAsync<JsonElement>();
        Assert.Equal((status, code, status), ((int)answer.StatusCode, error.GetProperty("code").GetInt32(), error.GetProperty("http").GetInt32()));
        Assert.NotEmpty(error.GetProperty("error").GetString()!);
    }

    [Theory]
    [InlineData(4096, 200)]
    [InlineData(4097, 400)]
    public async Task Publish_AroundTheLimit_CountsBytes(int bytes, int status)
    {
        using var answer = await Http.PostAsync("/duty", new StringContent(new string('x', bytes - 2) + "ä"));

        Assert.Equal(status, (int)answer.StatusCode);
    }

    [Fact]
    public async Task Poll_SinceIdTimeAndDuration_GivesWhatCameLater()
    {
        var first = await PublishAsync("duty", "one");
        await PublishAsync("duty", "two");
        await PublishAsync("other", "three");

        Assert.Equal("two", Assert.Single(await PollAsync("duty", "&since=" + first.GetProperty("id").GetString())).GetProperty("message").GetString());
        Assert.Equal(2, (await PollAsync("duty", "&since=1")).Length);
        Assert.Equal(2, (await PollAsync("duty", "&since=10m")).Length);
        Assert.Empty(await PollAsync("duty", "&since=4000000000"));
        Assert.Equal(3, (await PollAsync("duty,other", "&since=all")).Length);
    }

    [Fact]
    public async Task Stream_Open_GetsOpenThenNewMessages()
    {
        using var answer = await Http.GetAsync("/duty/json", HttpCompletionOption.ResponseHeadersRead);
        using var reader = new StreamReader(await answer.Content.ReadAsStreamAsync());
        Assert.Contains("\"event\":\"open\"", await reader.ReadLineAsync());

        await PublishAsync("other", "not for us");
        await PublishAsync("duty", "for us");

        Assert.Contains("for us", await reader.ReadLineAsync());
    }

    [Fact]
    public async Task Fault_TooManyRequests_NamesTheWaitAndKeepsNothing()
    {
        await OrderAsync(new { carrier = "ntfy", kind = "status", status = 429, retryAfterSeconds = 7, times = 1 });

        using var answer = await Http.PostAsync("/duty", new StringContent("x"));

        Assert.Equal((429, TimeSpan.FromSeconds(7)), ((int)answer.StatusCode, answer.Headers.RetryAfter!.Delta));
        Assert.Empty(await ArrivedAsync("ntfy"));
        await PublishAsync("duty", "again");
    }

    [Theory]
    [InlineData("status", "before", 0)]
    [InlineData("status", "after", 1)]
    [InlineData("cut", "before", 0)]
    [InlineData("cut", "after", 1)]
    public async Task Fault_AroundAcceptance_KeepsTheMessageOnlyAfterIt(string kind, string moment, int kept)
    {
        await OrderAsync(new { carrier = "ntfy", kind, moment, status = 500, times = 1 });

        var failed = false;
        try
        {
            using var answer = await Http.PostAsync("/duty", new StringContent("x"));
            failed = (int)answer.StatusCode == 500;
        }
        catch (HttpRequestException)
        {
            failed = true;
        }

        Assert.True(failed);
        Assert.Equal(kept, (await ArrivedAsync("ntfy")).Length);
    }

    [Fact]
    public async Task Control_WithoutToken_IsRefused()
    {
        using var answer = await Http.GetAsync("/_control/mail");

        Assert.Equal(HttpStatusCode.Unauthorized, answer.StatusCode);
    }

    [Fact]
    public async Task Control_ListsBehindTheNumberGiven_AlsoAfterARestart()
    {
        await PublishAsync("duty", "one");
        await PublishAsync("duty", "two");
        await RestartAsync();

        var arrived = Assert.Single(await ArrivedAsync("ntfy", after: 1));
        Assert.Equal((2, "two"), (arrived.GetProperty("seq").GetInt32(), arrived.GetProperty("message").GetProperty("message").GetString()));
    }

    [Fact]
    public async Task Control_FaultThatCannotBe_IsExplained()
    {
        using var answer = await Control.PostAsJsonAsync("/_control/faults", new { carrier = "smtp", kind = "cut", stage = "mail", moment = "after" });

        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.Contains("after", await answer.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task Page_AskedByAForeignHostName_IsNotShown()
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/") { Headers = { Host = "evil.example" } };
        using var foreign = await Http.SendAsync(request);
        using var own = await Http.GetAsync("/");

        Assert.Equal((HttpStatusCode.NotFound, HttpStatusCode.OK), (foreign.StatusCode, own.StatusCode));
    }

    private async Task<JsonElement> PublishAsync(string topic, string text)
    {
        using var answer = await Http.PutAsync("/" + topic, new StringContent(text));
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        return await answer.Content.ReadFromJsonAsync<JsonElement>();
    }

    private async Task<JsonElement[]> PollAsync(string topics, string query = "") =>
        [.. (await Http.GetStringAsync($"/{topics}/json?poll=1{query}")).Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonSerializer.Deserialize<JsonElement>(line))];
}
