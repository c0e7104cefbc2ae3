using Deskbridge.Connectors.ConnectWise.Psa.Rules;
using Xunit;

namespace Deskbridge.Connectors.Tests.Psa.Rules;

public sealed class RulePartsTests
{
    [Theory]
    [InlineData("Signl4Retrieved_c is false and Ticket is closed", nameof(RuleRole.Retrieval))]
    [InlineData("not Signl4Retrieved_c is true and Ticket is closed", nameof(RuleRole.Retrieval))]
    [InlineData("Signl4Retrieved_c = false", nameof(RuleRole.Retrieval))]
    [InlineData("Signl4Retrieved_c is true and not Signl4Status_c contains Acknowledged", nameof(RuleRole.Acknowledge))]
    [InlineData("Signl4Status_c does not contain Resolved and Ticket is closed", nameof(RuleRole.Close))]
    [InlineData("Signl4Status_c contains Acknowledged", nameof(RuleRole.OutboundAcknowledge))]
    [InlineData("Signl4Status_c equals Resolved", nameof(RuleRole.OutboundClose))]
    [InlineData("Signl4Retrieved_c is true and Ticket Actual Age is less than 360 hours", nameof(RuleRole.Reserved))]
    [InlineData("Ticket is closed", nameof(RuleRole.Reserved))]
    [InlineData("Ticket is closed or Signl4Retrieved_c is false", nameof(RuleRole.Reserved))]
    [InlineData("not Signl4Status_c contains Resolved and not Signl4Status_c contains Acknowledged", nameof(RuleRole.Reserved))]
    public void Role_IsToldByTheMarkerClauses(string text, string role) => Assert.Equal(role, Split(text).Role.ToString());

    [Fact]
    public void ClosingEvent_OfTheDefaults_IsTakenApart()
    {
        var parts = Split(new DefaultConditions().UpdateEvents[0]);
        Assert.Equal("Ticket is in Closed (resolved) status", RuleText.Print(parts.TicketPart!));
        Assert.Equal("Signl4Retrieved_c is true; not Signl4Status_c contains Resolved", string.Join("; ", parts.MarkerClauses.Select(RuleText.Print)));
        Assert.Equal("Ticket Actual Age is less than 360 hours", RuleText.Print(parts.FixedAge!));
    }

    [Fact]
    public void TicketPart_WithNothingLeft_IsNull() => Assert.Null(Split("Signl4Retrieved_c is true and Ticket Actual Age is less than 360 hours").TicketPart);

    [Theory]
    [InlineData("Ticket Actual Age is less than 500 hours and Ticket Actual Age is less than 360 hours and Ticket is closed", 360, "Ticket Actual Age is less than 500 hours and Ticket is closed")]
    [InlineData("Ticket Actual Age is less than 5 hours and Ticket Actual Age is less than 48 hours", 48, "Ticket Actual Age is less than 5 hours")]
    public void FixedAge_IsTheConfiguredWindow_ElseTheLargest(string text, int hours, string ticketPart)
    {
        var parts = Split(text);
        Assert.Equal(TimeSpan.FromHours(hours), parts.FixedAge!.Age);
        Assert.Equal(ticketPart, RuleText.Print(parts.TicketPart!));
    }

    [Fact]
    public void AgeClauses_OfOtherKindsOrDeeper_StayInTheTicketPart()
    {
        const string Text = "Ticket Actual Age is more than 4 hours and (Ticket Actual Age is less than 360 hours or Signl4Retrieved_c is true)";
        var parts = Split(Text);
        Assert.Null(parts.FixedAge);
        Assert.Equal(Text, RuleText.Print(parts.TicketPart!));
    }

    [Fact]
    public void DefaultConditions_AreTheVendorsTexts()
    {
        var defaults = new DefaultConditions();
        Assert.Equal(
            "Signl4Retrieved_c is false and Ticket is in New (not responded) status and Ticket Actual Age is less than 360 hours\n"
            + "Ticket Actual Age is less than 360 hours and Ticket is in New (not responded) status\n"
            + "Signl4Retrieved_c is true and Ticket Actual Age is less than 360 hours",
            string.Join('\n', defaults.TriggerEvents));
        Assert.Equal(
            "Ticket is in Closed (resolved) status and Ticket Actual Age is less than 360 hours and Signl4Retrieved_c is true and not Signl4Status_c contains Resolved\n"
            + "Ticket is in In Progress (plan of action) status and Ticket Actual Age is less than 360 hours and Signl4Retrieved_c is true and not Signl4Status_c contains Acknowledged",
            string.Join('\n', defaults.UpdateEvents));
        Assert.Equal("Signl4Status_c contains Acknowledged\nSignl4Status_c contains Resolved", string.Join('\n', defaults.OutboundEvents));
    }

    [Fact]
    public void DefaultConditions_WithOwnNames_UseThem()
    {
        var defaults = new DefaultConditions { Markers = new("Hub Retrieved", "Hub Status", "Hub User"), NewStatus = "Fresh and open", AgeWindowHours = 48 };
        var names = RuleNames.None.With(RuleSubject.CustomField, "Hub Retrieved", "Hub Status").With(RuleSubject.Status, "Fresh and open");
        Assert.Equal("Hub Retrieved is false and Ticket is in Fresh and open status and Ticket Actual Age is less than 48 hours", defaults.TriggerEvents[0]);
        var read = RuleText.Parse(defaults.TriggerEvents[0], names).Expression!;
        Assert.Equal(RuleRole.Retrieval, RuleParts.Split(read, defaults.Markers, 48).Role);
    }

    private static RuleParts Split(string text) =>
        RuleParts.Split(RuleText.Parse(text, RuleSamples.Names).Expression!, RuleSamples.Markers, 360);
}
