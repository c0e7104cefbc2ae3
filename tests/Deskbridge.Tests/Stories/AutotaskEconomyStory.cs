using Deskbridge.Core.Connections;
using Deskbridge.Core.Data;
using Deskbridge.Testing;
using Microsoft.EntityFrameworkCore;
using Xunit;
using static Deskbridge.Tests.Stories.StoryWorld;

namespace Deskbridge.Tests.Stories;

/// <summary>What a connection costs of the calls that all integrations of an Autotask share, counted in the simulated system's own log.</summary>
public sealed class AutotaskEconomyStory
{
    private const int IdleHour = 150;

    /// <summary>An hour of the real schedule, on a clock that goes on when the poll whose turn it was is over.</summary>
    [Fact]
    public async Task IdleHour_WithWebhooks_CostsUnder150Calls()
    {
        var time = new ManualTime(TimeProvider.System.GetUtcNow());
        await using var world = await AutotaskWorld.StartAsync(clock: time);
        await EventuallyAsync("the webhooks are there", () => world.World.Get<HubStore>().ReadAsync(db => db.ConnectionHealth.AnyAsync(health => health.CallbacksDueSince != null && !health.CallbacksUnchecked), default));
        await SettledAsync(world, time.GetUtcNow());
        var before = await world.LastLineAsync();

        for (var turn = 0; turn < 180; turn++)
        {
            time.Advance(TimeSpan.FromSeconds(20));
            await SettledAsync(world, time.GetUtcNow());
        }

        var calls = await world.RequestsAsync(before);
        var told = Tell(calls);
        Assert.True(calls.Count < IdleHour, $"{calls.Count} calls in an hour:\n{told}");
        Assert.True(calls.Count(call => call.EndsWith("/Tickets/query", StringComparison.OrdinalIgnoreCase)) > 60, $"It was polled all the while:\n{told}");
    }

    /// <summary>The poll whose turn it was at this instant is over, made or left out, and so is everything else.</summary>
    private static Task SettledAsync(AutotaskWorld world, DateTimeOffset now) => EventuallyAsync("the tasks of the turn are done", () =>
    {
        var seen = world.World.Get<TaskLog>().Seen();
        return Task.FromResult(seen.All(task => !task.Running) && seen.Any(task => task.ConnectionId == world.World.ConnectionId && task.Task == ConnectionTask.Poll && task.At >= now));
    });

    private static string Tell(IEnumerable<string> calls) => string.Join('\n', calls.CountBy(call => call).OrderByDescending(call => call.Value).Select(call => $"{call.Value} {call.Key}"));

    [Fact]
    public async Task AThousandChangedTickets_CostTheirPagesAndTheDetailsTheyNeed_TogetherAndNoMore()
    {
        var time = new ManualTime(TimeProvider.System.GetUtcNow());
        await using var world = await AutotaskWorld.StartAsync(clock: time, with: Unscheduled);
        await world.World.ControlAsync(HttpMethod.Post, "faults", new { kind = "callback-lost" });
        time.Advance(TimeSpan.FromMinutes(10));
        await world.World.ControlAsync(HttpMethod.Post, "autotask/seed", new { count = 1000 });
        var before = await world.LastLineAsync();

        await world.World.PollAsync();
        await AllReadAsync(world, time);

        var calls = await world.RequestsAsync(before);
        var told = Tell(calls);
        Assert.InRange(calls.Count(call => call.EndsWith("/Tickets/query", StringComparison.OrdinalIgnoreCase)), 3, 4); // two full pages, and one that says that there are no more
        Assert.True(calls.Count < 400, $"{calls.Count} calls:\n{told}");
    }

    /// <summary>Webhooks tell of each by itself; read one by one they would use up what all integrations have for an hour.</summary>
    [Fact]
    public async Task AThousandTickets_ThatWebhooksTellOf_AreReadTogether()
    {
        var time = new ManualTime(TimeProvider.System.GetUtcNow());
        await using var world = await AutotaskWorld.StartAsync(clock: time, with: Unscheduled);
        time.Advance(TimeSpan.FromMinutes(10));
        var before = await world.LastLineAsync();

        await world.World.ControlAsync(HttpMethod.Post, "autotask/seed", new { count = 1000 });
        await EventuallyAsync("all are told", () => world.World.Get<HubStore>().ReadAsync(async db => await db.Inbox.CountAsync() >= 1000, default));
        await AllReadAsync(world, time);

        var calls = await world.RequestsAsync(before);
        Assert.True(calls.Count < 400, $"{calls.Count} calls:\n{Tell(calls)}");
    }

    /// <summary>The clock goes on while what may wait for company does.</summary>
    private static Task AllReadAsync(AutotaskWorld world, ManualTime time) => EventuallyAsync("all details are read", async () =>
    {
        time.Advance(TimeSpan.FromSeconds(1));
        return await world.World.Get<HubStore>().ReadAsync(async db => await db.Links.CountAsync(link => link.Generation > 0) >= 1000 && !await db.Tickets.AnyAsync(ticket => ticket.DetailsWanted), default);
    });

    private static HubOptions Unscheduled(HubOptions options) => options with { Configuration = new Dictionary<string, string?> { ["Connections:PollInterval"] = "01:00:00", ["Connections:RuleInterval"] = "1.00:00:00", ["Connections:CallbackInterval"] = "1.00:00:00", ["Connections:SweepInterval"] = "7.00:00:00" } };
}
