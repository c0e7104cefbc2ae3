using Xunit;

namespace Deskbridge.Connectors.Tests.Autotask;

/// <summary>A test instance behind a certificate of one's own (T6).</summary>
public sealed class AutotaskHttpsTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Https_PrivateAuthority_IsTrustedOnlyWhenGiven_TheZoneTheSameWay()
    {
        await using var remote = await SandboxAutotask.StartAsync();
        using var without = remote.ConnectByHttps(trusting: false);
        using var with = remote.ConnectByHttps(trusting: true);

        var failure = await Assert.ThrowsAsync<ConnectorUnavailableException>(() => ((IReadsBoards)without).ReadBoardsAsync(Cancel));
        var queues = await ((IReadsBoards)with).ReadBoardsAsync(Cancel);

        Assert.Contains("custom CA", failure.Message, StringComparison.Ordinal);
        Assert.False(failure.MayHaveBeenApplied);
        Assert.NotEmpty(queues);
    }
}
