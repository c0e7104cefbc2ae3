using System.Text.Json;
using System.Text.Json.Nodes;
using Xunit;

namespace Deskbridge.Sandbox.Tests.ConnectWisePsa;

public sealed class SetupTests(PsaSandbox psa) : IClassFixture<PsaSandbox>
{
    private const string Actual = "Signl4Retrieved_c is false and Ticket is in New (not responded) status and Ticket Actual Age is less than 360 hours";

    [Fact]
    public async Task CustomField_Created_ShowsOnEveryTicketWithNull_AndGoesWhenDeleted()
    {
        var field = await psa.PostAsync("/system/userDefinedFields", Field("Marker_c", "Text"));
        var with = await psa.GetAsync("/service/tickets/10001");
        await psa.CallAsync(HttpMethod.Delete, $"/system/userDefinedFields/{field["id"]}");
        var without = await psa.GetAsync("/service/tickets/10001");

        var value = Named(with, "Marker_c")!;
        Assert.True(((JsonObject)value).ContainsKey("value"));
        Assert.Null(value["value"]);
        Assert.Null(Named(without, "Marker_c"));
    }

    [Fact]
    public async Task CustomField_WithTakenCaption_IsRefused()
    {
        var (status, body) = await psa.CallAsync(HttpMethod.Post, "/system/userDefinedFields", Field("VIP", "Checkbox"));

        Assert.Equal(400, status);
        Assert.Equal("ObjectExists", (string?)body!["errors"]![0]!["code"]);
    }

    [Theory]
    [InlineData(false, "keep")]
    [InlineData(true, null)]
    public async Task PartialCustomFields_KeepOrWipeTheOthers_BySwitch(bool wipe, string? expected)
    {
        var id = await psa.NewTicketAsync();
        await psa.PatchAsync($"/service/tickets/{id}", """[{ "op": "replace", "path": "customFields", "value": [{ "id": 12, "value": "keep" }] }]""");

        await psa.ControlAsync(HttpMethod.Put, "/switches", $$"""{ "partialCustomFieldsWipe": {{(wipe ? "true" : "false")}} }""");
        var ticket = await psa.PatchAsync($"/service/tickets/{id}", """[{ "op": "replace", "path": "customFields", "value": [{ "id": 13, "value": "A1" }] }]""");
        await psa.ControlAsync(HttpMethod.Put, "/switches", """{ "partialCustomFieldsWipe": false }""");

        Assert.Equal(expected, (string?)Named(ticket, "Change Window")!["value"]);
        Assert.Equal("A1", (string?)Named(ticket, "RMM Alert Id")!["value"]);
    }

    [Fact]
    public async Task Workflow_EventsAndActions_RoundTrip_AndTheTestFindsTickets()
    {
        await psa.PostAsync("/system/userDefinedFields", Field("Signl4Retrieved_c", "Checkbox"));
        var rule = await psa.PostAsync("/system/workflows", """{ "name": "SIGNL4 - Trigger Signls", "tableType": { "id": 1 }, "location": { "id": 2 }, "department": { "id": 10 }, "activateFlag": false }""");
        var path = $"/system/workflows/{rule["id"]}/events";
        var added = await psa.PostAsync(path, $$"""{ "eventCondition": "{{Actual}}", "executionTime": "Continuously", "frequencyUnit": "Days", "frequencyOfExecution": 1 }""");
        var action = await psa.PostAsync($"{path}/{added["id"]}/actions", """{ "notifyType": { "id": 12 }, "boardStatus": { "id": 20 } }""");

        var matched = (JsonArray)await psa.GetAsync($"{path}/{added["id"]}/test?pageSize=1000");

        Assert.Equal("Assigned (responded)", (string?)action["boardStatus"]!["name"]);
        Assert.Equal((int)rule["id"]!, (int)action["grandParentId"]!);
        Assert.NotEmpty(matched);
        Assert.All(matched, t => Assert.Equal("New (not responded)", (string?)t!["status"]!["name"]));
    }

    [Fact]
    public async Task NotifyTypes_AreThoseThatAreRecorded() => Assert.Equal(
        ["Create Activity", "Send Email", "Assign Resource", "Attach Configuration", "Change Board", "Change Ticket Status", "Change Ticket Priority"],
        ((JsonArray)await psa.GetAsync("/system/workflows/31/notifyTypes")).Select(t => (string)t!["name"]!));

    [Theory]
    [InlineData("Ticket is in Closed (resolved) status and not Ticket Actual Age is less than 360 hours")]
    [InlineData("(Priority is Priority 1 - Emergency Response or Priority is Priority 2 - Quick Response) and not Root Cause contains Hardware")]
    [InlineData("Ticket is not currently assigned or Ticket has been responded to and VIP is true")]
    public async Task RuleText_OfTheScreens_IsUnderstood(string condition)
    {
        var added = await psa.PostAsync("/system/workflows/31/events", $$"""{ "eventCondition": "{{condition}}" }""");

        Assert.IsType<JsonArray>(await psa.GetAsync($"/system/workflows/31/events/{added["id"]}/test"));
    }

