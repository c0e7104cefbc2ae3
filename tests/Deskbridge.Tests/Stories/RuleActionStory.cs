using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Deskbridge.Core.Alerting;
using Deskbridge.Core.Connections.Rules;
using Deskbridge.Core.Data;
using Deskbridge.Core.Directory;
using Deskbridge.Core.Sync;
using Microsoft.EntityFrameworkCore;
using Xunit;
using static Deskbridge.Tests.Stories.StoryWorld;

namespace Deskbridge.Tests.Stories;

/// <summary>All actions of the rule are carried out when the alert is acknowledged (S63): values in one call, notes and schedule entries once each.</summary>
public sealed class RuleActionStory
{
    private const int ChangeBoard = 11;
    private const int ChangePriority = 13;
    private const int AssignResource = 3;
    private const int SendEmail = 2;

    [Fact]
    public async Task Acknowledge_CarriesOutEveryActionOfTheRule()
    {
        await using var world = await StartAsync(pages: true, settings: new JsonObject { ["ownerAssignment"] = "Never" });
        await AddAsync(world, new { notifyType = new { id = ChangeBoard }, board = new { id = 2 }, boardStatus = new { id = 34 }, serviceType = new { id = 14 }, notes = "Moved to the network people.", internalNotesFlag = true });
        await AddAsync(world, new { notifyType = new { id = ChangePriority }, servicePriority = new { id = 2 } });
        await AddAsync(world, new { notifyType = new { id = AssignResource }, specificMemberTo = new { id = 179 }, specificTeamTo = new { id = 27 }, subject = "Please look", updateOwnerFlag = true });
        await RemoveStatusActionAsync(world);
        await world.Get<RefreshRules>().RunAsync(world.ConnectionId, default);
        var ticket = await AlertedAsync(world);

        Value(await world.Get<AcknowledgeAlert>().RunAsync((await world.AlertAsync(ticket)).Id, world.Dana, default));

        await EventuallyAsync("board, status, type, priority and team are set", async () => await world.TicketAsync(ticket) is var shown
            && Id(shown, "board") == 2 && Id(shown, "status") == 34 && Id(shown, "type") == 14 && Id(shown, "priority") == 2 && Id(shown, "team") == 27);
        await EventuallyAsync("the member owns it", async () => Id(await world.TicketAsync(ticket), "owner") == 179);
        await EventuallyAsync("the member is scheduled once", async () => (await EntriesAsync(world, ticket)).Count(entry => Id(entry!, "member") == 179) == 1);
        await EventuallyAsync("the note is there once, internal", async () => (await world.NotesAsync(ticket)).Where(note => note!["text"]!.ToString().StartsWith("Moved to the network people.", StringComparison.Ordinal)).ToList() is [var one] && one!["internalAnalysisFlag"]!.GetValue<bool>());
        Assert.Equal("Acknowledged", await world.FieldAsync(ticket, "Signl4Status_c"));
    }

    /// <summary>The rule moved the ticket to a board that knows the old status under another id, or not at all (engine.md §6.7).</summary>
    [Theory]
    [InlineData(2, 34, "New (not responded)", null)]
    [InlineData(3, 42, "Working", "which has no status \"New (not responded)\"")]
    public async Task Unacknowledge_OnAnotherBoard_PutsBackThatBoardsOwnStatus(int board, int status, string shownAfter, string? refused)
    {
        await using var world = await StartAsync(pages: true, settings: new JsonObject { ["ownerAssignment"] = "Never" });
        await AddAsync(world, new { notifyType = new { id = ChangeBoard }, board = new { id = board }, boardStatus = new { id = status } });
        await RemoveStatusActionAsync(world);
        await world.Get<RefreshRules>().RunAsync(world.ConnectionId, default);
        var ticket = await AlertedAsync(world);
        var alert = await world.AlertAsync(ticket);
        Value(await world.Get<AcknowledgeAlert>().RunAsync(alert.Id, world.Dana, default));
        await EventuallyAsync("it is on the other board", async () => await world.TicketAsync(ticket) is var shown && Id(shown, "board") == board && Id(shown, "status") == status);
        await EventuallyAsync("that is agreed", async () => await world.FieldAsync(ticket, "Signl4User_c") == world.Dana.Email);

        Value(await world.Get<UnacknowledgeAlert>().RunAsync(alert.Id, world.Dana, default));

        await EventuallyAsync("the marker is taken back", async () => string.IsNullOrEmpty(await world.FieldAsync(ticket, "Signl4Status_c")));
        await EventuallyAsync("the status fits the board", async () => (await world.TicketAsync(ticket))["status"]!["name"]!.ToString() == shownAfter);
        var writes = (await world.Get<Core.Connections.WriteReview>().ReadAsync(world.ConnectionId, default)).Refused;
        if (refused is null) Assert.Empty(writes);
        else Assert.Contains(refused, Assert.Single(writes).Why, StringComparison.Ordinal);
        Assert.Equal(board, Id(await world.TicketAsync(ticket), "board"));
    }

