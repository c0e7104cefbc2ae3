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

    [Theory]
    [InlineData(ChannelKind.Teams, "https://default0a1b.2c.environment.api.powerplatform.com:443/powerautomate/automations/direct/workflows/0f4c/triggers/manual/paths/invoke?api-version=1&sv=1.0&sig=abc", null)]
    [InlineData(ChannelKind.Teams, "https://prod-12.westeurope.logic.azure.com:443/workflows/0f4c/triggers/manual/paths/invoke?api-version=2016-06-01&sig=abc", null)]
    [InlineData(ChannelKind.Teams, "https://prod-1.usgovtexas.logic.azure.us/workflows/0f4c/triggers/manual/paths/invoke?sig=abc", null)]
    [InlineData(ChannelKind.Teams, "http://127.0.0.1:5099/workflows/0f4c/triggers/manual/paths/invoke?sig=abc", null)]
    [InlineData(ChannelKind.Teams, "https://x.environment.api.powerplatform.com/powerautomate/automations/direct/workflows/0f4c/triggers/manual/paths/invoke?api-version=1", "lacks its signature")]
    [InlineData(ChannelKind.Teams, "https://contoso.webhook.office.com/webhookb2/a@b/IncomingWebhook/c/d", "Microsoft has retired")]
    [InlineData(ChannelKind.Teams, "https://logic.azure.com.evil.test/workflows/0f4c/triggers/manual/paths/invoke?sig=abc", "does not take calls for Teams workflows")]
    [InlineData(ChannelKind.Teams, "https://evillogic.azure.com/workflows/0f4c/triggers/manual/paths/invoke?sig=abc", "does not take calls for Teams workflows")]
    [InlineData(ChannelKind.Teams, "https://prod-12.westeurope.logic.azure.com:8443/workflows/0f4c/triggers/manual/paths/invoke?sig=abc", "does not take calls for Teams workflows")]
    [InlineData(ChannelKind.Teams, "http://prod-12.westeurope.logic.azure.com/workflows/0f4c/triggers/manual/paths/invoke?sig=abc", "must begin with https://")]
    [InlineData(ChannelKind.Teams, "https://prod-12.westeurope.logic.azure.com/", "leads to no workflow")]
    [InlineData(ChannelKind.Slack, "https://hooks.slack.com/services/T000/B000/xyz", null)]
    [InlineData(ChannelKind.Slack, "https://hooks.slack-gov.com/services/T000/B000/xyz", null)]
    [InlineData(ChannelKind.Slack, "http://localhost:5099/services/T000/B000/xyz", null)]
    [InlineData(ChannelKind.Slack, "https://hooks.slack.com.evil.test/services/T000/B000/xyz", "is not where Slack takes messages")]
    [InlineData(ChannelKind.Slack, "https://10.0.0.5/services/T000/B000/xyz", "is not where Slack takes messages")]
    [InlineData(ChannelKind.Slack, "https://user:pass@hooks.slack.com/services/T000/B000/xyz", "user name")]
    [InlineData(ChannelKind.Slack, "https://hooks.slack.com/triggers/T000/1/xyz", "starts a Slack workflow")]
    [InlineData(ChannelKind.Slack, "https://hooks.slack.com/services/T000/B000", "not whole")]
    [InlineData(ChannelKind.Slack, "xyz-secret", "not a web address")]
    [InlineData(ChannelKind.Slack, "", "nothing without it")]
    public void ChatAddress_LeadsToItsSystemAndNowhereElse_OrSaysWhyNot(ChannelKind kind, string address, string? why)
    {
        var refused = ChannelRules.Check(kind, new ChannelDraft("On call", address).Sorted(kind, null));

        if (why is null) Assert.Null(refused);
        else Assert.Contains(why, Assert.IsType<ChannelAddressInvalid>(refused).Message, StringComparison.Ordinal);
        Assert.DoesNotContain("xyz", refused?.Message ?? "", StringComparison.Ordinal);
    }

    [Fact]
    public async Task ChatAddress_IsStoredProtected_ShownByItsServerOnly_AndKeptWhenNotEntered()
    {
        await using var world = await PagerWorld.StartAsync();
        const string first = "https://hooks.slack.com/services/T000/B000/first", second = "http://127.0.0.1:5099/services/T000/B000/second";
        var made = (await world.Test.Get<CreateChannel>().RunAsync(world.Mia.Id, ChannelKind.Slack, new ChannelDraft("On call", first), world.Mia, default)).Value.Channel;
        Assert.Equal(("https://hooks.slack.com", new TestSecrets().Protect(first)), (made.Address, made.Secret));

        foreach (var (draft, address, whole) in new[]
        {
            (new ChannelDraft("Kept", ""), "https://hooks.slack.com", first),
            (new ChannelDraft("Kept", "https://hooks.slack.com"), "https://hooks.slack.com", first),
            (new ChannelDraft("Moved", second), "http://127.0.0.1:5099", second),
            (new ChannelDraft("Moved back", "http://127.0.0.1:5099", first), "https://hooks.slack.com", first),
        })
        {
            var changed = await world.Test.Get<ChangeChannel>().RunAsync(made.Id, draft, world.Mia, default);

            Assert.Null(changed.Failure);
            Assert.Equal((draft.Name, address, new TestSecrets().Protect(whole)), (changed.Value.Name, changed.Value.Address, changed.Value.Secret));
        }

        Assert.IsType<ChannelAddressInvalid>((await world.Test.Get<ChangeChannel>().RunAsync(made.Id, new ChannelDraft("Emptied", "", ""), world.Mia, default)).Failure);
        Assert.IsType<ChannelAddressInvalid>((await world.Test.Get<ChangeChannel>().RunAsync(made.Id, new ChannelDraft("Twice", second, first), world.Mia, default)).Failure);
        Assert.DoesNotContain("first", new ChannelDraft("On call", first).ToString(), StringComparison.Ordinal);
    }
}
