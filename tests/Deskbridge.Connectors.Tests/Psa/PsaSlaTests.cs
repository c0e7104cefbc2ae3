using System.Globalization;
using System.Text.Json;
using Deskbridge.Connectors.ConnectWise.Psa;
using Xunit;

namespace Deskbridge.Connectors.Tests.Psa;

/// <summary>An alert shows how long the present stage of the ticket's service level may still take.</summary>
public sealed class PsaSlaTests
{
    private const string Entered = """ "_info":{"dateEntered":"2026-11-20T13:00:00Z"} """;

    [Theory]
    [InlineData("""{"slaStatus":"Respond by Mon 11/23 4:00 PM UTC-05","respondByGoalUTC":"2026-11-23T21:00:30Z","resolutionGoalUTC":"2026-11-30T21:00:00Z"}""", "2026-11-23T21:00:30Z")]
    [InlineData("""{"slaStatus":"Plan by Tue 11/24 4:00 PM UTC-05","resplanGoalUTC":"2026-11-24T21:00:00Z"}""", "2026-11-24T21:00:00Z")]
    [InlineData("""{"slaStatus":"Resolve by Mon 11/30 4:00 PM UTC-05","respondByGoalUTC":"2026-11-23T21:00:00Z","resolutionGoalUTC":"2026-11-30T21:00:00Z"}""", "2026-11-30T21:00:00Z")]
    [InlineData("""{"slaStatus":"Respond by Mon 11/23 4:00 PM UTC-05",""" + Entered + "}", "2026-11-23T21:00:00Z")]
    [InlineData("""{"slaStatus":"Respond by Mon 23/11 16:00 UTC+05:30",""" + Entered + "}", "2026-11-23T10:30:00Z")]
    [InlineData("""{"slaStatus":"Resolve by Tue 01/12 9:15 AM UTC+00",""" + Entered + "}", null)] // 1 December 2026 and 12 January 2027 are both Tuesdays
    [InlineData("""{"slaStatus":"Resolve by Wed 02/12 9:15 AM UTC+00",""" + Entered + "}", "2026-12-02T09:15:00Z")]
    [InlineData("""{"slaStatus":"Respond by Tue 11/23 4:00 PM UTC-05",""" + Entered + "}", null)]
    [InlineData("""{"slaStatus":"Waiting","resolutionGoalUTC":"2026-11-30T21:00:00Z"}""", null)]
    [InlineData("""{"slaStatus":"Resolve by Mon 11/30 4:00 PM UTC-05","resolutionGoalUTC":"2026-11-30T21:00:00Z","closedFlag":true}""", null)]
    public void Sla_IsDueWhenItsPresentStageEnds_WhereTheRecordTells(string ticket, string? due) =>
        Assert.Equal(due is null ? null : DateTimeOffset.Parse(due, CultureInfo.InvariantCulture), Sla(ticket).Due);

    [Fact]
    public void Sla_WithAGoal_IsToldInUtcSoThatEachReaderSeesItInTheirZone() =>
        Assert.Equal("Respond by 2026-11-23 21:00:00 UTC", Sla("""{"slaStatus":"Respond by Mon 11/23 4:00 PM UTC-05","respondByGoalUTC":"2026-11-23T21:00:00Z","closedFlag":true}""").Value);

    [Theory]
    [InlineData("true", "Waiting")]
    [InlineData("null", "Waiting")]
    [InlineData("false", "Waiting (outside the SLA)")]
    public void Sla_ThatWasMissed_SaysSo(string isInSla, string shown) => Assert.Equal(shown, Sla($$"""{"slaStatus":"Waiting","isInSla":{{isInSla}}}""").Value);

    private static TicketDetail Sla(string ticket)
    {
        using var document = JsonDocument.Parse(ticket);
        return PsaDetailMap.InBody(document.RootElement).Single(detail => detail.Name == "SLA");
    }
}
