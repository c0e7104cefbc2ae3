using Deskbridge.Core.Alerting;
using Deskbridge.Simulation.World;
using Microsoft.Extensions.DependencyInjection;
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

    internal static async Task<Scenario> AmongOthersAsync(Action<IServiceCollection>? without = null)
    {
        var scenario = await Scenario.StartAsync(without);
        for (var tickets = 0; tickets < 4; tickets++) scenario.Enter();
        await scenario.World.QuietAsync();
        scenario.LetSecondsPass(10);
        return scenario;
    }

    /// <summary>The API member sees no ticket at all for a while.</summary>
    internal static async Task<Scenario> WithoutRightsAsync(Action<IServiceCollection>? without = null)
    {
        var scenario = await AmongOthersAsync(without);
        scenario.Psa.RightsAreLost = true;
        await scenario.World.SweepAsync(scenario.Remote);
        await scenario.World.SweepAsync(scenario.Remote);
        scenario.Psa.RightsAreLost = false;
        return scenario;
    }
}
