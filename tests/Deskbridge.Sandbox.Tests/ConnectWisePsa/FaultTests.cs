using System.Text.Json.Nodes;
using Xunit;

namespace Deskbridge.Sandbox.Tests.ConnectWisePsa;

public sealed class FaultTests : IAsyncLifetime
{
    private const string Rename = """[{ "op": "replace", "path": "summary", "value": "renamed" }]""";

    private readonly PsaSandbox _psa = new();

    public ValueTask InitializeAsync() => _psa.InitializeAsync();

    public ValueTask DisposeAsync() => _psa.DisposeAsync();

    [Theory]
    [InlineData("error-before", false)]
    [InlineData("error-after", true)]
    public async Task ServerError_ComesBeforeOrAfterTheCommit(string kind, bool committed)
    {
        var id = await _psa.NewTicketAsync();
        await _psa.ControlAsync(HttpMethod.Post, "/faults", $$"""{ "kind": "{{kind}}", "method": "PATCH", "path": "^/service/tickets/", "count": 1 }""");

        var (status, body) = await _psa.CallAsync(HttpMethod.Patch, $"/service/tickets/{id}", Rename);

        Assert.Equal(500, status);
        Assert.Equal("ConnectWiseApi", (string?)body!["code"]);
        Assert.Equal(committed, await SummaryAsync(id) == "renamed");
    }

    [Theory]
    [InlineData("cut-before", false)]
    [InlineData("cut-after", true)]
    public async Task Connection_IsCutBeforeOrAfterTheCommit(string kind, bool committed)
    {
        var id = await _psa.NewTicketAsync();
        await _psa.ControlAsync(HttpMethod.Post, "/faults", $$"""{ "kind": "{{kind}}", "method": "PATCH", "count": 1 }""");

        await Assert.ThrowsAsync<HttpRequestException>(() => _psa.CallAsync(HttpMethod.Patch, $"/service/tickets/{id}", Rename));

        Assert.Equal(committed, await SummaryAsync(id) == "renamed");
    }

    [Theory]
    [InlineData("\"retryAfter\": 7", "7")]
    [InlineData("\"retryAfter\": null", null)]
    public async Task Throttle_HasOrLacksRetryAfter(string member, string? expected)
    {
        await _psa.ControlAsync(HttpMethod.Post, "/faults", $$"""{ "kind": "throttle", {{member}} }""");

        using var answer = await _psa.SendAsync(HttpMethod.Get, "/system/info");

        Assert.Equal(429, (int)answer.StatusCode);
        Assert.Equal(expected, answer.Headers.TryGetValues("Retry-After", out var values) ? Assert.Single(values) : null);
        Assert.Equal("ConnectWiseAPI", (string?)JsonNode.Parse(await answer.Content.ReadAsStringAsync())!["error"]);
    }

    [Fact]
    public async Task Forbidden_EndpointAnswers403_OthersWork()
    {
        await _psa.ControlAsync(HttpMethod.Put, "/switches", """{ "forbidden": ["GET /system/members", "* /schedule"] }""");

        Assert.Equal(403, (await _psa.CallAsync(HttpMethod.Get, "/system/members/176")).Status);
        Assert.Equal(403, (await _psa.CallAsync(HttpMethod.Post, "/schedule/entries", "{}")).Status);
        Assert.Equal(200, (await _psa.CallAsync(HttpMethod.Get, "/system/info")).Status);
    }

    [Fact]
    public async Task ReadLag_ShowsListsAsTheyWere_ButWritesAnswerTheTruth()
    {
        var id = await _psa.NewTicketAsync("old");
        await _psa.ControlAsync(HttpMethod.Put, "/switches", """{ "listLagSeconds": 3600 }""");

        var count = (int)(await _psa.GetAsync($"/service/tickets/count?conditions=id={id}"))["count"]!;
        var written = await _psa.PatchAsync($"/service/tickets/{id}", Rename);

        Assert.Equal(0, count);
        Assert.Equal("renamed", (string?)written["summary"]);
        Assert.Equal("renamed", await SummaryAsync(id));
    }

    [Fact]
    public async Task ClockSkew_MovesLastUpdated()
    {
        await _psa.ControlAsync(HttpMethod.Put, "/switches", """{ "clockSkewSeconds": 86400 }""");

        var ticket = await _psa.GetAsync($"/service/tickets/{await _psa.NewTicketAsync()}");

        Assert.True((DateTimeOffset)ticket["_info"]!["lastUpdated"]! > TimeProvider.System.GetUtcNow().AddHours(23));
    }

    [Fact]
    public async Task PatchNeedsCustomFields_Refuses_UntilTheyAreSent()
    {
        var id = await _psa.NewTicketAsync();
        await _psa.ControlAsync(HttpMethod.Put, "/switches", """{ "patchNeedsCustomFields": true }""");

        Assert.Equal(400, (await _psa.CallAsync(HttpMethod.Patch, $"/service/tickets/{id}", Rename)).Status);
        Assert.Equal(200, (await _psa.CallAsync(HttpMethod.Patch, $"/service/tickets/{id}", Rename.Replace("[{", """[{ "op": "replace", "path": "customFields", "value": [] }, {""", StringComparison.Ordinal))).Status);
    }

    [Fact]
    public async Task Control_WithoutItsToken_Is401()
    {
        using var answer = await _psa.Http.GetAsync(new Uri(_psa.Server.HttpUrl, "/_control/switches"));

        Assert.Equal(401, (int)answer.StatusCode);
    }

    [Theory]
    [InlineData(null, 200)]
    [InlineData("evil.example", 403)]
    public async Task Page_CarriesTheToken_OnlyForLoopbackNames(string? host, int expected)
    {
        using var message = new HttpRequestMessage(HttpMethod.Get, _psa.Server.HttpUrl);
        if (host is not null) message.Headers.Host = host;
        using var answer = await _psa.Http.SendAsync(message);

        Assert.Equal(expected, (int)answer.StatusCode);
        Assert.Equal(expected == 200, (await answer.Content.ReadAsStringAsync()).Contains(_psa.Server.ControlToken, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Control_UnknownSwitch_IsRefused() =>
        await Assert.ThrowsAsync<InvalidOperationException>(() => _psa.ControlAsync(HttpMethod.Put, "/switches", """{ "nonsense": 1 }"""));

    private async Task<string?> SummaryAsync(int id) => (string?)(await _psa.GetAsync($"/service/tickets/{id}"))["summary"];
}
