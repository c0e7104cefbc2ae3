using Deskbridge.Connectors;
using Deskbridge.Core.Alerting;
using Deskbridge.Core.Alerting.Planning;
using Deskbridge.Core.Common;
using Deskbridge.Core.Sync;
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

    /// <summary>Each raising event is a rule of its own: the ticket comes back by the one that turns true, and by the one that raised its alert when it is opened again.</summary>
    [Theory]
    [InlineData(ReturnPolicy.ReopenAlert, nameof(AlertMove.Reopen))]
    [InlineData(ReturnPolicy.NewAlert, nameof(AlertMove.Renew))]
    [InlineData(ReturnPolicy.NewAlertLater, nameof(AlertMove.Renew))]
    [InlineData(ReturnPolicy.Ignore, nameof(AlertMove.None))]
    public void PolicyOfTheRuleByWhichATicketComesBack_Counts(ReturnPolicy policy, string expected)
    {
        var others = policy == ReturnPolicy.Ignore ? ReturnPolicy.ReopenAlert : ReturnPolicy.Ignore;
        var closed = ByEvent(Closed(others), PlannedPair.EscalatedEvent, policy);
        closed = closed with { Alert = closed.Alert! with { ChangedAt = PlannedPair.Now.AddHours(-8) } };

        // The flag falls for the rule that raised the alert; that another rule holds now is its own business.
        var waiting = closed.Technician(PlannedPair.Waiting).Plan();
        Assert.Equal(others == ReturnPolicy.Ignore ? AlertMove.None : AlertMove.Reopen, waiting.Move);
        var raisedByOther = closed with { Link = closed.Link! with { Base = closed.Link.Base with { RaisedBy = PlannedPair.EscalatedEvent } } };
        Assert.Equal(expected, raisedByOther.Technician(PlannedPair.Waiting).Plan().Move.ToString());

        // Ignored first, and then the other rule turns true.
        var ignored = closed with { Settings = closed.Settings with { WhenTicketReturns = ReturnPolicy.Ignore } };
        var again = ignored.Technician(PlannedPair.Waiting).PlanAndApply().Technician(PlannedPair.Escalated).Plan();
        Assert.Equal(expected, again.Move.ToString());
        Assert.Contains("Ticket came back", Assert.Single(again.Lines, line => line.Kind is not "news").Message, StringComparison.Ordinal);
    }

    /// <summary>Closed and open again in a state that another rule asks for: both have a word, and the one that does most counts.</summary>
    [Fact]
    public void TwoRulesAtOnce_TheOneThatDoesMostCounts()
    {
        var plan = ByEvent(Closed(ReturnPolicy.Ignore), PlannedPair.EscalatedEvent, ReturnPolicy.NewAlert).Technician(PlannedPair.Escalated).Plan();

        Assert.Equal((AlertMove.Renew, PlannedPair.EscalatedEvent), (plan.Move, plan.Base.RaisedBy));
        Assert.Contains($"event {PlannedPair.EscalatedEvent}", plan.Lines[^1].Why);
    }

    /// <summary>A ticket passed over at Install raises when another rule begins to match it; one that goes on matching raises nothing.</summary>
    [Theory]
    [InlineData(PlannedPair.New, nameof(AlertMove.None))]
    [InlineData(PlannedPair.Escalated, nameof(AlertMove.Raise))]
    public void HeldTicket_RaisesByTheRuleThatBeginsToMatch(string status, string expected)
    {
        var plan = PlannedPair.Entered().Held().Technician(status).Plan();

        Assert.Equal(expected, $"{plan.Move}");
        Assert.Equal(expected == nameof(AlertMove.Raise) ? PlannedPair.EscalatedEvent : null, plan.Base.RaisedBy);
    }

    /// <summary>A base written by a release that kept one verdict for each kind of event.</summary>
    [Fact]
    public void BaseOfAnOlderRelease_IsUnderstood()
    {
        var pair = Closed(ReturnPolicy.ReopenAlert);
        var older = Json.Read<LinkBase>(Json.Write(pair.Link!.Base with { RaisedBy = null, Verdicts = new Dictionary<string, bool> { ["Raise"] = false, ["Acknowledge"] = false, ["Close"] = true } }));
        pair = pair with { Link = pair.Link with { Base = older } };

        Assert.Equal(AlertMove.None, pair.Plan().Move);
        Assert.Equal(AlertMove.Reopen, pair.Technician(PlannedPair.New).Plan().Move);
        Assert.DoesNotContain("Raise", pair.Plan().Base.Verdicts.Keys);
    }

    private static PlannedPair ByEvent(PlannedPair pair, string eventId, ReturnPolicy policy) =>
        pair with { Settings = pair.Settings with { EventReturns = [new EventReturn(eventId, policy, 8)] } };

    private static PlannedPair Raised(ReturnPolicy policy) =>
        (PlannedPair.Entered() with { Settings = new PlannedPair.Preferences { WhenTicketReturns = policy } }).PlanAndApply().Send();

    private static PlannedPair Acknowledged(ReturnPolicy policy) => Raised(policy).Technician(PlannedPair.InProgress).PlanAndApply().Send();

    private static PlannedPair Closed(ReturnPolicy policy) => Raised(policy).Technician(PlannedPair.Closed).PlanAndApply().Send();
}
