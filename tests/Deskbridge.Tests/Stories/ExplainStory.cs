using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Xunit;
using static Deskbridge.Tests.Stories.StoryWorld;

namespace Deskbridge.Tests.Stories;

/// <summary>Why did this ticket not page? The rule, each of its clauses, and the value each looked at.</summary>
public sealed class ExplainStory
{
    [Fact]
    public async Task Ticket_ThatDoesNotMatch_IsExplainedByTheClauseThatIsFalse()
    {
        await using var world = await StartAsync(pages: true);
        var (board, company) = await world.PlaceAsync();
        var posted = await world.Psa.PostAsJsonAsync("service/tickets", new { summary = "Nobody is paged for this", board = new { id = board }, company = new { id = company }, status = new { name = "In Progress (plan of action)" } });
        var ticket = (await posted.Content.ReadFromJsonAsync<JsonNode>())!["id"]!.GetValue<int>();

        var told = await ExplainAsync(world, ticket.ToString(System.Globalization.CultureInfo.InvariantCulture));

        Assert.Contains("does not match", told["verdict"]!.ToString(), StringComparison.Ordinal);
        Assert.Null(told["alertId"]);
        var raise = told["events"]!.AsArray().First(e => e!["kind"]!.ToString() == "raise")!;
        var wrong = Assert.Single(raise["clauses"]!.AsArray(), clause => !clause!["holds"]!.GetValue<bool>())!;
        Assert.Contains("New (not responded) status", wrong["text"]!.ToString(), StringComparison.Ordinal);
        Assert.Contains("In Progress (plan of action)", wrong["actual"]!.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Ticket_WithAnAlert_IsExplainedByIt()
    {
        await using var world = await StartAsync(pages: true);
        var ticket = await world.PostTicketAsync("Somebody is paged for this");
        await world.PollAsync();
        await EventuallyAsync("it raises", async () => (await world.PagesAsync()).Count == 1);

        var told = await ExplainAsync(world, $"#{ticket}");

        Assert.Equal((await world.AlertAsync(ticket)).Id, told["alertId"]!.GetValue<Guid>());
        Assert.Contains("An alert stands on this ticket", told["verdict"]!.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Ticket_ThatIsNone_IsSaidSo()
    {
        await using var world = await StartAsync(pages: true);
        using var visitor = await world.SignedInAsync();
        (string Number, HttpStatusCode Status, string Said)[] cases =
        [
            ("999999", HttpStatusCode.NotFound, "shows no service ticket 999999"),
            ("mail", HttpStatusCode.BadRequest, "'mail' is no ticket number"),
            ("99999999999", HttpStatusCode.BadRequest, "whole numbers up to 2147483647"),
        ];
        foreach (var (number, status, said) in cases)
        {
            using var answer = await visitor.GetAsync(Address(world, number));
            Assert.Equal(status, answer.StatusCode);
            Assert.Contains(said, (await Visitor.JsonAsync(answer))["detail"]!.ToString(), StringComparison.Ordinal);
        }
    }

    private static string Address(StoryWorld world, string number) => $"/api/v1/connections/{world.ConnectionId}/tickets/{Uri.EscapeDataString(number)}/explanation";

    private static async Task<JsonNode> ExplainAsync(StoryWorld world, string number)
    {
        using var visitor = await world.SignedInAsync();
        return JsonNode.Parse(await visitor.ReadAsync(Address(world, number)))!;
    }
}
