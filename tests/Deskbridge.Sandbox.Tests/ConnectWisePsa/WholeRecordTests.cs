using System.Globalization;
using System.Text.Json.Nodes;
using Xunit;

namespace Deskbridge.Sandbox.Tests.ConnectWisePsa;

/// <summary>What a record has without being told, and what may not go together.</summary>
public sealed class WholeRecordTests(PsaSandbox psa) : IClassFixture<PsaSandbox>
{
    [Fact]
    public async Task TimeEntry_TakesWhatItLacksFromMemberAndTicket()
    {
        var id = await psa.NewTicketAsync();

        var entry = await psa.PostAsync("/time/entries", $$"""{ "chargeToId": {{id}}, "chargeToType": "ServiceTicket", "member": { "identifier": "dreyes" }, "timeStart": "2026-11-20T15:00:00Z", "timeEnd": "2026-11-20T16:30:00Z", "hoursDeduct": 0.5 }""");

        Assert.Equal((1m, 1m, "Billable", "Open"), ((decimal)entry["actualHours"]!, (decimal)entry["hoursBilled"]!, (string)entry["billableOption"]!, (string)entry["status"]!));
        Assert.Equal(("Regular", "Engineer", "Tampa Office"), ((string?)entry["workType"]!["name"], (string?)entry["workRole"]!["name"], (string?)entry["location"]!["name"]));
        Assert.Equal(("Service Desk", "New (not responded)", "Harbor Dental Group"), ((string?)entry["ticketBoard"], (string?)entry["ticketStatus"], (string?)entry["company"]!["name"]));
    }

    [Fact]
    public async Task TimeEntry_OfAProject_CountsForItsTicketPhaseAndProject()
    {
        async Task<decimal> HoursAsync(string path) => (decimal?)(await psa.GetAsync(path))["actualHours"] ?? 0;
        string[] paths = ["/project/tickets/30001", "/project/projects/401/phases/1", "/project/projects/401"];
        var before = await Task.WhenAll(paths.Select(HoursAsync));

        var entry = await psa.PostAsync("/time/entries", """{ "chargeToId": 30001, "chargeToType": "ProjectTicket", "member": { "id": 176 }, "timeStart": "2026-11-20T15:00:00Z", "actualHours": 2 }""");

        Assert.Equal(("Copy the shares", 401, "2026-11-15 to 2026-11-21"), ((string?)entry["ticket"]!["summary"], (int)entry["project"]!["id"]!, (string?)entry["timeSheet"]!["name"]));
        Assert.EndsWith("/project/tickets/30001", (string)entry["ticket"]!["_info"]!["ticket_href"]!, StringComparison.Ordinal);
        foreach (var (path, was) in paths.Zip(before)) Assert.Equal(was + 2, await HoursAsync(path));
    }

    [Fact]
    public async Task SystemInfo_OnPremises_HasNoMemberThatIsNull() =>
        Assert.All((await psa.GetAsync("/system/info")).AsObject(), member => Assert.NotNull(member.Value));

    [Fact]
    public async Task Agreement_ShowsItsTypeOnTicketAndTime()
    {
        var ticket = await psa.PostAsync("/service/tickets", """{ "summary": "Covered", "company": { "id": 250 }, "agreement": { "id": 601 } }""");

        var entry = await psa.PostAsync("/time/entries", $$"""{ "chargeToId": {{ticket["id"]}}, "chargeToType": "ServiceTicket", "member": { "id": 176 }, "timeStart": "2026-11-20T15:00:00Z", "actualHours": 2 }""");

        Assert.Equal(("Managed Services", 0m, "ActualRates"), ((string?)ticket["agreementType"], (decimal)ticket["estimatedTimeCost"]!, (string?)ticket["billingMethod"]));
        Assert.Equal(("Managed Services", "Tampa Office", "Client", 2m, 0m, 300m),
            ((string?)entry["agreementType"], (string?)entry["territory"], (string?)entry["companyType"], (decimal)entry["agreementHours"]!, (decimal)entry["adjustment"]!, (decimal)entry["extendedInvoiceAmount"]!));
    }

    [Fact]
    public async Task TimeEntry_ThatWasBilled_CannotBeChanged()
    {
        var entry = await psa.PostAsync("/time/entries", """{ "timeStart": "2026-11-20T15:00:00Z", "actualHours": 1, "status": "Billed" }""");

        var (status, body) = await psa.CallAsync(HttpMethod.Patch, $"/time/entries/{entry["id"]}", """[{ "op": "replace", "path": "notes", "value": "late" }]""");

        Assert.Equal((400, "status"), (status, (string?)body!["errors"]![0]!["field"]));
        Assert.Equal("deskbridge", (string?)entry["member"]!["identifier"]);
    }

