using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Deskbridge.Connectors;
using Deskbridge.Core.Alerting;
using Deskbridge.Core.Connections.Rules;
using Deskbridge.Core.Data;
using Microsoft.EntityFrameworkCore;
using Xunit;
using static Deskbridge.Tests.Stories.StoryWorld;

namespace Deskbridge.Tests.Stories;

/// <summary>A board that lacks the status which the rule names: the administrator chooses another for it (S40).</summary>
public sealed class BoardStatusStory
{
    private const string NetworkOperations = "2";
    private const string Monitoring = "34";
    private const string NewOnNetworkOperations = "31";

    [Fact]
    public async Task Acknowledge_OnABoardWithoutTheRulesStatus_SetsTheOneChosenForIt()
    {
        await using var world = await StartAsync(pages: true);
        var statuses = world.Get<BoardStatuses>();
        Assert.Contains("no status \"Assigned (responded)\"", Of(Value(await statuses.ReadAsync(world.ConnectionId, default))).Problem);

        var chosen = Value(await statuses.SetAsync(world.ConnectionId, [new BoardChoice(OutboundState.Acknowledged, NetworkOperations, Monitoring)], world.Dana, default));
        Assert.Equal(("Monitoring", null), (Of(chosen).Found?.Name, Of(chosen).Problem));

        var ticket = await AlertedAsync(world);
        Value(await world.Get<AcknowledgeAlert>().RunAsync((await world.AlertAsync(ticket)).Id, world.Dana, default));
        await EventuallyAsync("the status chosen for the board is set", async () => (await world.TicketAsync(ticket))["status"]!["name"]!.ToString() == "Monitoring");
        Value(await world.Get<CloseAlert>().RunAsync((await world.AlertAsync(ticket)).Id, world.Dana, default));
        await EventuallyAsync("close finds the status of the same name", async () => (await world.TicketAsync(ticket))["status"]!["id"]!.GetValue<int>() == 35);
    }

    [Fact]
    public async Task ChosenStatus_ThatWasRemovedSince_IsNamedAndRefusedOnTickets()
    {
        await using var world = await StartAsync(pages: true);
        var statuses = world.Get<BoardStatuses>();
        Value(await statuses.SetAsync(world.ConnectionId, [new BoardChoice(OutboundState.Acknowledged, NetworkOperations, Monitoring)], world.Dana, default));
        await world.PatchAsync($"service/boards/{NetworkOperations}/statuses/{Monitoring}", "inactive", true);
        await world.RestartHubAsync();

        Assert.Contains("\"Monitoring\", which was chosen here, is gone", Of(Value(await world.Get<BoardStatuses>().ReadAsync(world.ConnectionId, default))).Problem);
        var ticket = await AlertedAsync(world);
        var alert = await world.AlertAsync(ticket);
        Value(await world.Get<AcknowledgeAlert>().RunAsync(alert.Id, world.Dana, default));
        await EventuallyAsync("the refusal names both", () => world.Get<HubStore>().ReadAsync(
            db => db.AlertEvents.AnyAsync(line => line.AlertId == alert.Id && line.Kind == "refused" && line.Message.Contains("Assigned (responded)") && line.Message.Contains("Monitoring") && line.Message.Contains("Network Operations")), default));
        await EventuallyAsync("the marker is written all the same", async () => await world.FieldAsync(ticket, "Signl4Status_c") == "Acknowledged");
    }

    /// <summary>On that status the trigger rule holds: an acknowledge would ask for its own alert again (engine.md §6.6).</summary>
    [Fact]
    public async Task Choice_ThatFightsTheRules_IsNotSaved()
    {
        await using var world = await StartAsync(pages: true);

        var refused = await world.Get<BoardStatuses>().SetAsync(world.ConnectionId, [new BoardChoice(OutboundState.Acknowledged, NetworkOperations, NewOnNetworkOperations)], world.Dana, default);

        Assert.Contains("raised again", refused.Failure?.Message);
        Assert.Null(Of(Value(await world.Get<BoardStatuses>().ReadAsync(world.ConnectionId, default))).Chosen);
    }

    [Fact]
    public async Task Page_SavesWhatWasChosen_AndTheApiShowsIt()
    {
        await using var world = await StartAsync(pages: true);
        using var visitor = await world.SignedInAsync();
        var path = $"/connections/{world.ConnectionId}/statuses";

        var answer = await visitor.PostFormAsync(path, [($"Acknowledged.{NetworkOperations}", Monitoring)]);

        Assert.True(answer.IsSuccessStatusCode || (int)answer.StatusCode is 302 or 303, $"{answer.StatusCode}");
        var shown = await visitor.ReadAsync($"/api/v1{path}");
        var item = JsonNode.Parse(shown)!["items"]!.AsArray().Single(one => one!["on"]!.ToString() == "acknowledged" && one["board"]!["id"]!.ToString() == NetworkOperations)!;
        Assert.Equal(("Monitoring", "Assigned (responded)"), (item["sets"]!["name"]!.ToString(), item["rule"]!["name"]!.ToString()));
    }

    private static StatusChoice Of(BoardStatusTable table) =>
        table.Boards.Single(board => board.Board.Id == NetworkOperations).Choices.Single(choice => choice.On == OutboundState.Acknowledged);

    private static async Task<int> AlertedAsync(StoryWorld world)
    {
        var posted = await world.Psa.PostAsJsonAsync("service/tickets", new { summary = "Uplink flaps", board = new { id = 2 }, company = new { id = (await world.PlaceAsync()).Company } });
        var ticket = (await posted.Content.ReadFromJsonAsync<JsonNode>())!["id"]!.GetValue<int>();
        await world.PollAsync();
        await EventuallyAsync("the ticket has its alert", async () => await world.FieldAsync(ticket, "Signl4Retrieved_c") == "true");
        return ticket;
    }
}
