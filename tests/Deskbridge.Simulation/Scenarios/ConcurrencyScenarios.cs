using Deskbridge.Core.Alerting;
using Deskbridge.Core.Alerting.Planning;
using Deskbridge.Core.Sync;
using Deskbridge.Simulation.World;
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
    public async Task Acknowledge_WhileTheTechnicianCloses_WithoutLookingBeforeWriting_OpensIt()
    {
        await using var scenario = await AcknowledgedWhileClosedAsync(new SyncSafeties { ReadBeforeWrite = new NoRules.Look() });
        await scenario.EndAsync().BreaksAsync("I17");
    }

    [Fact]
    public async Task Acknowledge_PlannedTogetherWithTheTechniciansClose_Loses()
    {
        await using var scenario = await AcknowledgedAndClosedAtOnceAsync();
        await scenario.EndsWellAsync(AlertStatus.Closed, SimulatedPsa.Done);
    }

    [Fact]
    public async Task Acknowledge_PlannedTogetherWithTheTechniciansClose_WithoutTheLattice_StaysAcknowledged()
    {
        await using var scenario = await AcknowledgedAndClosedAtOnceAsync(new AlertSafeties { Lattice = new NoRules.Lattice() });
        await scenario.EndAsync().BreaksAsync("lattice");
    }

    [Fact]
    public async Task Acknowledge_Unacknowledge_Acknowledge_WithAnAnswerLost_AgreesInTheEnd()
    {
        await using var scenario = await TakenAndGivenBackAsync();
        await scenario.AcknowledgeAsync();
        await scenario.EndsWellAsync(AlertStatus.Acknowledged, SimulatedPsa.Assigned);
    }

    [Fact]
    public async Task Acknowledge_Unacknowledge_WithAnAnswerLost_PlannedInDoubt_Disagrees()
    {
        await using var scenario = await TakenAndGivenBackAsync(new SyncSafeties { Doubt = new NoRules.Doubt() });
        await scenario.EndAsync().BreaksAsync("I6");
    }

    [Fact]
    public async Task TechnicianAcknowledges_NoActionEchoes()
    {
        await using var scenario = await Scenario.WithAlertAsync();
        scenario.Technician(SimulatedPsa.InProgress);
        await scenario.EndsWellAsync(AlertStatus.Acknowledged, SimulatedPsa.InProgress);
    }

    [Fact]
    public async Task TechnicianAcknowledges_WithActionsForEveryOrigin_Echoes()
    {
        await using var scenario = await Scenario.WithAlertAsync(alerts: new AlertSafeties { Actions = new NoRules.Origin() });
        scenario.Technician(SimulatedPsa.InProgress);
        await scenario.EndAsync().BreaksAsync("I17");
    }

    [Fact]
    public async Task Unacknowledge_WhileInProgress_StaysOpen()
    {
        await using var scenario = await GivenBackWhileInProgressAsync();
        await scenario.EndsWellAsync(AlertStatus.Open, SimulatedPsa.InProgress);
    }

    [Fact]
    public async Task Unacknowledge_WhileInProgress_WithEventsByLevel_IsTakenBack()
    {
        await using var scenario = await GivenBackWhileInProgressAsync(new AlertSafeties { Edge = new NoRules.Edge() });
        await scenario.EndAsync().BreaksAsync("I8");
    }

    [Fact]
    public async Task Reopened_TwiceWithinOnePoll_OpensTheAlertOnce()
    {
        await using var scenario = await ReopenedTwiceAsync();
        await scenario.EndsWellAsync(AlertStatus.Open, SimulatedPsa.Waiting);
        Assert.Equal(2, (await scenario.AlertAsync()).Episode);
    }

    [Fact]
    public async Task Reopened_TwiceWithinOnePoll_WithoutReentry_StaysSilent()
    {
        await using var scenario = await ReopenedTwiceAsync(new AlertSafeties { Reentry = new NoRules.Reentry() });
        await scenario.EndAsync().BreaksAsync("I6");
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

    private static async Task<Scenario> AcknowledgedWhileClosedAsync(SyncSafeties? sync = null)
    {
        var scenario = await Scenario.WithAlertAsync(sync);
        await scenario.AcknowledgeAsync();
        await scenario.WorkAsync();
        scenario.Technician(SimulatedPsa.Done);
        await scenario.SendAsync();
        return scenario;
    }

    private static async Task<Scenario> AcknowledgedAndClosedAtOnceAsync(AlertSafeties? alerts = null)
    {
        var scenario = await Scenario.WithAlertAsync(alerts: alerts);
        await scenario.AcknowledgeAsync();
        scenario.Technician(SimulatedPsa.Done);
        return scenario;
    }

    private static async Task<Scenario> TakenAndGivenBackAsync(SyncSafeties? sync = null)
    {
        var scenario = await Scenario.WithAlertAsync(sync);
        await scenario.AcknowledgeAsync();
        await scenario.WorkAsync();
        scenario.Psa.Faults.Next("update", Fault.Cut);
        await scenario.SendAsync();
        await scenario.UnacknowledgeAsync();
        await scenario.WorkAsync();
        return scenario;
    }

    private static async Task<Scenario> GivenBackWhileInProgressAsync(AlertSafeties? alerts = null)
    {
        var scenario = await Scenario.WithAlertAsync(alerts: alerts);
        scenario.Technician(SimulatedPsa.InProgress);
        await scenario.World.QuietAsync();
        await scenario.UnacknowledgeAsync();
        return scenario;
    }

    private static async Task<Scenario> ReopenedTwiceAsync(AlertSafeties? alerts = null)
    {
        var scenario = await Scenario.WithAlertAsync(alerts: alerts);
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
