using System.Text.Json;
using Deskbridge.Connectors.ConnectWise.Psa;
using Xunit;

namespace Deskbridge.Connectors.Tests.Psa;

/// <summary>What ConnectWise's answer about a whole condition says of the ticket part, and where it says nothing (engine.md §6.9).</summary>
public sealed class AnsweredRuleTests
{
    private const string Raise = "Signl4Retrieved_c is false and the moon is full and Ticket Actual Age is less than 360 hours";
    private const string Close = "the moon is full and Ticket Actual Age is less than 360 hours and Signl4Retrieved_c is true and not Signl4Status_c contains Resolved";
    private static readonly DateTimeOffset Now = new(2026, 11, 20, 12, 0, 0, TimeSpan.Zero);
    private static readonly DateTimeOffset Changed = Now.AddMinutes(-5);
    private static readonly PsaRuleReader Reader = new(new ConnectWisePsaOptions());

    [Fact]
    public void Matched_Holds()
    {
        var verdict = Judge(Raise, Ticket(), matched: true);

        Assert.Equal((true, false), (verdict.Holds, verdict.IsUnknown));
        Assert.Contains("the moon is full", verdict.Trace[0].Text, StringComparison.Ordinal);
        Assert.Contains("matches the ticket", verdict.Trace[0].Actual, StringComparison.Ordinal);
    }

    [Fact]
    public void NotMatched_WhereEveryOtherClauseHolds_DoesNotHold()
    {
        var verdict = Judge(Raise, Ticket(), matched: false);

        Assert.Equal((false, false), (verdict.Holds, verdict.IsUnknown));
    }

    [Fact]
    public void NotMatched_WhereTheMarkerInConnectWiseSaysOtherwise_IsUnknown()
    {
        Assert.True(Judge(Raise, Ticket(retrieved: true), matched: false).IsUnknown);
        Assert.True(Judge(Close, Ticket(retrieved: true, status: "Resolved"), matched: false).IsUnknown);
        Assert.True(Judge(Close, Ticket(retrieved: false), matched: false).IsUnknown);
        Assert.False(Judge(Close, Ticket(retrieved: true, status: "Acknowledged"), matched: false).IsUnknown);
    }

    [Fact]
    public void NotMatched_WhereTheTicketIsTooOld_IsUnknown()
    {
        Assert.True(Judge(Raise, Ticket(ageHours: 361), matched: false).IsUnknown);
        Assert.True(Judge(Raise, Ticket(ageHours: 360), matched: false).IsUnknown);
        Assert.False(Judge(Raise, Ticket(ageHours: 359), matched: false).IsUnknown);
    }

    [Fact]
    public void NoAnswerYet_IsUnknown() => Assert.True(Reader.Evaluate(Event(Raise), Ticket(), Fresh, null, Now).IsUnknown);

    [Fact]
    public void TicketThatChangedSinceOrAboutTheQuestion_IsUnknown()
    {
        Assert.True(Judge(Raise, Ticket(changed: Now.AddSeconds(-1)), matched: false).IsUnknown);
        Assert.True(Judge(Raise, Ticket(changed: Now.AddSeconds(5)), matched: true, Changed).IsUnknown);
        Assert.False(Judge(Raise, Ticket(changed: Now.AddSeconds(-1)), matched: true, Now.AddSeconds(-1)).IsUnknown);
    }

    /// <summary>ConnectWise looks at its own field, and the verdict must rest on what the hub knows.</summary>
    [Fact]
    public void MarkerClauseInAGroup_ThatDiffersFromWhatTheHubKnows_IsUnknown()
    {
        const string Condition = "Signl4Retrieved_c is false and (the moon is full or Signl4Status_c contains Resolved)";

        Assert.True(Judge(Condition, Ticket(status: "Resolved"), matched: true).IsUnknown);
        Assert.True(Judge(Condition, Ticket(), matched: true).Holds);
    }

    [Fact]
    public void LocalEvaluation_OfAnUnreadableCondition_IsUnknownAndDoesNotThrow()
    {
        var verdict = Reader.Evaluate(Event(Raise), Ticket(), Fresh, Now);

        Assert.Equal((false, true), (verdict.Holds, verdict.IsUnknown));
    }

    [Fact]
    public void Expects_ReadsTheMarkersOfTheTicketAndLeavesOutWhatTimeTurnsNow()
    {
        const string Condition = "Signl4Retrieved_c is false and Board is Help and Ticket Actual Age is less than 360 hours";

        Assert.True(Reader.Expects(Event(Condition), Ticket(), Now));
        Assert.False(Reader.Expects(Event(Condition), Ticket(retrieved: true), Now));
        Assert.Null(Reader.Expects(Event(Condition), Ticket(ageHours: 360), Now));
        Assert.Null(Reader.Expects(Event(Raise), Ticket(), Now));
    }

    private static MarkerAnswers Fresh => new(Retrieved: false, Status: "", User: "");

    private static RuleVerdict Judge(string condition, RemoteTicket ticket, bool matched, DateTimeOffset? changed = null) =>
        Reader.Evaluate(Event(condition), ticket, Fresh, new EventAnswer(Now, matched ? new Dictionary<string, DateTimeOffset?> { ["1"] = changed ?? ticket.UpdatedAt } : []), Now);

    private static InboundEvent Event(string condition) => new("9", InboundEventKind.Raise, "Rule", condition);

    private static RemoteTicket Ticket(bool? retrieved = null, string status = "", double ageHours = 1, DateTimeOffset? changed = null)
    {
        var flag = retrieved switch { true => "true", false => "false", _ => "null" };
        var entered = Now.AddHours(-ageHours).ToString("yyyy-MM-ddTHH:mm:ssZ", System.Globalization.CultureInfo.InvariantCulture);
        var updated = (changed ?? Changed).ToString("yyyy-MM-ddTHH:mm:ssZ", System.Globalization.CultureInfo.InvariantCulture);
        using var document = JsonDocument.Parse(
            $$"""
            {"id":1,"board":{"id":1,"name":"Help"},"_info":{"dateEntered":"{{entered}}","lastUpdated":"{{updated}}"},
             "customFields":[{"id":41,"caption":"Signl4Retrieved_c","value":{{flag}}},{"id":42,"caption":"Signl4Status_c","value":"{{status}}"}]}
            """);
        return PsaMap.ToTicket(document.RootElement, new(new ConnectWisePsaOptions(), new Dictionary<string, string>(StringComparer.Ordinal)));
    }
}
