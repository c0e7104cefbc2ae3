using System.Text;
using Deskbridge.Core.Alerting.Intake;
using Deskbridge.Testing;
using Xunit;

namespace Deskbridge.Core.Tests.Alerting.Intake;

/// <summary>Mails as they are sent, and as they are broken on their way.</summary>
public sealed class MailReaderTests
{
    [Fact]
    public void Read_TicketForwardedByAutotask_SaysItsTextAndKeepsItsFiles()
    {
        var mail = Read(
            """
            From: =?utf-8?Q?J=C3=B6rg_M=C3=BCller?= <joerg@msp.test>
            To: duty@msp.test
            Message-ID: <a1@autotask.net>
            Subject: =?utf-8?B?VDIwMjYxMTIwLjAwMDkg4oCTIEJhY2t1cA==?=
             =?utf-8?Q?_failed?=
            MIME-Version: 1.0
            Content-Type: multipart/mixed; boundary="b1"

            This is for mail programs of long ago.
            --b1
            Content-Type: multipart/alternative; boundary=b2

            --b2
            Content-Type: text/plain; charset=iso-8859-1
            Content-Transfer-Encoding: quoted-printable

            Gr=FC=DFe, the job Daily =
            failed.
            --b2
            Content-Type: text/html

            <p>Not this</p>
            --b2--
            --b1
            Content-Type: application/pdf; name*0*=utf-8''Gr%C3%BC; name*1*=%C3%9Fe.pdf
            Content-Disposition: attachment
            Content-Transfer-Encoding: base64

            JVBE
            Rg==
            --b1--
            """);

        Assert.Equal("a1@autotask.net", mail.MessageId);
        Assert.Equal(new MailSender("joerg@msp.test", "Jörg Müller"), mail.From);
        Assert.Equal("T20261120.0009 – Backup failed", mail.Subject);
        Assert.Equal("Grüße, the job Daily failed.", mail.Text);
        var file = Assert.Single(mail.Files);
        Assert.Equal(("Grüße.pdf", "%PDF"), (file.Name, Encoding.ASCII.GetString(file.Bytes)));
        Assert.Empty(mail.Troubles);
    }

    [Theory]
    [InlineData("Content-Type: text/html\n\n<html><head><title>x</title><style>p{}</style></head><body><p>One &amp; two</p><script>alert(1)</script><div>Three<br>four</div></body></html>", "One & two\nThree\nfour")]
    [InlineData("Content-Type: multipart/mixed; boundary=missing\n\nText without parts", "Text without parts")]
    [InlineData("Content-Type: multipart/mixed; boundary=b\n\n--b\n\nCut before its end", "Cut before its end")]
    [InlineData("Content-Type: text/plain; charset=x-nobody-knows\n\nPlain", "Plain")]
    [InlineData("Content-Type: text/plain\nContent-Transfer-Encoding: base64\n\nSGVsbG8gd29ybG", "Hello worl")]
    [InlineData("Content-Type: ;;;\n\nStill text", "Still text")]
    [InlineData("No header at all, only words", "No header at all, only words")]
    public void Read_WhatIsBroken_IsReadAsFarAsItGoes(string raw, string text) => Assert.Equal(text, Read(raw).Text);

    [Theory]
    [InlineData("windows-1251", "Привет, сервер не отвечает")]
    [InlineData("iso-2022-jp", "サーバーが応答しません")]
    [InlineData("gb18030", "服务器没有响应")]
    [InlineData("koi8-r", "Сервер")]
    public void Read_OldCharsets_AreKnown(string charset, string text)
    {
        var encoding = CodePagesEncodingProvider.Instance.GetEncoding(charset) ?? Encoding.GetEncoding(charset);
        byte[] raw = [.. Encoding.ASCII.GetBytes($"Subject: =?{charset}?B?{Convert.ToBase64String(encoding.GetBytes(text))}?=\nContent-Type: text/plain; charset={charset}\n\n"), .. encoding.GetBytes(text)];

        var mail = MailReader.Read(raw);

        Assert.Equal((text, text), (mail.Subject, mail.Text));
    }

