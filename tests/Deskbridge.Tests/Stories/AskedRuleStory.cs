using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Deskbridge.Core.Alerting;
using Deskbridge.Core.Connections;
using Deskbridge.Core.Connections.Rules;
using Deskbridge.Core.Data;
using Microsoft.EntityFrameworkCore;
using Xunit;
using static Deskbridge.Tests.Stories.StoryWorld;

namespace Deskbridge.Tests.Stories;

/// <summary>Rules that the hub cannot read, or that ConnectWise reads otherwise, go by ConnectWise's own answer (engine.md §6.9).</summary>
public sealed class AskedRuleStory
{
    private const string TriggerRule = "SIGNL4 - Trigger Signls";

    /// <summary>A text field: whether one is "true", only ConnectWise can say.</summary>
    private const string Field = "Wake somebody";
    private const string Condition = $"Signl4Retrieved_c is false and {Field} is true and Ticket Actual Age is less than 360 hours";

    [Fact]
    public async Task Clause_OnlyConnectWiseCanRead_RaisesByItsAnswer_AndIsToldEverywhere()
    {
        await using var world = await StartAsync(pages: true);
        await AddFieldAsync(world, Field, "Text");
        await ChangeAsync(world, Condition);
        Assert.True(await world.Get<RefreshRules>().RunAsync(world.ConnectionId, default) is RuleRefresh.InForce or RuleRefresh.Same); // the hub may have looked before us

        var wanted = await world.PostTicketAsync("Somebody is to wake up");
        var quiet = await world.PostTicketAsync("Nobody needs to wake up");
        await world.SetFieldAsync(wanted, Field, "true");
        await RoundAsync(world);
        await EventuallyAsync("ConnectWise's answer raises", async () => (await world.PagesAsync()).Any(page => page["title"]!.ToString().Contains("Somebody is to wake up", StringComparison.Ordinal)));
        await EventuallyAsync("the ticket carries the marker", async () => await world.FieldAsync(wanted, "Signl4Retrieved_c") == "true");

        // Its marker hides it from ConnectWise's answer now: that is no news.
        await RoundAsync(world);
        await RoundAsync(world);
        Assert.Equal(AlertStatus.Open, (await world.AlertAsync(wanted)).Status);
        Assert.Equal(1, await AlertsAsync(world));
        Assert.DoesNotContain(await world.PagesAsync(), page => page["title"]!.ToString().Contains("Nobody", StringComparison.Ordinal));

        using var browser = await world.SignedInAsync();
        Tells(WebUtility.HtmlDecode(await browser.ReadAsync($"/connections/{world.ConnectionId}")));
        using var program = await world.ProgramAsync();
        Tells((await Visitor.JsonAsync(await program.GetAsync($"/api/v1/connections/{world.ConnectionId}")))["rules"]!["asked"]![0]!["why"]!.GetValue<string>());
        Tells(world.Log.Last(line => line.Contains("asked at every poll", StringComparison.Ordinal)));
        await EventuallyAsync("Explain says what ConnectWise says", async () =>
        {
            await RoundAsync(world);
            var explained = WebUtility.HtmlDecode(await browser.ReadAsync($"/connections/{world.ConnectionId}/explain?ticket={quiet}"));
            return explained.Contains($"{Field} is true", StringComparison.Ordinal) && explained.Contains("does not match the ticket", StringComparison.Ordinal);
        });
    }

    [Fact]
    public async Task Answers_ThatStopComing_LeaveTheLastVerdicts_AndRaiseAnAlert()
    {
        await using var world = await StartAsync(pages: true);
        await AddFieldAsync(world, Field, "Text");
        await ChangeAsync(world, Condition);
        await world.Get<RefreshRules>().RunAsync(world.ConnectionId, default);
        var ticket = await world.PostTicketAsync("Known before the trouble");
        await world.SetFieldAsync(ticket, Field, "true");
        await RoundAsync(world);
        await EventuallyAsync("it raises", async () => await AlertsAsync(world) == 1);

        await world.ControlAsync(HttpMethod.Post, "faults", new { kind = "forbidden", method = "GET", path = "events/[0-9]+/test" });
        await RoundAsync(world);

        Assert.Equal(AlertStatus.Open, (await world.AlertAsync(ticket)).Status);
        var told = await world.Get<HubStore>().ReadAsync(db => db.Alerts.SingleAsync(alert => alert.Cause == AskRules.SilentCause), default);
        Assert.Contains("What it answered last stands", told.Text, StringComparison.Ordinal);
        using var browser = await world.SignedInAsync();
        Assert.Contains("The last answer stands.", WebUtility.HtmlDecode(await browser.ReadAsync($"/connections/{world.ConnectionId}")), StringComparison.Ordinal);

        await world.ControlAsync(HttpMethod.Delete, "faults");
        await RoundAsync(world);
        Assert.Equal(AlertStatus.Closed, await world.Get<HubStore>().ReadAsync(db => db.Alerts.Where(alert => alert.Cause == AskRules.SilentCause).Select(alert => alert.Status).SingleAsync(), default));
    }

