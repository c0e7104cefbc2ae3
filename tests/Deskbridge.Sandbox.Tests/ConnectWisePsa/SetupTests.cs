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

    [Theory]
    [InlineData("Ticket is in Closed (resolved) status and not Ticket Actual Age is less than 360 hours")]
    [InlineData("(Priority is Priority 1 - Emergency Response or Priority is Priority 2 - Quick Response) and not Root Cause contains Hardware")]
    [InlineData("Ticket is not currently assigned or Ticket has been responded to and VIP is true")]
    public async Task RuleText_OfTheScreens_IsUnderstood(string condition)
    {
        var added = await psa.PostAsync("/system/workflows/31/events", $$"""{ "eventCondition": "{{condition}}" }""");

        Assert.IsType<JsonArray>(await psa.GetAsync($"/system/workflows/31/events/{added["id"]}/test"));
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
