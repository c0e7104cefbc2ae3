using Deskbridge.Connectors;
using Deskbridge.Core.Alerting;
using Deskbridge.Simulation.World;
using Deskbridge.Testing;
using Xunit;

namespace Deskbridge.Simulation.Scenarios;

/// <summary>Both sides at the same time.</summary>
public sealed class ConcurrencyScenarios
{
    [Theory]
    [InlineData(Vendor.ConnectWise)]
    [InlineData(Vendor.Autotask)]
    public async Task Acknowledge_WhileTheTechnicianCloses_LeavesItClosed(Vendor vendor)
    {
        await using var scenario = await AcknowledgedWhileClosedAsync(new(vendor));
        await scenario.EndsWellAsync(AlertStatus.Closed, SimulatedPsa.Done);
    }

    [Theory]
    [InlineData(Vendor.ConnectWise)]
    [InlineData(Vendor.Autotask)]
    public async Task Acknowledge_PlannedTogetherWithTheTechniciansClose_Loses(Vendor vendor)
    {
        await using var scenario = await AcknowledgedAndClosedAtOnceAsync(new(vendor));
        await scenario.EndsWellAsync(AlertStatus.Closed, SimulatedPsa.Done);
    }

    [Theory]
    [InlineData(Vendor.ConnectWise)]
    [InlineData(Vendor.Autotask)]
    public async Task Close_ThatWaitsToBeSent_WinsOverATicketThatMatchesAgain(Vendor vendor)
    {
        await using var scenario = await Scenario.WithAlertAsync(new(vendor));
        scenario.Technician(SimulatedPsa.InProgress);
        await scenario.World.QuietAsync();
        await scenario.CloseAsync();
        await scenario.WorkAsync();
        scenario.Psa.Faults.Next("update", Fault.Throttled);
        await scenario.SendAsync();
        scenario.LetSecondsPass(2);
        scenario.Technician(SimulatedPsa.New);
        await scenario.PollAsync();
        await scenario.WorkAsync();

        Assert.Equal(AlertStatus.Closed, (await scenario.AlertAsync()).Status);
        await scenario.EndsWellAsync(AlertStatus.Closed, SimulatedPsa.Done);
        Assert.Equal(1, (await scenario.AlertAsync()).Episode);
    }

    [Theory]
    [InlineData(Vendor.ConnectWise)]
    [InlineData(Vendor.Autotask)]
    public async Task Acknowledge_Unacknowledge_Acknowledge_WithAnAnswerLost_AgreesInTheEnd(Vendor vendor)
    {
        await using var scenario = await TakenAndGivenBackAsync(new(vendor));
        await scenario.AcknowledgeAsync();
        await scenario.EndsWellAsync(AlertStatus.Acknowledged, SimulatedPsa.Assigned);
    }

    [Theory]
    [InlineData(Vendor.ConnectWise)]
    [InlineData(Vendor.Autotask)]
    public async Task TechnicianAcknowledges_NoActionEchoes(Vendor vendor)
    {
        await using var scenario = await AcknowledgedByTheTechnicianAsync(new(vendor));
        await scenario.EndsWellAsync(AlertStatus.Acknowledged, SimulatedPsa.InProgress);
    }

    [Theory]
    [InlineData(Vendor.ConnectWise)]
    [InlineData(Vendor.Autotask)]
    public async Task Unacknowledge_WhileInProgress_StaysOpen(Vendor vendor)
    {
        await using var scenario = await GivenBackWhileInProgressAsync(new(vendor));
        await scenario.EndsWellAsync(AlertStatus.Open, SimulatedPsa.InProgress);
    }

    [Theory]
    [InlineData(Vendor.ConnectWise)]
    [InlineData(Vendor.Autotask)]
    public async Task Reopened_TwiceWithinOnePoll_OpensTheAlertOnce(Vendor vendor)
    {
        await using var scenario = await ReopenedTwiceAsync(new(vendor));
        await scenario.EndsWellAsync(AlertStatus.Open, SimulatedPsa.Waiting);
        Assert.Equal(2, (await scenario.AlertAsync()).Episode);
    }

    [Theory]
    [InlineData(Vendor.ConnectWise)]
    [InlineData(Vendor.Autotask)]
    public async Task ClosedTicket_ComesBackWithANewAlert_WhichIsPagedAndWorkedOn(Vendor vendor)
    {
        await using var scenario = await BackWithANewAlertAsync(new(vendor));
        var first = await scenario.AlertAsync();
        await scenario.World.QuietAsync();
        var second = await scenario.AlertAsync();
        Assert.Equal((1, AlertStatus.Closed, 2, AlertStatus.Open), (first.Generation, first.Status, second.Generation, second.Status));
        await scenario.AcknowledgeAsync();

        await scenario.EndsWellAsync(AlertStatus.Acknowledged, SimulatedPsa.Assigned);
    }

    [Theory]
    [InlineData(Vendor.ConnectWise)]
    [InlineData(Vendor.Autotask)]
    public async Task AcknowledgedTicket_ThatIsNewAgain_EndsItsAlertAndPagesForTheNextInOneTransaction(Vendor vendor)
    {
        await using var scenario = await Scenario.WithAlertAsync(new(vendor), prepare: psa => psa.Returns = ReturnPolicy.NewAlert);
        await scenario.AcknowledgeAsync();
        await scenario.World.QuietAsync();
        var first = await scenario.AlertAsync();
        scenario.LetSecondsPass(5);
        scenario.Technician(SimulatedPsa.New);

        await scenario.EndsWellAsync(AlertStatus.Open, SimulatedPsa.New);
        var changes = scenario.World.Ledger.AlertChanges.Where(change => change.Transition > first.Transition).ToList();
        Assert.Equal([(true, AlertStatus.Open), (false, AlertStatus.Closed)], changes.Select(change => (change.Raised, change.To)).OrderByDescending(change => change.Item1));
        Assert.Single(changes.Select(change => change.At).Distinct());
    }

