using System.Net.Security;
using System.Text;
using Deskbridge.Core.Alerting;
using Deskbridge.Core.Alerting.Mail;
using Deskbridge.Core.Alerting.Paging;
using Deskbridge.Core.Data;
using Deskbridge.Testing;
using Xunit;

namespace Deskbridge.Core.Tests.Alerting;

public sealed class SmtpSessionTests
{
    private static readonly RemoteCertificateValidationCallback Trusting = static (_, shown, _, _) => shown?.Subject == "CN=localhost";
    private static readonly MailMessage Mail = MailMessage.Of(Page(), new MailPerson("Deskbridge", "hub@example.test"), new MailPerson("Mia Chen", "mia@example.test"));

    [Fact]
    public async Task Page_ByMail_ArrivesAsTextAndHtmlWithAStableMessageId()
    {
        await using var sink = new SmtpSink();
        await using var world = await PagerWorld.StartAsync(onDuty: false);
        var mail = Build.Channel(world.Mia, ChannelKind.Email);
        await world.Test.AddAsync(
            mail,
            Build.Duty(world.Team, world.Mia),
            new Setting { Key = SettingKeys.SmtpServer, Value = $"127.0.0.1:{sink.Port}" },
            new Setting { Key = SettingKeys.SmtpFrom, Value = "Deskbridge <hub@example.test>" });
        var alert = await world.RaiseAsync("Kühlung ausgefallen");

        await world.SendAsync();

        var text = Assert.Single(sink.Mails);
        var page = (await world.PagesAsync(alert)).Single(p => p.ChannelId == mail.Id && p.Repeat == 1);
        Assert.Equal(PageState.Accepted, page.State);
        Assert.Contains($"Message-ID: <{page.Id:N}@example.test>", text, StringComparison.Ordinal);
        Assert.Contains($"References: <alert-{alert.Id:N}@example.test>", text, StringComparison.Ordinal);
        Assert.Contains("Auto-Submitted: auto-generated", text, StringComparison.Ordinal);
        Assert.Contains("Subject: =?utf-8?B?", text, StringComparison.Ordinal);
        Assert.Contains($"https://hub.example.test/alerts/{alert.Id}", Decoded(text, "text/plain"), StringComparison.Ordinal);
        Assert.Contains("<h1", Decoded(text, "text/html"), StringComparison.Ordinal);
        Assert.Contains($"RCPT TO:<{world.Mia.Email}>", sink.Commands);
    }

