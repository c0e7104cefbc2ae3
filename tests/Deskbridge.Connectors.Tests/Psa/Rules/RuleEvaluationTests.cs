using System.Text.Json;
using Deskbridge.Connectors.ConnectWise.Psa.Rules;
using Xunit;

namespace Deskbridge.Connectors.Tests.Psa.Rules;

public sealed class RuleEvaluationTests
{
    private static readonly DateTimeOffset Entered = new(2026, 11, 20, 14, 2, 11, TimeSpan.Zero);

    private static readonly TicketFacts Ticket = TicketFacts.From(JsonDocument.Parse("""
        { "id": 10342, "summary": "Backup failed on SRV-02", "board": { "id": 1, "name": "Service Desk" },
          "status": { "id": 16, "name": "New (not responded)" }, "company": { "id": 250, "identifier": "acme", "name": "Acme Corp" },
          "owner": { "id": 176, "identifier": "jdoe", "name": "John Doe" }, "severity": "Medium", "closedFlag": false, "parentTicketId": null,
          "priority": { "id": 4, "name": "Priority 3 - Normal Response" }, "slaStatus": "Respond by Mon 11/23 4:00 PM UTC-05",
          "_info": { "lastUpdated": "2026-11-20T15:00:00Z", "dateEntered": "2026-11-20T14:02:11Z" },
          "customFields": [ { "id": 41, "caption": "Signl4Retrieved_c", "type": "Checkbox", "value": true },
                            { "id": 42, "caption": "Region_c", "value": "North Unacknowledged" }, { "id": 43, "caption": "Empty_c", "value": null } ] }
        """).RootElement);

    [Theory]
    [InlineData("Ticket is in NEW (NOT RESPONDED) status", true)]
    [InlineData("Ticket is not in New (not responded) status", false)]
    [InlineData("Ticket has been assigned", true)]
    [InlineData("Ticket has been responded to", false)]
    [InlineData("Ticket is not closed", true)]
    [InlineData("Company is acme", true)]
    [InlineData("Owner is jdoe", true)]
    [InlineData("Severity is Medium", true)]
    [InlineData("Summary contains fail", true)]
    [InlineData("Region_c contains North", true)]
    [InlineData("Region_c contains Acknowledged", false)]
    [InlineData("Region_c contains Nor", false)]
    [InlineData("Empty_c is false", true)]
    [InlineData("Absent_c is false", true)]
    [InlineData("Empty_c contains x", false)]
    [InlineData("Empty_c does not contain x", true)]
    [InlineData("Signl4Retrieved_c is false", true)]
    [InlineData("signl4retrieved_c = false", true)]
    [InlineData("Board/Id in (3, 1)", true)]
    [InlineData("priority/name like 'priority 3*'", true)]
    [InlineData("summary like '*[[]x]*'", false)]
    [InlineData("parentTicketId = null", true)]
    [InlineData("owner/name != null", true)]
    [InlineData("lastUpdated > [2026-11-20T14:59:59Z]", true)]
    [InlineData("dateEntered < [2026-11-20 16:02:11+02:00]", false)]
    [InlineData("id < 9", false)]
    public void Clause_OnATicket_HoldsAsDocumented(string text, bool holds) =>
        Assert.Equal(holds, Evaluate(text, Entered).Holds);

    [Theory]
    [InlineData("Ticket is closed and Company is acme", "", "")]
    [InlineData("Ticket is closed or Company is acme", "0 any True", "0 any True")]
    [InlineData("not (Ticket is closed or Company is acme)", "", "")]
    [InlineData("Company is acme and not (Ticket is closed and Company is acme)", "", "1 any True", "1 any True")]
    [InlineData("(Ticket is closed and Company is acme) or Summary contains none", "0 any False/0 all False", "0 any False/0 all False", "0 any False")]
    public void Trace_SaysInWhichGroupsEachClauseStands(string text, params string[] within) =>
        Assert.Equal(within, Evaluate(text, Entered).Trace.Select(clause => string.Join('/', clause.Within.Select(group => $"{group.From} {(group.Any ? "any" : "all")} {group.Holds}"))));

    [Fact]
    public void MarkerClause_IsAnsweredFromTheLink_NotFromTheTicket()
    {
        Assert.True(Evaluate("Signl4Retrieved_c is false", Entered).Holds);
        var linked = new MarkerFacts(new MarkerNames(), true, "Acknowledged", "jo@acme.test");
        var rule = Read("Signl4Retrieved_c is true and Signl4Status_c contains Acknowledged and Signl4User_c is jo@acme.test and (Signl4Status_c contains Resolved or Ticket is not closed)");
        Assert.True(RuleText.Evaluate(rule, Ticket, linked, Entered).Holds);
    }

