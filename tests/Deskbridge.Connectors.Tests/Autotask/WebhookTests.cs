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

        Assert.Equal((RecordTypes.Ticket, "48213", "updated", new DateTimeOffset(2026, 11, 20, 9, 15, 2, TimeSpan.Zero)), (accepted.RecordType, accepted.RemoteId, accepted.Action, accepted.EntityUpdatedAt));
    }

    [Theory]
    [InlineData("")]
    [InlineData("[]")]
    [InlineData("""{"Action":"Deactivated"}""")]
    public void Read_AnythingElse_IsRefused(string body) => Assert.IsType<CallbackVerdict.Refused>(WebhookBody.Read(Encoding.UTF8.GetBytes(body)));

    private static string Sign(string body)
    {
#pragma warning disable CA5350 // the vendor's choice
        return "sha1=" + Convert.ToBase64String(HMACSHA1.HashData(Encoding.UTF8.GetBytes(Secret.Key), Encoding.UTF8.GetBytes(body)));
#pragma warning restore CA5350
    }
}