    [Fact]
    public async Task MailServer_NotSetUp_FailsTheChannelTestWithTheFix()
    {
        await using var world = await PagerWorld.StartAsync();
        var mail = Build.Channel(world.Mia, ChannelKind.Email);
        await world.Test.AddAsync(mail);

        var result = await world.Test.Get<TestChannel>().RunAsync(mail.Id, world.Mia, default);

        Assert.False(result.Value.Accepted);
        Assert.Contains("No mail server", result.Value.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task StartTls_WhenOffered_ComesBeforeTheLogin()
    {
        await using var sink = new SmtpSink { Offers = ["STARTTLS", "AUTH PLAIN LOGIN"] };

        await new SmtpSession(Trusting).SendAsync(new SmtpServer("127.0.0.1", sink.Port), new SmtpLogin("user", "pass"), Mail, default);

        Assert.Equal("STARTTLS", sink.Commands[1]);
        Assert.Equal("AUTH PLAIN " + Convert.ToBase64String("\0user\0pass"u8), sink.Commands[3]);
        Assert.Single(sink.Mails);
    }

    [Fact]
    public async Task Login_MethodLogin_IsSpokenToo()
    {
        await using var sink = new SmtpSink { Offers = ["AUTH LOGIN"] };

        await new SmtpSession().SendAsync(new SmtpServer("127.0.0.1", sink.Port), new SmtpLogin("user", "pass"), Mail, default);

        Assert.Equal([Convert.ToBase64String("user"u8), Convert.ToBase64String("pass"u8)], sink.Commands.Skip(2).Take(2));
    }

    [Fact]
    public async Task Certificate_NotTrusted_SendsNothing()
    {
        await using var sink = new SmtpSink { Offers = ["STARTTLS"] };

        await Assert.ThrowsAsync<System.Security.Authentication.AuthenticationException>(
            () => new SmtpSession().SendAsync(new SmtpServer("127.0.0.1", sink.Port), null, Mail, default));

        Assert.Empty(sink.Mails);
    }

    [Theory]
    [InlineData("RCPT", "550 no such user", false)]
    [InlineData("RCPT", "450 try later", true)]
    [InlineData("MAIL", "421 shutting down", true)]
    [InlineData(".", "554 looks like spam", false)]
    public async Task Refusal_IsTemporaryOrPermanentByItsCode(string command, string reply, bool temporary)
    {
        await using var sink = new SmtpSink();
        sink.Replies[command] = reply;

        var refused = await Assert.ThrowsAsync<SmtpRefusedException>(
            () => new SmtpSession().SendAsync(new SmtpServer("127.0.0.1", sink.Port), null, Mail, default));

        Assert.Equal(temporary, refused.IsTemporary);
        Assert.Contains(reply[4..], refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task WrongPassword_IsNotRepeatedInTheMessage()
    {
        await using var sink = new SmtpSink { Offers = ["AUTH PLAIN"] };
        sink.Replies["AUTH"] = "535 no";

        var refused = await Assert.ThrowsAsync<SmtpRefusedException>(
            () => new SmtpSession().SendAsync(new SmtpServer("127.0.0.1", sink.Port), new SmtpLogin("user", "pass"), Mail, default));

        Assert.Equal("The mail server answered 535 to AUTH PLAIN: no", refused.Message);
    }

    [Fact]
    public async Task AddressOutsideAscii_NeedsAServerThatTakesIt()
    {
        await using var able = new SmtpSink();
        await using var unable = new SmtpSink { Offers = [] };
        var mail = MailMessage.Of(Page(), new MailPerson("", "hub@example.test"), MailPerson.Read("jörg@bücher.example")!);

        await new SmtpSession().SendAsync(new SmtpServer("127.0.0.1", able.Port), null, mail, default);
        var refused = await Assert.ThrowsAsync<SmtpRefusedException>(
            () => new SmtpSession().SendAsync(new SmtpServer("127.0.0.1", unable.Port), null, mail, default));

        Assert.Contains("MAIL FROM:<hub@example.test> SMTPUTF8", able.Commands);
        Assert.Contains("RCPT TO:<jörg@xn--bcher-kva.example>", able.Commands);
        Assert.Contains("SMTPUTF8", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Dots_AtLineStarts_AreDoubled() =>
        Assert.Equal("..a\r\n..\r\nb.c\r\n", SmtpSession.Stuffed(".a\r\n.\r\nb.c\r\n"));

    [Theory]
    [InlineData("mail.example.test", "mail.example.test", 587)]
    [InlineData("mail.example.test:465", "mail.example.test", 465)]
    [InlineData("127.0.0.1:25", "127.0.0.1", 25)]
    [InlineData("[::1]:2525", "::1", 2525)]
    public void Server_IsReadWithOrWithoutAPort(string text, string host, int port) =>
        Assert.Equal(new SmtpServer(host, port), SmtpServer.Read(text));

    [Theory]
    [InlineData("")]
    [InlineData("a b")]
    [InlineData("host:99999")]
    [InlineData("host/path")]
    public void Server_ThatIsNone_IsNotRead(string text) => Assert.Null(SmtpServer.Read(text));

    [Fact]
    public void Header_LongOrForeign_IsFoldedIntoEncodedWordsThatReadBack()
    {
        var title = "Kühlung im Serverraum ausgefallen, Temperatur über 40 °C und weiter steigend 🔥\r\nBcc: evil@example.test";

        var encoded = MailMessage.EncodedWord(title);

        var words = encoded.Split("\r\n ");
        Assert.All(words, word => Assert.InRange(word.Length, 1, 75));
        var text = string.Concat(words.Select(w => Encoding.UTF8.GetString(Convert.FromBase64String(w["=?utf-8?B?".Length..^2]))));
        Assert.Equal(title.Replace("\r\n", "", StringComparison.Ordinal), text);
        Assert.Equal("Plain title", MailMessage.EncodedWord("Plain title"));
    }

    private static PageMessage Page() => new()
    {
        DeliveryId = Guid.CreateVersion7(),
        AlertId = Guid.CreateVersion7(),
        Episode = 1,
        Repeat = 1,
        Title = "Server room too warm",
        Text = ".dot first",
        Url = null,
        Status = "open",
        Person = new PagePerson(Guid.CreateVersion7(), "Mia Chen", "mia@example.test"),
        At = new DateTimeOffset(2026, 3, 2, 8, 0, 0, TimeSpan.Zero),
    };

    private static string Decoded(string mail, string type)
    {
        var part = mail[mail.IndexOf($"Content-Type: {type}", StringComparison.Ordinal)..];
        var body = part[(part.IndexOf("\n\n", StringComparison.Ordinal) + 2)..];
        return Encoding.UTF8.GetString(Convert.FromBase64String(body[..body.IndexOf("--", StringComparison.Ordinal)]));
    }
}
