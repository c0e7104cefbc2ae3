using System.Net.Sockets;
using System.Text;
using Xunit;

namespace Deskbridge.Tests.Operations;

/// <summary>SIGTERM ends the hub in order.</summary>
public sealed class EndTests
{
    private static readonly TimeSpan Long = TimeSpan.FromSeconds(3);

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    /// <summary>A library that reads the command line would cut it off after two seconds.</summary>
    [Fact]
    public async Task Term_LetsARequestThatIsUnderWayEnd()
    {
        await using var hub = await HubProcess.StartAsync();
        using var client = new TcpClient();
        await client.ConnectAsync(hub.Address.Host, hub.Address.Port, Cancel);
        await using var stream = client.GetStream();
        using var answer = new StreamReader(stream, Encoding.ASCII);
        await stream.WriteAsync(Encoding.ASCII.GetBytes($"POST /sign-in HTTP/1.1\r\nHost: {hub.Address.Authority}\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: 3\r\nExpect: 100-continue\r\n\r\n"), Cancel);
        Assert.Equal("HTTP/1.1 100 Continue", await answer.ReadLineAsync(Cancel));
        Assert.Equal("", await answer.ReadLineAsync(Cancel));

        await hub.TermAsync();
        await Task.Delay(Long, Cancel);
        await stream.WriteAsync("a=b"u8.ToArray(), Cancel);

        Assert.StartsWith("HTTP/1.1 ", await answer.ReadLineAsync(Cancel), StringComparison.Ordinal);
        Assert.Equal(0, await hub.EndAsync());
    }
}