    [Theory]
    [InlineData("Ticket Actual Age is less than 4 hours")]
    [InlineData("Ticket Actual Age is more than 4 hours")]
    [InlineData("Ticket Actual Age is more than 240 minutes and Ticket Actual Age is less than 30 days")]
    public void AgeClause_AtItsChangeInstant_HasTurned(string text)
    {
        var first = Evaluate(text, Entered);
        Assert.Equal(Entered.AddHours(4), first.ChangesAt);
        Assert.Equal(first.Holds, Evaluate(text, first.ChangesAt!.Value.AddTicks(-1)).Holds);
        Assert.NotEqual(first.Holds, Evaluate(text, first.ChangesAt.Value).Holds);
    }

    [Fact]
    public void ChangeInstant_WhenAgeCannotChangeTheVerdict_IsNone()
    {
        Assert.Null(Evaluate("Ticket is closed and Ticket Actual Age is more than 4 hours", Entered).ChangesAt);
        Assert.Null(Evaluate("Ticket Actual Age is more than 4 hours", Entered.AddHours(5)).ChangesAt);
    }

    [Fact]
    public void Trace_OfAFailedRule_NamesTheClauseThatWasFalse()
    {
        var verdict = Evaluate("Ticket is in New (not responded) status and not Ticket has been assigned and Priority is Priority 3 - Normal Response", Entered);
        Assert.False(verdict.Holds);
        var decided = Assert.Single(verdict.Trace, result => result.Decided);
        Assert.Equal(("Ticket has been assigned", true, true, "assigned"), (decided.Text, decided.Holds, decided.Negated, decided.Actual));
        Assert.Equal("New (not responded)", verdict.Trace[0].Actual);
    }

    [Fact]
    public void EmptyTicketPart_AlwaysHolds() =>
        Assert.Equal((true, (DateTimeOffset?)null), (RuleText.Evaluate(null, Ticket, RuleSamples.NoMarkers, Entered).Holds, null));

    [Theory]
    [InlineData("{}")]
    [InlineData("[]")]
    [InlineData("""{ "summary": 5, "owner": "jdoe", "customFields": [null, 3, { "caption": 4 }], "_info": [], "status": null, "resources": " " }""")]
    public void Facts_OfAnOddTicket_AreReadWithoutError(string json)
    {
        var facts = TicketFacts.From(JsonDocument.Parse(json).RootElement);
        Assert.Null(facts.Entered);
        Assert.False(facts.Closed);
    }

    [Theory]
    [InlineData("""{ "resources": "jdoe" }""", true, false)]
    [InlineData("""{ "owner": { "id": 1, "name": "Jo" }, "dateResponded": "2026-11-20T15:00:00Z" }""", true, true)]
    [InlineData("""{ "slaStatus": "Resolve by Mon 01/27 4:00 PM UTC-08" }""", false, true)]
    [InlineData("""{ "slaStatus": "Respond by Mon 01/27 4:00 PM UTC-08", "owner": null }""", false, false)]
    public void Facts_AssignedAndResponded_AreInferred(string json, bool assigned, bool responded)
    {
        var facts = TicketFacts.From(JsonDocument.Parse(json).RootElement);
        Assert.Equal((assigned, responded), (facts.Assigned, facts.Responded));
    }

    /// <summary>Time alone turns a condition at its instant and not a tick before, whatever the unit and however deep the clause.</summary>
    [Theory]
    [InlineData("Ticket Actual Age is more than 90 minutes", 1.5)]
    [InlineData("Ticket Actual Age is more than 1.5 hours", 1.5)]
    [InlineData("Ticket Actual Age is less than 0.25 days", 6)]
    [InlineData("Ticket is closed or not (Ticket Actual Age is less than 4 hours and Ticket is not closed)", 4)]
    [InlineData("Ticket is not closed and (Ticket Actual Age is more than 30.25 hours or Ticket Actual Age is less than 1 minute) and Ticket Actual Age is more than 2 minutes", 30.25)]
    public void TimeAlone_TurnsTheConditionAtItsInstant(string text, double hours)
    {
        var from = Entered.AddMinutes(10);
        var verdict = Evaluate(text, from);
        var turns = Entered.AddHours(hours);

        Assert.Equal(turns, verdict.ChangesAt);
        Assert.Equal(verdict.Holds, Evaluate(text, turns.AddTicks(-1)).Holds);
        Assert.NotEqual(verdict.Holds, Evaluate(text, turns).Holds);
    }

    private static ConditionVerdict Evaluate(string text, DateTimeOffset now) =>
        RuleText.Evaluate(Read(text), Ticket, RuleSamples.NoMarkers, now);

    private static RuleExpression Read(string text)
    {
        var parse = RuleText.Parse(text, RuleNames.None);
        Assert.True(parse.Expression is not null, parse.Unreadable?.Message);
        return parse.Expression;
    }
}
