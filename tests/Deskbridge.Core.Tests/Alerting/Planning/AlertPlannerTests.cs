using Deskbridge.Connectors;
using Deskbridge.Core.Alerting;
using Deskbridge.Core.Alerting.Planning;
using Xunit;

namespace Deskbridge.Core.Tests.Alerting.Planning;

public sealed class AlertPlannerTests
{
    [Fact]
    public void MarkedTicket_FoundClosed_IsLinkedAsClosedAndItsMarkerSaysSo()
    {
        var pair = PlannedPair.Entered(PlannedPair.Closed);
        pair = pair with { Ticket = pair.Ticket with { MarkerRetrieved = true } };

        pair = pair.PlanAndApply().Send();

        Assert.Equal(AlertStatus.Closed, pair.Alert!.Status);
        Assert.Equal("Resolved", pair.Ticket.MarkerStatus);
    }

    /// <summary>It begins to match and is closed in one save; that it matches is news again when it is opened.</summary>
    [Fact]
    public void HeldTicket_ThatMatchesFromItsClosing_RaisesWhenItIsOpened()
    {
        var pair = PlannedPair.Entered().Held().Technician(PlannedPair.Waiting).PlanAndApply();
        pair = pair.Technician(PlannedPair.New);
        pair = pair with { Ticket = pair.Ticket with { Closed = true } };
        Assert.Equal(AlertMove.None, pair.Plan().Move);

        pair = pair.PlanAndApply().Technician(PlannedPair.New);

        Assert.Equal(AlertMove.Raise, pair.Plan().Move);
    }

    [Fact]
    public void TicketSideChange_NamesTheRuleAndTheClausesThatMadeItHold()
    {
        var pair = PlannedPair.Entered().PlanAndApply().Send();

        var taken = pair.Technician(PlannedPair.InProgress).Plan();
        var back = pair.Technician(PlannedPair.Closed).PlanAndApply().Send().Technician(PlannedPair.New).Plan();

        Assert.Equal("Rule \"Rule\": status asks to Acknowledge (In Progress)", Assert.Single(taken.Lines).Why);
        Assert.Equal("status asks to Acknowledge", Assert.Single(taken.Trace).Text);
        Assert.Equal("the ticket was closed and is open again", Assert.Single(back.Trace).Text);
    }

    /// <summary>The close comes before the owner of the acknowledge was sent: who acknowledged owns the ticket all the same.</summary>
    [Fact]
    public void Close_BeforeTheOwnerOfTheAcknowledgeWasSent_StillSetsIt()
    {
        var pair = PlannedPair.Entered().PlanAndApply().Send();

        pair = pair.Person(AlertStatus.Acknowledged).PlanAndApply().Person(AlertStatus.Closed).PlanAndApply().Send();

        Assert.True(pair.Ticket.Closed);
        Assert.Equal("7", pair.Ticket[TicketFields.Owner]);
    }

    /// <summary>The ticket looks assigned already, but that may be old news: the command goes to the sender, who reads before it judges.</summary>
    [Fact]
    public void Acknowledge_OfATicketThatLookedAssignedWhenLastSeen_IsStillCommanded()
    {
        var pair = PlannedPair.Entered().PlanAndApply().Send().Person(AlertStatus.Acknowledged).PlanAndApply().Send();

        pair = pair.Person(AlertStatus.Open).PlanAndApply().Person(AlertStatus.Acknowledged);

        Assert.Equal(PlannedPair.Assigned, pair.Plan().Transition!.Set[TicketFields.Status]);
    }

    [Fact]
    public void Unacknowledge_AfterAnAcknowledgeThatChangedNothing_StillPutsTheFirstStatusBack()
    {
        var pair = PlannedPair.Entered().PlanAndApply().Send().Technician(PlannedPair.Waiting).PlanAndApply();

        pair = pair.Person(AlertStatus.Acknowledged).PlanAndApply().Send().Person(AlertStatus.Open).PlanAndApply()
            .Person(AlertStatus.Acknowledged).PlanAndApply().Send().Person(AlertStatus.Open).PlanAndApply().Send();

        Assert.Equal(PlannedPair.Waiting, pair.Ticket[TicketFields.Status]);
    }

    [Fact]
    public void Unacknowledge_BeforeTheOwnerWasSent_SetsNone()
    {
        var pair = PlannedPair.Entered().PlanAndApply().Send();

        pair = pair.Person(AlertStatus.Acknowledged).PlanAndApply().Person(AlertStatus.Open).PlanAndApply().Person(AlertStatus.Closed).PlanAndApply().Send();

        Assert.Null(pair.Ticket[TicketFields.Owner]);
    }

    /// <summary>Even where owners are replaced: one who was set while ours was on its way is a later word.</summary>
    [Fact]
    public void Acknowledge_PlannedAgainAfterSomebodySetAnOwner_SchedulesNobody()
    {
        var pair = (PlannedPair.Entered() with { Settings = new PlannedPair.Preferences { OverwriteOwner = true } }).PlanAndApply().Send().Person(AlertStatus.Acknowledged).PlanAndApply();

        pair = pair.ToPlanAgain() with { Ticket = pair.Ticket with { Owner = new RemoteRef("9", "Bob") } };
        var plan = pair.Plan();

        Assert.DoesNotContain(TicketFields.Owner, plan.Follow!.Set.Keys);
        Assert.False(plan.Follow.AssignsOwner);
        Assert.Null(plan.Base.OwnerWeSet);
        Assert.Contains(plan.Decisions, decision => decision.Field == TicketFields.Owner);
    }