    /// <summary>A rule that the hub reads itself again needs no answers, so that nobody is kept awake because none come.</summary>
    [Fact]
    public async Task Rule_MadeReadableWhileNoAnswersCome_EndsTheNoticeAndTheAlert()
    {
        await using var world = await StartAsync(pages: true);
        await AddFieldAsync(world, Field, "Text");
        await ChangeAsync(world, Condition);
        await world.Get<RefreshRules>().RunAsync(world.ConnectionId, default);
        await world.ControlAsync(HttpMethod.Post, "faults", new { kind = "forbidden", method = "GET", path = "events/[0-9]+/test" });
        await RoundAsync(world);
        Task<AlertStatus> AlarmAsync() => world.Get<HubStore>().ReadAsync(db => db.Alerts.Where(alert => alert.Cause == AskRules.SilentCause).Select(alert => alert.Status).SingleAsync(), default);
        Assert.Equal(AlertStatus.Open, await AlarmAsync());

        await ChangeAsync(world, "Signl4Retrieved_c is false and Ticket is closed and Ticket Actual Age is less than 360 hours");
        Assert.True(await world.Get<RefreshRules>().RunAsync(world.ConnectionId, default) is RuleRefresh.InForce or RuleRefresh.Same); // the hub may have looked before us

        Assert.Equal(AlertStatus.Closed, await AlarmAsync());
        Assert.Empty((await ViewAsync(world)).Asked);
        Assert.Equal(0, await world.Get<HubStore>().ReadAsync(db => db.RemoteAnswers.CountAsync(), default));
    }

    /// <summary>"contains" means whole words here and any part there.</summary>
    [Fact]
    public async Task Rule_ThatConnectWiseReadsOtherwise_GoesByConnectWise()
    {
        await using var world = await StartAsync(pages: true);
        await AddFieldAsync(world, "Area_c", "Text");
        await AgainAsync(world);
        var other = await world.PostTicketAsync("In the warehouse");
        await world.SetFieldAsync(other, "Area_c", "Warehouse");
        await EventuallyAsync("ConnectWise has settled", async () =>
        {
            await ChangeAsync(world, "Signl4Retrieved_c is false and Area_c contains house and Ticket Actual Age is less than 360 hours");
            await world.Get<RefreshRules>().RunAsync(world.ConnectionId, default);
            return (await ViewAsync(world)).Asked.Count == 1 || await AgainAsync(world);
        });

        var asked = Assert.Single((await ViewAsync(world)).Asked);
        Assert.Contains($"#{other}, which matches there and not here", asked.Why, StringComparison.Ordinal);
        await RoundAsync(world);
        await EventuallyAsync("it raises by ConnectWise's reading", async () => await AlertsAsync(world) == 1);
    }

