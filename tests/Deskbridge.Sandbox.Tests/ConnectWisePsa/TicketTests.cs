using System.Text.Json.Nodes;
using Xunit;

namespace Deskbridge.Sandbox.Tests.ConnectWisePsa;

public sealed class TicketTests(PsaSandbox psa) : IClassFixture<PsaSandbox>
{
    [Fact]
    public async Task Ticket_PostedWithSummaryBoardAndCompany_TakesTheBoardsDefaults()
    {
        var ticket = await psa.PostAsync("/service/tickets", """{ "summary": "Mail is down", "board": { "id": 1 }, "company": { "identifier": "HarborDental" } }""");

        Assert.Equal("New (not responded)", (string?)ticket["status"]!["name"]);
        Assert.Equal("Incident", (string?)ticket["type"]!["name"]);
        Assert.Equal("Priority 3 - Normal Response", (string?)ticket["priority"]!["name"]);
        Assert.Equal("Harbor Dental Group", (string?)ticket["company"]!["name"]);
        Assert.False((bool)ticket["closedFlag"]!);
        Assert.Equal("deskbridge", (string?)ticket["_info"]!["updatedBy"]);
    }

    [Fact]
    public async Task Ticket_WithoutSummaryAndCompany_NamesBothFields()
    {
        var (status, body) = await psa.CallAsync(HttpMethod.Post, "/service/tickets", """{ "board": { "id": 1 } }""");

        Assert.Equal(400, status);
        Assert.Equal("InvalidObject", (string?)body!["code"]);
        Assert.Equal(["summary", "company"], ((JsonArray)body["errors"]!).Select(e => (string)e!["field"]!), StringComparer.Ordinal);
    }

    [Fact]
    public async Task Status_OfAnotherBoard_IsRefused()
    {
        var id = await psa.NewTicketAsync();

        var (status, body) = await psa.CallAsync(HttpMethod.Patch, $"/service/tickets/{id}", """[{ "op": "replace", "path": "status", "value": { "id": 31 } }]""");

        Assert.Equal(400, status);
        Assert.Equal("NotFound", (string?)body!["errors"]![0]!["code"]);
        Assert.Equal("status/name", (string?)body["errors"]![0]!["field"]);
    }

    [Fact]
    public async Task Closing_SetsTheFlagAndDates_AndReopeningClearsThem()
    {
        var id = await psa.NewTicketAsync();

        var closed = await psa.PatchAsync($"/service/tickets/{id}", """[{ "op": "replace", "path": "status", "value": { "name": "Closed (resolved)" } }]""");
        var opened = await psa.PatchAsync($"/service/tickets/{id}", """[{ "op": "replace", "path": "/status/id", "value": 16 }]""");

        Assert.True((bool)closed["closedFlag"]!);
        Assert.Equal("deskbridge", (string?)closed["closedBy"]);
        Assert.NotNull(closed["dateResolved"]);
        Assert.False((bool)opened["closedFlag"]!);
        Assert.Null(opened["closedDate"]);
    }

    [Fact]
    public async Task Board_Changed_TakesItsDefaultStatusUnlessOneIsSent()
    {
        var id = await psa.NewTicketAsync();

        var moved = await psa.PatchAsync($"/service/tickets/{id}", """[{ "op": "replace", "path": "board", "value": { "id": 2 } }]""");
        var back = await psa.PatchAsync($"/service/tickets/{id}", """[{ "op": "replace", "path": "board/id", "value": 1 }, { "op": "replace", "path": "status", "value": { "id": 20 } }]""");

        Assert.Equal(31, (int)moved["status"]!["id"]!);
        Assert.Equal(20, (int)back["status"]!["id"]!);
    }

    [Fact]
    public async Task CompanyIdentifier_PatchedByPath_AnswersOkAndChangesNothing()
    {
        var id = await psa.NewTicketAsync();

        var ticket = await psa.PatchAsync($"/service/tickets/{id}", """[{ "op": "replace", "path": "company/identifier", "value": "CedarLegal" }]""");

        Assert.Equal("HarborDental", (string?)ticket["company"]!["identifier"]);
    }

    [Fact]
    public async Task InitialTexts_BecomeNotes()
    {
        var ticket = await psa.PostAsync("/service/tickets", """{ "summary": "x", "company": { "id": 250 }, "initialDescription": "said", "initialInternalAnalysis": "thought" }""");

        var notes = (JsonArray)await psa.GetAsync($"/service/tickets/{ticket["id"]}/notes");

        Assert.Null(ticket["initialDescription"]);
        Assert.Equal(["said", "thought"], notes.Select(n => (string)n!["text"]!), StringComparer.Ordinal);
        Assert.True((bool)notes[1]!["internalFlag"]!);
    }

    [Fact]
    public async Task Owner_Set_IsExpandedAndScheduleEntriesFillResources()
    {
        var id = await psa.NewTicketAsync();

        var owned = await psa.PatchAsync($"/service/tickets/{id}", """[{ "op": "replace", "path": "owner", "value": { "identifier": "dreyes" } }]""");
        await psa.PostAsync("/schedule/entries", $$"""{ "objectId": {{id}}, "type": { "identifier": "S" }, "member": { "id": 176 } }""");
        var ticket = await psa.GetAsync($"/service/tickets/{id}");

        Assert.Equal("Dana Reyes", (string?)owned["owner"]!["name"]);
        Assert.Equal("dreyes", (string?)ticket["resources"]);
    }

    [Fact]
    public async Task Deleted_TicketIsGone()
    {
        var id = await psa.NewTicketAsync();

        var (status, _) = await psa.CallAsync(HttpMethod.Delete, $"/service/tickets/{id}");
        var (after, body) = await psa.CallAsync(HttpMethod.Get, $"/service/tickets/{id}");

        Assert.Equal(204, status);
        Assert.Equal(404, after);
        Assert.Equal($"Ticket {id} not found", (string?)body!["message"]);
    }
}
