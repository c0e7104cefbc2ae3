using System.Globalization;
using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Deskbridge.Core.Alerting;
using Deskbridge.Core.Data;
using Microsoft.EntityFrameworkCore;
using Xunit;
using static Deskbridge.Tests.Stories.StoryWorld;

namespace Deskbridge.Tests.Stories;

/// <summary>Each event that raises alerts is a rule of its own and has its own choice for tickets that come back (S53 to S56, S66).</summary>
public sealed class ReturnByRuleStory
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task EachRule_DoesItsOwnWithTicketsThatComeBack()
    {
        await using var world = await StartAsync(pages: true, settings: new JsonObject { ["whenTicketReturns"] = "Ignore" });
        using var dana = await world.ProgramAsync();
        var first = await RuleEditStory.EventAsync(dana, world, "raises");
        (string Status, object? Choice, int Generation, AlertStatus Alert)[] rules =
        [
            ("New (email connector)", new { policy = "reopenAlert" }, 1, AlertStatus.Open),
            ("Waiting on client", new { policy = "newAlert" }, 2, AlertStatus.Open),
            ("Waiting on vendor", new { policy = "newAlertLater", hours = 8 }, 1, AlertStatus.Open),
            ("Completed (to be reviewed)", new { policy = "ignore" }, 1, AlertStatus.Closed),
            ("New (not responded)", null, 1, AlertStatus.Closed), // the first rule, which does as the connection's settings say
        ];
        foreach (var (status, choice, _, _) in rules.Where(rule => rule.Choice is not null)) await AddAsync(dana, world, first, status, choice!);
        var tickets = new List<int>();
        foreach (var (status, _, _, _) in rules) tickets.Add(await PostAsync(world, status));
        await world.PollAsync();
        foreach (var ticket in tickets) await EventuallyAsync("its rule raised an alert", () => SaysAsync(world, ticket, "Alert raised"));
        foreach (var ticket in tickets) await world.SetStatusAsync(ticket, "Closed (resolved)");
        await world.PollAsync();
        foreach (var ticket in tickets) await EventuallyAsync("the close arrived", async () => await world.FieldAsync(ticket, "Signl4Status_c") == "Resolved");

        foreach (var (ticket, rule) in tickets.Zip(rules)) await world.SetStatusAsync(ticket, rule.Status);
        await world.PollAsync();

        foreach (var (ticket, rule) in tickets.Zip(rules))
        {
            await EventuallyAsync($"{rule.Status}: the timeline tells that the ticket came back", () => SaysAsync(world, ticket, "Ticket came back"));
            var alert = await world.AlertAsync(ticket);
            Assert.Equal((rule.Status, rule.Generation, rule.Alert), (rule.Status, alert.Generation, alert.Status));
        }

        var told = await Visitor.JsonAsync(await dana.GetAsync($"/api/v1/connections/{world.ConnectionId}/tickets/{tickets[1]}/explanation"));
        Assert.Contains("a new alert is raised", told["verdict"]!.ToString(), StringComparison.Ordinal);
        Assert.Contains(told["events"]!.AsArray(), one => one!["eventId"]!.ToString() == first["id"]!.ToString() && one["return"]!.ToString().EndsWith("(the connection's setting)", StringComparison.Ordinal));
        using var browser = await world.SignedInAsync();
        var page = WebUtility.HtmlDecode(await browser.ReadAsync($"/connections/{world.ConnectionId}/rules"));
        Assert.Contains("a new alert is raised when the old one has been closed for 8 hours, else it is opened again", page, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Event_AddedRaisesNothing_AndIsDeletedAgain_ButNeverTheLast()
    {
        await using var world = await StartAsync(pages: true);
        using var dana = await world.ProgramAsync();
        var first = await RuleEditStory.EventAsync(dana, world, "raises");
        using var browser = await world.SignedInAsync();

        var opened = await browser.PostFormAsync($"/connections/{world.ConnectionId}/rules?handler=Add&like={first["id"]}", []);
        var added = opened.Headers.Location!.ToString().Split('/')[^1];
        Assert.Contains("Delete it in ConnectWise", await browser.ReadAsync($"/connections/{world.ConnectionId}/rules/{added}"), StringComparison.Ordinal);
        var chosen = await browser.PostFormAsync($"/connections/{world.ConnectionId}/rules/{added}?handler=Return", [("policy", "Ignore"), ("hours", "24")]);
        Assert.Contains($"Chosen for event {added}: ", await browser.ReadAsync(chosen.Headers.Location!.ToString()), StringComparison.Ordinal);
        var one = (await EventsAsync(dana, world)).Single(one => one["id"]!.ToString() == added);
        Assert.Equal((first["condition"]!.ToString(), "ignore", true), (one["condition"]!.ToString(), one["return"]!["policy"]!.ToString(), one["return"]!["own"]!.GetValue<bool>()));
        Assert.Empty(await world.PagesAsync());

        var at = $"/api/v1/connections/{world.ConnectionId}/rules/events/";
        var older = await dana.Http.DeleteAsync($"{at}{added}?version=older", Cancel);
        Assert.Equal(HttpStatusCode.Conflict, older.StatusCode);
        var problem = await Visitor.JsonAsync(older);
        Assert.Equal("ignore", problem["current"]!["return"]!["policy"]!.ToString());
        Assert.Contains("Nothing was deleted.", problem["detail"]!.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain("save", problem["detail"]!.ToString(), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.BadRequest, (await dana.Http.PutAsJsonAsync($"{at}{added}/return", new { hours = 5 }, Cancel)).StatusCode);
        Assert.Equal(HttpStatusCode.NoContent, (await dana.Http.DeleteAsync($"{at}{added}?version={one["version"]}", Cancel)).StatusCode);
        var only = await dana.Http.DeleteAsync($"{at}{first["id"]}?version={first["version"]}", Cancel);
        Assert.Contains("the only one", (await Visitor.JsonAsync(only))["detail"]!.ToString(), StringComparison.Ordinal);
        var connection = await Visitor.JsonAsync(await dana.GetAsync($"/api/v1/connections/{world.ConnectionId}"));
        Assert.Empty(connection["settings"]!["eventReturns"]!.AsArray());
        var reserved = await RuleEditStory.EventAsync(dana, world, "reserved");
        Assert.Equal(HttpStatusCode.Conflict, (await dana.Http.PutAsJsonAsync($"{at}{reserved["id"]}/return", new { policy = "ignore" }, Cancel)).StatusCode);
        Assert.Equal(HttpStatusCode.BadRequest, (await dana.Http.PutAsJsonAsync($"{at}{first["id"]}/return", new { policy = "newAlertLater", hours = 0 }, Cancel)).StatusCode);
    }

    private static async Task AddAsync(Visitor dana, StoryWorld world, JsonNode like, string status, object choice)
    {
        var at = $"/api/v1/connections/{world.ConnectionId}/rules/events/";
        var made = await dana.PostJsonAsync($"{at}{like["id"]}/copies", new { });
        Assert.Equal(HttpStatusCode.Created, made.StatusCode);
        var one = await Visitor.JsonAsync(made);
        Assert.False(one["return"]!["own"]!.GetValue<bool>());
        var condition = one["condition"]!.ToString().Replace("New (not responded)", status, StringComparison.Ordinal);
        var checkedFirst = await Visitor.JsonAsync(await dana.PostJsonAsync($"{at}{one["id"]}/check", new { condition }));
        var saved = await dana.Http.PutAsJsonAsync($"{at}{one["id"]}", new { condition, version = one["version"]!.ToString(), confirmRaises = checkedFirst["raises"]!.GetValue<int>() }, Cancel);
        Assert.True(saved.IsSuccessStatusCode, await saved.Content.ReadAsStringAsync(Cancel));
        var chosen = await dana.Http.PutAsJsonAsync($"{at}{one["id"]}/return", choice, Cancel);
        Assert.True(chosen.IsSuccessStatusCode, await chosen.Content.ReadAsStringAsync(Cancel));
    }

    private static async Task<int> PostAsync(StoryWorld world, string status)
    {
        var (board, company) = await world.PlaceAsync();
        var answer = await world.Psa.PostAsJsonAsync("service/tickets", new { summary = status, board = new { id = board }, company = new { id = company }, status = new { name = status } }, Cancel);
        Assert.Equal(HttpStatusCode.Created, answer.StatusCode);
        return (await answer.Content.ReadFromJsonAsync<JsonNode>(Cancel))!["id"]!.GetValue<int>();
    }

    private static async Task<IEnumerable<JsonNode>> EventsAsync(Visitor dana, StoryWorld world) =>
        (await Visitor.JsonAsync(await dana.GetAsync($"/api/v1/connections/{world.ConnectionId}/rules")))["rules"]!.AsArray().SelectMany(rule => rule!["events"]!.AsArray()).OfType<JsonNode>();

    private static Task<bool> SaysAsync(StoryWorld world, int ticket, string line)
    {
        var id = ticket.ToString(CultureInfo.InvariantCulture);
        return world.Get<HubStore>().ReadAsync(
            db => (from link in db.Links
                   join alert in db.Alerts on link.Id equals alert.LinkId
                   join told in db.AlertEvents on alert.Id equals told.AlertId
                   where link.RemoteId == id && told.Message.StartsWith(line)
                   select told).AnyAsync(Cancel),
            Cancel);
    }
}
