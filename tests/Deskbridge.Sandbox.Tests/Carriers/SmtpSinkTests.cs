using System.Net.Mail;
using System.Text;
using Xunit;

namespace Deskbridge.Sandbox.Tests.Carriers;

public sealed class SmtpSinkTests : CarriersTest
{
    [Fact]
    public async Task Mail_FromOrdinaryClient_IsListedDecoded()
    {
        using var client = new SmtpClient("127.0.0.1", SmtpPort) { Credentials = new System.Net.NetworkCredential("hub", "secret") };
        using var mail = new MailMessage("hub@example.test", "ann@example.test", "Störung: Server 東京 down, please look at once because it is long", "Grüße\n.dot line\nhttps://example.test/a?b=c") { SubjectEncoding = Encoding.UTF8, BodyEncoding = Encoding.UTF8 };
        mail.AlternateViews.Add(AlternateView.CreateAlternateViewFromString("<p>Grüße</p>", Encoding.UTF8, "text/html"));

        await client.SendMailAsync(mail);

        var arrived = Assert.Single(await ArrivedAsync("mail"));
        Assert.Equal("hub@example.test", arrived.GetProperty("from").GetString());
        Assert.Equal("ann@example.test", arrived.GetProperty("to")[0].GetString());
        Assert.Equal(mail.Subject, arrived.GetProperty("subject").GetString());
        Assert.Equal(mail.Body, arrived.GetProperty("text").GetString()!.ReplaceLineEndings("\n").TrimEnd());
        Assert.Equal("hub", arrived.GetProperty("user").GetString());
        Assert.DoesNotContain("secret", arrived.ToString());
    }

    [Fact]
    public async Task Data_DotStuffedLines_LoseOneDot()
    {
        using var talk = await SmtpTalk.GreetedAsync(SmtpPort);

        Assert.StartsWith("250 ", await talk.MailAsync("Subject: dots\r\n\r\n..one\r\n...two\r\nplain"));

        var arrived = Assert.Single(await ArrivedAsync("mail"));
        Assert.Equal(".one\r\n..two\r\nplain\r\n", arrived.GetProperty("text").GetString());
    }

    [Fact]
    public async Task Data_DotAfterBareLineFeed_DoesNotEndTheMail()
    {
        using var talk = await SmtpTalk.GreetedAsync(SmtpPort);

        Assert.StartsWith("250 ", await talk.MailAsync("Subject: one\r\n\r\ntext\n.\nMAIL FROM:<evil@example.test>"));

        Assert.Contains("evil@example.test", Assert.Single(await ArrivedAsync("mail")).GetProperty("text").GetString());
    }

    [Fact]
    public async Task Commands_Pipelined_AreAnsweredInOrder()
    {
        using var talk = await SmtpTalk.GreetedAsync(SmtpPort);

        await talk.SendAsync("MAIL FROM:<>\r\nRCPT TO:<ann@example.test>\r\nRCPT TO:<no one>\r\nDATA\r\n");
        string[] replies = [await talk.HearAsync(), await talk.HearAsync(), await talk.HearAsync(), await talk.HearAsync()];

        Assert.Equal("250 250 553 354", string.Join(' ', replies.Select(reply => reply[..3])));
    }

    [Theory]
    [InlineData("RCPT TO:<ann@example.test>", "503")]
    [InlineData("DATA", "503")]
    [InlineData("MAIL FROM:<a b@example.test>", "553")]
    [InlineData("MAIL FROM:hub@example.test", "501")]
    [InlineData("MAIL FROM:<hub@example.test> SIZE=99999999999", "552")]
    [InlineData("MAIL FROM:<hub@example.test> NEW=1", "555")]
    [InlineData("MAIL FROM:<jürgen@example.test>", "553")]
    [InlineData("MAIL FROM:<jürgen@example.test> SMTPUTF8 BODY=8BITMIME", "250")]
    [InlineData("VRFY ann", "252")]
    [InlineData("NOOP", "250")]
    [InlineData("RSET", "250")]
    [InlineData("STARTTLS", "502")]
    [InlineData("BLAH", "500")]
    [InlineData("AUTH PLAIN AGh1YgBzZWNyZXQ=", "235")]
    [InlineData("AUTH PLAIN !!!", "501")]
    [InlineData("AUTH CRAM-MD5", "504")]
    [InlineData("QUIT", "221")]
    public async Task Command_AfterEhlo_IsAnsweredWith(string command, string code)
    {
        using var talk = await SmtpTalk.GreetedAsync(SmtpPort);

        Assert.StartsWith(code, await talk.SayAsync(command));
    }

    [Fact]
    public async Task Command_TooLong_IsRefusedAndTheConversationGoesOn()
    {
        using var talk = await SmtpTalk.GreetedAsync(SmtpPort);

        Assert.StartsWith("500", await talk.SayAsync(new string('x', 100_000)));
        Assert.StartsWith("250", await talk.SayAsync("NOOP"));
    }

    [Fact]
    public async Task Fault_StatusAtMessage_KeepsNothingAndTheNextTryWorks()
    {
        await OrderAsync(new { carrier = "smtp", kind = "status", status = 451, text = "Try later", times = 1 });
        using var talk = await SmtpTalk.GreetedAsync(SmtpPort);

        Assert.Equal("451 Try later", await talk.MailAsync("Subject: a\r\n\r\nb"));
        Assert.Empty(await ArrivedAsync("mail"));
        Assert.StartsWith("250", await talk.MailAsync("Subject: a\r\n\r\nb"));
    }

    [Theory]
    [InlineData("before", 0)]
    [InlineData("after", 1)]
    public async Task Fault_Cut_KeepsTheMailOnlyAfterAcceptance(string moment, int kept)
    {
        await OrderAsync(new { carrier = "smtp", kind = "cut", moment, times = 1 });
        using var talk = await SmtpTalk.GreetedAsync(SmtpPort);

        Assert.Equal("", await talk.MailAsync("Subject: a\r\n\r\nb"));
        Assert.Equal(kept, (await ArrivedAsync("mail")).Length);
    }

    [Fact]
    public async Task Fault_AtRecipient_RefusesOnlyThatOne()
    {
        await OrderAsync(new { carrier = "smtp", kind = "status", stage = "rcpt", status = 550, only = "gone@example.test" });
        using var talk = await SmtpTalk.GreetedAsync(SmtpPort);
        await talk.SayAsync("MAIL FROM:<hub@example.test>");

        Assert.StartsWith("550", await talk.SayAsync("RCPT TO:<gone@example.test>"));
        Assert.StartsWith("250", await talk.SayAsync("RCPT TO:<ann@example.test>"));
    }

    [Fact]
    public async Task Mail_AfterRestart_IsStillThere()
    {
        using (var talk = await SmtpTalk.GreetedAsync(SmtpPort)) await talk.MailAsync("Subject: kept\r\n\r\nb");

        await RestartAsync();

        Assert.Equal("kept", Assert.Single(await ArrivedAsync("mail")).GetProperty("subject").GetString());
    }
}
