using System.Net;
using Deskbridge.Core.Alerting;
using Deskbridge.Core.Alerting.Paging;
using Deskbridge.Core.Alerting.Twilio;
using Xunit;

namespace Deskbridge.Core.Tests.Alerting;

/// <summary>What Twilio's documents say, read by itself.</summary>
public sealed class TwilioTests
{
    private static readonly KeyValuePair<string, string>[] Published =
    [
        new("CallSid", "CA1234567890ABCDE"), new("Caller", "+14158675309"), new("Digits", "1234"), new("From", "+14158675309"), new("To", "+18005551212"),
    ];

    [Theory]
    [InlineData("https://mycompany.com/myapp.php?foo=1&bar=2", "12345", true)]
    [InlineData("https://mycompany.com:443/myapp.php?foo=1&bar=2", "12345", true)]
    [InlineData("https://mycompany.com:8443/myapp.php?foo=1&bar=2", "12345", false)]
    [InlineData("http://mycompany.com/myapp.php?foo=1&bar=2", "12345", false)]
    [InlineData("https://mycompany.com/myapp.php?foo=1&bar=2", "12346", false)]
    public void Signature_IsThePublishedOne_AtThatAddressOnly(string url, string token, bool holds) =>
        Assert.Equal(holds, TwilioSignature.Holds(token, url, Published, "RSOYDt4T1cUTdK1PDd93/VVr8B8="));

    [Fact]
    public void Signature_CoversEveryField_AndMustBeThere()
    {
        const string url = "https://mycompany.com/myapp.php?foo=1&bar=2";
        Assert.Equal("RSOYDt4T1cUTdK1PDd93/VVr8B8=", TwilioSignature.Of("12345", url, Published.Reverse()));
        Assert.False(TwilioSignature.Holds("12345", url, Published[1..], "RSOYDt4T1cUTdK1PDd93/VVr8B8="));
        Assert.False(TwilioSignature.Holds("12345", url, Published, ""));
        Assert.False(TwilioSignature.Holds("12345", url, Published, null));
    }

    [Theory]
    [InlineData("a", SmsWish.Acknowledge, null)]
    [InlineData(" Ack 12. ", SmsWish.Acknowledge, 12)]
    [InlineData("A12", SmsWish.Acknowledge, 12)]
    [InlineData("12a", SmsWish.Acknowledge, 12)]
    [InlineData("acknowledge #7", SmsWish.Acknowledge, 7)]
    [InlineData("c 3", SmsWish.Close, 3)]
    [InlineData("3 close", SmsWish.Close, 3)]
    [InlineData("E", SmsWish.Escalate, null)]
    [InlineData("3a3", SmsWish.Unknown, null)]
    [InlineData("call me", SmsWish.Unknown, null)]
    [InlineData("a123456789", SmsWish.Unknown, null)]
    [InlineData("", SmsWish.Unknown, null)]
    [InlineData("STOP", SmsWish.Stop, null)]
    [InlineData("Unsubscribe", SmsWish.Stop, null)]
    [InlineData("start", SmsWish.Start, null)]
    public void Reply_IsRead(string text, object wish, int? code) => Assert.Equal(new SmsReply((SmsWish)wish, code), SmsReply.Read(text));

    [Theory]
    [InlineData("+1 (555) 555-0123", null)]
    [InlineData("+49 30 123456", null)]
    [InlineData("030 123456", "Begin with + and the country code")]
    [InlineData("0049 30 123456", "Begin with + and the country code")]
    [InlineData("+49 30 12x456", "digits only")]
    [InlineData("+030123456", "no country code begins with 0")]
    [InlineData("+123", "8 to 15 digits")]
    [InlineData("+1234567890123456", "8 to 15 digits")]
    [InlineData("", "Begin with + and the country code")]
    public void Number_IsCheckedInWords(string entered, string? problem)
    {
        var refused = ChannelRules.Check(ChannelKind.Sms, new ChannelDraft("Mobile", entered).Sorted(ChannelKind.Sms, null));
        if (problem is null) Assert.Null(refused);
        else Assert.Contains(problem, Assert.IsType<ChannelAddressInvalid>(refused).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(400, 21610, false, true)]
    [InlineData(400, 21211, false, false)]
    [InlineData(400, 21614, false, false)]
    [InlineData(400, 21608, false, false)]
    [InlineData(401, 20003, false, false)]
    [InlineData(403, null, false, false)]
    [InlineData(404, 20404, false, false)]
    [InlineData(400, 99999, false, false)]
    [InlineData(429, 20429, true, false)]
    [InlineData(429, 20001, true, false)]
    [InlineData(500, 20500, true, false)]
    [InlineData(503, null, true, false)]
    public void Refusals_AreForGoodOrForNow(int status, int? code, bool again, bool gone)
    {
        var outcome = TwilioErrors.Refusal(new CarrierAnswer((HttpStatusCode)status, code is null ? "<html>" : $$"""{"code":{{code}},"message":"No.","status":{{status}}}""", TimeSpan.FromSeconds(7), null));

        if (again) Assert.Equal(TimeSpan.FromSeconds(7), Assert.IsType<PageOutcome.TempFail>(outcome).RetryAfter);
        else Assert.Equal(gone, Assert.IsType<PageOutcome.PermFail>(outcome).Gone);
    }

    [Theory]
    [InlineData("30001", true)]
    [InlineData("30008", true)]
    [InlineData("30003", false)]
    [InlineData("30004", false)]
    [InlineData("30005", false)]
    [InlineData("30006", false)]
    [InlineData("30007", false)]
    [InlineData("21610", false)]
    [InlineData(null, false)]
    public void UndeliveredTexts_AreTriedAgainOrNot(string? code, bool again)
    {
        var receipt = TwilioReceipts.Read("undelivered", code, "SM1")!;

        Assert.Equal(PageAttempt.Undelivered, receipt.Outcome);
        if (again) Assert.IsType<PageOutcome.TempFail>(receipt.What);
        else Assert.Equal(code == "21610", Assert.IsType<PageOutcome.PermFail>(receipt.What).Gone);
    }

    [Fact]
    public void Text_IsShort_WhateverTheTitleIs()
    {
        var page = new PageMessage
        {
            DeliveryId = Guid.CreateVersion7(),
            AlertId = Guid.CreateVersion7(),
            Episode = 1,
            Repeat = 2,
            Title = string.Concat(Enumerable.Repeat("🔥", 400)),
            Text = "",
            Url = null,
            Status = "open",
            Ticket = new PageTicket("10031", new string('k', 300), "P1", null),
            Person = new PagePerson(Guid.CreateVersion7(), "Mia", "mia@example.test"),
            At = default,
            Attempt = 1,
            ReplyCode = 12,
        };

        var text = SmsText.Of(page);

        Assert.True(text.Length <= 300, text);
        Assert.EndsWith("… · #10031. Page 2. Reply A12 acknowledge, E12 escalate, C12 close.", text, StringComparison.Ordinal);
        Assert.Equal(text, string.Concat(text.EnumerateRunes()));
    }
}