    [Fact]
    public async Task Install_ClauseThatNeitherCanRead_StopsAndNamesIt()
    {
        await using var world = await StartAsync(pages: true, install: false);
        await AddRuleAsync(world, "Signl4Retrieved_c is false and Ticket smells funny and Ticket Actual Age is less than 360 hours");

        var (succeeded, summary) = await world.TryAsync(ConnectionRunKind.Install, adopt: true);

        Assert.False(succeeded);
        Assert.Contains("The clause \"Ticket smells funny\"", summary, StringComparison.Ordinal);
        Assert.Contains("could not be asked what it makes of it", summary, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Install_ClauseThatOnlyConnectWiseCanRead_GoesLiveByItsAnswer()
    {
        await using var world = await StartAsync(pages: true, install: false);
        await AddFieldAsync(world, "Signl4Retrieved_c", "Checkbox");
        await AddFieldAsync(world, Field, "Text");
        var before = await world.PostTicketAsync("Matched before Install");
        await world.SetFieldAsync(before, Field, "true");
        await AddRuleAsync(world, Condition);

        await world.RunAsync(ConnectionRunKind.Install, adopt: true);

        Assert.Single((await ViewAsync(world)).Asked);
        await RoundAsync(world);
        Assert.Equal(0, await AlertsAsync(world));
        var after = await world.PostTicketAsync("Matches after Install");
        await world.SetFieldAsync(after, Field, "true");
        await RoundAsync(world);
        await EventuallyAsync("it raises", async () => await AlertsAsync(world) == 1);
        Assert.Equal(AlertStatus.Open, (await world.AlertAsync(after)).Status);
    }

    private static void Tells(string text)
    {
        Assert.Contains($"The clause \"{Field} is true\"", text, StringComparison.Ordinal);
        Assert.Contains("asked at every poll", text, StringComparison.Ordinal);
    }

    /// <summary>A poll, and the questions that follow it.</summary>
    private static async Task RoundAsync(StoryWorld world)
    {
        await world.PollAsync();
        await world.Get<AskRules>().RunAsync(world.ConnectionId, default);
    }

    private static Task<int> AlertsAsync(StoryWorld world) => world.Get<HubStore>().ReadAsync(db => db.Alerts.CountAsync(alert => alert.LinkId != null), default);

    private static async Task<RulesView> ViewAsync(StoryWorld world) =>
        (await world.Get<RuleQueries>().ReadAsync((await world.Get<ConnectorPool>().FindInAnyStateAsync(world.ConnectionId, default))!, default))!;

    /// <summary>A ticket that changed within the last two seconds is not compared, so the rules are changed once more.</summary>
    private static async Task<bool> AgainAsync(StoryWorld world)
    {
        await ChangeAsync(world, "Signl4Retrieved_c is false and Area_c contains nothing and Ticket Actual Age is less than 360 hours");
        await world.Get<RefreshRules>().RunAsync(world.ConnectionId, default);
        return false;
    }

    internal static async Task AddFieldAsync(StoryWorld world, string caption, string type)
    {
        var pod = (await world.Psa.GetFromJsonAsync<JsonArray>("system/userDefinedFields?pageSize=100"))!.First(field => field!["screenId"]?.ToString() == "sr100")!["podId"]!.GetValue<int>();
        using var answer = await world.Psa.PostAsJsonAsync("system/userDefinedFields", new
        {
            podId = pod,
            caption,
            sequenceNumber = 9,
            helpText = "",
            fieldTypeIdentifier = type,
            numberDecimals = 0,
            entryTypeIdentifier = "EntryField",
            requiredFlag = false,
            displayOnScreenFlag = false,
            readOnlyFlag = false,
            listViewFlag = false,
            addButtonFlag = false,
            businessUnitIds = Array.Empty<int>(),
            locationIds = Array.Empty<int>(),
        });
        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync());
    }

    private static async Task AddRuleAsync(StoryWorld world, string condition)
    {
        var rule = await PostAsync(world, "system/workflows", new { name = TriggerRule, tableType = new { id = 1 }, activateFlag = false });
        await PostAsync(world, $"system/workflows/{rule["id"]}/events", new { eventCondition = condition, executionTime = "Once" });
    }

    private static async Task<JsonNode> PostAsync(StoryWorld world, string path, object body)
    {
        using var answer = await world.Psa.PostAsJsonAsync(path, body);
        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync());
        return (await answer.Content.ReadFromJsonAsync<JsonNode>())!;
    }

    private static async Task ChangeAsync(StoryWorld world, string condition)
    {
        var workflows = (await world.Psa.GetFromJsonAsync<JsonArray>("system/workflows?pageSize=100"))!;
        var id = workflows.Single(w => w!["name"]!.GetValue<string>() == TriggerRule)!["id"]!.GetValue<int>();
        var one = (await world.Psa.GetFromJsonAsync<JsonArray>($"system/workflows/{id}/events"))![0]!;
        var patch = new[] { new { op = "replace", path = "eventCondition", value = condition } };
        using var answer = await world.Psa.PatchAsJsonAsync($"system/workflows/{id}/events/{one["id"]}", patch);
        answer.EnsureSuccessStatusCode();
    }
}