    /// <summary>Nothing was closed or opened as far as the poll can see: one coming back, one alert, one page.</summary>
    [Theory]
    [InlineData(Vendor.ConnectWise)]
    [InlineData(Vendor.Autotask)]
    public async Task Reopened_TwiceWithinOnePoll_RaisesOneNewAlert(Vendor vendor)
    {
        await using var scenario = await ReopenedTwiceAsync(ReturnPolicy.NewAlert, new(vendor));

        await scenario.EndsWellAsync(AlertStatus.Open, SimulatedPsa.Waiting);
        Assert.Equal(2, (await scenario.AlertAsync()).Generation);
    }

    [Theory]
    [InlineData(Vendor.ConnectWise)]
    [InlineData(Vendor.Autotask)]
    public async Task Ticket_ClosedBeforeItsAlertWasDelivered_PagesNobody(Vendor vendor)
    {
        await using var scenario = await Scenario.StartAsync(new(vendor));
        scenario.Enter();
        await scenario.PollAsync();
        await scenario.WorkAsync();
        scenario.LetSecondsPass(3);
        scenario.Technician(SimulatedPsa.Done);
        await scenario.PollAsync();
        await scenario.WorkAsync();

        await scenario.EndsWellAsync(AlertStatus.Closed, SimulatedPsa.Done);
        Assert.Empty(scenario.World.Phone.Rings);
    }

    /// <summary>The plan must not use the lists that were read for whoever acted before.</summary>
    [Theory]
    [InlineData(Vendor.ConnectWise)]
    [InlineData(Vendor.Autotask)]
    public async Task Acknowledge_WhileTheListsForAPlanAreRead_StillSetsStatusAndOwner(Vendor vendor)
    {
        await using var scenario = await Scenario.WithAlertAsync(new(vendor));
        scenario.LetSecondsPass(660);
        scenario.Technician(SimulatedPsa.Waiting);
        await scenario.PollAsync();
        scenario.During("statuses", scenario.AcknowledgeAsync, done: true);
        await scenario.WorkAsync();

        await scenario.EndsWellAsync(AlertStatus.Acknowledged, SimulatedPsa.Assigned);
        Assert.Equal("7", scenario.Ticket.OwnerId);
    }

    internal static async Task<Scenario> AcknowledgedByTheTechnicianAsync(Telling how = default)
    {
        var scenario = await Scenario.WithAlertAsync(how);
        scenario.Technician(SimulatedPsa.InProgress);
        return scenario;
    }

    internal static async Task<Scenario> AcknowledgedWhileClosedAsync(Telling how = default)
    {
        var scenario = await Scenario.WithAlertAsync(how);
        await scenario.AcknowledgeAsync();
        await scenario.WorkAsync();
        scenario.Technician(SimulatedPsa.Done);
        await scenario.SendAsync();
        return scenario;
    }

    internal static async Task<Scenario> AcknowledgedAndClosedAtOnceAsync(Telling how = default)
    {
        var scenario = await Scenario.WithAlertAsync(how);
        await scenario.AcknowledgeAsync();
        scenario.Technician(SimulatedPsa.Done);
        return scenario;
    }

    internal static async Task<Scenario> TakenAndGivenBackAsync(Telling how = default)
    {
        var scenario = await Scenario.WithAlertAsync(how);
        await scenario.AcknowledgeAsync();
        await scenario.WorkAsync();
        scenario.Psa.Faults.Next("update", Fault.Cut);
        await scenario.SendAsync();
        await scenario.UnacknowledgeAsync();
        await scenario.WorkAsync();
        return scenario;
    }

    internal static async Task<Scenario> GivenBackWhileInProgressAsync(Telling how = default)
    {
        var scenario = await Scenario.WithAlertAsync(how);
        scenario.Technician(SimulatedPsa.InProgress);
        await scenario.World.QuietAsync();
        await scenario.UnacknowledgeAsync();
        return scenario;
    }

    internal static async Task<Scenario> BackWithANewAlertAsync(Telling how = default)
    {
        var scenario = await Scenario.WithAlertAsync(how, psa => psa.Returns = ReturnPolicy.NewAlert);
        scenario.Technician(SimulatedPsa.Done);
        await scenario.World.QuietAsync();
        scenario.LetSecondsPass(5);
        scenario.Technician(SimulatedPsa.Waiting);
        return scenario;
    }

    internal static Task<Scenario> ReopenedTwiceAsync(Telling how = default) => ReopenedTwiceAsync(ReturnPolicy.ReopenAlert, how);

    private static async Task<Scenario> ReopenedTwiceAsync(ReturnPolicy policy, Telling how = default)
    {
        var scenario = await Scenario.WithAlertAsync(how, psa => psa.Returns = policy);
        scenario.Technician(SimulatedPsa.Done);
        await scenario.World.QuietAsync();
        scenario.LetSecondsPass(5);
        scenario.Technician(SimulatedPsa.InProgress);
        scenario.Technician(SimulatedPsa.Done);
        scenario.LetSecondsPass(5);
        scenario.Technician(SimulatedPsa.Waiting);
        return scenario;
    }
}
