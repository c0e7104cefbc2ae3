using System.Net;
using System.Text.Json.Nodes;
using Xunit;

namespace Deskbridge.Sandbox.Tests.ConnectWisePsa;

public sealed class RecordTests(PsaSandbox psa) : IClassFixture<PsaSandbox>
{
    [Fact]
    public async Task Note_TakesTheCallerAsAuthor_AndSavesItsTicket()
    {
        var id = await psa.NewTicketAsync();
        var before = await LastCommitAsync();

        var note = await psa.PostAsync($"/service/tickets/{id}/notes", """{ "text": "Line one\r\nLine two \"quoted\" ✓", "internalAnalysisFlag": true }""");
        var commits = (JsonArray)(await psa.ControlAsync(HttpMethod.Get, $"/log?after={before}&kind=commit"))["items"]!;

        Assert.Equal("deskbridge", (string?)note["member"]!["identifier"]);
        Assert.Equal("Line one\r\nLine two \"quoted\" ✓", (string?)note["text"]);
        Assert.True((bool)note["internalFlag"]!);
        Assert.Equal(["serviceNote", "ticket"], commits.Select(c => (string)c!["type"]!), StringComparer.Ordinal);
    }

    [Fact]
    public async Task Note_CanBeListedCountedChangedAndDeleted()
    {
        var notes = $"/service/tickets/{await psa.NewTicketAsync()}/notes";
        var note = await psa.PostAsync(notes, """{ "text": "a" }""");

        var changed = await psa.PatchAsync($"{notes}/{note["id"]}", """[{ "op": "replace", "path": "text", "value": "b" }]""");
        var count = await psa.GetAsync($"{notes}/count");
        var (status, _) = await psa.CallAsync(HttpMethod.Delete, $"{notes}/{note["id"]}");

        Assert.Equal("b", (string?)changed["text"]);
        Assert.Equal(1, (int)count["count"]!);
        Assert.Equal(204, status);
        Assert.Empty((JsonArray)await psa.GetAsync(notes));
    }

    [Fact]
    public async Task Contact_NewDefaultMail_UnsetsTheOther()
    {
        var contact = await psa.PostAsync("/company/contacts", """{ "firstName": "Jo", "lastName": "Smith", "company": { "id": 250 }, "communicationItems": [{ "type": { "id": 13 }, "value": "jo@acme.test", "defaultFlag": true }] }""");

        var changed = await psa.PatchAsync($"/company/contacts/{contact["id"]}", """[{ "op": "add", "path": "/communicationItems/1", "value": { "type": { "id": 13 }, "value": "jo2@acme.test", "defaultFlag": true } }, { "op": "replace", "path": "/title", "value": "Owner" }]""");

        var items = (JsonArray)changed["communicationItems"]!;
        Assert.Equal([false, true], items.Select(i => (bool)i!["defaultFlag"]!));
        Assert.Equal("@acme.test", (string?)items[1]!["domain"]);
        Assert.Equal("Owner", (string?)changed["title"]);
    }

    [Fact]
    public async Task Company_WithATakenIdentifier_IsRefused()
    {
        var (status, body) = await psa.CallAsync(HttpMethod.Post, "/company/companies", """{ "identifier": "harbordental", "name": "Again" }""");

        Assert.Equal(400, status);
        Assert.Equal("Company ID already in use.", (string?)body!["errors"]![0]!["message"]);
    }

    [Fact]
    public async Task ScheduleEntry_PatchedByMemberIdentifier_MovesTheResource()
    {
        var id = await psa.NewTicketAsync();
        var entry = await psa.PostAsync("/schedule/entries", $$"""{ "objectId": {{id}}, "type": { "id": 4, "identifier": "S" }, "member": { "id": 176 }, "dateStart": "2026-11-20T15:00:00Z", "dateEnd": "2026-11-20T16:00:00Z" }""");

        var moved = await psa.PatchAsync($"/schedule/entries/{entry["id"]}", """[{ "op": "replace", "path": "member/identifier", "value": "mlind" }, { "op": "replace", "path": "where/id", "value": 1 }]""");
        var busy = (string?)(await psa.GetAsync($"/service/tickets/{id}"))["resources"];
        await psa.PatchAsync($"/schedule/entries/{entry["id"]}", """[{ "op": "replace", "path": "doneFlag", "value": true }]""");

        Assert.Equal(1m, (decimal)entry["hours"]!);
        Assert.Equal("Firm", (string?)entry["status"]!["name"]);
        Assert.Equal("On-Site", (string?)moved["where"]!["name"]);
        Assert.Equal("mlind", busy);
        Assert.Null((await psa.GetAsync($"/service/tickets/{id}"))["resources"]);
    }

