using Deskbridge.Connectors;
using Deskbridge.Core.Alerting;
using Deskbridge.Simulation.World;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace Deskbridge.Simulation.Scenarios;

/// <summary>Both sides at the same time.</summary>
public sealed class ConcurrencyScenarios
{
    [Fact]
    public async Task Acknowledge_WhileTheTechnicianCloses_LeavesItClosed()
    {
        await using var scenario = await AcknowledgedWhileClosedAsync();
        await scenario.EndsWellAsync(AlertStatus.Closed, SimulatedPsa.Done);
    }

    [Fact]
    public async Task Acknowledge_PlannedTogetherWithTheTechniciansClose_Loses()
    {
        await using var scenario = await AcknowledgedAndClosedAtOnceAsync();
        await scenario.EndsWellAsync(AlertStatus.Closed, SimulatedPsa.Done);
    }

    [Fact]
    public async Task Close_ThatWaitsToBeSent_WinsOverATicketThatMatchesAgain()
    {
        await using var scenario = await Scenario.WithAlertAsync();
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

    [Fact]
    public async Task Acknowledge_Unacknowledge_Acknowledge_WithAnAnswerLost_AgreesInTheEnd()
    {
        await using var scenario = await TakenAndGivenBackAsync();
        await scenario.AcknowledgeAsync();
        await scenario.EndsWellAsync(AlertStatus.Acknowledged, SimulatedPsa.Assigned);
    }

    [Fact]
    public async Task TechnicianAcknowledges_NoActionEchoes()
    {
        await using var scenario = await AcknowledgedByTheTechnicianAsync();
        await scenario.EndsWellAsync(AlertStatus.Acknowledged, SimulatedPsa.InProgress);
    }

    [Fact]
    public async Task Unacknowledge_WhileInProgress_StaysOpen()
    {
        await using var scenario = await GivenBackWhileInProgressAsync();
        await scenario.EndsWellAsync(AlertStatus.Open, SimulatedPsa.InProgress);
    }

    [Fact]
    public async Task Reopened_TwiceWithinOnePoll_OpensTheAlertOnce()
    {
        await using var scenario = await ReopenedTwiceAsync();
        await scenario.EndsWellAsync(AlertStatus.Open, SimulatedPsa.Waiting);
        Assert.Equal(2, (await scenario.AlertAsync()).Episode);
    }

    [Fact]
    public async Task ClosedTicket_ComesBackWithANewAlert_WhichIsPagedAndWorkedOn()
    {
        await using var scenario = await BackWithANewAlertAsync();
        var first = await scenario.AlertAsync();
        await scenario.World.QuietAsync();
        var second = await scenario.AlertAsync();
        Assert.Equal((1, AlertStatus.Closed, 2, AlertStatus.Open), (first.Generation, first.Status, second.Generation, second.Status));
        await scenario.AcknowledgeAsync();

        await scenario.EndsWellAsync(AlertStatus.Acknowledged, SimulatedPsa.Assigned);
    }

    [Fact]
    public async Task AcknowledgedTicket_ThatIsNewAgain_EndsItsAlertAndPagesForTheNextInOneTransaction()
    {
        await using var scenario = await Scenario.WithAlertAsync(prepare: psa => psa.Returns = ReturnPolicy.NewAlert);
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
    [Fact]
    public async Task Reopened_TwiceWithinOnePoll_RaisesOneNewAlert()
    {
        await using var scenario = await ReopenedTwiceAsync(ReturnPolicy.NewAlert);

        await scenario.EndsWellAsync(AlertStatus.Open, SimulatedPsa.Waiting);
        Assert.Equal(2, (await scenario.AlertAsync()).Generation);
    }

    [Fact]
    public async Task Ticket_ClosedBeforeItsAlertWasDelivered_PagesNobody()
    {
        await using var scenario = await Scenario.StartAsync();
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
    [Fact]
    public async Task Acknowledge_WhileTheListsForAPlanAreRead_StillSetsStatusAndOwner()
    {
        await using var scenario = await Scenario.WithAlertAsync();
        scenario.LetSecondsPass(660);
        scenario.Technician(SimulatedPsa.Waiting);
        await scenario.PollAsync();
        scenario.During("statuses", scenario.AcknowledgeAsync, done: true);
        await scenario.WorkAsync();

        await scenario.EndsWellAsync(AlertStatus.Acknowledged, SimulatedPsa.Assigned);
        Assert.Equal("7", scenario.Ticket.OwnerId);
    }

    internal static async Task<Scenario> AcknowledgedByTheTechnicianAsync(Action<IServiceCollection>? without = null)
    {
        var scenario = await Scenario.WithAlertAsync(without);
        scenario.Technician(SimulatedPsa.InProgress);
        return scenario;
    }

    internal static async Task<Scenario> AcknowledgedWhileClosedAsync(Action<IServiceCollection>? without = null)
    {
        var scenario = await Scenario.WithAlertAsync(without);
        await scenario.AcknowledgeAsync();
        await scenario.WorkAsync();
        scenario.Technician(SimulatedPsa.Done);
        await scenario.SendAsync();
        return scenario;
    }

    internal static async Task<Scenario> AcknowledgedAndClosedAtOnceAsync(Action<IServiceCollection>? without = null)
    {
        var scenario = await Scenario.WithAlertAsync(without);
        await scenario.AcknowledgeAsync();
        scenario.Technician(SimulatedPsa.Done);
        return scenario;
    }

    internal static async Task<Scenario> TakenAndGivenBackAsync(Action<IServiceCollection>? without = null)
    {
        var scenario = await Scenario.WithAlertAsync(without);
        await scenario.AcknowledgeAsync();
        await scenario.WorkAsync();
        scenario.Psa.Faults.Next("update", Fault.Cut);
        await scenario.SendAsync();
        await scenario.UnacknowledgeAsync();
        await scenario.WorkAsync();
        return scenario;
    }

    internal static async Task<Scenario> GivenBackWhileInProgressAsync(Action<IServiceCollection>? without = null)
    {
        var scenario = await Scenario.WithAlertAsync(without);
        scenario.Technician(SimulatedPsa.InProgress);
        await scenario.World.QuietAsync();
        await scenario.UnacknowledgeAsync();
        return scenario;
    }

    internal static async Task<Scenario> BackWithANewAlertAsync(Action<IServiceCollection>? without = null)
    {
        var scenario = await Scenario.WithAlertAsync(without, psa => psa.Returns = ReturnPolicy.NewAlert);
        scenario.Technician(SimulatedPsa.Done);
        await scenario.World.QuietAsync();
        scenario.LetSecondsPass(5);
        scenario.Technician(SimulatedPsa.Waiting);
        return scenario;
    }

    internal static Task<Scenario> ReopenedTwiceAsync(Action<IServiceCollection>? without = null) => ReopenedTwiceAsync(ReturnPolicy.ReopenAlert, without);

    private static async Task<Scenario> ReopenedTwiceAsync(ReturnPolicy policy, Action<IServiceCollection>? without = null)
    {
        var scenario = await Scenario.WithAlertAsync(without, psa => psa.Returns = policy);
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
