using System.Text.Json;
using Deskbridge.Connectors.ConnectWise.Psa.Rules;
using Xunit;

namespace Deskbridge.Connectors.Tests.Psa.Rules;

/// <summary>Clauses about custom fields that an administrator of the instance made, by caption and kind.</summary>
public sealed class OwnFieldTests
{
    private static readonly RuleNames Names = RuleNames.None
        .WithField("Change Window", CustomFieldKind.Text)
        .WithField("Wake somebody", CustomFieldKind.Checkbox)
        .WithField("Seats", CustomFieldKind.Number)
        .WithField("Seats and desks (new)", CustomFieldKind.Number)
        .WithField("Go Live", CustomFieldKind.Date)
        .WithField("Priority", CustomFieldKind.Text)
        .WithField("Status", CustomFieldKind.Checkbox);

    [Theory]
    [InlineData("Change Window contains Sundays", true)]
    [InlineData("change  window is \"Sundays 02:00\"", true)]
    [InlineData("Change Window does not contain Mondays", true)]
    [InlineData("Change Window like \"Sun*\"", true)]
    [InlineData("Change Window is not Mondays and Wake somebody is false", true)]
    [InlineData("Wake somebody is true", false)]
    [InlineData("Wake somebody = false", true)]
    [InlineData("Wake somebody != true", true)]
    [InlineData("Wake somebody = null", true)]
    [InlineData("Seats = 12", true)]
    [InlineData("Seats > 11.5 and Seats < 13", true)]
    [InlineData("Seats in (1, 12)", true)]
    [InlineData("Seats and desks (new) > -1", false)]
    [InlineData("Seats and desks (new) = null and (Seats >= 12 or Wake somebody is true)", true)]
    [InlineData("Go Live < [2026-12-24T08:00:00Z]", true)]
    [InlineData("Go Live >= [2026-12-24T08:00:00Z] or Go Live = null", false)]
    [InlineData("Summary contains disk and not Wake somebody is true", true)]
    [InlineData("Priority is Low", true)] // the ticket's own priority, not the field of that name
    public void Clause_IsReadPrintedAndEvaluated(string condition, bool holds)
    {
        var parsed = RuleText.Parse(condition, Names);

        Assert.Null(parsed.Unreadable);
        Assert.Equal(parsed.Expression, RuleText.Parse(RuleText.Print(parsed.Expression!), Names).Expression);
        var verdict = RuleText.Evaluate(parsed.Expression, Ticket(), RuleSamples.NoMarkers, RuleSamples.Now);
        Assert.Equal(holds, verdict.Holds);
        Assert.All(verdict.Trace, clause => Assert.NotEqual("", clause.Actual));
    }

    /// <summary>A clause that does not fit what the field holds would be false for ever.</summary>
    [Theory]
    [InlineData("Change Window is true")]
    [InlineData("Change Window > 4")]
    [InlineData("Wake somebody contains yes")]
    [InlineData("Wake somebody = \"yes\"")]
    [InlineData("Seats is true")]
    [InlineData("Seats contains \"1\"")]
    [InlineData("Go Live = 12")]
    [InlineData("Quiet Hours is true")]
    [InlineData("Change Window is true and Ticket Actual Age is less than 360 hours")]
    public void Clause_ThatDoesNotFitTheField_IsRefused(string condition) =>
        Assert.Contains("is not known", RuleText.Parse($"Ticket is closed and {condition}", Names).Unreadable!.Message, StringComparison.Ordinal);

    /// <summary>Where the fields could not be read, a clause about one must not vanish into the name before it: it would be false for ever.</summary>
    [Theory]
    [InlineData("Priority is P1 and Wake somebody is true", false)]
    [InlineData("Priority is P1 and not Wake somebody is true", false)]
    [InlineData("Company is Smith and Seats > 4", false)]
    [InlineData("Company is Smith and Change Window contains \"now\"", false)]
    [InlineData("Company is Smith and Sons", true)]
    [InlineData("Ticket is in Up and running status", true)]
    public void NameBeforeAClauseThatNobodyKnows_EndsBeforeIt(string condition, bool known) =>
        Assert.Equal(known, RuleText.Parse($"{condition} and Ticket Actual Age is less than 360 hours", RuleNames.None).Unreadable is null);

    [Fact]
    public void Caption_WithBlanksInIt_IsFoundOnTheTicket()
    {
        using var document = JsonDocument.Parse("""{ "customFields": [ { "id": 9, "caption": " Change  Window ", "value": "now" } ] }""");
        var parsed = RuleText.Parse("Change Window is now", Names).Expression;

        var clause = Assert.Single(RuleText.Evaluate(parsed, TicketFacts.From(document.RootElement), RuleSamples.NoMarkers, RuleSamples.Now).Trace);

        Assert.Equal((true, "Change Window is now", "now"), (clause.Holds, clause.Text, clause.Actual));
    }

    private static TicketFacts Ticket()
    {
        using var document = JsonDocument.Parse("""
            { "id": 1, "summary": "disk full", "priority": { "id": 1, "name": "Low" }, "customFields": [
              { "id": 7, "caption": "Change Window", "type": "Text", "value": "Sundays 02:00" }, { "id": 8, "caption": "Wake somebody", "type": "Checkbox", "value": null },
              { "id": 9, "caption": "Seats", "type": "Number", "value": 12 }, { "id": 10, "caption": "Go Live", "type": "Date", "value": "2026-12-01T00:00:00Z" },
              { "id": 11, "caption": "Priority", "type": "Text", "value": "another" } ] }
            """);
        return TicketFacts.From(document.RootElement);
    }
}
