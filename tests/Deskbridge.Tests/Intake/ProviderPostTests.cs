using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Deskbridge.Core.Alerting.Intake;
using Deskbridge.Core.Directory;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace Deskbridge.Tests.Intake;

/// <summary>What SendGrid, Mailgun and Postmark post, with the names of their documentation (T12).</summary>
public sealed class ProviderPostTests(HubHost host) : IClassFixture<HubHost>
{
    private const string Raw = "From: Ann <ann@msp.test>\r\nMessage-ID: <raw@x>\r\nSubject: T20261120.0009 Raw\r\n\r\nAs it is.";

    [Fact]
    public async Task SendGrid_ParsedOrRaw_RaisesTheSameAlert()
    {
        using var box = await BoxAsync();
        using var parsed = new MultipartFormDataContent("xYzZY")
        {
            { new StringContent("Message-ID: <raw@x>\nFrom: Ann <ann@msp.test>\n"), "headers" },
            { new StringContent("Ann <ann@msp.test>"), "from" },
            { new StringContent("T20261120.0009 Raw"), "subject" },
            { new ByteArrayContent(Encoding.Latin1.GetBytes("Grüße")), "text" },
            { new StringContent("{\"text\":\"iso-8859-1\",\"subject\":\"UTF-8\"}"), "charsets" },
            { new StringContent("1"), "attachments" },
            { new ByteArrayContent("log"u8.ToArray()), "attachment1", "log.txt" },
        };
        using var raw = new MultipartFormDataContent { { new StringContent(Raw), "email" } };

        var (status, first) = await box.PostAsync("sendgrid", parsed);
        var (_, second) = await box.PostAsync("sendgrid", raw);

        Assert.True(status == HttpStatusCode.OK, first.ToString());
        Assert.Equal(("raised", "known"), (first["outcome"]!.ToString(), second["outcome"]!.ToString()));
        var detail = await box.DetailAsync(Assert.Single(await box.AlertsAsync()).Id);
        Assert.Contains("Grüße", detail.Text, StringComparison.Ordinal);
        Assert.Equal("log.txt", Assert.Single(detail.Files).Name);
    }

    [Fact]
    public async Task Mailgun_ParsedOrRaw_IsTaken_AndSignedOnceAKeyIsSet()
    {
        using var box = await BoxAsync();
        var (status, said) = await box.PostAsync("mailgun", new FormUrlEncodedContent([new("from", "Ann <ann@msp.test>"), new("subject", "Cellar"), new("body-plain", "wet"), new("message-headers", "[[\"Message-Id\", \"<m1@x>\"]]")]));
        Assert.True(status == HttpStatusCode.OK && said["outcome"]!.ToString() == "raised", said.ToString());

        Assert.Null((await host.Services.GetRequiredService<SetIntake>().RunAsync(box.TeamId, new IntakeDraft { MailgunKey = "key-1" }, await host.PersonAsync(PersonRole.Admin), default)).Failure);
        Assert.Equal(HttpStatusCode.Unauthorized, (await box.PostAsync("mailgun/mime", Signed("wrong"))).Status);
        var (taken, signed) = await box.PostAsync("mailgun/mime", Signed("key-1"));
        Assert.True(taken == HttpStatusCode.OK && signed["outcome"]!.ToString() == "raised", signed.ToString());
        Assert.Equal(2, (await box.AlertsAsync()).Count);
    }

    [Fact]
    public async Task Postmark_WithTheRawMail_TakesThatAndNotWhatPostmarkMadeOfIt()
    {
        using var box = await BoxAsync();
        var post = new JsonObject { ["From"] = "ann@msp.test", ["Subject"] = "Made by Postmark", ["TextBody"] = "short", ["RawEmail"] = Raw };

        var (status, said) = await box.PostAsync("postmark", new StringContent(post.ToJsonString(), Encoding.UTF8, "application/json"));

        Assert.True(status == HttpStatusCode.OK, said.ToString());
        var alert = Assert.Single(await box.AlertsAsync());
        Assert.Contains("Raw", alert.Title, StringComparison.Ordinal);
        Assert.Contains("As it is.", (await box.DetailAsync(alert.Id)).Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Postmark_JsonWithAttachments_IsTaken()
    {
        using var box = await BoxAsync();
        var post = new JsonObject
        {
            ["FromFull"] = new JsonObject { ["Email"] = "ann@msp.test", ["Name"] = "Ann" },
            ["From"] = "ann@msp.test",
            ["Subject"] = "T20261120.0012 Cellar",
            ["MessageID"] = "22c74902-a0c1-4511-804f2-341342852c90",
            ["TextBody"] = "",
            ["HtmlBody"] = "<p>wet <script>alert(1)</script></p>",
            ["Headers"] = new JsonArray(new JsonObject { ["Name"] = "Message-ID", ["Value"] = "<p1@x>" }),
            ["Attachments"] = new JsonArray(new JsonObject { ["Name"] = "a.png", ["Content"] = "bG9n", ["ContentType"] = "image/png", ["ContentLength"] = 3 }),
        };

        var (status, said) = await box.PostAsync("postmark", new StringContent(post.ToJsonString(), Encoding.UTF8, "application/json"));

        Assert.True(status == HttpStatusCode.OK, said.ToString());
        var detail = await box.DetailAsync(Assert.Single(await box.AlertsAsync()).Id);
        Assert.Equal("From: Ann <ann@msp.test>\n\nwet", detail.Text);
        Assert.Equal("a.png", Assert.Single(detail.Files).Name);
    }

    [Theory]
    [InlineData("sendgrid", "SendGrid")]
    [InlineData("mailgun", "Mailgun")]
    [InlineData("postmark", "Postmark")]
    public async Task SomethingElse_IsRefusedInWords_AndStandsInTheEventLog(string form, string provider)
    {
        using var box = await BoxAsync();

        var (status, said) = await box.PostAsync(form, new StringContent("hello", MediaTypeHeaderValue.Parse("text/plain")));

        Assert.Equal(HttpStatusCode.BadRequest, status);
        Assert.Contains(provider, said["detail"]!.ToString(), StringComparison.Ordinal);
        Assert.Empty(await box.AlertsAsync());
    }

    private static FormUrlEncodedContent Signed(string key)
    {
        var (timestamp, token) = (DateTimeOffset.UnixEpoch.AddYears(56).ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture), new string('a', 50));
        var signature = Convert.ToHexStringLower(HMACSHA256.HashData(Encoding.UTF8.GetBytes(key), Encoding.UTF8.GetBytes(timestamp + token)));
        return new([new("timestamp", timestamp), new("token", token), new("signature", signature), new("body-mime", Raw)]);
    }

    private async Task<TeamBox> BoxAsync() => await TeamBox.MakeAsync(host, await host.PersonAsync(PersonRole.Responder));
}
