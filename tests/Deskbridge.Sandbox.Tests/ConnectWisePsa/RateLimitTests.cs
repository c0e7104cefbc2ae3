using Deskbridge.Testing;
using Xunit;

namespace Deskbridge.Sandbox.Tests.ConnectWisePsa;

/// <summary>So many calls a minute, then 429 that says in how many seconds to come back (reference 1.5).</summary>
public sealed class RateLimitTests : IAsyncLifetime
{
    private readonly ManualTime _time = new();
    private readonly PsaSandbox _psa;

    public RateLimitTests() => _psa = new PsaSandbox { Time = _time };

    public async ValueTask InitializeAsync()
    {
        await _psa.InitializeAsync();
        await _psa.ControlAsync(HttpMethod.Put, "/switches", """{ "rateLimitPerMinute": 3 }""");
    }

    public ValueTask DisposeAsync() => _psa.DisposeAsync();

    [Fact]
    public async Task Window_IsAMinuteFromItsFirstCall_AndThenCountsAnew()
    {
        Assert.Equal((200, null), await CallAsync());
        _time.Advance(TimeSpan.FromSeconds(20));
        Assert.Equal([(200, null), (200, null)], new[] { await CallAsync(), await CallAsync() });

        Assert.Equal((429, 40), await CallAsync());
        _time.Advance(TimeSpan.FromSeconds(39.5));
        Assert.Equal((429, 1), await CallAsync());

        _time.Advance(TimeSpan.FromSeconds(0.5));
        for (var i = 0; i < 3; i++) Assert.Equal((200, null), await CallAsync());
        Assert.Equal((429, 60), await CallAsync());
    }

    [Fact]
    public async Task Refusal_TellsTheSecondsInItsTextToo_AndWritesNothing()
    {
        for (var i = 0; i < 3; i++) await CallAsync();
        _time.Advance(TimeSpan.FromSeconds(30));

        var (status, body) = await _psa.CallAsync(HttpMethod.Post, "/service/tickets", """{ "summary": "Too much", "company": { "id": 250 } }""");
        await _psa.ControlAsync(HttpMethod.Put, "/switches", """{ "rateLimitPerMinute": 0 }""");
        var written = await _psa.GetAsync("/service/tickets/count?conditions=summary='Too much'");

        Assert.Equal((429, "ConnectWiseAPI", "Too many requests. Please try again in 30 seconds."), (status, (string?)body!["error"], (string?)body["message"]));
        Assert.Equal(0, (int)written["count"]!);
    }

    [Fact]
    public async Task CallsThatNobodyIsSignedInFor_AreNotCounted()
    {
        for (var i = 0; i < 5; i++)
        {
            using var info = await _psa.Http.GetAsync(new Uri(_psa.Server.HttpUrl, "/login/companyinfo/northbridge"));
            using var refused = await _psa.SendAsync(HttpMethod.Get, "/system/info", alter: message => message.Headers.Authorization = new("Basic", "bm9ib2R5"));
            Assert.Equal((200, 401), ((int)info.StatusCode, (int)refused.StatusCode));
        }

        Assert.Equal((200, null), await CallAsync());
    }

    private async Task<(int Status, int? RetryAfter)> CallAsync()
    {
        using var answer = await _psa.SendAsync(HttpMethod.Get, "/system/info");
        return ((int)answer.StatusCode, (int?)answer.Headers.RetryAfter?.Delta?.TotalSeconds);
    }
}
