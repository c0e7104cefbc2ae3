using System.Globalization;
using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Deskbridge.Core.Audit;
using Deskbridge.Core.Connections.Rules;
using Deskbridge.Core.Data;
using Microsoft.EntityFrameworkCore;
using Xunit;
using static Deskbridge.Tests.Stories.StoryWorld;

namespace Deskbridge.Tests.Stories;

/// <summary>An administrator changes the rules in the hub, and ConnectWise holds them afterwards.</summary>
public sealed class RuleEditStory
{
    private const string Default = "Signl4Retrieved_c is false and Ticket is in New (not responded) status and Ticket Actual Age is less than 360 hours";
    private const string Urgent = "Signl4Retrieved_c is false and Ticket is in New (not responded) status and Priority is Priority 1 - Emergency Response and Ticket Actual Age is less than 240 hours";

    /// <summary>More than a change made in ConnectWise may raise without a word.</summary>
    private const int Many = 11;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Save_IsWrittenToConnectWise_AndInForceAtOnce()
    {
        await using var world = await StartAsync(pages: true);
        using var dana = await world.ProgramAsync();
        var raise = await EventAsync(dana, world, "raises");
        Assert.Equal(Default, raise["condition"]!.ToString());

        var saved = await SaveAsync(dana, world, raise, Urgent);

        Assert.True(saved.IsSuccessStatusCode, await saved.Content.ReadAsStringAsync(Cancel));
        Assert.Equal("inForce", (await Visitor.JsonAsync(saved))["outcome"]!.ToString());
        Assert.Equal(Urgent, (await EventAsync(dana, world, "raises"))["condition"]!.ToString());
        var ticket = await world.PostTicketAsync("Not urgent, so it pages nobody now");
        var told = await Visitor.JsonAsync(await dana.GetAsync($"/api/v1/connections/{world.ConnectionId}/tickets/{ticket}/explanation"));
        Assert.Contains(told["events"]![0]!["clauses"]!.AsArray(), clause => clause!["text"]!.ToString().StartsWith("Priority is", StringComparison.Ordinal));
        var audit = await world.Get<HubStore>().ReadAsync(db => db.Set<AuditRow>().Where(row => row.Action == "connection.rule-edit").ToListAsync(Cancel), Cancel);
        Assert.Contains("Priority 1", Assert.Single(audit).Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Save_OfWhatCannotBe_IsRefusedSayingWhy()
    {
        await using var world = await StartAsync(pages: true);
        using var dana = await world.ProgramAsync();
        var raise = await EventAsync(dana, world, "raises");
        (string Condition, string Why)[] cases =
        [
            ("Ticket is in New (not responded) status and Ticket Actual Age is less than 360 hours", "\"Signl4Retrieved_c is false\" must stay"),
            ("(Signl4Retrieved_c is false or Ticket is closed) and Ticket Actual Age is less than 360 hours", "\"Signl4Retrieved_c is false\" must stay"),
            ("Signl4Retrieved_c is false and Ticket is in New (not responded) status", "\"Ticket Actual Age is less than 360 hours\" must stay"),
            ("Signl4Retrieved_c is false and Ticket smells funny and Ticket Actual Age is less than 360 hours", "\"Ticket smells funny\" at character 32 is not known"),
            ("Signl4Retrieved_c is false and Ticket is in Assigned (responded) status and Ticket Actual Age is less than 360 hours", "An acknowledge would ask for the alert to be raised again"),
            ("", "The condition is empty"),
        ];
        foreach (var (condition, why) in cases)
        {
            var refused = await SaveAsync(dana, world, raise, condition);
            Assert.Equal(HttpStatusCode.BadRequest, refused.StatusCode);
            var problem = await Visitor.JsonAsync(refused);
            Assert.Contains(why, problem["detail"]!.ToString(), StringComparison.Ordinal);
            Assert.Equal("condition", problem["field"]!.ToString());
        }

        Assert.Equal(Default, (await EventAsync(dana, world, "raises"))["condition"]!.ToString());
        foreach (var (purpose, why) in new[] { ("reserved", "This event is reserved"), ("onClose", "must stay as it is") })
        {
            var one = await EventAsync(dana, world, purpose);
            var refused = await SaveAsync(dana, world, one, one["condition"] + " and Ticket is closed");
            Assert.Equal(HttpStatusCode.BadRequest, refused.StatusCode);
            Assert.Contains(why, (await Visitor.JsonAsync(refused))["detail"]!.ToString(), StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Save_OfARuleChangedSince_IsRefusedWithBothTexts()
    {
        await using var world = await StartAsync(pages: true);
        using var dana = await world.ProgramAsync();
        var raise = await EventAsync(dana, world, "raises");
        var theirs = Default.Replace("360", "300", StringComparison.Ordinal);
        await ChangeAsync(world, raise, theirs);

        var refused = await SaveAsync(dana, world, raise, Urgent);

        Assert.Equal(HttpStatusCode.Conflict, refused.StatusCode);
        var problem = await Visitor.JsonAsync(refused);
        Assert.Contains("was changed since you opened it", problem["detail"]!.ToString(), StringComparison.Ordinal);
        Assert.Equal(theirs, problem["current"]!["condition"]!.ToString());
        Assert.Equal(theirs, (await EventAsync(dana, world, "raises"))["condition"]!.ToString());
    }

    [Fact]
    public async Task Save_ThatWouldPageForOldTickets_AsksForTheirNumberFirst()
    {
        await using var world = await StartAsync(pages: true);
        using var dana = await world.ProgramAsync();
        var raise = await EventAsync(dana, world, "raises");
        Assert.True((await SaveAsync(dana, world, raise, Urgent)).IsSuccessStatusCode);
        var waiting = new List<string>();
        for (var number = 0; number < Many; number++) waiting.Add((await world.PostTicketAsync("Waits without a page")).ToString(CultureInfo.InvariantCulture));
        await world.PollAsync();
        await EventuallyAsync("each was read", () => world.Get<HubStore>().ReadAsync(async db => await db.Mirrors.CountAsync(mirror => waiting.Contains(mirror.RemoteId), Cancel) == Many, Cancel));
        raise = await EventAsync(dana, world, "raises");

        var asked = await SaveAsync(dana, world, raise, Default);

        Assert.Equal(HttpStatusCode.Conflict, asked.StatusCode);
        var count = (await Visitor.JsonAsync(asked))["raises"]!.GetValue<int>();
        Assert.True(count >= Many, count.ToString(CultureInfo.InvariantCulture));
        Assert.Equal(Urgent, (await EventAsync(dana, world, "raises"))["condition"]!.ToString());

        var tooMany = await SaveAsync(dana, world, raise, Default, count + 1);
        Assert.Equal(HttpStatusCode.Conflict, tooMany.StatusCode);
        Assert.Equal(count, (await Visitor.JsonAsync(tooMany))["raises"]!.GetValue<int>());

        var saved = await SaveAsync(dana, world, raise, Default, count);
        Assert.Equal("inForce", (await Visitor.JsonAsync(saved))["outcome"]!.ToString());
        await EventuallyAsync("they page now", async () => (await world.PagesAsync()).Count >= Many);
        Assert.False(await world.Get<HubStore>().ReadAsync(db => db.Alerts.AnyAsync(alert => alert.Cause == RefreshRules.HeldCause, Cancel), Cancel), "what was just confirmed was held");
    }

    [Fact]
    public async Task Actions_AreAddedChangedAndRemoved()
    {
        await using var world = await StartAsync(pages: true);
        using var dana = await world.ProgramAsync();
        var template = await TemplateAsync(dana, world, await EventAsync(dana, world, "onAcknowledge"), "in-progress-normal");
        Assert.Empty(template["missing"]!.AsArray());
        var mine = await EventAsync(dana, world, "onAcknowledge");
        var actions = template["actions"]!.AsArray().Select(action => new { kind = action!["kind"]!.ToString(), name = action["name"]!.ToString(), value = action["value"]!["id"]!.ToString(), valueName = action["value"]!["name"]!.ToString() }).ToList();

        var saved = await PutAsync(dana, world, mine, new { condition = mine["condition"]!.ToString(), version = mine["version"]!.ToString(), actions });

        Assert.True(saved.IsSuccessStatusCode, await saved.Content.ReadAsStringAsync(Cancel));
        var after = (await EventAsync(dana, world, "onAcknowledge"))["actions"]!.AsArray();
        Assert.Equal(["In Progress (plan of action)", "Priority 3 - Normal Response"], after.Select(action => action!["valueName"]!.ToString()));

        mine = await EventAsync(dana, world, "onAcknowledge");
        var fewer = new[] { new { id = after[0]!["id"]!.ToString(), kind = "status", name = "Change Ticket Status", value = after[0]!["value"]!.ToString(), valueName = "" } };
        Assert.True((await PutAsync(dana, world, mine, new { condition = mine["condition"]!.ToString(), version = mine["version"]!.ToString(), actions = fewer })).IsSuccessStatusCode);
        Assert.Equal("status", Assert.Single((await EventAsync(dana, world, "onAcknowledge"))["actions"]!.AsArray())!["kind"]!.ToString());
    }

    [Fact]
    public async Task Actions_ThatCannotBe_AreRefusedSayingWhy()
    {
        await using var world = await StartAsync(pages: true);
        using var dana = await world.ProgramAsync();
        var mine = await EventAsync(dana, world, "onClose");
        var there = mine["actions"]![0]!;
        var id = there["id"]!.ToString();
        (object[] Actions, string Why)[] cases =
        [
            ([there, new { kind = "foo", value = "1" }], "\"foo\" is no kind of action. Use status, priority"),
            ([new { id, kind = "Status", value = there["value"]!.ToString() }], "\"Status\" is no kind of action"),
            ([there, there], $"The id {id} stands at 2 actions"),
            ([new { id, kind = "status", value = "abc" }], "has no value with that id"),
            ([there, new { kind = "priority", value = "999999" }], "has no value with that id"),
            ([new { id, value = "1" }], "Name its kind: status"),
        ];
        foreach (var (actions, why) in cases)
        {
            var refused = await PutAsync(dana, world, mine, new { condition = mine["condition"]!.ToString(), version = mine["version"]!.ToString(), actions });
            Assert.Equal(HttpStatusCode.BadRequest, refused.StatusCode);
            var problem = await Visitor.JsonAsync(refused);
            Assert.Contains(why, problem["detail"]!.ToString(), StringComparison.Ordinal);
            Assert.Equal("actions", problem["field"]!.ToString());
        }

        Assert.Equal(mine["version"]!.ToString(), (await EventAsync(dana, world, "onClose"))["version"]!.ToString());
    }

    [Fact]
    public async Task Save_OfAnotherValueCalledTheSame_IsWritten_AndTheAuditNamesItsId()
    {
        await using var world = await StartAsync(pages: true);
        using var dana = await world.ProgramAsync();
        var mine = await EventAsync(dana, world, "onClose");
        var there = mine["actions"]![0]!;
        var other = (await Visitor.JsonAsync(await dana.GetAsync($"/api/v1/connections/{world.ConnectionId}/rules/values/status")))["values"]!.AsArray()
            .First(value => value!["name"]!.ToString().Contains("Clos", StringComparison.Ordinal) && value["id"]!.ToString() != there["value"]!.ToString())!;
        var actions = new[] { new { id = there["id"]!.ToString(), kind = "status", name = there["name"]!.ToString(), value = other["id"]!.ToString(), valueName = there["valueName"]!.ToString() } };

        var saved = await PutAsync(dana, world, mine, new { condition = mine["condition"]!.ToString(), version = mine["version"]!.ToString(), actions });

        Assert.True(saved.IsSuccessStatusCode, await saved.Content.ReadAsStringAsync(Cancel));
        Assert.Equal(other["id"]!.ToString(), (await EventAsync(dana, world, "onClose"))["actions"]![0]!["value"]!.ToString());
        var audit = await world.Get<HubStore>().ReadAsync(db => db.Set<AuditRow>().Where(row => row.Action == "connection.rule-edit").ToListAsync(Cancel), Cancel);
        Assert.Contains($"({other["id"]})", Assert.Single(audit).Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Check_OfTheDeepestCondition_AnswersItsTree_AndAnUnknownListIsNamed()
    {
        await using var world = await StartAsync(pages: true);
        using var dana = await world.ProgramAsync();
        var raise = await EventAsync(dana, world, "raises");
        var groups = Enumerable.Range(0, 64).Select(level => level % 2 == 0 ? "(Ticket is closed or " : "(Ticket is closed and ");
        var deep = $"{Default} and {string.Concat(groups)}Ticket is closed{new string(')', 64)}";

        var answer = await dana.PostJsonAsync($"{At(world, raise)}/check", new { condition = deep });
        var unknown = await dana.GetAsync($"/api/v1/connections/{world.ConnectionId}/rules/values/statuses");

        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync(Cancel));
        Assert.Contains("\"tree\":{", await answer.Content.ReadAsStringAsync(Cancel), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.BadRequest, unknown.StatusCode);
        Assert.Contains("'statuses' is no list. Use board, ", (await Visitor.JsonAsync(unknown))["detail"]!.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task EveryKindOfAction_CanBeMade_AndWhatIsKeptStays()
    {
        await using var world = await StartAsync(pages: true);
        using var dana = await world.ProgramAsync();
        var mine = await EventAsync(dana, world, "onClose");
        var kinds = (await Visitor.JsonAsync(await dana.GetAsync($"/api/v1/connections/{world.ConnectionId}/rules/fields")))["actions"]!.AsArray();
        var actions = mine["actions"]!.AsArray().Select(action => action!.DeepClone()).ToList();
        foreach (var kind in kinds.Where(kind => kind!["key"]!.ToString() != "status"))
        {
            var value = kind!["values"] is { } list
                ? (await Visitor.JsonAsync(await dana.GetAsync($"/api/v1/connections/{world.ConnectionId}/rules/values/{list}")))["values"]![0]!
                : new JsonObject { ["id"] = "Call them back.", ["name"] = "Call them back." };
            actions.Add(new JsonObject { ["kind"] = kind["key"]!.ToString(), ["name"] = kind["name"]!.ToString(), ["value"] = value["id"]!.ToString(), ["valueName"] = value["name"]!.ToString() });
        }

        var saved = await PutAsync(dana, world, mine, new { condition = mine["condition"]!.ToString(), version = mine["version"]!.ToString(), actions });

        Assert.True(saved.IsSuccessStatusCode, await saved.Content.ReadAsStringAsync(Cancel));
        var after = (await EventAsync(dana, world, "onClose"))["actions"]!.AsArray();
        Assert.Equal(actions.Select(action => $"{action["kind"]} {action["value"]}"), after.Select(action => $"{action!["kind"]} {action["value"]}"));
        Assert.Equal(mine["actions"]![0]!["id"]!.ToString(), after[0]!["id"]!.ToString());
        Assert.Superset(new HashSet<string>(["status", "priority", "board", "type", "team", "owner", "resource", "internalNote", "discussionNote"]), after.Select(action => action!["kind"]!.ToString()).ToHashSet());
    }

    /// <summary>What is made here is what an acknowledge then does.</summary>
    [Fact]
    public async Task Actions_ForOwnerTeamTypeAndNote_AreMadeHereAndCarriedOut()
    {
        await using var world = await StartAsync(pages: true, settings: new JsonObject { ["ownerAssignment"] = "Never" });
        using var dana = await world.ProgramAsync();
        var mine = await EventAsync(dana, world, "onAcknowledge");
        var (team, type, owner) = (await OnBoardAsync("teamOfBoard"), await OnBoardAsync("typeOfBoard"), 179);
        object[] actions =
        [
            mine["actions"]![0]!.DeepClone(), new { kind = "team", value = team }, new { kind = "type", value = type }, new { kind = "owner", value = $"{owner}" },
            new { kind = "internalNote", value = "Call them back." },
        ];

        var saved = await PutAsync(dana, world, mine, new { condition = mine["condition"]!.ToString(), version = mine["version"]!.ToString(), actions });

        Assert.True(saved.IsSuccessStatusCode, await saved.Content.ReadAsStringAsync(Cancel));
        var ticket = await world.PostTicketAsync("Uplink flaps");
        await world.PollAsync();
        await EventuallyAsync("the ticket has its alert", async () => await world.FieldAsync(ticket, "Signl4Retrieved_c") == "true");
        Value(await world.Get<Core.Alerting.AcknowledgeAlert>().RunAsync((await world.AlertAsync(ticket)).Id, world.Dana, default));
        await EventuallyAsync("team and type are set", async () => await world.TicketAsync(ticket) is var shown && Id(shown, "team") == team && Id(shown, "type") == type);
        await EventuallyAsync("the member owns it", async () => Id(await world.TicketAsync(ticket), "owner") == $"{owner}");
        await EventuallyAsync("the note is there, internal", async () => (await world.NotesAsync(ticket)).Any(note => note!["text"]!.ToString().StartsWith("Call them back.", StringComparison.Ordinal) && note["internalAnalysisFlag"]!.GetValue<bool>()));

        string? Id(JsonNode record, string member) => record[member]?["id"]?.ToString();
        async Task<string> OnBoardAsync(string list) => (await Visitor.JsonAsync(await dana.GetAsync($"/api/v1/connections/{world.ConnectionId}/rules/values/{list}")))["values"]!.AsArray()
            .First(value => value!["where"]!.ToString() == "Service Desk")!["id"]!.ToString();
    }

    [Fact]
    public async Task Preview_ListsWhatMatchesNewlyAndNoLonger()
    {
        await using var world = await StartAsync(pages: true);
        using var dana = await world.ProgramAsync();
        var raise = await EventAsync(dana, world, "raises");
        var plain = await world.PostTicketAsync("Matches only as it is");

        var started = await dana.PostJsonAsync($"{At(world, raise)}/preview", new { condition = Urgent });
        Assert.Equal(HttpStatusCode.Accepted, started.StatusCode);
        var run = (await Visitor.JsonAsync(started))["id"]!.ToString();
        var done = await Visitor.JsonAsync(await dana.GetAsync($"/api/v1/connections/{world.ConnectionId}/runs/{run}?wait=30"));

        Assert.Equal("succeeded", done["state"]!.ToString());
        Assert.Contains(done["items"]!.AsArray(), item => item!["name"]!.ToString().StartsWith($"Ticket {plain}:", StringComparison.Ordinal) && item["outcome"]!.ToString() == "no-longer-matches");
        Assert.Contains("if it were saved now: 0.", done["summary"]!.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task EventsOpenedOneAfterAnother_ReadTheInstancesListsOnce()
    {
        await using var world = await StartAsync(pages: true);
        using var dana = await world.ProgramAsync();
        using var browser = await world.SignedInAsync();
        var events = new List<JsonNode>();
        foreach (var purpose in new[] { "raises", "acknowledges", "closes" }) events.Add(await EventAsync(dana, world, purpose));

        Assert.Contains("Urgent, new, and nobody took it", await browser.ReadAsync($"/connections/{world.ConnectionId}/rules/{events[0]["id"]}"), StringComparison.Ordinal);
        var (lists, calls) = (await RequestsAsync(world, "/service/"), await RequestsAsync(world, ""));
        foreach (var one in events) Assert.Contains("Templates", await browser.ReadAsync($"/connections/{world.ConnectionId}/rules/{one["id"]}"), StringComparison.Ordinal);

        Assert.Equal(lists, await RequestsAsync(world, "/service/"));
        Assert.InRange(await RequestsAsync(world, "") - calls, 1, 3 * 16); // the rules themselves are read anew, with their events and actions
    }

    [Fact]
    public async Task Change_ThatWaitsForAWord_IsComparedByBothEvaluatorsOnce()
    {
        await using var world = await StartAsync();
        using var dana = await world.ProgramAsync();
        await ChangeAsync(world, await EventAsync(dana, world, "raises"), "Signl4Retrieved_c is false and Ticket is not closed and Ticket Actual Age is less than 360 hours");
        var refresh = world.Get<RefreshRules>();
        await EventuallyAsync("the change waits", async () => await refresh.RunAsync(world.ConnectionId, Cancel) == RuleRefresh.Held);
        var asked = await RequestsAsync(world, "/test");

        Assert.Equal(RuleRefresh.Held, await refresh.RunAsync(world.ConnectionId, Cancel));

        Assert.True(asked > 0);
        Assert.Equal(asked, await RequestsAsync(world, "/test"));
    }

    /// <summary>How often ConnectWise was asked for something other than tickets.</summary>
    private static async Task<int> RequestsAsync(StoryWorld world, string under) =>
        (await world.ControlAsync(HttpMethod.Get, "log?kind=request&limit=10000"))["items"]!.AsArray().Select(line => line!["path"]!.GetValue<string>())
            .Count(path => path.Contains(under, StringComparison.Ordinal) && !path.Contains("/service/tickets", StringComparison.Ordinal));

    /// <summary>Dana's own program.</summary>
    internal static async Task<JsonNode> EventAsync(Visitor visitor, StoryWorld world, string purpose)
    {
        var answer = await visitor.GetAsync($"/api/v1/connections/{world.ConnectionId}/rules");
        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync(Cancel));
        return (await Visitor.JsonAsync(answer))["rules"]!.AsArray().SelectMany(rule => rule!["events"]!.AsArray()).First(one => one!["purpose"]!.ToString() == purpose)!;
    }

    internal static async Task ChangeAsync(StoryWorld world, JsonNode one, string condition)
    {
        var flat = (await world.Psa.GetFromJsonAsync<JsonArray>($"system/workflows/events?conditions=id={one["id"]}", Cancel))![0]!;
        var patch = new[] { new { op = "replace", path = "eventCondition", value = condition } };
        using var answer = await world.Psa.PatchAsJsonAsync($"system/workflows/{flat["parentId"]}/events/{one["id"]}", patch, Cancel);
        answer.EnsureSuccessStatusCode();
    }

    private static string At(StoryWorld world, JsonNode one) => $"/api/v1/connections/{world.ConnectionId}/rules/events/{one["id"]}";

    private static Task<HttpResponseMessage> SaveAsync(Visitor visitor, StoryWorld world, JsonNode one, string condition, int confirmRaises = 0) =>
        PutAsync(visitor, world, one, new { condition, version = one["version"]!.ToString(), confirmRaises });

    private static Task<HttpResponseMessage> PutAsync(Visitor visitor, StoryWorld world, JsonNode one, object body) =>
        visitor.Http.PutAsJsonAsync(At(world, one), body, Cancel);

    private static async Task<JsonNode> TemplateAsync(Visitor visitor, StoryWorld world, JsonNode one, string key) =>
        (await Visitor.JsonAsync(await visitor.GetAsync($"{At(world, one)}/templates")))["templates"]!.AsArray().Single(template => template!["key"]!.ToString() == key)!;
}