    [Theory]
    [InlineData("Number", "3.5", "is less than 4", "is more than 4", "is 3.50")]
    [InlineData("Percent", "20", "is more than 9", "is less than 3", "is 20")]
    [InlineData("Date", "2026-11-20T08:00:00Z", "is before 2026-11-21", "is after 2026-11-20", "is 2026-11-20")]
    [InlineData("Text", "Rack 7", "contains rack", "is Rack", "is rack 7")]
    public async Task RuleText_ReadsFieldsOfEveryType(string type, string value, string holds, string fails, string equals)
    {
        var caption = $"Rule {type}";
        var field = await psa.PostAsync("/system/userDefinedFields", Field(caption, type));
        var id = await psa.NewTicketAsync(caption);
        await psa.PatchAsync($"/service/tickets/{id}", $$"""[{ "op": "replace", "path": "customFields", "value": [{ "id": {{field["id"]}}, "value": "{{value}}" }] }]""");

        Assert.Equal([id], await MatchedAsync(31, $"{caption} {holds}"));
        Assert.Equal([id], await MatchedAsync(31, $"{caption} {equals} and Ticket is not currently assigned"));
        Assert.Empty(await MatchedAsync(31, $"{caption} {fails}"));
    }

    [Theory]
    [InlineData("summary = \"By path and more (twice)\"")]
    [InlineData("(summary contains 'by path' and board/id in (1, 2)) and not closedFlag = true")]
    [InlineData("summary like '%path and%' and Ticket is in New (not responded) status and dateEntered > [2020-01-01T00:00:00Z]")]
    public async Task RuleText_ReadsComparisonsByPath(string condition)
    {
        var id = await psa.NewTicketAsync("By path and more (twice)");

        Assert.Contains(id, await MatchedAsync(31, condition));
        Assert.DoesNotContain(10001, await MatchedAsync(31, condition));
    }

    [Theory]
    [InlineData(2, "Activity is in Open status", 801)]
    [InlineData(3, "Opportunity is in Won status", 802)]
    [InlineData(4, "Configuration is in Active status and type/name = 'Firewall' and name like 'HDG%'", 505)]
    public async Task RuleOfAnotherTable_IsTestedOnItsRecords(int table, string condition, int expected)
    {
        var rule = await psa.PostAsync("/system/workflows", $$"""{ "name": "Table {{table}}", "tableType": { "id": {{table}} } }""");

        Assert.Contains(expected, await MatchedAsync((int)rule["id"]!, condition));
        var triggers = (JsonArray)await psa.GetAsync($"/system/workflows/{rule["id"]}/triggers");
        Assert.NotEmpty((JsonArray)await psa.GetAsync($"/system/workflows/{rule["id"]}/triggers/{triggers[0]!["id"]}/options"));
    }

    [Theory]
    [InlineData("moonPhase = 4")]
    [InlineData("closedFlag = 'perhaps'")]
    [InlineData("RMM Alert Id is")]
    [InlineData("summary = \"open")]
    public async Task RuleText_ThatCannotBeRead_IsRefused(string condition)
    {
        var added = await psa.PostAsync("/system/workflows/31/events", $$"""{ "eventCondition": {{JsonSerializer.Serialize(condition)}} }""");

        var (status, body) = await psa.CallAsync(HttpMethod.Get, $"/system/workflows/31/events/{added["id"]}/test");

        Assert.Equal((400, "eventCondition"), (status, (string?)body!["errors"]?[0]!["field"]));
    }

    private async Task<IEnumerable<int>> MatchedAsync(int rule, string condition)
    {
        var added = await psa.PostAsync($"/system/workflows/{rule}/events", $$"""{ "eventCondition": {{JsonSerializer.Serialize(condition)}} }""");
        return ((JsonArray)await psa.GetAsync($"/system/workflows/{rule}/events/{added["id"]}/test?pageSize=1000")).Select(r => (int)r!["id"]!);
    }

    [Fact]
    public async Task RuleText_WithAnUnknownClause_QuotesIt()
    {
        var added = await psa.PostAsync("/system/workflows/31/events", """{ "eventCondition": "VIP is true and the moon is full" }""");

        var (status, body) = await psa.CallAsync(HttpMethod.Get, $"/system/workflows/31/events/{added["id"]}/test");

        Assert.Equal(400, status);
        Assert.Contains("the moon is full", (string)body!["errors"]![0]!["message"]!, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Workflow_CannotBeActivatedWithoutAnEvent()
    {
        var (status, body) = await psa.CallAsync(HttpMethod.Post, "/system/workflows", """{ "name": "x", "tableType": { "id": 1 }, "activateFlag": true, "batchSchedule": "AnyTime" }""");

        Assert.Equal(400, status);
        Assert.Equal("activateFlag", (string?)body!["errors"]![0]!["field"]);
    }

    [Fact]
    public async Task Status_RenamedByAnAdministrator_ShowsItsNewNameOnTickets()
    {
        var id = await psa.NewTicketAsync(board: 3);

        await psa.ControlAsync(HttpMethod.Put, "/statuses/41", """{ "name": "Fresh" }""");

        Assert.Equal("Fresh", (string?)(await psa.GetAsync($"/service/tickets/{id}"))["status"]!["name"]);
        Assert.Equal(0, (int)(await psa.GetAsync("/service/tickets/count?conditions=status/name='New'"))["count"]!);
    }

    private static string Field(string caption, string type) =>
        $$"""{ "podId": 2, "caption": "{{caption}}", "sequenceNumber": 9, "fieldTypeIdentifier": "{{type}}", "entryTypeIdentifier": "EntryField", "addAllLocations": true, "addAllBusinessUnits": true }""";

    private static JsonNode? Named(JsonNode ticket, string caption) => ((JsonArray)ticket["customFields"]!).FirstOrDefault(f => (string?)f!["caption"] == caption);
}
