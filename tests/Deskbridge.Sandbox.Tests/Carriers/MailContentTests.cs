using System.Text;
using Deskbridge.Sandbox.Carriers.Mail;
using Deskbridge.Sandbox.Carriers.Ntfy;
using FsCheck;
using FsCheck.Fluent;
using Xunit;

namespace Deskbridge.Sandbox.Tests.Carriers;

public sealed class MailContentTests
{
    [Theory]
    [InlineData("=?utf-8?Q?Gr=C3=BC=C3=9Fe_an_alle?=", "Grüße an alle")]
    [InlineData("=?UTF-8?B?8J8=?= =?UTF-8?B?jok=?=", "🎉")]
    [InlineData("=?iso-8859-1*de?q?=FCber?= plain", "über plain")]
    [InlineData("a =?utf-8?q?b?=\t =?utf-8?q?c?= d", "a bc d")]
    [InlineData("=?utf-8?x?b?= =?utf-8?q", "=?utf-8?x?b?= =?utf-8?q")]
    public void EncodedWords_InAHeader_AreRead(string header, string expected) => Assert.Equal(expected, EncodedWords.Decode(header));

    [Theory]
    [InlineData("Content-Type: text/plain; charset=iso-8859-1\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n=FCber=\r\n Nacht =3D", "über Nacht =")]
    [InlineData("Content-Type: text/plain; charset=\"utf-8\"\r\nContent-Transfer-Encoding: base64\r\n\r\nR3LDvMOf\r\nZQ==\r\n", "Grüße")]
    [InlineData("Subject: x\r\n\r\nplain", "plain")]
    [InlineData("Content-Type: multipart/alternative; boundary=\"b\"\r\n\r\npre\r\n--b\r\n\r\nfirst\r\n--b\r\nContent-Type: text/html\r\n\r\n<p>no</p>\r\n--b--\r\nafter", "first")]
    [InlineData("Content-Type: text/html\r\n\r\n<p>Only &lt;html&gt;</p>", "Only <html>")]
    public void Text_OfAMail_IsDecoded(string mail, string expected) => Assert.Equal(expected, MailContent.Read(Encoding.Latin1.GetBytes(mail)).Text);

    [Fact]
    public void Read_AnyBytes_NeverThrows()
    {
        string[] pieces = ["\r\n", "\n", "--b", "--b--", "Content-Type: multipart/mixed; boundary=b\r\n", "Content-Type: text/plain; charset=", "; boundary=\"", "Content-Transfer-Encoding: base64\r\n\r\n", "Content-Transfer-Encoding: quoted-printable\r\n\r\n", "Subject: =?utf-8?", "b?", "q?", "?=", "=", "=C3", "utf-16", "\u00ff\u00fe", ":", " ", "\t", "<", ">", "A"];
        var mails = Gen.OneOf(Gen.Elements(pieces), Gen.Choose(0, 255).Select(b => ((char)b).ToString())).ListOf().Select(string.Concat);

        Prop.ForAll(mails.ToArbitrary(), mail => MailContent.Read(Encoding.Latin1.GetBytes(mail)).Subject is not null)
            .Check(Config.QuickThrowOnFailure.WithMaxTest(2000));
    }

    [Fact]
    public void Notations_AnyText_NeverThrow()
    {
        string[] pieces = ["view", "http", ",", ";", "=", "\"", "'", "\\", "[", "{}", "]", "url", "headers.", "10", "m", "h", "d", " ", "<", ">", "@", "FROM:", "SIZE=", "999999999"];
        var texts = Gen.OneOf(Gen.Elements(pieces), Gen.Choose(0, 0x2fff).Select(c => ((char)c).ToString())).ListOf().Select(string.Concat);

        Prop.ForAll(texts.ToArbitrary(), text =>
        {
            NtfyActions.Parse(text);
            NtfyText.Duration(text);
            NtfyText.UnixTime(text);
            EncodedWords.Decode(text);
            SmtpPath.Read("FROM:<" + text, "FROM")?.IsMailbox();
            return true;
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(2000));
    }
}