    /// <summary>The status that cannot be put back is told with its own reason, and with no other.</summary>
    [Fact]
    public async Task Reopen_OfATicketThatTheCloseMoved_SaysOnceWhyItStaysClosed()
    {
        await using var world = await StartAsync(pages: true, settings: new JsonObject { ["ownerAssignment"] = "Never" });
        var closed = (await world.Psa.GetFromJsonAsync<JsonArray>("service/boards/3/statuses"))!.First(status => status!["closedStatus"]!.GetValue<bool>())!["id"]!.GetValue<int>();
        await AddAsync(world, new { notifyType = new { id = ChangeBoard }, board = new { id = 3 }, boardStatus = new { id = closed } }, "Resolved");
        await RemoveStatusActionAsync(world, "Resolved");
        await world.Get<RefreshRules>().RunAsync(world.ConnectionId, default);
        var ticket = await AlertedAsync(world);
        var alert = await world.AlertAsync(ticket);
        Value(await world.Get<CloseAlert>().RunAsync(alert.Id, world.Dana, default));
        await EventuallyAsync("it is closed on the other board", async () => Id(await world.TicketAsync(ticket), "status") == closed);
        await EventuallyAsync("that is agreed", async () => await world.FieldAsync(ticket, "Signl4User_c") == world.Dana.Email);

        Value(await world.Get<ReopenAlert>().RunAsync(alert.Id, world.Dana, default));

        await EventuallyAsync("the marker is taken back", async () => string.IsNullOrEmpty(await world.FieldAsync(ticket, "Signl4Status_c")));
        Assert.Contains("which has no status", Assert.Single((await world.Get<Core.Connections.WriteReview>().ReadAsync(world.ConnectionId, default)).Refused).Why, StringComparison.Ordinal);
        Assert.DoesNotContain(await world.Get<HubStore>().ReadAsync(db => db.AlertEvents.Where(line => line.AlertId == alert.Id).Select(line => line.Message).ToListAsync(), default), line => line.Contains("not closed from here", StringComparison.Ordinal));
    }

    [Fact]
    public async Task RulesInForce_ShowNotesAndScheduledMembersBesideTheValues()
    {
        await using var world = await StartAsync(pages: true);
        await AddAsync(world, new { notifyType = new { id = ChangeBoard }, notes = "Moved to the network people.", internalNotesFlag = true });
        await AddAsync(world, new { notifyType = new { id = AssignResource }, specificMemberTo = new { id = 179 }, subject = "Please look" });
        await world.Get<RefreshRules>().RunAsync(world.ConnectionId, default);
        var member = (await world.Psa.GetFromJsonAsync<JsonNode>("system/members/179"))!;
        using var browser = await world.SignedInAsync();

        var page = System.Net.WebUtility.HtmlDecode(await browser.ReadAsync($"/connections/{world.ConnectionId}"));

        Assert.Contains("note (internal): <strong class=\"app-text\">Moved to the network people.</strong>", page, StringComparison.Ordinal);
        Assert.Matches($"scheduled: <strong>({member["firstName"]} {member["lastName"]}|{member["identifier"]})</strong>", page);
    }

    [Fact]
    public async Task UnknownAction_IsNamedAndTheOthersStand()
    {
        await using var world = await StartAsync(pages: true);
        await AddAsync(world, new { notifyType = new { id = SendEmail }, subject = "Hello", notes = "Somebody took it.", notifyWho = new { id = 1 }, notifyFrom = new { id = 1 } });

        await world.Get<RefreshRules>().RunAsync(world.ConnectionId, default);

        var rules = await world.Get<Core.Connections.ConnectorPool>().FindInAnyStateAsync(world.ConnectionId, default);
        Assert.Contains(rules!.Rules!.Problems, problem => problem.Message.Contains("\"Send Email\"", StringComparison.Ordinal) && problem.Message.Contains("not carried out", StringComparison.Ordinal));
        Assert.Equal("Assigned (responded)", Assert.Single(rules.Rules.OnAcknowledge).Value.Name);
    }

