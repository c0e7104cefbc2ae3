using System.Text;
using Deskbridge.Core.Alerting.Intake;
using Deskbridge.Testing;
using Xunit;

namespace Deskbridge.Core.Tests.Alerting.Intake;

/// <summary>Callouts in every form in which they come.</summary>
public sealed class CalloutReaderTests
{
    [Theory]
    [InlineData("id=48213&number=T20261120.0009&status=New&created_datetime=2026-11-20T04:02:11.44700000-05:00:00&last_activity_datetime=2026-11-20T04:14:50.58300000-05:00:00")]
    [InlineData("<ticket><id>48213</id><number>T20261120.0009</number><status>New</status><created_datetime>2026-11-20T04:02:11.44700000-05:00:00</created_datetime></ticket>")]
    [InlineData("<?xml version=\"1.0\"?><t:Ticket xmlns:t=\"urn:x\" id=\"48213\" ticketNumber=\"T20261120.0009\"><t:status><![CDATA[New]]></t:status></t:Ticket>")]
    [InlineData("<callout><field name=\"id\">48213</field><field name=\"Ticket Number\">T20261120.0009</field><field name=\"status\">New</field></callout>")]
    [InlineData("{\"ticket\":{\"id\":48213,\"number\":\"T20261120.0009\",\"status\":\"New\"}}")]
    [InlineData("id=T20261120.0009&ticketid=&status=New&some=48213")]
    public void Read_EveryForm_SaysTheTicket(string body)
    {
        var callout = Read(body);

        Assert.Equal("T20261120.0009", callout.Ticket.Number);
        Assert.Equal("Ticket T20261120.0009 (New)", callout.Title(CalloutFields.Usual));
    }

    [Fact]
    public void Text_UsualFields_BeginsWithCustomerAndPriority_AndHidesCredentials()
    {
        var callout = Read("id=48213&number=T20261120.0009&title=Backup+failed&status=New&accountname=Contoso&priority=Critical&password=hush&description=Job+Daily%0Afailed");

        Assert.Equal("Backup failed", callout.Title(CalloutFields.Usual));
        Assert.Equal("Company: Contoso\nPriority: Critical\nStatus: New\nPassword: (hidden)\n\nJob Daily\nfailed", callout.Text(CalloutFields.Usual));
        Assert.DoesNotContain("hush", callout.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Text_ChosenFields_AreTheOnesShown()
    {
        var callout = Read("<t><number>T20261120.0009</number><Kurztext>Server aus</Kurztext><Kunde>Contoso</Kunde><status>Neu</status><queue>Level 1</queue></t>");
        var fields = new CalloutFields("kurztext", "Kunde", null, ["queue"]);

        Assert.Equal("Server aus", callout.Title(fields));
        Assert.Equal("Company: Contoso\nQueue: Level 1", callout.Text(fields));
    }

    [Theory]
    [InlineData("<!DOCTYPE t [<!ENTITY a \"aaaa\"><!ENTITY b \"&a;&a;&a;&a;\">]><t><id>&b;</id></t>", "document type")]
    [InlineData("<!DOCTYPE t SYSTEM \"file:///etc/passwd\"><t><id>1</id></t>", "document type")]
    [InlineData("<t><id>1</t>", "cannot be read")]
    [InlineData("{\"id\":", "cannot be read")]
    [InlineData("", "is empty")]
    [InlineData("   ", "is empty")]
    public void Read_BombsAndBrokenBodies_AreRefusedInWords(string body, string why) =>
        Assert.Contains(why, CalloutReader.Read(Encoding.UTF8.GetBytes(body), null, []).Failure!.Message, StringComparison.Ordinal);

    [Fact]
    public Task Read_AnyText_IsReadOrRefused() => Fuzz.RunAsync(random =>
    {
        string[] pieces = ["<ticket>", "</ticket>", "<id>", "</id>", "48213", "&amp;", "&x;", "<![CDATA[", "]]>", "<!DOCTYPE a>", "name=\"id\"", "{", "}", "\"id\":", "[", "]", "number=T20261120.0009", "&", "=", "%", "%zz", "\0", "<?xml version='1.1'?>", "xmlns='", "<a b='c'/>"];

        var read = CalloutReader.Read(Encoding.UTF8.GetBytes(Fuzz.Text(random, pieces, random.Next(40))), random.Next(3) == 0 ? "iso-8859-1" : null, []);

        Assert.True(read.Failure is { Message.Length: > 0 } || read.Value.Title(CalloutFields.Usual).Length > 0);
        if (read.Failure is null) _ = read.Value.Text(CalloutFields.Usual) + read.Value;
    });

    private static Callout Read(string body) => CalloutReader.Read(Encoding.UTF8.GetBytes(body), null, []).Value;
}