    [Fact]
    public void Read_BytesOfNoCharset_SayThatSomeLettersMayBeWrong()
    {
        var mail = MailReader.Read(new byte[] { (byte)'\n', (byte)'G', 0xFC, 0xDF });

        Assert.Equal("Güß", mail.Text);
        Assert.Contains("Western European", Assert.Single(mail.Troubles), StringComparison.Ordinal);
    }

    [Fact]
    public void Read_PartsInsideEachOtherWithoutEnd_AreLeftOutAndSaid()
    {
        var raw = new StringBuilder();
        for (var i = 0; i < 200; i++) raw.Append(System.Globalization.CultureInfo.InvariantCulture, $"Content-Type: multipart/mixed; boundary=b{i}\n\n--b{i}\n");

        Assert.Contains("parts inside each other", string.Join(' ', Read(raw.ToString()).Troubles), StringComparison.Ordinal);
    }

    [Fact]
    public Task Read_AnyBytes_NeverFails() => Fuzz.RunAsync(random =>
    {
        string[] pieces =
        [
            "Subject: ", "=?utf-8?B?", "?=", "=?iso-8859-1?Q?a=E9", "Content-Type: multipart/mixed; boundary=b\n", "Content-Type: text/html; charset=", "utf-7", "\n\n", "--b\n", "--b--\n", "--b",
            "Content-Transfer-Encoding: base64\n", "Content-Transfer-Encoding: quoted-printable\n", "=", "=\n", "=4", "Content-Disposition: attachment; filename*0*=utf-8''%", "filename=\"a\\", "<", "<script", "<!--", "&#x;", "\0", "\r", "From: <", "message/rfc822\n", ";", "*", "'",
        ];
        var text = Fuzz.Text(random, pieces, random.Next(60));
        var bytes = random.Next(2) == 0 ? Encoding.UTF8.GetBytes(text) : Encoding.Latin1.GetBytes(text);

        var mail = MailReader.Read(bytes);

        Assert.DoesNotContain(mail.Subject + mail.From.Name, char.IsControl);
        Assert.All(mail.Files, file => Assert.NotEmpty(file.Name));
        NamedTicket.In(mail.Subject, mail.Text);
        MailLoops.WhyIgnored(mail, "hub@example.test", namesTicket: false);
    });

    [Theory]
    [InlineData("Fwd: T20261120.0009 Printer", "", "T20261120.0009")]
    [InlineData("Printer", "see ticket t20261120.0009.002, please", "T20261120.0009.002")]
    [InlineData("[Ticket #48213] Printer", "", "48213")]
    [InlineData("XT20261120.0009", "", null)]
    [InlineData("Ticket 2026 is a year", "call 12345", null)]
    public void NamedTicket_IsFoundInSubjectAndText(string subject, string text, string? number) => Assert.Equal(number, NamedTicket.In(subject, text).Number);

    [Theory]
    [InlineData("Auto-Submitted: auto-replied", false)]
    [InlineData("Auto-Submitted: auto-generated", true)]
    [InlineData("Auto-Submitted: no", true)]
    [InlineData("Precedence: bulk", false)]
    [InlineData("Precedence: bulk\nSubject: T20261120.0009", true)]
    [InlineData("Precedence: auto_reply\nSubject: T20261120.0009", false)]
    [InlineData("Return-Path: <>", false)]
    [InlineData("X-Autoreply: yes", false)]
    [InlineData("From: Hub <HUB@example.test>", false)]
    [InlineData("Content-Type: multipart/report; boundary=b", false)]
    public void Loops_ProgramsThatAnswerPrograms_RaiseNothing(string header, bool raises)
    {
        var mail = Read(header + "\n\nText");

        Assert.Equal(raises, MailLoops.WhyIgnored(mail, "hub@example.test", NamedTicket.In(mail.Subject, mail.Text).Number is not null) is null);
    }

    private static ReceivedMail Read(string raw) => MailReader.Read(Encoding.UTF8.GetBytes(raw));
}
