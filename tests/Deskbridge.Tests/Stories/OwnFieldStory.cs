using System.Net;
using Deskbridge.Core.Connections;
using Deskbridge.Core.Connections.Rules;
using Xunit;
using static Deskbridge.Tests.Stories.StoryWorld;

namespace Deskbridge.Tests.Stories;

/// <summary>A rule asks for custom fields that the administrator of ConnectWise made: the hub reads them itself and says what it found.</summary>
public sealed class OwnFieldStory
{
    private const string Checkbox = "Wake somebody";
    private const string Condition =
        $"Signl4Retrieved_c is false and Ticket is in New (not responded) status and {Checkbox} is true and Change Window does not contain Sundays and Ticket Actual Age is less than 360 hours";

    [Fact]
    public async Task Rule_OverTheInstancesOwnFields_IsEvaluatedHereAndExplained()
    {
        await using var world = await StartAsync(pages: true);
        using var program = await world.ProgramAsync();
        await AskedRuleStory.AddFieldAsync(world, Checkbox, "Checkbox");
        await RuleEditStory.ChangeAsync(world, await RuleEditStory.EventAsync(program, world, "raises"), Condition);
        Assert.True(await world.Get<RefreshRules>().RunAsync(world.ConnectionId, default) is RuleRefresh.InForce or RuleRefresh.Same); // the hub may have looked before us

        var quiet = await world.PostTicketAsync("Nobody needs to wake up");
        var wanted = await world.PostTicketAsync("Somebody is to wake up");
        await world.PollAsync();
        var before = await ExplainAsync(program, world, quiet);
        Assert.Equal((false, "(empty)"), before[$"{Checkbox} is true"]);
        await world.SetFieldAsync(quiet, Checkbox, "true");
        await world.SetFieldAsync(quiet, "Change Window", "Sundays 02:00");
        await world.SetFieldAsync(wanted, Checkbox, "true");
        await world.PollAsync();

        await EventuallyAsync("the ticket whose box is ticked pages", async () => (await world.PagesAsync()).Any(page => page["title"]!.ToString().Contains("Somebody is to wake up", StringComparison.Ordinal)));
        var after = await ExplainAsync(program, world, quiet);
        Assert.Equal((true, "true"), after[$"{Checkbox} is true"]);
        Assert.Equal((false, "Sundays 02:00"), after["Change Window does not contain Sundays"]);
        Assert.Empty((await world.Get<RuleQueries>().ReadAsync((await world.Get<ConnectorPool>().FindInAnyStateAsync(world.ConnectionId, default))!, default))!.Asked);

        using var browser = await world.SignedInAsync();
        var raise = await RuleEditStory.EventAsync(program, world, "raises");
        var page = WebUtility.HtmlDecode(await browser.ReadAsync($"/connections/{world.ConnectionId}/rules/{raise["id"]}"));
        Assert.Contains($"{Checkbox} (custom field)", page, StringComparison.Ordinal);
        Assert.Contains("Change Window does not contain \"text\"", page, StringComparison.Ordinal);
    }

    private static async Task<Dictionary<string, (bool Holds, string Actual)>> ExplainAsync(Visitor program, StoryWorld world, int ticket)
    {
        var told = await Visitor.JsonAsync(await program.GetAsync($"/api/v1/connections/{world.ConnectionId}/tickets/{ticket}/explanation"));
        var raise = told["events"]!.AsArray().First(one => one!["kind"]!.ToString() == "raise")!;
        return raise["clauses"]!.AsArray().ToDictionary(clause => clause!["text"]!.ToString(), clause => (clause!["holds"]!.GetValue<bool>(), clause["actual"]!.ToString()));
    }
}
