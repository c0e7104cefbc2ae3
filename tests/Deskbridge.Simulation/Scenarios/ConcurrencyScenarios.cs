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

    internal static async Task<Scenario> ReopenedTwiceAsync(Action<IServiceCollection>? without = null)
    {
        var scenario = await Scenario.WithAlertAsync(without);
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
