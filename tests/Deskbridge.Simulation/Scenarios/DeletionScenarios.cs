using Deskbridge.Core.Alerting;
using Deskbridge.Core.Sync;
using Deskbridge.Simulation.World;
using Xunit;

namespace Deskbridge.Simulation.Scenarios;

/// <summary>Tickets that vanish, and tickets that only seem to (engine.md §8).</summary>
public sealed class DeletionScenarios
{
    [Fact]
    public async Task DeletedTicket_MissedByTwoSweeps_ClosesItsAlertForGood()
    {
        await using var scenario = await AmongOthersAsync();
        var alert = await scenario.AlertAsync();
        scenario.Psa.Delete(scenario.TicketId);
        await scenario.World.SweepAsync(scenario.Remote);
        await scenario.World.SweepAsync(scenario.Remote);

        var reopened = await scenario.World.Hub.Get<ReopenAlert>().RunAsync(alert.Id, scenario.World.Mia, default);

        Assert.IsType<TicketOfAlertGone>(reopened.Failure);
        Assert.Equal(AlertStatus.Closed, (await scenario.AlertAsync()).Status);
        Assert.Empty(await scenario.EndAsync());
    }

    [Fact]
    public async Task LostRights_LookLikeDeletions_AndAreNotBelieved()
    {
        await using var scenario = await WithoutRightsAsync();
        await scenario.EndsWellAsync(AlertStatus.Open, SimulatedPsa.New);
    }

    [Fact]
    public async Task LostRights_WithoutTheGuard_BuryWhatIsThere()
    {
        await using var scenario = await WithoutRightsAsync(new SyncSafeties { Deletions = new NoRules.Deletions() });
        await scenario.EndAsync(polls: false).BreaksAsync("I13");
    }

    private static async Task<Scenario> AmongOthersAsync(SyncSafeties? sync = null)
    {
        var scenario = await Scenario.StartAsync(sync);
        for (var tickets = 0; tickets < 4; tickets++) scenario.Enter();
        await scenario.World.QuietAsync();
        scenario.LetSecondsPass(10);
        return scenario;
    }

    /// <summary>The API member sees no ticket at all for a while.</summary>
    private static async Task<Scenario> WithoutRightsAsync(SyncSafeties? sync = null)
    {
        var scenario = await AmongOthersAsync(sync);
        scenario.Psa.RightsAreLost = true;
        await scenario.World.SweepAsync(scenario.Remote);
        await scenario.World.SweepAsync(scenario.Remote);
        scenario.Psa.RightsAreLost = false;
        return scenario;
    }
}
