using Deskbridge.Connectors;
using Deskbridge.Core.Alerting;
using Deskbridge.Simulation.Checks;
using Deskbridge.Simulation.World;
using Deskbridge.Testing;
using Microsoft.EntityFrameworkCore;
using Xunit;

namespace Deskbridge.Simulation.Scenarios;

/// <summary>Go-live and rules of time.</summary>
public sealed class TimeScenarios
{
    [Fact]
    public async Task TimeOnlyRule_RaisesWhenItsTimeComes()
    {
        await using var scenario = await WaitedTooLongAsync();
        await scenario.EndsWellAsync(AlertStatus.Open, SimulatedPsa.Waiting, polls: false);
    }

    /// <summary>"A ticket that begins to match later raises, whenever it was entered" (engine.md §6.11), though nobody touches it any more.</summary>
    [Fact]
    public async Task TimeOnlyRule_OnATicketFromBeforeInstall_RaisesWhenItsTimeComes()
    {
        await using var scenario = await Scenario.StartAsync(installed: false);
        scenario.Enter(SimulatedPsa.Waiting);
        scenario.LetSecondsPass(60);
        await scenario.World.InstallAsync(scenario.Remote);
        await scenario.World.QuietAsync();
        scenario.World.Time.Advance(SimulatedRules.TooLong);

        await scenario.EndsWellAsync(AlertStatus.Open, SimulatedPsa.Waiting);
    }

    /// <summary>The read of go-live shows it already, and the list then brings nothing new.</summary>
    [Theory]
    [InlineData(Vendor.ConnectWise)]
    [InlineData(Vendor.Autotask)]
    public async Task TicketEntered_WhileInstallReads_Raises(Vendor vendor)
    {
        await using var scenario = await Scenario.StartAsync(new(vendor), installed: false);
        scenario.LetSecondsPass(60);
        var lists = 0;
        scenario.Psa.Inside = call =>
        {
            if (call is not { Operation: "list", Done: false } || ++lists != 2) return Task.CompletedTask; // the first looks for samples, before the start instant
            scenario.LetSecondsPass(2);
            scenario.Enter();
            scenario.LetSecondsPass(3);
            return Task.CompletedTask;
        };
        await scenario.World.InstallAsync(scenario.Remote);

        await scenario.EndsWellAsync(AlertStatus.Open, SimulatedPsa.New);
    }

    [Fact]
    public async Task UnsetFields_AtGoLive_CountAsFalse()
    {
        await using var scenario = await WentLiveAsync();
        await scenario.EndsWellAsync(AlertStatus.Open, SimulatedPsa.New);
        Assert.Equal(1, await scenario.World.Hub.ReadAsync(db => db.Alerts.CountAsync(alert => alert.LinkId != null)));
    }

    internal static async Task<Scenario> WaitedTooLongAsync(Telling how = default)
    {
        var scenario = await Scenario.StartAsync(how);
        scenario.Enter(SimulatedPsa.Waiting);
        await scenario.World.QuietAsync();
        scenario.World.Time.Advance(SimulatedRules.TooLong);
        return scenario;
    }

    /// <summary>One ticket matches before Install, another begins to match after it; no marker was ever set on either.</summary>
    internal static async Task<Scenario> WentLiveAsync(Telling how = default)
    {
        var scenario = await Scenario.StartAsync(
            how, installed: false,
            prepare: psa => psa.Rules.Inbound[0] = new InboundEvent("e1", InboundEventKind.Raise, "Trigger", SimulatedRules.StatusIsNewAndNotRetrieved));
        scenario.Enter();
        scenario.LetSecondsPass(60);
        await scenario.World.InstallAsync(scenario.Remote);
        scenario.LetSecondsPass(60);
        scenario.Enter();
        return scenario;
    }
}
