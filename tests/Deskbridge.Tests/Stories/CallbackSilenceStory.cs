using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Deskbridge.Core.Connections;
using Deskbridge.Testing;
using Xunit;
using static Deskbridge.Tests.Stories.StoryWorld;

namespace Deskbridge.Tests.Stories;

/// <summary>Callbacks that do not come any more (engine.md §9): noticed by what polling finds, mended, and forgotten when one comes.</summary>
public sealed class CallbackSilenceStory
{
    private static readonly TimeSpan Step = TimeSpan.FromSeconds(65);

    [Fact]
    public async Task Callbacks_ThatStopComing_AreTold_TheSubscriptionIsMadeAnew_AndTheNextOneEndsIt()
    {
        var time = new ManualTime(TimeProvider.System.GetUtcNow());
        await using var world = await StartAsync(pages: true, clock: time);
        using var dana = await world.ProgramAsync();
        time.Advance(Step + Step);
        await world.PostTicketAsync("Told of");
        await EventuallyAsync("its callback comes, and that of its mark", async () =>
            (await Visitor.JsonAsync(await dana.GetAsync($"/api/v1/connections/{world.ConnectionId}/events?kind=callback")))["items"]!.AsArray().Count >= 2);
        var first = await SubscriptionAsync(world);
        time.Advance(Step + Step);
        await world.PollAsync(); // learns how far the remote's clock is behind now
        var fault = await world.ControlAsync(HttpMethod.Post, "faults", new { kind = "callback-lost" });

        await FoundByPollingAsync(world, "One alone is nothing");
        time.Advance(Step);
        await FoundByPollingAsync(world, "Nor are some within two minutes");
        Assert.Null((await HealthAsync(world, dana))["callbacksSilentSince"]);
        Assert.Equal(first, await SubscriptionAsync(world));
        time.Advance(Step);
        await FoundByPollingAsync(world, "The third, over two minutes");

        await EventuallyAsync("the subscription is made anew", async () => (await EventsAsync(world, dana)).Any(IsMadeAnew));
        Assert.NotNull((await HealthAsync(world, dana))["callbacksSilentSince"]);
        Assert.NotEqual(first, await SubscriptionAsync(world));
        var told = Assert.Single(await ProblemsAsync(dana), problem => problem.Contains("No callback comes", StringComparison.Ordinal));
        Assert.Contains("firewall", told, StringComparison.Ordinal);
        using var browser = await world.SignedInAsync();
        Assert.Matches("No callback comes: polling found [3-9] changes", await browser.ReadAsync($"/connections/{world.ConnectionId}"));

        // It goes on: told once, and mended once.
        var second = await SubscriptionAsync(world);
        time.Advance(Step);
        await FoundByPollingAsync(world, "A fourth");
        Assert.Equal(second, await SubscriptionAsync(world));
        Assert.Single(await EventsAsync(world, dana), IsMadeAnew);

        await world.ControlAsync(HttpMethod.Delete, $"faults/{fault["id"]}");
        await world.PostTicketAsync("Told of again");
        await EventuallyAsync("it is over", async () => (await HealthAsync(world, dana))["callbacksSilentSince"] is null);
        Assert.DoesNotContain(await ProblemsAsync(dana), problem => problem.Contains("No callback comes", StringComparison.Ordinal));
        Assert.Contains("Callbacks come again.", await EventsAsync(world, dana));
    }

    [Fact]
    public async Task Subscription_ThatCannotBeMadeAnew_IsTold_AndCheckedAgain()
    {
        await using var world = await StartAsync(pages: true);
        using var dana = await world.ProgramAsync();
        var present = await SubscriptionAsync(world);
        var fault = await world.ControlAsync(HttpMethod.Post, "faults", new { kind = "forbidden", method = "DELETE", path = "system/callbacks" });

        var told = await world.Get<CallbackHeal>().HealAsync(world.ConnectionId, default, anew: true);

        Assert.StartsWith("No callback comes, and the subscription could not be made anew: ", told, StringComparison.Ordinal);
        Assert.Contains(told, await EventsAsync(world, dana));
        Assert.Equal(present, await SubscriptionAsync(world));
        await world.ControlAsync(HttpMethod.Delete, $"faults/{fault["id"]}");
        Assert.StartsWith("In order", await world.Get<CallbackHeal>().HealAsync(world.ConnectionId, default), StringComparison.Ordinal);
    }

    private static async Task FoundByPollingAsync(StoryWorld world, string summary)
    {
        await world.PostTicketAsync(summary);
        await world.PollAsync();
        await EventuallyAsync("it pages all the same", async () => (await world.PagesAsync()).Any(page => page["title"]!.ToString().Contains(summary, StringComparison.Ordinal)));
    }

    private static bool IsMadeAnew(string text) => text.StartsWith("Made anew", StringComparison.Ordinal);

    private static async Task<JsonNode> HealthAsync(StoryWorld world, Visitor program) =>
        (await Visitor.JsonAsync(await program.GetAsync($"/api/v1/connections/{world.ConnectionId}")))["health"]!;

    private static async Task<List<string>> ProblemsAsync(Visitor program) =>
        [.. (await Visitor.JsonAsync(await program.GetAsync("/api/v1/health")))["problems"]!.AsArray().Select(problem => problem!["message"]!.ToString())];

    private static async Task<List<string>> EventsAsync(StoryWorld world, Visitor program) =>
        [.. (await Visitor.JsonAsync(await program.GetAsync($"/api/v1/connections/{world.ConnectionId}/events?kind=subscriptions")))["items"]!.AsArray().Select(entry => entry!["message"]!.ToString())];

    private static async Task<string> SubscriptionAsync(StoryWorld world) =>
        Assert.Single((await world.Psa.GetFromJsonAsync<JsonArray>("system/callbacks", TestContext.Current.CancellationToken))!)!["id"]!.ToString();
}
