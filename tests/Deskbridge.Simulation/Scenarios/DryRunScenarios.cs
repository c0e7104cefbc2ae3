using Deskbridge.Connectors;
using Deskbridge.Core.Connections;
using Deskbridge.Core.Sync;
using Deskbridge.Simulation.Checks;
using Deskbridge.Simulation.World;
using Deskbridge.Testing;
using Microsoft.EntityFrameworkCore;
using Xunit;

namespace Deskbridge.Simulation.Scenarios;

/// <summary>I16: a dry run writes nothing and foretells what Install then does.</summary>
public sealed class DryRunScenarios
{
    [Fact]
    public async Task DryRun_OfAnEmptySystem_ForetellsEveryObjectThatInstallCreates()
    {
        await using var scenario = await Scenario.StartAsync(installed: false, prepare: psa => psa.Objects.Clear());

        var (foretold, _) = await scenario.World.DryRunAsync(scenario.Remote);
        await scenario.World.InstallAsync(scenario.Remote, foretold);

        Assert.Equal(scenario.Psa.NeededObjects.Count, foretold.WouldCreate.Count);
        Assert.Empty(await scenario.EndAsync());
    }

    [Fact]
    public async Task DryRun_WithSomeObjectsThere_ForetellsOnlyTheRest()
    {
        await using var scenario = await Scenario.StartAsync(installed: false, prepare: psa => psa.Objects.Remove(TicketFields.MarkerUser));

        var (foretold, _) = await scenario.World.DryRunAsync(scenario.Remote);
        await scenario.World.InstallAsync(scenario.Remote, foretold);

        Assert.Single(foretold.WouldCreate);
        Assert.Empty(await scenario.EndAsync());
    }

    [Theory]
    [InlineData(Vendor.ConnectWise)]
    [InlineData(Vendor.Autotask)]
    public async Task DryRun_BeforeInstall_ForetellsTheTicketsThatRaiseNothing(Vendor vendor)
    {
        await using var scenario = await Scenario.StartAsync(new(vendor), installed: false);
        foreach (var status in (string[])[SimulatedPsa.New, SimulatedPsa.Done, SimulatedPsa.New, SimulatedPsa.Waiting]) scenario.Enter(status);
        scenario.LetSecondsPass(60);

        var (foretold, _) = await scenario.World.DryRunAsync(scenario.Remote);
        await scenario.World.InstallAsync(scenario.Remote, foretold);

        Assert.Equal(["101", "103"], foretold.Tickets);
        Assert.Empty(await scenario.EndAsync());
        Assert.Equal(2, await scenario.World.Hub.ReadAsync(db => db.Links.CountAsync(link => link.State == LinkState.Candidate)));
    }

    /// <summary>What another hub left behind is linked silently, whether it matches the rule or not.</summary>
    [Fact]
    public async Task DryRun_BeforeInstall_ForetellsTheMarkedTicketsThatAreLinked()
    {
        await using var scenario = await Scenario.StartAsync(installed: false);
        foreach (var status in (string[])[SimulatedPsa.New, SimulatedPsa.Assigned, SimulatedPsa.Done])
            scenario.Psa.Enter(status, ticket => ticket with { Retrieved = true, MarkerStatus = "Acknowledged" });
        scenario.LetSecondsPass(60);

        var (foretold, _) = await scenario.World.DryRunAsync(scenario.Remote);
        await scenario.World.InstallAsync(scenario.Remote, foretold);

        Assert.Equal(["101", "102"], foretold.Tickets);
        Assert.Empty(await scenario.EndAsync());
        Assert.Empty(scenario.World.Phone.Rings);
    }

    [Theory]
    [InlineData(Vendor.ConnectWise)]
    [InlineData(Vendor.Autotask)]
    public async Task DryRun_OfARunningConnection_LeavesItAlone(Vendor vendor)
    {
        await using var scenario = await Scenario.WithAlertAsync(new(vendor));
        scenario.Enter(SimulatedPsa.InProgress);

        await scenario.World.DryRunAsync(scenario.Remote);

        Assert.Empty(await scenario.EndAsync());
        Assert.Equal(ConnectionState.Active, await scenario.World.Hub.ReadAsync(db => db.Connections.Select(connection => connection.State).SingleAsync()));
    }

    /// <summary>An administrator changes the system between the dry run and Install: what the checker holds against each other must then differ.</summary>
    [Fact]
    public async Task DryRun_FollowedByAChange_DoesNotForetellInstall()
    {
        await using var scenario = await Scenario.StartAsync(installed: false);

        var (foretold, _) = await scenario.World.DryRunAsync(scenario.Remote);
        scenario.Psa.Objects.Remove(TicketFields.MarkerUser);
        await scenario.World.InstallAsync(scenario.Remote, foretold);

        await scenario.EndAsync().BreaksAsync("I16");
    }

    [Fact]
    public async Task DryRun_ThatCreatesWhatItPlans_IsNoticed()
    {
        await using var scenario = await Scenario.StartAsync(installed: false, prepare: psa =>
        {
            psa.Objects.Clear();
            psa.PlansByDoing = true;
        });

        await scenario.World.DryRunAsync(scenario.Remote);

        await scenario.EndAsync().BreaksAsync("I16");
    }
}
