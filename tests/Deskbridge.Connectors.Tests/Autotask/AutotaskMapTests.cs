using System.Text.Json;
using Deskbridge.Connectors.Autotask;
using Xunit;

namespace Deskbridge.Connectors.Tests.Autotask;

public sealed class AutotaskMapTests
{
    [Fact]
    public void ToTicket_ARecord_IsReadWithItsWordsAndItsLatestChange()
    {
        var ticket = Samples.Ticket(closed: true);

        Assert.Equal(("48213", "Backup failed on SRV-FS01", true), (ticket.Id, ticket.Title, ticket.Closed));
        Assert.Equal(new RemoteRef("1", "New"), ticket.Status);
        Assert.Equal(new RemoteRef("174", "Contoso"), ticket.Company);
        Assert.Equal(new RemoteRef("29682833", "29682833"), ticket.Board);
        Assert.Equal(new DateTimeOffset(2026, 11, 20, 9, 14, 0, 100, TimeSpan.Zero), ticket.UpdatedAt);
        Assert.Null(ticket.Owner);
        Assert.False(ticket.CarriesMarkers);
        Assert.Empty(ticket.MissingMarkers);
    }

    [Fact]
    public void Parse_AStoredBody_IsTheSameTicket()
    {
        var ticket = Samples.Ticket(closed: true);

        Assert.Equal(ticket with { CustomFields = [], MissingMarkers = [] }, AutotaskMap.Parse(ticket.Body) with { CustomFields = ticket.CustomFields, MissingMarkers = ticket.MissingMarkers });
    }

    [Fact]
    public void Parse_TextsThatAreNoText_StayReadable()
    {
        var record = JsonElement.Parse("""{"id":7,"title":"cut \ud83d here \u0000","createDate":"2026-11-20T09:02:11"}""");

        var ticket = AutotaskMap.Parse(AutotaskMap.ToTicket(record, new TicketWords(new Dictionary<string, string>(), false)).Body);

        Assert.Equal("cut \uFFFD here \uFFFD", ticket.Title);
        Assert.Equal(TimeSpan.Zero, ticket.EnteredAt.Offset);
    }

    [Fact]
    public void ToTicket_CompanyZeroAndNoQueue_AreRealValues()
    {
        var ticket = AutotaskMap.ToTicket(JsonElement.Parse("""{"id":7,"companyID":0,"queueID":null}"""), new TicketWords(new Dictionary<string, string> { ["companyID"] = "Our own" }, false));

        Assert.Equal(new RemoteRef("0", "Our own"), ticket.Company);
        Assert.Equal(AutotaskMap.NoQueue, ticket.Board);
    }

    [Fact]
    public void Details_InBody_AreTheLabelsPeopleKnow()
    {
        var details = DetailMap.InBody(JsonElement.Parse(Samples.Ticket().Body));

        Assert.Equal("T20261120.0009", Samples.Ticket().Number);
        Assert.Contains(new TicketDetail("Ticket", "Company", "Contoso") { Field = TicketFields.Company }, details);
        Assert.Contains(new TicketDetail("Ticket", "Created", "2026-11-20 09:02:11 UTC"), details);
        Assert.DoesNotContain(details, detail => detail.Name == "Primary resource");
    }

    [Theory]
    [InlineData("Tickets/5/Notes", "TicketNotes")]
    [InlineData("Companies/0/Contacts", "CompanyContacts")]
    [InlineData("Tickets/query", "Tickets")]
    [InlineData("ThresholdInformation", "ThresholdInformation")]
    public void ObjectOf_APath_IsWhoseThreadsItTakes(string path, string counted) => Assert.Equal(counted, AutotaskClient.ObjectOf(path));
}
