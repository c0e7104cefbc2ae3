using Deskbridge.Connectors.ConnectWise.Psa;
using Deskbridge.Testing;
using Xunit;

namespace Deskbridge.Connectors.Tests.Psa;

/// <summary>A connection's own proxy (S11): every call goes through it, and what it refuses is said in words that mend it.</summary>
public sealed class ProxyTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task EveryCall_GoesThroughTheProxy(bool https)
    {
        await using var remote = await SandboxPsa.StartAsync();
        await using var proxy = new SmallProxy { Password = "hub:let me out" };
        var options = Through(remote, proxy.Address, https);
        (options.ProxyUser, options.ProxyPassword) = ("hub", "let me out");
        using var connector = SandboxPsa.Connect(options);

        var report = await connector.TestAsync(Cancel);

        Assert.All(report.Checks, check => Assert.Equal(ProbeOutcome.Passed, check.Outcome));
        Assert.Contains($"through the proxy {proxy.Address.Authority}", report.Checks[0].Message, StringComparison.Ordinal);
        Assert.All(proxy.Served, line => Assert.StartsWith(https ? $"CONNECT {new Uri(options.InstanceUri).Authority} " : "", line, StringComparison.Ordinal));
        Assert.NotEmpty(proxy.Served);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task WrongPassword_IsNamedAsTheProxys(bool https)
    {
        await using var remote = await SandboxPsa.StartAsync();
        await using var proxy = new SmallProxy { Password = "hub:let me out" };
        var options = Through(remote, proxy.Address, https);
        (options.ProxyUser, options.ProxyPassword) = ("hub", "wrong");

        Assert.Contains("asks for a user name and password, or refuses those given", await WhyAsync(options), StringComparison.Ordinal);
    }

    [Fact]
    public async Task ProxyThatAllowsNothing_IsNamedWithTheHostToAllow()
    {
        await using var remote = await SandboxPsa.StartAsync();
        await using var proxy = new SmallProxy { Forbids = true };
        var options = Through(remote, proxy.Address, https: true);

        var why = await WhyAsync(options);

        Assert.Contains($"The proxy {proxy.Address.Authority} does not open a way to {new Uri(options.InstanceUri).Authority}", why, StringComparison.Ordinal);
        Assert.Contains("Allow", why, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ProxyThatIsAway_IsNamedAndNotTheRemote()
    {
        await using var remote = await SandboxPsa.StartAsync();
        Uri gone;
        await using (var proxy = new SmallProxy()) gone = proxy.Address;

        Assert.StartsWith($"The proxy {gone.Authority} does not accept connections.", await WhyAsync(Through(remote, gone, https: true)), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("proxy.example.com:3128", "http://proxy.example.com:3128")]
    [InlineData("http://10.0.0.9:8080/", "http://10.0.0.9:8080")]
    public void Setting_AnAddress_IsKeptAsItsOrigin(string typed, string kept)
    {
        var options = Good(typed);

        Assert.Empty(new ConnectWisePsaType().Check(options));
        Assert.Equal(kept, options.Proxy);
    }

    [Theory]
    [InlineData("http://user:secret@proxy:3128")]
    [InlineData("https://proxy:3128")]
    [InlineData("http://proxy:3128/path")]
    [InlineData("not a proxy")]
    public void Setting_NoAddress_IsRefused(string typed) => Assert.Equal(nameof(ConnectWisePsaOptions.Proxy), Assert.Single(new ConnectWisePsaType().Check(Good(typed))).Setting);

    [Theory]
    [InlineData("http://127.0.0.1:8080", "http://10.0.0.9:3128", false)]
    [InlineData("http://127.0.0.1:8080", "http://127.0.0.1:3128", true)]
    [InlineData("https://psa.example.test", "http://10.0.0.9:3128", true)]
    public void Keys_NeverPassAProxyOfAnotherMachineInClear(string instance, string proxy, bool allowed)
    {
        var options = Good(proxy);
        options.InstanceUri = instance;
        var refused = new ConnectWisePsaType().Check(options);

        Assert.Equal(allowed ? [] : [nameof(ConnectWisePsaOptions.Proxy)], refused.Select(problem => problem.Setting));
        if (allowed) return;
        Assert.Contains("in clear", refused[0].Message, StringComparison.Ordinal);
        Assert.Throws<ConnectorRejectedException>(() => SandboxPsa.Connect(options)); // stored all the same: nothing is sent
    }

    [Fact]
    public void Setting_Emptied_TakesItsUserAndPasswordAlong()
    {
        var options = Good("");
        (options.ProxyUser, options.ProxyPassword) = ("hub", "let me out");

        Assert.Empty(new ConnectWisePsaType().Check(options));
        Assert.Null(options.ProxyPassword);
    }

    private static ConnectWisePsaOptions Good(string proxy) => new()
    {
        InstanceUri = "https://psa.example.test",
        CompanyId = "acme",
        MemberId = "deskbridge",
        PublicKey = "public",
        PrivateKey = "private",
        ClientId = "3f2504e0-4f89-41d3-9a0c-0305e82c3301",
        Proxy = proxy,
    };

    private static ConnectWisePsaOptions Through(SandboxPsa remote, Uri proxy, bool https)
    {
        var options = remote.Options();
        options.Proxy = proxy.ToString();
        if (!https) return options;
        options.InstanceUri = remote.Server.HttpsUrl.GetLeftPart(UriPartial.Authority);
        options.CertificateAuthority = File.ReadAllText(remote.Server.CaFile);
        return options;
    }

    private static async Task<string> WhyAsync(ConnectWisePsaOptions options)
    {
        using var connector = SandboxPsa.Connect(options);
        var failed = Assert.Single((await connector.TestAsync(Cancel)).Checks);
        Assert.Equal(("Address", ProbeOutcome.Failed), (failed.Name, failed.Outcome));
        return failed.Message;
    }
}
