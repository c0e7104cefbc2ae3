using System.Net.Http.Json;
using Deskbridge.Connectors.Http;
using Deskbridge.Connectors.Tests.Psa;
using Xunit;

namespace Deskbridge.Connectors.Tests;

/// <summary>A hub that was held up past its claim sends nothing any more, wherever on the way it was held up.</summary>
public sealed class SendDeadlineTests
{
    [Fact]
    public async Task Write_AfterItsDeadline_DoesNotLeave_AndIsNotInDoubt()
    {
        await using var remote = await StubPsa.StartAsync();
        remote.Json("POST", "/notes", "{}");
        using var channel = Open(remote);
        SendDeadline.Set(TimeProvider.System.GetUtcNow().AddSeconds(-1));

        await Assert.ThrowsAsync<ConnectorConflictException>(() => channel.Client.PostAsJsonAsync(new Uri(remote.Address, "/notes"), new { text = "x" }, TestContext.Current.CancellationToken));

        Assert.Empty(remote.Seen);
    }

    [Fact]
    public async Task Write_InTime_ArrivesWhole()
    {
        await using var remote = await StubPsa.StartAsync();
        remote.Json("POST", "/notes", "{}");
        using var channel = Open(remote);
        SendDeadline.Set(TimeProvider.System.GetUtcNow().AddMinutes(1));

        using var answer = await channel.Client.PostAsJsonAsync(new Uri(remote.Address, "/notes"), new { text = new string('x', 100_000) }, TestContext.Current.CancellationToken);

        Assert.True(answer.IsSuccessStatusCode);
        Assert.Equal(100_011, Assert.Single(remote.Seen).Body.Length);
    }

    [Fact]
    public async Task Read_AfterTheDeadline_IsMade()
    {
        await using var remote = await StubPsa.StartAsync();
        remote.Json("GET", "/notes", "[]");
        using var channel = Open(remote);
        SendDeadline.Set(TimeProvider.System.GetUtcNow().AddSeconds(-1));

        Assert.Equal("[]", await channel.Client.GetStringAsync(new Uri(remote.Address, "/notes"), TestContext.Current.CancellationToken));
    }

    private static RemoteChannel Open(StubPsa remote) => RemoteChannel.Open(remote.Address, null, 1_000_000, new OpenGate(), TimeProvider.System);
}