    [Fact]
    public async Task NotesOfTransitions_AreWrittenWithTheirOwnFlags()
    {
        await using var world = await StartAsync(pages: true, settings: new JsonObject { ["acknowledgeNoteFlags"] = new JsonArray("Internal"), ["closeNoteFlags"] = new JsonArray("Discussion", "Resolution") });
        var ticket = await AlertedAsync(world);
        var alert = await world.AlertAsync(ticket);

        Value(await world.Get<AcknowledgeAlert>().RunAsync(alert.Id, world.Dana, default));
        Value(await world.Get<CloseAlert>().RunAsync(alert.Id, world.Dana, default));

        await EventuallyAsync("the close is told to the customer", async () => (await world.NotesAsync(ticket)).Any(note => note!["text"]!.ToString().StartsWith("Alert closed.", StringComparison.Ordinal)
            && note["detailDescriptionFlag"]!.GetValue<bool>() && note["resolutionFlag"]!.GetValue<bool>() && !note["internalAnalysisFlag"]!.GetValue<bool>()));
        Assert.DoesNotContain(await world.NotesAsync(ticket), note => note!["text"]!.ToString().StartsWith("Alert acknowledged.", StringComparison.Ordinal) && note["detailDescriptionFlag"]!.GetValue<bool>());
    }

    /// <summary>Who takes an alert over goes on with what was begun: the rule's note and its scheduled member are there already.</summary>
    [Fact]
    public async Task TakeOver_AddsNothingOfTheRuleAgain_AndSaysWhatItIs()
    {
        await using var world = await StartAsync(settings: new JsonObject { ["acknowledgeNoteFlags"] = new JsonArray("Internal") });
        await AddAsync(world, new { notifyType = new { id = ChangePriority }, servicePriority = new { id = 2 }, notes = "Ask the night desk.", internalNotesFlag = true });
        await world.Get<RefreshRules>().RunAsync(world.ConnectionId, default);
        var maja = Value(await world.Get<CreatePerson>().RunAsync(new PersonDraft("Maja Lind", "maja.lind@northbridge-msp.test"), world.Dana, default));
        var ticket = await AlertedAsync(world);
        var alert = await world.AlertAsync(ticket);
        Value(await world.Get<AcknowledgeAlert>().RunAsync(alert.Id, world.Dana, default));
        await EventuallyAsync("both notes are there", async () => await CountAsync("Ask the night desk.") == 1 && await CountAsync("Alert acknowledged.") == 1);

        Value(await world.Get<TakeOverAlert>().RunAsync(alert.Id, maja, default));

        await EventuallyAsync("it is told", async () => await CountAsync("Alert taken over.") == 1);
        await EventuallyAsync("all is written", async () => await world.Get<HubStore>().ReadAsync(db => db.Effects.AllAsync(effect => !EffectStates.Unsettled.Contains(effect.State)), default));
        Assert.Equal((1, 1), (await CountAsync("Ask the night desk."), await CountAsync("Alert acknowledged.")));

        async Task<int> CountAsync(string begins) => (await world.NotesAsync(ticket)).Count(note => note!["text"]!.ToString().StartsWith(begins, StringComparison.Ordinal));
    }

    private static int? Id(JsonNode record, string member) => record[member]?["id"]?.GetValue<int>();

    private static async Task<JsonArray> EntriesAsync(StoryWorld world, int ticket) =>
        (await world.Psa.GetFromJsonAsync<JsonArray>($"schedule/entries?conditions=objectId={ticket}"))!;

    private static async Task<string> EventAsync(StoryWorld world, string word)
    {
        var workflows = (await world.Psa.GetFromJsonAsync<JsonArray>("system/workflows?pageSize=100"))!;
        var id = workflows.Single(one => one!["name"]!.GetValue<string>() == "SIGNL4 - Update CW Tickets")!["id"]!.GetValue<int>();
        var events = (await world.Psa.GetFromJsonAsync<JsonArray>($"system/workflows/{id}/events"))!;
        return $"system/workflows/{id}/events/{events.Single(one => one!["eventCondition"]!.ToString().Contains(word, StringComparison.Ordinal))!["id"]}";
    }

    private static async Task AddAsync<T>(StoryWorld world, T action, string word = "Acknowledged")
    {
        var answer = await world.Psa.PostAsJsonAsync($"{await EventAsync(world, word)}/actions", action);
        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync());
    }

    /// <summary>The action that Install made: it would set a status of the first board.</summary>
    private static async Task RemoveStatusActionAsync(StoryWorld world, string word = "Acknowledged")
    {
        var path = $"{await EventAsync(world, word)}/actions";
        var first = (await world.Psa.GetFromJsonAsync<JsonArray>(path))!.First(one => one!["notifyType"]!["name"]!.ToString() == "Change Ticket Status")!;
        Assert.True((await world.Psa.DeleteAsync($"{path}/{first["id"]}")).IsSuccessStatusCode);
    }

    private static async Task<int> AlertedAsync(StoryWorld world)
    {
        var ticket = await world.PostTicketAsync("Uplink flaps");
        await world.PollAsync();
        await EventuallyAsync("the ticket has its alert", async () => await world.FieldAsync(ticket, "Signl4Retrieved_c") == "true");
        return ticket;
    }
}