    [Fact]
    public async Task TimeEntry_ShowsAmongAllNotes()
    {
        var id = await psa.NewTicketAsync();

        await psa.PostAsync("/time/entries", $$"""{ "chargeToId": {{id}}, "chargeToType": "ServiceTicket", "member": { "identifier": "dreyes" }, "timeStart": "2026-11-20T15:00:00Z", "actualHours": 0.5, "notes": "Reset credentials", "addToInternalAnalysisFlag": true }""");
        var notes = (JsonArray)await psa.GetAsync($"/service/tickets/{id}/allNotes");

        Assert.Equal("TimeEntryNote", (string?)Assert.Single(notes)!["noteType"]);
        Assert.Equal("Dana Reyes", (string?)notes[0]!["originalAuthor"]);
    }

    [Fact]
    public async Task Document_Uploaded_ComesBackByteForByte()
    {
        var id = await psa.NewTicketAsync();
        var bytes = Enumerable.Range(0, 256).Select(i => (byte)i).ToArray();
        using var form = new MultipartFormDataContent { { new StringContent("Ticket"), "RecordType" }, { new StringContent($"{id}"), "recordId" }, { new StringContent("All bytes"), "Title" } };
        form.Add(new ByteArrayContent(bytes), "file", "bytes.bin");

        using var sent = await psa.Http.PostAsync(psa.Url("/system/documents"), form);
        var document = JsonNode.Parse(await sent.Content.ReadAsStringAsync())!;
        var back = await psa.Http.GetByteArrayAsync(psa.Url($"/system/documents/{document["id"]}/download"));

        Assert.Equal(HttpStatusCode.Created, sent.StatusCode);
        Assert.Equal("bytes.bin", (string?)document["fileName"]);
        Assert.Equal(bytes, back);
        Assert.Single((JsonArray)await psa.GetAsync($"/system/documents?recordType=Ticket&recordId={id}"));
    }

    [Theory]
    [InlineData("Ticket", 10001, "backup-srv-02.log", "no space left")]
    [InlineData("Company", 250, "network-plan.txt", "VLAN 20")]
    [InlineData("Configuration", 501, "build-sheet.txt", "RAID 10")]
    public async Task Document_OfAFreshSandbox_IsListedAndHasItsBytes(string type, int record, string file, string words)
    {
        var document = Assert.Single((JsonArray)await psa.GetAsync($"/system/documents?recordType={type}&recordId={record}"))!;
        var content = await psa.Http.GetStringAsync(psa.Url($"/system/documents/{document["id"]}/download"));

        Assert.Equal(file, (string?)document["fileName"]);
        Assert.Equal(content.Length, (int)document["size"]!);
        Assert.Contains(words, content, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Document_SentAsJson_Is415() =>
        Assert.Equal(415, (await psa.CallAsync(HttpMethod.Post, "/system/documents", """{ "recordType": "Ticket" }""")).Status);

    [Fact]
    public async Task Configuration_AttachedAndDetached()
    {
        var path = $"/service/tickets/{await psa.NewTicketAsync()}/configurations";

        await psa.PostAsync(path, """{ "id": 503 }""");
        var attached = (JsonArray)await psa.GetAsync(path);
        var (status, _) = await psa.CallAsync(HttpMethod.Delete, $"{path}/503");

        Assert.Equal("HDG-SRV-01", (string?)Assert.Single(attached)!["deviceIdentifier"]);
        Assert.Equal(204, status);
        Assert.Empty((JsonArray)await psa.GetAsync(path));
    }

    [Fact]
    public async Task Merge_ClosesTheChildAndPointsToTheParent()
    {
        var (parent, child) = (await psa.NewTicketAsync(), await psa.NewTicketAsync());

        var answer = await psa.PostAsync($"/service/tickets/{parent}/merge", $$"""{ "mergeTicketIds": [{{child}}], "status": { "id": 24 } }""");
        var merged = await psa.GetAsync($"/service/tickets/{child}");

        Assert.True((bool)answer["success"]!);
        Assert.True((bool)merged["closedFlag"]!);
        Assert.Equal(parent, (int)merged["mergedParentTicket"]!["id"]!);
        Assert.True((bool)(await psa.GetAsync($"/service/tickets/{parent}"))["hasMergedChildTicketFlag"]!);
    }

    [Fact]
    public async Task AuditTrail_TellsWhoChangedWhat()
    {
        var id = await psa.NewTicketAsync();
        await psa.PatchAsync($"/service/tickets/{id}", """[{ "op": "replace", "path": "poNumber", "value": "P-1" }]""");

        var trail = (JsonArray)await psa.GetAsync($"/system/audittrail?type=Ticket&id={id}");

        Assert.Equal(["Record created", "Changed: poNumber"], trail.Select(e => (string)e!["text"]!), StringComparer.Ordinal);
    }

    private async Task<long> LastCommitAsync() => (long)(await psa.ControlAsync(HttpMethod.Get, "/log?limit=1"))["last"]!;
}
