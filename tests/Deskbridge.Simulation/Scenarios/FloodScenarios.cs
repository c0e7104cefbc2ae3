using System.Globalization;
using Deskbridge.Connectors;
using Deskbridge.Core.Alerting.Paging;
using Deskbridge.Core.Connections;
using Deskbridge.Core.Operations;
using Deskbridge.Core.Sync;
using Deskbridge.Simulation.World;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using Xunit;

namespace Deskbridge.Simulation.Scenarios;

/// <summary>More work at once than the budget allows: engine.md §12 with its own figures, in manual time.</summary>
public sealed class FloodScenarios
{
    private const int CallsPerMinute = 1_000;

    [Fact]
    public async Task TenThousandTicketsAtOnce_WithAThousandCallsAMinute_PageAtOnceAndAreMarkedWithinTheBudget()
    {
        await using var scenario = await FloodedAsync(10_000, CallsPerMinute);

        Assert.Empty(await scenario.EndAsync());

        var psa = scenario.Psa;
        Assert.All(psa.TicketIds, id => Assert.True(psa.Find(id)!.Retrieved));
        Assert.Equal(psa.TicketIds.Count(), scenario.World.Phone.Rings.Count(ring => ring.Accepted));
    }

    /// <summary>All tickets come at once, and one more every minute while the markers of the first are written.</summary>
    internal static async Task<Scenario> FloodedAsync(int tickets, int callsPerMinute, Telling how = default)
    {
        var scenario = await Scenario.StartAsync(how, callsPerMinute: callsPerMinute);
        var world = scenario.World;
        await world.Hub.Store.WriteAsync(db => db.Teams.ExecuteUpdateAsync(set => set.SetProperty(team => team.MaxRepeats, 1)), default);
        scenario.Psa.CallTime = TimeSpan.FromMilliseconds(20);
        for (var i = 0; i < tickets; i++) scenario.Enter();
        await PageEverybodyAsync(scenario);
        var nextTicket = world.Time.GetUtcNow().AddMinutes(1);
        while (await world.Hub.Get<EffectSender>().RunOnceAsync(default) + await world.Hub.Get<TicketWorker>().RunOnceAsync(default) > 0)
        {
            if (world.Time.GetUtcNow() < nextTicket) continue;
            nextTicket = world.Time.GetUtcNow().AddMinutes(1);
            scenario.Enter();
            await PageEverybodyAsync(scenario);
        }

        return scenario;
    }

    /// <summary>I18: from the first sight of a ticket to the page of it, however much is waiting to be written.</summary>
    private static async Task PageEverybodyAsync(Scenario scenario)
    {
        var world = scenario.World;
        var hub = world.Hub;
        var seenAt = world.Time.GetUtcNow();
        var rung = world.Phone.Rings.Count;
        await scenario.PollAsync();
        while (await hub.Get<TicketWorker>().RunOnceAsync(default) > 0)
        {
            // Raising needs no call: the row of the list suffices.
        }

        while (await hub.Get<PageSender>().RunOnceAsync(default) > 0)
        {
            // A pass takes a few at a time.
        }

        var late = world.Phone.Rings.Skip(rung).Count(ring => ring.At - seenAt > TimeSpan.FromSeconds(10));
        if (late > 0) world.Violations.Add(new Violation("I18", string.Create(CultureInfo.InvariantCulture, $"{late} pages came later than 10 seconds after the tickets could be read")));
        if (world.Phone.Rings.Count == rung) world.Violations.Add(new Violation("I15", "nobody was paged for tickets that match"));
    }

    internal sealed class NoBudgets(IOptions<ConnectionsOptions> options, HubMetrics metrics, TimeProvider clock) : CallBudgets(options, metrics, clock)
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
