using System.Net.Sockets;
using Deskbridge.Connectors.Http;
using Xunit;

namespace Deskbridge.Connectors.Tests;

/// <summary>A connection that is reset while it is made: nothing was sent, so a read is tried once more and a write is not in doubt.</summary>
public sealed class ConnectFailureTests
{
    private static readonly Uri Address = new("http://psa.example.com/");

    [Theory]
    [InlineData("GET", 2)]
    [InlineData("POST", 1)]
    public async Task Reset_WhileConnecting_IsNoAnswer_AndNothingWasApplied(string method, int tries)
    {
        using var sockets = new Resetting();
        using var client = new HttpClient(new ConnectRetryHandler { InnerHandler = new ConnectFailureHandler(sockets) });
        using var request = new HttpRequestMessage(new HttpMethod(method), Address);

        var failure = await Assert.ThrowsAsync<HttpRequestException>(() => client.SendAsync(request, TestContext.Current.CancellationToken));

        Assert.Equal(tries, sockets.Tries);
        Assert.False(NetworkFailure.Describe(failure, Address).MayHaveBeenApplied);
    }

    private sealed class Resetting : HttpMessageHandler
    {
        public int Tries { get; private set; }

        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            Tries++;
            throw new SocketException((int)SocketError.NotConnected);
        }
    }
}
