using Deskbridge.Core.Alerting;
using Deskbridge.Core.Alerting.Paging;
using Deskbridge.Core.Directory;
using Deskbridge.Testing;
using Microsoft.EntityFrameworkCore;
using Xunit;

namespace Deskbridge.Core.Tests.Alerting;

public sealed class ChannelTests
{
    [Theory]
    [InlineData(ChannelKind.Email, "mia@example.test", true)]
    [InlineData(ChannelKind.Email, "Mia <mia@example.test>", false)]
    [InlineData(ChannelKind.Email, "mia@", false)]
    [InlineData(ChannelKind.Email, "mia@example.test\r\nBcc: x@y.test", false)]
    [InlineData(ChannelKind.Ntfy, "https://ntfy.sh/secret-topic_1", true)]
    [InlineData(ChannelKind.Ntfy, "https://ntfy.sh/", false)]
    [InlineData(ChannelKind.Ntfy, "https://ntfy.sh/has%20space", false)]
    [InlineData(ChannelKind.Ntfy, "ftp://ntfy.sh/topic", false)]
    [InlineData(ChannelKind.Webhook, "https://hooks.example.test/x?y=1", true)]
    [InlineData(ChannelKind.Webhook, "https://user:pass@hooks.example.test/", false)]
    [InlineData(ChannelKind.Webhook, "javascript:alert(1)", false)]
    [InlineData(ChannelKind.Webhook, "", false)]
    public void Address_IsCheckedPerKind(ChannelKind kind, string address, bool good) =>
        Assert.Equal(good, ChannelRules.Check(kind, new ChannelDraft("Phone", address)) is null);

    [Fact]
    public async Task Secret_IsStoredProtectedAndKeptWhenNotEntered()
    {
        await using var world = await PagerWorld.StartAsync();
        var made = await world.Test.Get<CreateChannel>().RunAsync(
            world.Mia.Id, ChannelKind.Ntfy, new ChannelDraft("Tablet", "https://ntfy.sh/t", "tk_abc"), world.Mia, default);

        await world.Test.Get<ChangeChannel>().RunAsync(made.Value.Channel.Id, new ChannelDraft("Tab", "https://ntfy.sh/t2"), world.Mia, default);

        var stored = await world.Test.ReadAsync(db => db.Channels.SingleAsync(c => c.Id == made.Value.Channel.Id));
        Assert.Equal(("Tab", "https://ntfy.sh/t2", 2), (stored.Name, stored.Address, stored.Position));
        Assert.Equal(new TestSecrets().Protect("tk_abc"), stored.Secret);
        Assert.Null(made.Value.NewSecret);
    }

    [Theory]
    [InlineData("https://ntfy.example.test/t", null, false)]
    [InlineData("http://ntfy.sh/t", null, false)]
    [InlineData("https://ntfy.sh:8443/t", null, false)]
    [InlineData("https://ntfy.sh:443/another", null, true)]
    [InlineData("https://ntfy.example.test/t", "tk_new", true)]
    [InlineData("https://ntfy.example.test/t", "", true)]
    public async Task Token_IsSentToNoOtherServerThanItWasEnteredFor(string address, string? secret, bool good)
    {
        await using var world = await PagerWorld.StartAsync();
        var made = await world.Test.Get<CreateChannel>().RunAsync(world.Mia.Id, ChannelKind.Ntfy, new ChannelDraft("Tablet", "https://ntfy.sh/t", "tk_abc"), world.Mia, default);

        var changed = await world.Test.Get<ChangeChannel>().RunAsync(made.Value.Channel.Id, new ChannelDraft("Tablet", address, secret), world.Mia, default);

        if (good) Assert.Null(changed.Failure);
        else Assert.Contains("given for https://ntfy.sh and is sent to no other server", Assert.IsType<ChannelSecretInvalid>(changed.Failure).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Webhook_MovedToAnotherServer_GoesOnSigning()
    {
        await using var world = await PagerWorld.StartAsync();
        var made = await world.Test.Get<CreateChannel>().RunAsync(world.Mia.Id, ChannelKind.Webhook, new ChannelDraft("Hook", "https://hooks.example.test/"), world.Mia, default);

        Assert.Null((await world.Test.Get<ChangeChannel>().RunAsync(made.Value.Channel.Id, new ChannelDraft("Hook", "https://moved.example.test/"), world.Mia, default)).Failure);
    }

    [Fact]
    public async Task Webhook_WithoutASecret_GetsOneThatIsShownOnce()
    {
        await using var world = await PagerWorld.StartAsync();

        var made = await world.Test.Get<CreateChannel>().RunAsync(
            world.Mia.Id, ChannelKind.Webhook, new ChannelDraft("Hook", "https://hooks.example.test/"), world.Mia, default);

        Assert.Equal(32, WebhookSignature.Key(made.Value.NewSecret!)!.Length);
        Assert.Equal(new TestSecrets().Protect(made.Value.NewSecret!), made.Value.Channel.Secret);
    }

    [Fact]
    public async Task Channels_OfOthers_AreForAdministrators()
    {
        await using var world = await PagerWorld.StartAsync();
        var ben = Build.Person("Ben");
        var admin = Build.Person("Ada", PersonRole.Admin);
        var draft = new ChannelDraft("Phone", "https://ntfy.sh/topic");

        Assert.IsType<ChannelsOfOthers>((await world.Test.Get<ChangeChannel>().RunAsync(world.Phone.Id, draft, ben, default)).Failure);
        Assert.IsType<ChannelsOfOthers>(await world.Test.Get<DeleteChannel>().RunAsync(world.Phone.Id, ben, default));
        Assert.IsType<ChannelsOfOthers>((await world.Test.Get<TestChannel>().RunAsync(world.Phone.Id, ben, default)).Failure);
        Assert.Null((await world.Test.Get<ChangeChannel>().RunAsync(world.Phone.Id, draft, admin, default)).Failure);
    }

    [Theory]
    [InlineData(ChannelKind.Webhook, "secret")]
    [InlineData(ChannelKind.Webhook, "whsec_c2hvcnQ=")]
    [InlineData(ChannelKind.Email, "secret")]
    [InlineData(ChannelKind.Ntfy, "with space")]
    public void Secret_ThatCannotWork_IsRefused(ChannelKind kind, string secret)
    {
        var address = kind == ChannelKind.Email ? "mia@example.test" : "https://ntfy.sh/topic";

        Assert.IsType<ChannelSecretInvalid>(ChannelRules.Check(kind, new ChannelDraft("Phone", address, secret)));
    }
}
