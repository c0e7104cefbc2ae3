using System.Text;
using System.Text.Json;
using Deskbridge.Connectors.ConnectWise.Psa;
using Xunit;

namespace Deskbridge.Connectors.Tests.Psa;

public sealed class CallbackTests
{
    private const string Key = "demo-signing-key";

    [Fact]
    public void Sign_VendorsAlgorithm_GivesTheKnownVector()
    {
        var signature = CallbackSignatures.Sign(Key, """{"Action":"updated","ID":1}"""u8);

        Assert.Equal("U47XylTHRgnJt9umVzxSJmMUU2i1TM7pVqer9hlHLXY=", Convert.ToBase64String(signature));
    }

    [Theory]
    [InlineData("https://na.myconnectwise.net/v2025_1//system/callbackkey/index.rails?companyName=acme&id=1", null)]
    [InlineData("https://api-na.myconnectwise.net/v4_6_release/system/callbackkey/index.rails?companyName=ACME&id=1", null)]
    [InlineData("https://eu.myconnectwise.net/v2025_1//system/callbackkey/index.rails?companyName=acme&id=1", "not on this connection's instance")]
    [InlineData("http://na.myconnectwise.net/v2025_1//system/callbackkey/index.rails?companyName=acme&id=1", "not https")]
    [InlineData("https://na.myconnectwise.net/v2025_1//system/callbackkey/index.rails?companyName=other&id=1", "another company")]
    [InlineData("https://na.myconnectwise.net/v2025_1//system/callbackkey/index.rails?companyName=acme&companyName=other", "another company")]
    [InlineData("https://na.myconnectwise.net/upload/key.json?companyName=acme", "form")]
    [InlineData("https://na.myconnectwise.net/x/../v2025_1/evil/system/callbackkey/index.rails?companyName=acme", "form")]
    [InlineData("nonsense", "names no address")]
    [InlineData(null, "names no address")]
    public void WhyNot_KeyAddress_MustBeOurInstanceAndCompany(string? keyUrl, string? reason)
    {
        var address = PsaAddress.From(new Uri("https://na.myconnectwise.net"), new("acme", "v2025_1/", "acme", null, true));

        var refused = CallbackKeyUrl.WhyNot(keyUrl, address, "acme");

        if (reason is null)
        {
            Assert.Null(refused);
        }
        else
        {
            Assert.Contains(reason, refused);
        }
    }

    [Fact]
    public async Task Verify_GenuineCallback_IsAcceptedAndTheKeyRemembered()
    {
        await using var stub = await KeyServerAsync();
        using var connector = stub.Connect();
        var body = Body(stub, """{"id":10342,"recordType":"ServiceTicket","_info":{"lastUpdated":"2026-11-20T14:12:00Z"}}""");

        var verdict = await connector.VerifyAsync(Signed(body, Key), default);
        await connector.VerifyAsync(Signed(body, Key), default);

        Assert.Equal(
            new CallbackVerdict.Accepted("6dd82302", RecordTypes.Ticket, "10342", "updated", new DateTimeOffset(2026, 11, 20, 14, 12, 0, TimeSpan.Zero)), verdict);
        Assert.Single(stub.Seen, request => request.Path.Contains("callbackkey", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Verify_WrongSignature_IsRefused()
    {
        await using var stub = await KeyServerAsync();
        using var connector = stub.Connect();

        var verdict = await connector.VerifyAsync(Signed(Body(stub, null), "another key"), default);

        Assert.Contains("signature", Assert.IsType<CallbackVerdict.Refused>(verdict).Reason);
    }

    [Fact]
    public async Task Verify_KeyChanged_IsFetchedAgainOnce()
    {
        await using var stub = await KeyServerAsync();
        using var connector = stub.Connect();
        await connector.VerifyAsync(Signed(Body(stub, null), Key), default);
        stub.Json("GET", "/v4_6_release//system/callbackkey/index.rails", """{"signing_key":"next"}""");

        var verdict = await connector.VerifyAsync(Signed(Body(stub, null), "next"), default);

        Assert.IsType<CallbackVerdict.Accepted>(verdict);
    }

    [Fact]
    public async Task Verify_ProjectTicket_WakesNoServiceTicket()
    {
        await using var stub = await KeyServerAsync();
        using var connector = stub.Connect();

        var verdict = await connector.VerifyAsync(Signed(Body(stub, """{"recordType":"ProjectTicket"}"""), Key), default);

        Assert.Equal("project-ticket", Assert.IsType<CallbackVerdict.Accepted>(verdict).RecordType);
    }

    [Theory]
    [InlineData("")]
    [InlineData("[]")]
    [InlineData("{\"ID\":")]
    [InlineData("{\"ID\":\"../1\",\"Type\":\"ticket\",\"Action\":\"updated\"}")]
    [InlineData("{\"ID\":\"99999999999\",\"Type\":\"ticket\",\"Action\":\"updated\"}")]
    public async Task Verify_NoCallbackAtAll_IsRefusedWithoutAnyCall(string body)
    {
        await using var stub = await KeyServerAsync();
        using var connector = stub.Connect();

        Assert.IsType<CallbackVerdict.Refused>(await connector.VerifyAsync(Signed(Encoding.UTF8.GetBytes(body), Key), default));
        Assert.Empty(stub.Seen);
    }

    private static async Task<StubPsa> KeyServerAsync()
    {
        var stub = await StubPsa.StartAsync();
        stub.Json("GET", "/v4_6_release//system/callbackkey/index.rails", $$"""{"signing_key":"{{Key}}"}""");
        return stub;
    }

    private static byte[] Body(StubPsa stub, string? entity) => JsonSerializer.SerializeToUtf8Bytes(new
    {
        MessageId = "6dd82302",
        CompanyId = "acme",
        Action = "updated",
        Type = "ticket",
        ID = 10342,
        Entity = entity,
        Metadata = new { key_url = $"{stub.Address}v4_6_release//system/callbackkey/index.rails?companyName=acme&id=1" },
    });

    private static CallbackRequest Signed(byte[] body, string key) =>
        new(body, new Dictionary<string, string>(StringComparer.Ordinal) { ["X-Content-Signature"] = Convert.ToBase64String(CallbackSignatures.Sign(key, body)) });
}
