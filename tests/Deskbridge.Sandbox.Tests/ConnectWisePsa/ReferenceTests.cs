using System.Text.Json.Nodes;
using Xunit;

namespace Deskbridge.Sandbox.Tests.ConnectWisePsa;

/// <summary>What a record names must be there; what it must have, it must be given; and what hangs on others says on what.</summary>
public sealed class ReferenceTests(PsaSandbox psa) : IClassFixture<PsaSandbox>
{
    [Theory]
    [InlineData("/service/tickets/10001", "opportunity")]
    [InlineData("/project/projects/401", "opportunity")]
    [InlineData("/sales/activities/801", "opportunity")]
    [InlineData("/company/companies/250", "calendar")]
    [InlineData("/company/companies/250/sites/1250", "calendar")]
    [InlineData("/company/companies/250/sites/1250", "stateReference")]
    [InlineData("/company/companies/250", "market")]
    [InlineData("/company/companies/250", "taxCode")]
    [InlineData("/company/configurations/501", "manufacturer")]
    [InlineData("/finance/agreements/601", "billingCycle")]
    [InlineData("/finance/invoices/1001", "salesOrder")]
    [InlineData("/service/boards/1", "signOffTemplate")]
    [InlineData("/service/boards/1/statuses/16", "statusIndicator")]
    [InlineData("/project/projects/401/teamMembers/1", "projectRole")]
    [InlineData("/system/workflows/31/events/81/actions/111", "automateScript")]
    [InlineData("/system/workflows/31/events/81/actions/111", "activityStatus")]
    [InlineData("/system/workflows/31/events/81/actions/111", "activityType")]
    [InlineData("/system/workflows/31/events/81/actions/111", "projectStatus")]
    [InlineData("/system/workflows/31/events/81/actions/111", "serviceTemplate")]
    [InlineData("/system/workflows/31/events/81/actions/111", "specificTeamTo")]
    public async Task Reference_ToWhatIsNotThere_IsRefused(string path, string member)
    {
        var (status, body) = await psa.CallAsync(HttpMethod.Patch, path, $$"""[{ "op": "replace", "path": "{{member}}", "value": { "id": 4711 } }]""");

        Assert.Equal((400, "NotFound", $"{member}/id"), (status, (string?)body!["errors"]?[0]!["code"], (string?)body["errors"]?[0]!["field"]));
    }

    [Theory]
    [InlineData("/service/boards/1/teams/25", "members", "[176, 4711]")]
    [InlineData("/service/boards/1/subtypes/1", "typeAssociationIds", "[4711]")]
    [InlineData("/company/configurations/501", "parentConfigurationId", "4711")]
    [InlineData("/system/userDefinedFields/12", "locationIds", "[4711]")]
    [InlineData("/system/workflows/31/events/81/actions/111", "attachments", "[4711]")]
    public async Task Number_OfWhatIsNotThere_IsRefused(string path, string member, string value)
    {
        var (status, body) = await psa.CallAsync(HttpMethod.Patch, path, $$"""[{ "op": "replace", "path": "{{member}}", "value": {{value}} }]""");

        Assert.Equal((400, "NotFound", member), (status, (string?)body!["errors"]?[0]!["code"], (string?)body["errors"]?[0]!["field"]));
    }

    [Theory]
    [InlineData("ServiceTicket", "Ticket")]
    [InlineData("ProjectTicket", "Ticket")]
    [InlineData("ChargeCode", "Charge Code")]
    [InlineData("Activity", "Activity")]
    [InlineData("Company", "Company")]
    public async Task TimeAndExpenses_AreChargedToWhatIsThere(string type, string title)
    {
        foreach (var (path, rest) in new[] { ("/time/entries", "\"timeStart\": \"2026-11-20T15:00:00Z\", \"actualHours\": 1"), ("/expense/entries", "\"date\": \"2026-11-20T15:00:00Z\", \"amount\": 1, \"type\": { \"id\": 1 }") })
        {
            var (status, body) = await psa.CallAsync(HttpMethod.Post, path, $$"""{ "chargeToId": 4711, "chargeToType": "{{type}}", {{rest}} }""");

            Assert.Equal((400, "chargeToId", $"{title} 4711 not found"), (status, (string?)body!["errors"]?[0]!["field"], (string?)body["errors"]?[0]!["message"]));
        }
    }

    [Theory]
    [InlineData("S")]
    [InlineData("C")]
    public async Task ScheduleEntry_IsAboutSomethingThatIsThere(string type)
    {
        var (status, body) = await psa.CallAsync(HttpMethod.Post, "/schedule/entries", $$"""{ "objectId": 4711, "type": { "identifier": "{{type}}" }, "member": { "id": 176 } }""");

        Assert.Equal((400, "objectId"), (status, (string?)body!["errors"]?[0]!["field"]));
    }

    [Fact]
    public async Task ScheduleEntry_SaysWhatKindOfTicketItIsFor()
    {
        async Task<string?> TypeAsync(int ticket) => (string?)(await psa.PostAsync("/schedule/entries", $$"""{ "objectId": {{ticket}}, "type": { "identifier": "S" }, "member": { "id": 176 } }"""))["ticketType"];

        Assert.Equal(("ServiceTicket", "ProjectTicket"), (await TypeAsync(10001), await TypeAsync(30001)));
    }

