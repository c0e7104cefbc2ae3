using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Deskbridge.Access;
using Deskbridge.Core.Connections.Rules;
using Xunit;
using static Deskbridge.Tests.Stories.StoryWorld;

namespace Deskbridge.Tests.Stories;

/// <summary>Somebody changes a rule in ConnectWise to words that the hub cannot read.</summary>
public sealed class UnreadableRuleStory
{
    private const string Clause = "Ticket smells funny";

    [Fact]
    public async Task Clause_MadeUnreadable_IsNamedOnPageApiAndLog_AndTheOldRulesGoOn()
    {
        await using var world = await StartAsync(pages: true);
        var (workflow, one) = await RaiseEventAsync(world);
        var readable = one["eventCondition"]!.GetValue<string>();

        await ChangeAsync(world, workflow, one, $"Signl4Retrieved_c is false and {Clause} and Ticket Actual Age is less than 360 hours");
        using var browser = await world.SignedInAsync();
        await EventuallyAsync("the next reading of the rules refuses them", async () =>
            await world.Get<RefreshRules>().RunAsync(world.ConnectionId, default) == RuleRefresh.Unusable
            && (await browser.ReadAsync($"/connections/{world.ConnectionId}")).Contains(Clause, StringComparison.Ordinal));

        using var program = new Visitor(world.Hub.Address, "10.9.9.8");
        program.UseToken((await world.Get<ApiTokens>().CreateAsync(world.Dana.Id, "test", TokenScope.All, null, default)).Token);
        Names(WebUtility.HtmlDecode(await browser.ReadAsync($"/connections/{world.ConnectionId}")));
        Names(WebUtility.HtmlDecode(await browser.ReadAsync("/health")));
        Names((await Visitor.JsonAsync(await program.GetAsync($"/api/v1/connections/{world.ConnectionId}")))["rules"]!["refused"]!.GetValue<string>());
        Names((await Visitor.JsonAsync(await program.GetAsync("/api/v1/events?kind=rules")))["items"]![0]!["message"]!.GetValue<string>());
        Names(world.Log.Last(line => line.Contains("cannot be used", StringComparison.Ordinal)));

        var ticket = await world.PostTicketAsync("Raised by the rule as it was");
        await world.PollAsync();
        await EventuallyAsync("the old rule raises", async () => (await world.PagesAsync()).Any(p => p["title"]!.ToString().Contains("Raised by the rule as it was")));
        Assert.NotNull(await world.AlertAsync(ticket));

        await ChangeAsync(world, workflow, one, readable);
        await EventuallyAsync("nothing complains any more", async () =>
            await world.Get<RefreshRules>().RunAsync(world.ConnectionId, default) == RuleRefresh.Same
            && !(await browser.ReadAsync("/health")).Contains(Clause, StringComparison.Ordinal));
    }

    /// <summary>The clause, and what to do about it.</summary>
    private static void Names(string text)
    {
        Assert.Contains($"The clause \"{Clause}\" at character 32 is not known. It could have meant: ", text, StringComparison.Ordinal);
        Assert.Contains("SIGNL4 - Trigger Signls", text, StringComparison.Ordinal);
    }

    private static async Task<(int Workflow, JsonNode Event)> RaiseEventAsync(StoryWorld world)
    {
        var cancel = TestContext.Current.CancellationToken;
        var workflows = (await world.Psa.GetFromJsonAsync<JsonArray>("system/workflows?pageSize=100", cancel))!;
        var id = workflows.Single(w => w!["name"]!.GetValue<string>() == "SIGNL4 - Trigger Signls")!["id"]!.GetValue<int>();
        return (id, (await world.Psa.GetFromJsonAsync<JsonArray>($"system/workflows/{id}/events", cancel))![0]!);
    }

    private static async Task ChangeAsync(StoryWorld world, int workflow, JsonNode one, string condition)
    {
        var patch = new[] { new { op = "replace", path = "eventCondition", value = condition } };
        using var answer = await world.Psa.PatchAsJsonAsync($"system/workflows/{workflow}/events/{one["id"]}", patch, TestContext.Current.CancellationToken);
        answer.EnsureSuccessStatusCode();
    }
}
