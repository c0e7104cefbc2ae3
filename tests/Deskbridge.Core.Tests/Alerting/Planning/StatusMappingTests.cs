using Deskbridge.Connectors;
using Deskbridge.Core.Alerting;
using Xunit;

namespace Deskbridge.Core.Tests.Alerting.Planning;

/// <summary>A system without rules and without marker fields: statuses alone are mapped (engine.md §6.6).</summary>
public sealed class StatusMappingTests
{
    [Fact]
    public void Ticket_WithoutMarkerFields_IsNeverWrittenOne()
    {
        var raised = Mapped(PlannedPair.New).PlanAndApply();
        Assert.Empty(raised.Unsent);

        var pair = raised.Person(AlertStatus.Acknowledged).PlanAndApply();
        Assert.DoesNotContain(pair.Unsent, write => write.Set.Keys.Any(TicketFields.IsMarker));

        pair = pair.Send().Person(AlertStatus.Open).PlanAndApply().Send().Person(AlertStatus.Closed).PlanAndApply().Send();
        Assert.True(pair.Ticket.Closed);
        Assert.Null(pair.Ticket.MarkerRetrieved);
        Assert.Null(pair.Ticket.MarkerStatus);
    }

    [Fact]
    public void Unacknowledge_WithoutMarkerFields_PutsStatusAndOwnerBack()
    {
        var pair = Mapped(PlannedPair.New).PlanAndApply().Person(AlertStatus.Acknowledged).PlanAndApply().Send();
        Assert.Equal((PlannedPair.Assigned, "7"), (pair.Ticket.Status!.Id, pair.Ticket.Owner!.Id));

        pair = pair.Person(AlertStatus.Open).PlanAndApply().Send();

        Assert.Equal((PlannedPair.New, null), (pair.Ticket.Status!.Id, pair.Ticket.Owner));
    }

    /// <summary>A status is a lens: one that says the state already is left as somebody chose it; only with rules, which are commands, it is overwritten.</summary>
    [Theory]
    [InlineData(true, PlannedPair.InProgress)]
    [InlineData(false, PlannedPair.Assigned)]
    public void Acknowledge_OfATicketWhoseStatusSaysSo_LeavesIt(bool maps, string after)
    {
        var pair = Mapped(PlannedPair.New) with { MapsStatuses = maps };
        pair = pair.PlanAndApply().Technician(PlannedPair.InProgress).PlanAndApply().Person(AlertStatus.Open).PlanAndApply().Send();

        pair = pair.Person(AlertStatus.Acknowledged).PlanAndApply().Send();

        Assert.Equal(after, pair.Ticket.Status!.Id);
    }

    private static PlannedPair Mapped(string status)
    {
        var pair = PlannedPair.Entered(status) with { MapsStatuses = true };
        return pair with { Ticket = pair.Ticket with { CarriesMarkers = false } };
    }
}
