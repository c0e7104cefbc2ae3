using Deskbridge.Doctor;
using Xunit;

namespace Deskbridge.Tests.Operations;

/// <summary>Whose word about a visitor is taken.</summary>
public sealed class ReverseProxyTests : IDisposable
{
    private readonly DirectoryInfo _folder = System.IO.Directory.CreateTempSubdirectory("deskbridge-proxy-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public async Task WithoutASetting_NobodyIsBelieved_AndTheDoctorSaysSo()
    {
        await using var hub = await StartAsync(null);
        Assert.Equal(Outcome.Well, (await ProxyCheck.RunAsync(DataFolder.At(_folder.FullName), default))!.Outcome);

        var seen = await SeenAsync(hub, ("X-Forwarded-For", "203.0.113.9"), ("X-Forwarded-Proto", "https"), ("X-Forwarded-Host", "evil.example.com"));

        Assert.Equal(new HubEcho.Seen("http", hub.Address.Authority, "127.0.0.1", "127.0.0.1"), seen);
        var found = await ProxyCheck.RunAsync(DataFolder.At(_folder.FullName), default);
        Assert.Equal(Outcome.Warning, found!.Outcome);
        Assert.Contains("Proxy__Trusted=127.0.0.1", found.Fix, StringComparison.Ordinal);
    }

    [Fact]
    public async Task TrustedProxy_TellsWhereAVisitorIs_AndWhatTheyAskedFor()
    {
        await using var hub = await StartAsync("127.0.0.0/8, ::1");

        var seen = await SeenAsync(hub, ("X-Forwarded-For", "203.0.113.9"), ("X-Forwarded-Proto", "https"), ("X-Forwarded-Host", "hub.example.com"));

        Assert.Equal(new HubEcho.Seen("https", "hub.example.com", "203.0.113.9"), seen);
        Assert.Equal(Outcome.Well, (await ProxyCheck.RunAsync(DataFolder.At(_folder.FullName), default))!.Outcome);
    }

    [Theory]
    [InlineData("127.0.0.1, 10.0.0.0/8", "203.0.113.9")]
    [InlineData("127.0.0.1", "10.1.1.1")]
    public async Task ChainOfProxies_IsFollowed_AsFarAsItIsTrusted(string trusted, string visitor)
    {
        await using var hub = await StartAsync(trusted);

        var seen = await SeenAsync(hub, ("X-Forwarded-For", "198.51.100.66, 203.0.113.9, 10.1.1.1")); // the first is what the visitor wrote themselves

        Assert.Equal(visitor, seen.Client);
    }

    [Fact]
    public async Task ProxyElsewhere_LeavesThisMachineUntrusted()
    {
        await using var hub = await StartAsync("10.0.0.5");

        Assert.Equal("127.0.0.1", (await SeenAsync(hub, ("X-Forwarded-For", "203.0.113.9"))).Client);
    }

    [Fact]
    public async Task Setting_ThatIsNoAddress_StopsTheStart() => Assert.Contains(
        "Proxy__Trusted has the entry 'proxy.example.com'", (await Assert.ThrowsAsync<StartRefusedException>(() => StartAsync("127.0.0.1, proxy.example.com"))).Message, StringComparison.Ordinal);

    private Task<Hub> StartAsync(string? trusted) =>
        Hub.StartAsync(new HubOptions { Data = _folder.FullName, Port = 0, Configuration = new Dictionary<string, string?> { [ReverseProxies.Setting] = trusted } }, default);

    private async Task<HubEcho.Seen> SeenAsync(Hub hub, params (string Name, string Value)[] headers)
    {
        using var http = new HttpClient(new SocketsHttpHandler { UseProxy = false });
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(hub.Address, $"{HubEcho.Path}?{HubEcho.Parameter}={InstanceLease.Holds(DataFolder.At(_folder.FullName))!.Token}"));
        foreach (var (name, value) in headers) request.Headers.Add(name, value);
        using var answer = await http.SendAsync(request, TestContext.Current.CancellationToken);
        return HubEcho.Read(await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken))!;
    }
}
