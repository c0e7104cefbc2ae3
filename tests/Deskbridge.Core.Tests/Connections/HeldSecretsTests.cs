using Deskbridge.Connectors;
using Deskbridge.Core.Connections;
using Xunit;

namespace Deskbridge.Core.Tests.Connections;

/// <summary>A stored secret goes to the server it was entered for and to no other.</summary>
public sealed class HeldSecretsTests
{
    [Fact]
    public void ProxyMoves_OnlyItsPasswordIsAskedForAgain()
    {
        var held = HeldSecrets.Of(new Options());
        var changed = new Options { Proxy = "http://elsewhere:3128" };

        Assert.True(held.Move(changed));
        Assert.Equal(nameof(Options.ProxyPassword), Assert.Single(held.Missing(changed, new Options { Key = "", ProxyPassword = null })).Setting);
        Assert.Empty(held.Missing(changed, new Options { ProxyPassword = "again" }));
    }

    [Fact]
    public void RemoteMoves_OnlyItsKeyIsAskedForAgain()
    {
        var held = HeldSecrets.Of(new Options());
        var changed = new Options { Url = "https://other.example.test" };

        Assert.Equal(nameof(Options.Key), Assert.Single(held.Missing(changed, new Options { Key = "", ProxyPassword = null })).Setting);
    }

    /// <summary>With a proxy of theirs and an authority of theirs, somebody could have the keys sent to themselves.</summary>
    [Fact]
    public void OtherAuthorityIsTrusted_TheKeyIsAskedForAgain()
    {
        var held = HeldSecrets.Of(new Options { Authority = "ours" });
        var changed = new Options { Authority = "theirs" };

        Assert.Equal(nameof(Options.Key), Assert.Single(held.Missing(changed, new Options { Key = "", ProxyPassword = null })).Setting);
        Assert.Empty(held.Missing(changed, new Options { Key = "again" }));
        Assert.False(held.Move(new Options { Authority = " ours\n" }));
        Assert.False(held.Move(new Options { Authority = null }));
    }

    [Fact]
    public void ProxyDropped_AsksForNothing() => Assert.False(HeldSecrets.Of(new Options()).Move(new Options { Proxy = null, ProxyPassword = null }));

    private sealed class Options
    {
        [Setting("Address", Address = true)]
        public string Url { get; set; } = "https://psa.example.test";

        [Setting("Key", Secret = true)]
        public string Key { get; set; } = "key";

        [Setting("Authority", Trust = true)]
        public string? Authority { get; set; }

        [Setting("Proxy")]
        public string? Proxy { get; set; } = "http://proxy:3128";

        [Setting("Proxy password", Secret = true, GoesTo = nameof(Proxy))]
        public string? ProxyPassword { get; set; } = "secret";
    }
}
