using Deskbridge.Connectors;
using Deskbridge.Core.Alerting;
using Deskbridge.Core.Alerting.Planning;
using Xunit;

namespace Deskbridge.Core.Tests.Alerting.Planning;

/// <summary>Tickets that come back, under each policy (S56, engine.md §6.5).</summary>
public sealed class ReentryTests
{
    [Theory]
    [InlineData(ReturnPolicy.ReopenAlert, nameof(AlertMove.Reopen))]
    [InlineData(ReturnPolicy.NewAlert, nameof(AlertMove.Renew))]
    [InlineData(ReturnPolicy.Ignore, nameof(AlertMove.None))]
    public void ClosedTicket_OpenedAgain_DoesWhatThePolicySays(ReturnPolicy policy, string expected)
    {
        var plan = Closed(policy).Technician(PlannedPair.Waiting).Plan();

        Assert.Equal(expected, $"{plan.Move}");
        Assert.StartsWith("Ticket came back", Assert.Single(plan.Lines).Message);
    }

    [Theory]
    [InlineData(23, nameof(AlertMove.Reopen))]
    [InlineData(24, nameof(AlertMove.Renew))]
    public void ClosedTicket_OpenedAgain_IsANewAlertOnlyAfterTheHoursOfTheSettings(int hours, string expected)
    {
        var pair = Closed(ReturnPolicy.NewAlertLater);
        pair = pair with { Alert = pair.Alert! with { ChangedAt = PlannedPair.Now.AddHours(-hours) } };

        Assert.Equal(expected, pair.Technician(PlannedPair.Waiting).Plan().Move.ToString());
    }

    [Theory]
    [InlineData(ReturnPolicy.ReopenAlert, nameof(AlertMove.Reopen))]
    [InlineData(ReturnPolicy.NewAlert, nameof(AlertMove.Renew))]
    [InlineData(ReturnPolicy.NewAlertLater, nameof(AlertMove.Reopen))]
    [InlineData(ReturnPolicy.Ignore, nameof(AlertMove.None))]
    public void AcknowledgedTicket_ThatIsNewAgain_DoesWhatThePolicySays(ReturnPolicy policy, string expected) =>
        Assert.Equal(expected, Acknowledged(policy).Technician(PlannedPair.New).Plan().Move.ToString());

    [Theory]
    [InlineData(ReturnPolicy.ReopenAlert)]
    [InlineData(ReturnPolicy.NewAlert)]
    [InlineData(ReturnPolicy.NewAlertLater)]
    [InlineData(ReturnPolicy.Ignore)]
    public void OpenAlert_WhoseTicketMatchesAgain_OnlyGetsALine(ReturnPolicy policy)
    {
        var plan = Raised(policy).Technician(PlannedPair.Waiting).PlanAndApply().Technician(PlannedPair.New).Plan();

        Assert.Equal((AlertMove.None, "repeated"), (plan.Move, Assert.Single(plan.Lines).Kind));
    }

    [Fact]
    public void IgnoredTicket_LeavesARowThatSaysWhyTheSidesDiffer()
    {
        var plan = Closed(ReturnPolicy.Ignore).Technician(PlannedPair.Waiting).Plan();

        var decided = Assert.Single(plan.Decisions);
        Assert.Equal((TicketFields.Status, "closed", "Waiting"), (decided.Field, decided.HubValue, decided.RemoteValue));
        Assert.Contains("ignore", decided.Decision);
    }

    /// <summary>S59, S60: without its mapping a status of the ticket says nothing about the alert.</summary>
    [Theory]
    [InlineData(StatusFlows.TicketAcknowledges, PlannedPair.InProgress, nameof(AlertMove.Acknowledge))]
    [InlineData(StatusFlows.TicketCloses, PlannedPair.Closed, nameof(AlertMove.Close))]
    public void InboundMappingSwitchedOff_LeavesTheAlertAsItIs(StatusFlows mapping, string status, string otherwise)
    {
        var pair = Raised(ReturnPolicy.ReopenAlert).Technician(status);

        Assert.Equal(otherwise, $"{pair.Plan().Move}");
        Assert.Equal(AlertMove.None, (pair with { Settings = pair.Settings with { Flows = StatusFlows.All & ~mapping } }).Plan().Move);
    }

    [Fact]
    public void MappingSwitchedOff_IgnoresWhateverThePolicySays()
    {
        var pair = Closed(ReturnPolicy.NewAlert);
        pair = pair with { Settings = pair.Settings with { Flows = StatusFlows.All & ~StatusFlows.TicketReopens } };

        var plan = pair.Technician(PlannedPair.Waiting).Plan();

        Assert.Equal(AlertMove.None, plan.Move);
        Assert.Contains("status mapping", Assert.Single(plan.Lines).Why);
    }

    /// <summary>Re-entry first, then the update edges: what is new is taken already, so that nobody is paged.</summary>
    [Fact]
    public void NewAlert_ForATicketThatSomebodyTookAtOnce_BeginsAcknowledged()
    {
        var plan = Closed(ReturnPolicy.NewAlert).Technician(PlannedPair.InProgress).Plan();

        Assert.Equal((AlertMove.Renew, AlertStatus.Acknowledged), (plan.Move, plan.FirstStatus));
        Assert.Equal(["raised", "acknowledged"], plan.Lines.Select(line => line.Kind));
        Assert.Equal("Acknowledged", plan.Transition!.Set[TicketFields.MarkerStatus]);
    }

    [Fact]
    public void PersonsWord_NotYetOnTheTicket_WinsOverEveryPolicy()
    {
        var plan = Closed(ReturnPolicy.NewAlert).Person(AlertStatus.Open).PlanAndApply().Person(AlertStatus.Closed).Technician(PlannedPair.Waiting).Plan();

        Assert.Equal(AlertMove.None, plan.Move);
        Assert.Contains(plan.Lines, line => line.Kind == "conflict");
    }

    [Fact]
    public void Unacknowledge_WithItsMappingOff_WritesOnlyMarkersAndGivesTheOwnerBack()
    {
        var pair = Raised(ReturnPolicy.ReopenAlert);
        pair = pair with { Settings = pair.Settings with { Flows = StatusFlows.All & ~StatusFlows.UnacknowledgeUpdates } };

        pair = pair.Person(AlertStatus.Acknowledged).PlanAndApply().Send().Person(AlertStatus.Open).PlanAndApply().Send();

        Assert.Equal(PlannedPair.Assigned, pair.Ticket[TicketFields.Status]);
        Assert.Null(pair.Ticket[TicketFields.Owner]);
        Assert.Null(pair.Ticket[TicketFields.MarkerStatus]);
    }

    private static PlannedPair Raised(ReturnPolicy policy) =>
        (PlannedPair.Entered() with { Settings = new PlannedPair.Preferences { WhenTicketReturns = policy } }).PlanAndApply().Send();

    private static PlannedPair Acknowledged(ReturnPolicy policy) => Raised(policy).Technician(PlannedPair.InProgress).PlanAndApply().Send();

    private static PlannedPair Closed(ReturnPolicy policy) => Raised(policy).Technician(PlannedPair.Closed).PlanAndApply().Send();
}
