using System.Text.Json;
using Deskbridge.Connectors.ConnectWise.Psa;
using Xunit;

namespace Deskbridge.Connectors.Tests.Psa;

public sealed class PsaMapTests
{
    private static readonly Dictionary<string, string> Installed = new(StringComparer.Ordinal)
    {
        [TicketFields.MarkerRetrieved] = "41",
        [TicketFields.MarkerStatus] = "42",
        [TicketFields.MarkerUser] = "43",
    };

    [Theory]
    [InlineData("""half \ud83d of it""", "half \uFFFD of it")]
    [InlineData("""\ude00 other half, \ud83d\ude00 whole, \"quoted\" \\ \n""", "\uFFFD other half, \U0001F600 whole, \"quoted\" \\ \n")]
    [InlineData("""nothing \u0000 there""", "nothing \uFFFD there")]
    public void ToTicket_TextThatIsNoUnicode_IsReadAllTheSame(string escaped, string read)
    {
        var ticket = Map($$"""{"id":1,"summary":"{{escaped}}","customFields":[{"id":43,"caption":"{{escaped}}","value":"{{escaped}}"}]}""");

        Assert.Equal((read, read), (ticket.Title, ticket[TicketFields.MarkerUser]));
    }

    [Fact]
    public void ToTicket_FullRecord_IsReadWhole()
    {
        var ticket = Map(
            """
            {"id":10342,"summary":"Backup failed","board":{"id":1,"name":"Service Desk"},"status":{"id":16,"name":"New"},
             "owner":{"id":176,"identifier":"jdoe","name":"John Doe"},"priority":{"id":4,"name":"P3"},"closedFlag":true,
             "_info":{"lastUpdated":"2026-11-20T14:02:11Z","updatedBy":"hubapi","dateEntered":"2026-11-20T13:00:00Z"},
             "customFields":[{"id":41,"caption":"Signl4Retrieved_c","value":true},{"id":42,"caption":"Signl4Status_c","value":"Acknowledged"},
                             {"id":43,"caption":"Signl4User_c","value":null}],"unknownMember":{"x":1}}
            """);

        Assert.Equal("10342", ticket.Id);
        Assert.Equal(new RemoteRef("16", "New"), ticket.Status);
        Assert.Equal(new RemoteRef("176", "John Doe"), ticket.Owner);
        Assert.Equal(new DateTimeOffset(2026, 11, 20, 14, 2, 11, TimeSpan.Zero), ticket.UpdatedAt);
        Assert.True(ticket.Closed);
        Assert.True(ticket.MarkerRetrieved);
        Assert.Equal("Acknowledged", ticket[TicketFields.MarkerStatus]);
        Assert.Null(ticket[TicketFields.MarkerUser]);
        Assert.Empty(ticket.MissingMarkers);
        Assert.Contains("unknownMember", ticket.Body);
    }

    [Fact]
    public void ToTicket_NullAndAbsentMembers_MeanTheSame()
    {
        var ticket = Map("""{"id":1,"summary":null,"owner":null,"priority":{"id":null},"_info":{"lastUpdated":null,"dateEntered":"2026-11-20T13:00:00"},"customFields":null}""");

        Assert.Equal("", ticket.Title);
        Assert.Null(ticket.Owner);
        Assert.Null(ticket.Priority);
        Assert.Equal(new DateTimeOffset(2026, 11, 20, 13, 0, 0, TimeSpan.Zero), ticket.UpdatedAt);
        Assert.Equal([TicketFields.MarkerRetrieved, TicketFields.MarkerStatus, TicketFields.MarkerUser], ticket.MissingMarkers);
    }

    [Fact]
    public void ToTicket_RenamedInstalledField_IsStillFoundById() =>
        Assert.Equal("Resolved", Map("""{"id":1,"customFields":[{"id":42,"caption":"Renamed","value":"Resolved"}]}""").MarkerStatus);

    [Fact]
    public void ToTicket_BeforeInstall_MarkersAreFoundByCaption()
    {
        using var document = JsonDocument.Parse("""{"id":1,"customFields":[{"id":9,"caption":"signl4status_c","value":"Resolved"}]}""");

        var ticket = PsaMap.ToTicket(document.RootElement, new(new(), new Dictionary<string, string>(StringComparer.Ordinal)));

        Assert.Equal("Resolved", ticket.MarkerStatus);
        Assert.Empty(ticket.MissingMarkers);
    }

    [Fact]
    public void ToSend_WholeArray_ReplacesOnlyWhatChanges()
    {
        var update = new TicketUpdate
        {
            Set = new Dictionary<string, string?>(StringComparer.Ordinal) { [TicketFields.MarkerStatus] = null, [TicketFields.MarkerRetrieved] = "true" },
            CustomFieldsAsRead = [new("7", "Other", "\"keep\""), new("42", "Signl4Status_c", "\"Resolved\"")],
        };

        var sent = new MarkerFields(new(), Installed).ToSend(update).Select(field => $"{field.Id}={field.Value?.ToJsonString() ?? "null"}");

        Assert.Equal("41=true|42=\"\"|7=\"keep\"", string.Join("|", sent.Order(StringComparer.Ordinal)));
    }

    [Fact]
    public void ToSend_FieldNotInstalled_IsRejectedNamingIt()
    {
        var update = new TicketUpdate { Set = new Dictionary<string, string?>(StringComparer.Ordinal) { [TicketFields.MarkerUser] = "jo@acme.test" } };

        var refusal = Assert.Throws<ConnectorRejectedException>(() => new MarkerFields(new(), new Dictionary<string, string>(StringComparer.Ordinal)).ToSend(update));

        Assert.Equal(TicketFields.MarkerUser, refusal.Field);
        Assert.Contains("Signl4User_c", refusal.Message);
    }

    [Theory]
    [InlineData("status/name", TicketFields.Status)]
    [InlineData("/owner", TicketFields.Owner)]
    [InlineData("customFields", TicketFields.MarkerStatus)]
    [InlineData("summary", null)]
    [InlineData(null, null)]
    public void NeutralField_WirePath_IsTranslated(string? wire, string? neutral) => Assert.Equal(neutral, PsaMap.NeutralField(wire));

    [Fact]
    public void Imagine_OtherValues_ChangesOnlyThese()
    {
        var ticket = Map("""{"id":1,"summary":"x","status":{"id":16,"name":"New"},"owner":{"id":1,"name":"A"},"closedFlag":false,"customFields":[{"id":42,"value":""}]}""");
        var values = new Dictionary<string, RemoteRef?>(StringComparer.Ordinal)
        {
            [TicketFields.Status] = new("24", "Closed"),
            [TicketFields.Owner] = null,
            [TicketFields.MarkerStatus] = new("Resolved", "Resolved"),
            [TicketFields.MarkerRetrieved] = new("true", "true"),
        };

        var imagined = PsaImagine.Ticket(ticket, values, closed: true, new(new(), Installed));

        Assert.Equal(new RemoteRef("24", "Closed"), imagined.Status);
        Assert.Null(imagined.Owner);
        Assert.True(imagined.Closed);
        Assert.Equal("Resolved", imagined.MarkerStatus);
        Assert.True(imagined.MarkerRetrieved);
        Assert.Equal("x", imagined.Title);
    }

    private static RemoteTicket Map(string json)
    {
        using var document = JsonDocument.Parse(json);
        return PsaMap.ToTicket(document.RootElement, new(new(), Installed));
    }
}