    [Fact]
    public async Task Configuration_AnswersTheQuestionsOfItsType()
    {
        var made = await psa.PostAsync("/company/configurations", """{ "name": "NEW-SRV", "type": { "id": 17 }, "company": { "id": 250 }, "questions": [{ "questionId": 12, "answer": "Backup" }] }""");
        var changed = await psa.PatchAsync($"/company/configurations/{made["id"]}/changeType", """[{ "op": "replace", "path": "type", "value": { "id": 18 } }]""");

        var question = Assert.Single((JsonArray)made["questions"]!)!;
        Assert.Equal(("Role", "Backup"), ((string?)question["question"], (string?)question["answer"]));
        Assert.Equal((true, "Active"), ((bool)made["activeFlag"]!, (string?)made["status"]!["name"]));
        Assert.Empty((JsonArray)changed["questions"]!);
    }

    [Fact]
    public async Task Put_LowersTheFlagsItDoesNotName()
    {
        var source = await psa.PostAsync("/service/sources", """{ "name": "Robot", "defaultFlag": true }""");

        var put = await psa.CallAsync(HttpMethod.Put, $"/service/sources/{source["id"]}", """{ "name": "Robot two" }""");

        Assert.Equal((200, "Robot two", false), (put.Status, (string?)put.Body!["name"], (bool)put.Body["defaultFlag"]!));
    }

    [Fact]
    public async Task SubType_OfAnotherType_IsRefused()
    {
        var own = await psa.PostAsync("/service/boards/1/subtypes", """{ "name": "Laptop", "typeAssociationIds": [9] }""");

        var (status, body) = await psa.CallAsync(HttpMethod.Post, "/service/tickets", $$"""{ "summary": "x", "company": { "id": 250 }, "board": { "id": 1 }, "type": { "id": 8 }, "subType": { "id": {{own["id"]}} } }""");

        Assert.Equal(400, status);
        Assert.Contains("not associated", (string)body!["errors"]![0]!["message"]!, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Item_GoesWithTheSubTypesOfItsAssociations()
    {
        const string Ticket = """{ "summary": "x", "company": { "id": 250 }, "board": { "id": 1 }, "type": { "id": 9 }, "subType": { "id": 2 }, "item": { "id": 3 } }""";
        var (before, _) = await psa.CallAsync(HttpMethod.Post, "/service/tickets", Ticket);

        var association = await psa.PatchAsync("/service/boards/1/items/3/associations/9", """[{ "op": "replace", "path": "subTypeAssociationIds", "value": [1] }]""");
        var (after, _) = await psa.CallAsync(HttpMethod.Post, "/service/tickets", Ticket);

        Assert.Equal([1], ((JsonArray)association["subTypeAssociationIds"]!).Select(n => (int)n!));
        Assert.Equal((201, 400), (before, after));
    }

    [Fact]
    public async Task ContactEmailLookup_FindsTheContact()
    {
        var ticket = await psa.PostAsync("/service/tickets", """{ "summary": "From mail", "company": { "id": 250 }, "contactEmailLookup": "Elena.Castro@harbordental.test" }""");

        Assert.Equal(("Elena Castro", "elena.castro@harbordental.test"), ((string?)ticket["contactName"], (string?)ticket["contactEmailAddress"]));
        Assert.Null(ticket["contactEmailLookup"]);
    }

    [Fact]
    public async Task Record_ThatIsUsed_CannotBeDeleted_AndItsUsagesSayWhere()
    {
        await psa.NewTicketAsync();

        var (status, body) = await psa.CallAsync(HttpMethod.Delete, "/service/priorities/4");
        var usages = (JsonArray)await psa.GetAsync("/service/priorities/4/usages");
        var each = (JsonArray)await psa.GetAsync("/service/priorities/4/usages/list?pageSize=1000");

        Assert.Equal((409, "Conflict"), (status, (string?)body!["code"]));
        Assert.Equal((int)usages.First(u => (string?)u!["typeKey"] == "ticket")!["count"]!, each.Count(u => (string?)u!["typeKey"] == "ticket"));
    }

    [Theory]
    [InlineData(10, "/project/tickets/30001")]
    [InlineData(9, "/project/projects/401")]
    [InlineData(11, "/finance/agreements/601")]
    public async Task CustomField_OfOtherPods_TakesValuesOnTheirRecords(int pod, string path)
    {
        var field = await psa.PostAsync("/system/userDefinedFields", string.Create(CultureInfo.InvariantCulture, $$"""{ "podId": {{pod}}, "caption": "Mark {{pod}}", "sequenceNumber": 1, "fieldTypeIdentifier": "Number", "entryTypeIdentifier": "EntryField" }"""));

        var record = await psa.PatchAsync(path, $$"""[{ "op": "replace", "path": "customFields", "value": [{ "id": {{field["id"]}}, "value": 4.5 }] }]""");

        Assert.Equal(4.5m, (decimal)((JsonArray)record["customFields"]!).First(f => (int)f!["id"]! == (int)field["id"]!)!["value"]!);
    }
}
