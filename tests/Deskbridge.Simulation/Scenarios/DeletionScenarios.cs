using Deskbridge.Core.Alerting;
using Deskbridge.Simulation.World;
using Deskbridge.Testing;
using Xunit;

namespace Deskbridge.Simulation.Scenarios;

/// <summary>Tickets that vanish, and tickets that only seem to (engine.md §8).</summary>
public sealed class DeletionScenarios
{
    [Theory]
    [InlineData(Vendor.ConnectWise)]
    [InlineData(Vendor.Autotask)]
    public async Task DeletedTicket_MissedByTwoSweeps_ClosesItsAlertForGood(Vendor vendor)
    {
        await using var scenario = await AmongOthersAsync(new(vendor));
        var alert = await scenario.AlertAsync();
        scenario.Psa.Delete(scenario.TicketId);
        await scenario.World.SweepAsync(scenario.Remote);
        await scenario.World.SweepAsync(scenario.Remote);

        var reopened = await scenario.World.Hub.Get<ReopenAlert>().RunAsync(alert.Id, scenario.World.Mia, default);

        Assert.IsType<TicketOfAlertGone>(reopened.Failure);
        Assert.Equal(AlertStatus.Closed, (await scenario.AlertAsync()).Status);
        Assert.Empty(await scenario.EndAsync());
    }

    [Theory]
    [InlineData(Vendor.ConnectWise)]
    [InlineData(Vendor.Autotask)]
    public async Task LostRights_LookLikeDeletions_AndAreNotBelieved(Vendor vendor)
    {
        await using var scenario = await WithoutRightsAsync(new(vendor));
        await scenario.EndsWellAsync(AlertStatus.Open, SimulatedPsa.New);
    }

    internal static async Task<Scenario> AmongOthersAsync(Telling how = default)
    {
        var scenario = await Scenario.StartAsync(how);
        for (var tickets = 0; tickets < 4; tickets++) scenario.Enter();
        await scenario.World.QuietAsync();
        scenario.LetSecondsPass(10);
        return scenario;
    }

    /// <summary>The API member sees no ticket at all for a while.</summary>
    internal static async Task<Scenario> WithoutRightsAsync(Telling how = default)
    {
        var scenario = await AmongOthersAsync(how);
        scenario.Psa.RightsAreLost = true;
        await scenario.World.SweepAsync(scenario.Remote);
        await scenario.World.SweepAsync(scenario.Remote);
        scenario.Psa.RightsAreLost = false;
        return scenario;
    }
}