    [Theory]
    [InlineData("hardware", 200)]
    [InlineData("Weather", 400)]
    public async Task ListField_TakesOneOfItsOptions(string value, int expected)
    {
        var id = await psa.NewTicketAsync();

        var (status, body) = await psa.CallAsync(HttpMethod.Patch, $"/service/tickets/{id}", $$"""[{ "op": "replace", "path": "customFields", "value": [{ "id": 14, "value": "{{value}}" }] }]""");

        Assert.Equal(expected, status);
        if (status == 200) Assert.Equal("Hardware", (string?)((JsonArray)body!["customFields"]!).First(f => (int)f!["id"]! == 14)!["value"]);
    }

    [Fact]
    public async Task WhatHangsOnAWorkflow_ShowsTheGuidsAbove()
    {
        var workflow = await psa.GetAsync("/system/workflows/31");
        var above = await psa.GetAsync("/system/workflows/31/events/81");
        var action = await psa.GetAsync("/system/workflows/31/events/81/actions/111");

        Assert.Equal((string?)workflow["connectWiseID"], (string?)above["parentConnectWiseId"]);
        Assert.Equal(((string?)above["connectWiseID"], (string?)workflow["connectWiseID"]), ((string?)action["parentConnectWiseId"], (string?)action["grandParentConnectWiseId"]));
        Assert.NotNull((string?)workflow["connectWiseID"]);
    }

    [Fact]
    public async Task AllNotes_HoldThoseOfMergedAndBundledTickets()
    {
        int[] ids = [await psa.NewTicketAsync("parent"), await psa.NewTicketAsync("merged"), await psa.NewTicketAsync("bundled")];
        foreach (var id in ids) await psa.PostAsync($"/service/tickets/{id}/notes", $$"""{ "text": "of {{id}}", "internalAnalysisFlag": true }""");
        await psa.PostAsync($"/service/tickets/{ids[0]}/merge", $$"""{ "mergeTicketIds": [{{ids[1]}}], "status": { "id": 24 } }""");
        await psa.PostAsync($"/service/tickets/{ids[0]}/attachChildren", $$"""{ "childTicketIds": [{{ids[2]}}] }""");

        var notes = (JsonArray)await psa.GetAsync($"/service/tickets/{ids[0]}/allNotes");

        Assert.Equal([($"of {ids[0]}", false, false), ($"of {ids[1]}", true, false), ($"of {ids[2]}", false, true)],
            notes.Select(n => ((string)n!["text"]!, (bool)n["mergedFlag"]!, (bool)n["bundledFlag"]!)));
        Assert.Equal(ids, notes.Select(n => (int)n!["ticket"]!["id"]!));
    }

    [Theory]
    [InlineData("severity")]
    [InlineData("impact")]
    public async Task WholeTicket_NeedsItsRatings(string member)
    {
        var ticket = (JsonObject)await psa.GetAsync($"/service/tickets/{await psa.NewTicketAsync()}");
        ticket.Remove(member);

        var (status, body) = await psa.CallAsync(HttpMethod.Put, $"/service/tickets/{ticket["id"]}", ticket.ToJsonString());

        Assert.Equal((400, "MissingRequiredField", member), (status, (string?)body!["errors"]?[0]!["code"], (string?)body["errors"]?[0]!["field"]));
    }

    [Fact]
    public async Task WholeTimeEntry_NeedsItsBillableOption()
    {
        var entry = (JsonObject)await psa.PostAsync("/time/entries", """{ "timeStart": "2026-11-20T15:00:00Z", "actualHours": 1 }""");
        entry.Remove("billableOption");

        var (status, body) = await psa.CallAsync(HttpMethod.Put, $"/time/entries/{entry["id"]}", entry.ToJsonString());

        Assert.Equal((400, "billableOption"), (status, (string?)body!["errors"]?[0]!["field"]));
    }

    [Theory]
    [InlineData("notifyWho", "emailRecipient")]
    [InlineData("notifyFrom", "emailFrom")]
    public async Task MailOfAnAction_NeedsItsAddress(string who, string address)
    {
        var (status, body) = await psa.CallAsync(HttpMethod.Post, "/system/workflows/31/events/81/actions", $$"""{ "notifyType": { "id": 2 }, "subject": "x", "{{who}}": { "id": 3 } }""");

        Assert.Equal((400, address), (status, (string?)body!["errors"]?[0]!["field"]));
    }

    [Fact]
    public async Task AtMostTenFields_AreListed()
    {
        Task<(int Status, JsonNode? Body)> AddAsync(int number) => psa.CallAsync(HttpMethod.Post, "/system/userDefinedFields",
            $$"""{ "podId": 17, "caption": "Listed {{number}}", "sequenceNumber": {{number}}, "fieldTypeIdentifier": "Text", "listViewFlag": true }""");
        for (var i = 1; i <= 10; i++) Assert.Equal(201, (await AddAsync(i)).Status);

        var (status, body) = await AddAsync(11);

        Assert.Equal((400, "listViewFlag"), (status, (string?)body!["errors"]?[0]!["field"]));
    }
}
