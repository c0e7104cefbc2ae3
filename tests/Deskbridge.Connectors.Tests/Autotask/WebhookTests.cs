using System.Security.Cryptography;
using System.Text;
using Deskbridge.Connectors.Autotask;
using Xunit;

namespace Deskbridge.Connectors.Tests.Autotask;

public sealed class WebhookTests
{
    private const string Body = """{"Action":"Update","Guid":"a1da62a4-2c49-40a8-8183-69994ce5b3eb","EntityType":"Ticket","Id":48213,"Fields":{"Title":"R\u0026D caf\u00E9 \u002B VPN"},"EventTime":"2026-11-20T09:15:02Z","SequenceNumber":42,"PersonID":29682885}""";

    private static readonly WebhookSecret Secret = new("the user's secret", Guid.Empty);

    [Fact]
    public void Signed_RawBytesOrTheirUnescapedForm_AndNothingElse()
    {
        var signature = Sign(Body);

        Assert.True(Secret.Signed(Encoding.UTF8.GetBytes(Body), signature));
        Assert.True(Secret.Signed(Encoding.UTF8.GetBytes(Body.Replace(@"\u0026", "&", StringComparison.Ordinal).Replace(@"\u00E9", "é", StringComparison.Ordinal).Replace(@"\u002B", "+", StringComparison.Ordinal)), signature));
        Assert.False(Secret.Signed(Encoding.UTF8.GetBytes(Body.Replace("48213", "48214", StringComparison.Ordinal)), signature));
        Assert.False(Secret.Signed(Encoding.UTF8.GetBytes(Body), signature["sha1=".Length..]));
        Assert.False(new WebhookSecret("another secret", Guid.Empty).Signed(Encoding.UTF8.GetBytes(Body), signature));
        Assert.False(new WebhookSecret("the user's secret", Guid.AllBitsSet).Signed(Encoding.UTF8.GetBytes(Body), signature));
    }

    [Fact]
    public void Read_AnEvent_IsWhichTicketChangedWhen()
    {
        var accepted = Assert.IsType<CallbackVerdict.Accepted>(WebhookBody.Read(Encoding.UTF8.GetBytes(Body)));

        Assert.Equal((RecordTypes.Ticket, "48213", "updated", new DateTimeOffset(2026, 11, 20, 9, 14, 57, TimeSpan.Zero)), (accepted.RecordType, accepted.RemoteId, accepted.Action, accepted.EntityUpdatedAt));
    }

    [Theory]
    [InlineData("""{"Action":"Create","EntityType":"TicketNote","Id":900,"Fields":{"Title":"x","TicketID":48213}}""", RecordTypes.Ticket, "48213", true)]
    [InlineData("""{"Action":"Update","EntityType":"TicketNote","Id":900,"Fields":{"Ticket":"48213"}}""", RecordTypes.Ticket, "48213", true)]
    [InlineData("""{"Action":"Delete","EntityType":"TicketNote","Id":900,"Fields":null}""", "note", "900", false)]
    public void Read_ANote_IsWhichTicketsDetailsChanged(string body, string type, string id, bool beside)
    {
        var accepted = Assert.IsType<CallbackVerdict.Accepted>(WebhookBody.Read(Encoding.UTF8.GetBytes(body)));

        Assert.Equal((type, id, beside), (accepted.RecordType, accepted.RemoteId, accepted.Beside));
        Assert.Null(accepted.EntityUpdatedAt); // the note's instant says nothing of the ticket's
    }

    [Theory]
    [InlineData("""{"Action":"Deactivated","Guid":"a1da62a4-2c49-40a8-8183-69994ce5b3eb"}""", "")]
    [InlineData("of a form that nobody published", "deactivated")]
    public async Task Verify_TheCallThatTellsOfAWebhooksEnd_IsAHintAndNoMore(string body, string appended)
    {
        await using var stub = await StubAutotask.StartAsync();
        using var connector = stub.Connect();

        var verdict = await connector.VerifyAsync(new CallbackRequest(Encoding.UTF8.GetBytes(body), new Dictionary<string, string>()) { Appended = appended }, TestContext.Current.CancellationToken);

        Assert.IsType<CallbackVerdict.Hint>(verdict);
    }

    [Fact]
    public async Task Ensure_ANewWebhook_LeavesOutItsOwnerAndHasAllItsFieldsBeforeItCounts()
    {
        await using var remote = await SandboxAutotask.StartAsync();
        using var connector = remote.Connect();
        var address = new Uri("http://127.0.0.1:9/callbacks/token");

        var report = await ((IReceivesCallbacks)connector).EnsureSubscriptionsAsync(address, TestContext.Current.CancellationToken);

        Assert.Null(report.Problem);
        foreach (var (hooks, children) in new[] { ("TicketWebhooks", "TicketWebhook"), ("TicketNoteWebhooks", "TicketNoteWebhook") })
        {
            var made = Assert.Single((await remote.QueryAsync(hooks)).EnumerateArray());
            Assert.True(made.GetProperty("isActive").GetBoolean());
            Assert.DoesNotContain("unfinished", made.GetProperty("name").GetString(), StringComparison.Ordinal);
            var excluded = Assert.Single((await remote.QueryAsync(children + "ExcludedResources")).EnumerateArray());
            Assert.Equal(made.GetProperty("ownerResourceID").GetInt64(), excluded.GetProperty("resourceID").GetInt64());
            Assert.Contains((await remote.QueryAsync(children + "Fields")).EnumerateArray(), field => field.GetProperty("isSubscribedField").GetBoolean());
        }

        Assert.Contains((await remote.QueryAsync("TicketNoteWebhookFields")).EnumerateArray(), field => field.GetProperty("isDisplayAlwaysField").GetBoolean());
    }

    [Fact]
    public async Task Ensure_OneThatWasCutOffWhileItWasMade_IsMadeAnew()
    {
        await using var remote = await SandboxAutotask.StartAsync();
        using var connector = remote.Connect();
        var callbacks = (IReceivesCallbacks)connector;
        var address = new Uri("http://127.0.0.1:9/callbacks/token");
        await remote.ControlAsync(HttpMethod.Post, "faults", new { kind = "error-before", method = "POST", path = "TicketWebhooks/.*/Fields", count = 1 });
        await Assert.ThrowsAsync<ConnectorUnavailableException>(() => callbacks.EnsureSubscriptionsAsync(address, TestContext.Current.CancellationToken));
        Assert.Single((await remote.QueryAsync("TicketWebhooks")).EnumerateArray());

        Assert.Equal(new SubscriptionReport(2, 1, 0, 0), await callbacks.EnsureSubscriptionsAsync(address, TestContext.Current.CancellationToken));
    }

    [Theory]
    [InlineData("")]
    [InlineData("[]")]
    public void Read_AnythingElse_IsRefused(string body) => Assert.IsType<CallbackVerdict.Refused>(WebhookBody.Read(Encoding.UTF8.GetBytes(body)));

    private static string Sign(string body)
    {
#pragma warning disable CA5350 // the vendor's choice
        return "sha1=" + Convert.ToBase64String(HMACSHA1.HashData(Encoding.UTF8.GetBytes(Secret.Key), Encoding.UTF8.GetBytes(body)));
#pragma warning restore CA5350
    }
}