    /// <summary>The status arrived, the owner is overtaken: planning again must not measure from before the status was written (engine.md §6.3).</summary>
    [Fact]
    public void Acknowledge_WhoseStatusArrivedAndWasPutBackByATechnician_IsNotAssertedAgain()
    {
        var pair = PlannedPair.Entered().PlanAndApply().Send().Technician(PlannedPair.Waiting).PlanAndApply().Person(AlertStatus.Acknowledged).PlanAndApply();
        pair = pair.SendFirst();
        Assert.Equal(PlannedPair.Assigned, pair.Ticket[TicketFields.Status]);

        pair = pair.Technician(PlannedPair.Waiting).ToPlanAgain();
        var plan = pair.Plan();

        Assert.DoesNotContain(TicketFields.Status, plan.Transition?.Set.Keys ?? []);
        Assert.Equal("7", plan.Follow!.Set[TicketFields.Owner]);
        Assert.Equal(PlannedPair.Assigned, Assert.Single(plan.Decisions).BaseValue);
    }

    [Fact]
    public void Acknowledge_WhoseStatusArrived_IsPlannedAgainWithoutIt()
    {
        var pair = PlannedPair.Entered().PlanAndApply().Send().Person(AlertStatus.Acknowledged).PlanAndApply().SendFirst();

        var plan = pair.ToPlanAgain().Plan();

        Assert.Null(plan.Transition);
        Assert.Empty(plan.Decisions);
    }

    /// <summary>Closed wins over open, also while the close waits to be sent (engine.md §6.4).</summary>
    [Fact]
    public void Close_NotSentYet_WinsOverATicketThatComesBack()
    {
        var pair = PlannedPair.Entered().PlanAndApply().Send().Technician(PlannedPair.Waiting).PlanAndApply().Person(AlertStatus.Closed).PlanAndApply();

        pair = pair.Technician(PlannedPair.New);
        var plan = pair.Plan();

        Assert.Equal((AlertMove.None, "conflict"), (plan.Move, Assert.Single(plan.Lines).Kind));
        pair = pair.Apply(plan).Send().PlanAndApply();
        Assert.Equal((AlertStatus.Closed, true), (pair.Alert!.Status, pair.Ticket.Closed));
    }

    [Fact]
    public void Close_Sent_IsOpenedAgainByATicketThatComesBack()
    {
        var pair = PlannedPair.Entered().PlanAndApply().Send().Person(AlertStatus.Closed).PlanAndApply().Send();

        Assert.Equal(AlertMove.Reopen, pair.Technician(PlannedPair.New).Plan().Move);
    }

    [Fact]
    public void Unacknowledge_AfterOurAcknowledge_PutsTheStatusBack()
    {
        var pair = PlannedPair.Entered().PlanAndApply().Send().Technician(PlannedPair.Waiting).PlanAndApply();

        pair = pair.Person(AlertStatus.Acknowledged).PlanAndApply().Send().Person(AlertStatus.Open).PlanAndApply().Send();

        Assert.Equal(PlannedPair.Waiting, pair.Ticket[TicketFields.Status]);
        Assert.Null(pair.Ticket[TicketFields.Owner]);
    }

    /// <summary>The first re-open is overtaken by the second close before it was sent: the ticket still shows what the first close wrote.</summary>
    [Fact]
    public void Reopen_AfterAReopenThatWasNeverSent_OpensTheTicket()
    {
        var pair = PlannedPair.Entered().PlanAndApply().Send().Technician(PlannedPair.Waiting).PlanAndApply();

        pair = pair.Person(AlertStatus.Closed).PlanAndApply().Send()
            .Person(AlertStatus.Open).PlanAndApply()
            .Person(AlertStatus.Closed).PlanAndApply()
            .Person(AlertStatus.Open).PlanAndApply().Send();

        Assert.Equal(PlannedPair.Waiting, pair.Ticket[TicketFields.Status]);
    }

    [Fact]
    public void Unacknowledge_PlannedAgainAfterItWasOvertaken_StillPutsTheStatusBack()
    {
        var pair = PlannedPair.Entered().PlanAndApply().Send().Technician(PlannedPair.Waiting).PlanAndApply();
        pair = pair.Person(AlertStatus.Acknowledged).PlanAndApply().Send().Person(AlertStatus.Open).PlanAndApply();

        pair = pair.ToPlanAgain().PlanAndApply().Send();

        Assert.Equal(PlannedPair.Waiting, pair.Ticket[TicketFields.Status]);
    }

    [Fact]
    public void Reopen_OfATicketThatATechnicianClosed_LeavesItAndSaysSo()
    {
        var pair = PlannedPair.Entered().PlanAndApply().Send().Technician(PlannedPair.Closed).PlanAndApply().Send();

        pair = pair.Person(AlertStatus.Open);
        var plan = pair.Plan();

        Assert.True(pair.Apply(plan).Send().Ticket.Closed);
        Assert.Contains(plan.Decisions, decision => decision.Field == TicketFields.Status);
    }

    [Fact]
    public void Unacknowledge_OfAStatusThatATechnicianSetAnew_LeavesItAndSaysSo()
    {
        var pair = PlannedPair.Entered().PlanAndApply().Send().Person(AlertStatus.Acknowledged).PlanAndApply().Send();

        pair = pair.Technician(PlannedPair.Waiting).Person(AlertStatus.Open);
        var plan = pair.Plan();

        Assert.Equal(PlannedPair.Waiting, pair.Apply(plan).Send().Ticket[TicketFields.Status]);
        Assert.Contains(plan.Decisions, decision => decision.Field == TicketFields.Status);
    }
}
