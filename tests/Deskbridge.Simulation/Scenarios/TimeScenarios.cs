using Deskbridge.Connectors;
using Deskbridge.Core.Alerting;
using Deskbridge.Core.Alerting.Planning;
using Deskbridge.Core.Connections;
using Deskbridge.Core.Connections.Runs;
using Deskbridge.Core.Sync;
using Deskbridge.Simulation.World;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace Deskbridge.Simulation.Scenarios;

/// <summary>Go-live, rules of time, and more work than the budget allows.</summary>
public sealed class TimeScenarios
{
    [Fact]
    public async Task TimeOnlyRule_RaisesWhenItsTimeComes()
    {
        await using var scenario = await WaitedTooLongAsync();
        await scenario.EndsWellAsync(AlertStatus.Open, SimulatedPsa.Waiting, polls: false);
    }

    [Fact]
    public async Task TimeOnlyRule_WithoutLookingAgain_RaisesNothing()
    {
        await using var scenario = await WaitedTooLongAsync(new SyncSafeties { TimeWakes = new NoRules.Time() });
        await scenario.EndAsync(polls: false).BreaksAsync("I15");
    }

    [Fact]
    public async Task UnsetFields_AtGoLive_CountAsFalse()
    {
        await using var scenario = await WentLiveAsync();
        await scenario.EndsWellAsync(AlertStatus.Open, SimulatedPsa.New);
        Assert.Equal(1, await scenario.World.Hub.ReadAsync(db => db.Alerts.CountAsync(alert => alert.LinkId != null)));
    }

    [Fact]
    public async Task UnsetFields_ReadFromTheTicket_RaiseNothing()
    {
        await using var scenario = await WentLiveAsync(new AlertSafeties { Markers = new NoRules.Markers() });
        await scenario.EndAsync().BreaksAsync("I15");
    }

    /// <summary>I16: a dry run writes nothing, and Install then finds just the tickets that it named.</summary>
    [Fact]
    public async Task DryRun_BeforeInstall_WritesNothingAndForetellsIt()
    {
        await using var scenario = await Scenario.StartAsync(installed: false);
        foreach (var status in (string[])[SimulatedPsa.New, SimulatedPsa.Done, SimulatedPsa.New]) scenario.Enter(status);
        scenario.LetSecondsPass(60);
        var hub = scenario.World.Hub;

        await hub.Make<RunDryRun>().RunAsync(Scope(scenario, ConnectionRunKind.DryRun), default);
        var foretold = await hub.ReadAsync(db => db.ConnectionRunItems.CountAsync(item => item.Outcome == "matches"));
        var links = await hub.ReadAsync(db => db.Links.CountAsync());
        await InstallAsync(scenario);

        Assert.Equal(0, links);
        Assert.Equal(2, foretold);
        Assert.Equal(foretold, await hub.ReadAsync(db => db.Links.CountAsync(link => link.State == LinkState.Candidate)));
        Assert.Empty(await scenario.EndAsync());
        Assert.DoesNotContain(scenario.Psa.Oracle.Entries, entry => entry.Kind is EntryKind.Written or EntryKind.NoteAdded or EntryKind.Scheduled);
    }

    [Fact]
    public async Task ManyTicketsAtOnce_WithASmallBudget_PageFirstAndStayWithinIt()
    {
        await using var scenario = await FloodedAsync();
        Assert.Empty(await scenario.EndAsync());
    }

    [Fact]
    public async Task ManyTicketsAtOnce_WithoutABudget_Exceed()
    {
        await using var scenario = await FloodedAsync(services => services.AddSingleton<CallBudgets, NoBudgets>());
        await scenario.EndAsync().BreaksAsync("budget");
    }

    private static async Task<Scenario> WaitedTooLongAsync(SyncSafeties? sync = null)
    {
        var scenario = await Scenario.StartAsync(sync);
        scenario.Enter(SimulatedPsa.Waiting);
        await scenario.World.QuietAsync();
        scenario.World.Time.Advance(SimulatedRules.TooLong);
        return scenario;
    }

    /// <summary>One ticket matches before Install, another begins to match after it; no marker was ever set on either.</summary>
    private static async Task<Scenario> WentLiveAsync(AlertSafeties? alerts = null)
    {
        var scenario = await Scenario.StartAsync(
            alerts: alerts, installed: false,
            prepare: psa => psa.Rules.Inbound[0] = new InboundEvent("e1", InboundEventKind.Raise, "Trigger", SimulatedRules.StatusIsNewAndNotRetrieved));
        scenario.Enter();
        scenario.LetSecondsPass(60);
        await InstallAsync(scenario);
        scenario.LetSecondsPass(60);
        scenario.Enter();
        return scenario;
    }

    private static async Task InstallAsync(Scenario scenario)
    {
        var hub = scenario.World.Hub;
        Assert.True((await hub.Make<RunInstall>(hub.Make<GoLive>()).RunAsync(Scope(scenario, ConnectionRunKind.Install), default)).Succeeded);
    }

    private static RunScope Scope(Scenario scenario, ConnectionRunKind kind)
    {
        var run = new ConnectionRun { Id = scenario.World.Ids.NewId(), ConnectionId = scenario.Remote.Id, Kind = kind, StartedAt = scenario.World.Time.GetUtcNow() };
        return new RunScope(run, new RunRequest(), "Mia", scenario.World.Hub.Store);
    }

    /// <summary>200 tickets and 20 calls a minute: the figures of engine.md §12 divided by 50.</summary>
    private static async Task<Scenario> FloodedAsync(Action<IServiceCollection>? more = null)
    {
        var scenario = await Scenario.StartAsync(more: more, callsPerMinute: 20);
        scenario.Psa.CallTime = TimeSpan.FromMilliseconds(20);
        for (var i = 0; i < Flood; i++) scenario.Enter();
        await scenario.PollAsync();
        return scenario;
    }

    private const int Flood = 200;

    private sealed class NoBudgets(Microsoft.Extensions.Options.IOptions<ConnectionsOptions> options, Core.Operations.HubMetrics metrics, TimeProvider clock) : CallBudgets(options, metrics, clock)
    {
        public override ICallGate GateOf(Guid connectionId) => new Open();

        private sealed class Open : ICallGate
        {
            public ValueTask EnterAsync(CallClass callClass, CancellationToken cancel) => ValueTask.CompletedTask;

            public void Report(CallOutcome outcome)
            {
            }
        }
    }
}
