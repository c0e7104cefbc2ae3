using System.Text.Json.Nodes;
using Xunit;

namespace Deskbridge.Sandbox.Tests.ConnectWisePsa;

public sealed class QueryTests(PsaSandbox psa) : IClassFixture<PsaSandbox>
{
    [Theory]
    [InlineData("board/name=\"Service Desk\" and closedFlag=false")]
    [InlineData("Board/Name = 'Service Desk' AND ClosedFlag = False")]
    [InlineData("board/id in (1) and not (closedFlag = true)")]
    [InlineData("closedFlag!=true and board/name like 'Serv*'")]
    [InlineData("closedFlag=false and board/name contains 'vice d' and lastUpdated > [2020-01-01T00:00:00Z]")]
    [InlineData("(board/id=1 or board/id=99) and closedFlag=false and parentTicketId=null and dateEntered>[2020-01-01 00:00:00.123+00:00]")]
    public async Task Conditions_InAnyAcceptedForm_FindTheOpenTicketsOfTheDesk(string conditions)
    {
        var found = await FindAsync($"conditions={Uri.EscapeDataString(conditions)}");

        Assert.NotEmpty(found);
        Assert.All(found, t => Assert.True((int)t!["board"]!["id"]! == 1 && !(bool)t["closedFlag"]!));
        Assert.Equal(await CountAsync("board/id=1 and closedFlag=false"), found.Count);
    }

    [Fact]
    public async Task And_BindsTighterThanOr() =>
        Assert.Equal(await CountAsync("board/id=2 or (board/id=1 and closedFlag=true)"), await CountAsync("board/id=2 or board/id=1 and closedFlag=true"));

    [Theory]
    [InlineData("closedFlag=", 400)]
    [InlineData("summary=unquoted words", 400)]
    [InlineData("nosuch=1", 400)]
    [InlineData("closedFlag='maybe'", 500)]
    [InlineData("id='abc'", 500)]
    public async Task Conditions_ThatMakeNoSense_AreRefused(string conditions, int expected)
    {
        var (status, body) = await psa.CallAsync(HttpMethod.Get, $"/service/tickets?conditions={Uri.EscapeDataString(conditions)}");

        Assert.Equal(expected, status);
        Assert.NotNull(body!["message"]);
    }

    [Fact]
    public async Task ChildConditions_FindContactsByMail()
    {
        var conditions = Uri.EscapeDataString("communicationItems/value like \"elena.castro@*\" AND communicationItems/communicationType=\"Email\"");

        var found = (JsonArray)await psa.GetAsync($"/company/contacts?childConditions={conditions}");

        Assert.Equal("Elena", (string?)Assert.Single(found)!["firstName"]);
    }

    [Fact]
    public async Task CustomFieldConditions_FindByCaptionAndValue()
    {
        var id = await psa.NewTicketAsync();
        await psa.PatchAsync($"/service/tickets/{id}", """[{ "op": "replace", "path": "customFields", "value": [{ "id": 15, "value": true }] }]""");

        var found = await FindAsync($"customFieldConditions={Uri.EscapeDataString("caption=\"VIP\" AND value = true")}");

        Assert.Equal(id, (int)Assert.Single(found)!["id"]!);
    }

    [Fact]
    public async Task Fields_AndSeveralOrderKeys_ShapeTheAnswer()
    {
        var found = await FindAsync("fields=id,priority/sort,priority/name&orderBy=priority/sort desc, id asc&pageSize=1000");

        Assert.Equal(["id", "priority"], ((JsonObject)found[0]!).Select(p => p.Key), StringComparer.Ordinal);
        Assert.Equal(["sort", "name"], ((JsonObject)found[0]!["priority"]!).Select(p => p.Key), StringComparer.Ordinal);
        var keys = found.Select(t => (-(int)t!["priority"]!["sort"]!, (int)t["id"]!)).ToList();
        Assert.Equal(keys.Order(), keys);
    }

    [Fact]
    public async Task Search_TakesItsConditionsFromTheBodyInAnyCase()
    {
        var found = (JsonArray)await psa.PostAsync("/service/tickets/search?pageSize=1000", """{ "Conditions": "closedFlag=true", "orderBy": "id desc" }""");

        Assert.NotEmpty(found);
        Assert.All(found, t => Assert.True((bool)t!["closedFlag"]!));
    }

    private async Task<JsonArray> FindAsync(string query) => (JsonArray)await psa.GetAsync($"/service/tickets?pageSize=1000&{query}".Replace("pageSize=1000&fields", "fields", StringComparison.Ordinal));

    private async Task<int> CountAsync(string conditions) => (int)(await psa.GetAsync($"/service/tickets/count?conditions={Uri.EscapeDataString(conditions)}"))["count"]!;
}
