using System.Text.Json.Nodes;
using Xunit;

namespace Deskbridge.Sandbox.Tests.Autotask;

/// <summary>What Autotask asks of tickets, and what it stamps on them.</summary>
[Collection(AutotaskCollection.Name)]
public sealed class TicketTests(AutotaskSandbox autotask)
{
    private const string Assigned = """, "assignedResourceID": 29682886, "assignedResourceRoleID": 29682834""";

    [Fact]
    public async Task Create_StampsNumberCreatorAndTimes()
    {
        var ticket = (await autotask.ItemAsync("Tickets", await autotask.NewTicketAsync("VPN down", """, "userDefinedFields": [{ "name": "RMM Alert Id", "value": "A-1" }]""")))!;

        Assert.Matches(@"^T\d{8}\.\d{4}$", (string?)ticket["ticketNumber"]);
        Assert.Matches(@"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$", (string?)ticket["createDate"]);
        Assert.Equal((string?)ticket["createDate"], (string?)ticket["lastTrackedModificationDateTime"]);
        Assert.Equal(29_682_940L, (long)ticket["creatorResourceID"]!);
        Assert.Contains("""{"name":"RMM Alert Id","value":"A-1"}""", ticket["userDefinedFields"]!.ToJsonString(), StringComparison.Ordinal);
        Assert.True(ticket.AsObject().ContainsKey("completedDate"));
        Assert.Null((string?)ticket["completedDate"]);
    }

    [Theory]
    [InlineData("""{ "title": "x" }""", "Missing Required Field: companyID | Missing Required Field: priority | Missing Required Field: status")]
    [InlineData("""{ "companyID": 175, "title": "x", "status": 1, "priority": 2 }""", "assignedResourceID, assignedResourceRoleID, and queueID cannot all be empty. Supply a queueID or both an assignedResourceID and assignedResourceRoleID.")]
    public async Task Create_Incomplete_NamesWhatIsMissing(string body, string expected) =>
        Assert.Equal(expected, await autotask.RefusedAsync(HttpMethod.Post, "/Tickets", body));

    [Theory]
    [InlineData(""", "priority": 99""", "Picklist value [99] does not exist for priority.")]
    [InlineData(""", "status": 14""", "Picklist value [14] does not exist for status.")]
    [InlineData(""", "issueType": 10, "subIssueType": 140""", "Value does not exist for child picklist: subIssueType")]
    [InlineData(""", "contactID": 1""", "Reference value on field: contactID of type: Contact does not exist or is invalid.")]
    [InlineData(""", "contactID": 29683584""", "contactID is not associated to the companyID or its Parent Company")]
    [InlineData(""", "companyLocationID": 280""", "The companyLocationID[280] cannot be associated with the Ticket. The CompanyLocation must belong to the Ticket's, ConfigurationItem's, or the Contact's Company.")]
    [InlineData(""", "assignedResourceID": 29682886""", "Data violation: When assigning a Resource, you must assign both a assignedResourceID and assignedResourceRoleID.")]
    [InlineData(""", "assignedResourceID": 29682886, "assignedResourceRoleID": 29682836""", "The Ticket \"t\" has an invalid Resource and Role combination.")]
    [InlineData(""", "assignedResourceID": 29682891, "assignedResourceRoleID": 29682834""", "Reference value on field: assignedResourceID of type: Resource does not exist or is invalid.")]
    [InlineData(""", "assignedResourceID": 29682940, "assignedResourceRoleID": 29682834""", "The Ticket \"t\" cannot be assigned to an API user.")]
    [InlineData(""", "purchaseOrderNumber": "012345678901234567890123456789012345678901234567890"  """, "purchaseOrderNumber must be less than or equal to 50 characters")]
    [InlineData(""", "priority": "High" """, "Error converting value \"High\" to type 'integer'. Path 'priority'.")]
    [InlineData(""", "userDefinedFields": [{ "name": "Nonsense", "value": "1" }]""", "Unable to find Nonsense in the Ticket Entity.")]
    public async Task Create_AgainstTheRules_IsRefusedInTheVendorsWords(string more, string expected) => Assert.Equal(expected, await autotask.RefusedAsync(HttpMethod.Post, "/Tickets",
        $$"""{ "companyID": 175, "title": "t", "status": 1, "priority": 2, "queueID": 29682833{{more}} }"""));

    [Fact]
    public async Task Patch_ChangesWhatIsSent_IgnoresReadOnlyFields_AndEmptiesByNull()
    {
        var id = await autotask.NewTicketAsync("t", Assigned + """, "description": "d" """);

        await autotask.WriteAsync(HttpMethod.Patch, "/Tickets", $$"""{ "ID": {{id}}, "Title": "new", "description": null, "ticketNumber": "T1", "createDate": "2001-01-01T00:00:00Z", "nonsense": 1 }""");

        var ticket = (await autotask.ItemAsync("Tickets", id))!;
        Assert.Equal(("new", null, 29_682_886L), ((string?)ticket["title"], (string?)ticket["description"], (long)ticket["assignedResourceID"]!));
        Assert.DoesNotContain("2001", (string)ticket["createDate"]!, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Put_EmptiesWhatIsLeftOut()
    {
        var id = await autotask.NewTicketAsync("t", Assigned + """, "description": "d" """);

        await autotask.WriteAsync(HttpMethod.Put, "/Tickets", $$"""{ "id": {{id}}, "companyID": 175, "title": "t", "status": 8, "priority": 2, "queueID": 29682833 }""");

        var ticket = (await autotask.ItemAsync("Tickets", id))!;
        Assert.Equal((null, null), ((string?)ticket["description"], (long?)ticket["assignedResourceID"]));
        Assert.StartsWith("Missing Required Field", await autotask.RefusedAsync(HttpMethod.Put, "/Tickets", $$"""{ "id": {{id}} }"""), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Complete_SetsWhenAndByWhom_AndReopeningTakesItBack()
    {
        var id = await autotask.NewTicketAsync();

        await autotask.WriteAsync(HttpMethod.Patch, "/Tickets", $$"""{ "id": {{id}}, "status": 5 }""");
        var complete = (await autotask.ItemAsync("Tickets", id))!;
        await autotask.WriteAsync(HttpMethod.Patch, "/Tickets", $$"""{ "id": {{id}}, "status": 8 }""");
        var open = (await autotask.ItemAsync("Tickets", id))!;

        Assert.NotNull((string?)complete["completedDate"]);
        Assert.Equal(29_682_940L, (long)complete["completedByResourceID"]!);
        Assert.Null((string?)open["completedDate"]);
        var history = await autotask.QueryAsync("TicketHistory", $$"""{ "op": "eq", "field": "ticketID", "value": {{id}} }""");
        Assert.Contains("status changed from 1 to 5", history.Select(h => (string?)h!["detail"]), StringComparer.Ordinal);
    }

    [Fact]
    public async Task ACompanyThatChanges_TakesItsContactAlong()
    {
        var id = await autotask.NewTicketAsync("t", """, "contactID": 29683581""");

        Assert.Contains("contactID is not associated", await autotask.RefusedAsync(HttpMethod.Patch, "/Tickets", $$"""{ "id": {{id}}, "companyID": 176 }"""), StringComparison.Ordinal);
        await autotask.WriteAsync(HttpMethod.Patch, "/Tickets", $$"""{ "id": {{id}}, "companyID": 176, "contactID": null }""");

        Assert.Equal(176, (int)(await autotask.ItemAsync("Tickets", id))!["companyID"]!);
    }

    [Fact]
    public async Task Note_IsWrittenBelowItsTicket_AndMovesItsActivityOnly()
    {
        var id = await autotask.NewTicketAsync();
        var before = (await autotask.ItemAsync("Tickets", id))!;

        var note = await autotask.WriteAsync(HttpMethod.Post, $"/Tickets/{id}/Notes", """{ "title": "Alert acknowledged", "description": "By A. Meyer", "noteType": 1, "publish": 2 }""");
        await autotask.WriteAsync(HttpMethod.Patch, $"/Tickets/{id}/Notes", $$"""{ "id": {{note}}, "description": "By B. Meyer" }""");

        var notes = (JsonArray)(await autotask.GetAsync($"/Tickets/{id}/Notes"))["items"]!;
        Assert.Equal("By B. Meyer", (string?)Assert.Single(notes)!["description"]);
        Assert.Equal(note, (long)(await autotask.GetAsync($"/Tickets/{id}/Notes/{note}"))["item"]!["id"]!);
        var after = (await autotask.ItemAsync("Tickets", id))!;
        Assert.True(string.CompareOrdinal((string?)after["lastActivityDate"], (string?)before["lastActivityDate"]) >= 0);
        Assert.Equal((string?)before["lastTrackedModificationDateTime"], (string?)after["lastTrackedModificationDateTime"]);
        Assert.Equal("Missing Required Field: title", await autotask.RefusedAsync(HttpMethod.Post, $"/Tickets/{id}/Notes", """{ "description": "d", "noteType": 1, "publish": 1 }"""));
    }

    [Fact]
    public async Task SecondaryResource_IsNotThePrimary_AndIsTakenOffBelowTheTicket()
    {
        var id = await autotask.NewTicketAsync("t", Assigned);

        Assert.Contains("is already the primary Resource.", await autotask.RefusedAsync(HttpMethod.Post, $"/Tickets/{id}/SecondaryResources", """{ "resourceID": 29682886, "roleID": 29682834 }"""), StringComparison.Ordinal);
        var helper = await autotask.WriteAsync(HttpMethod.Post, $"/Tickets/{id}/SecondaryResources", """{ "resourceID": 29682887, "roleID": 29682834 }""");
        Assert.Equal(helper, await autotask.WriteAsync(HttpMethod.Delete, $"/Tickets/{id}/SecondaryResources/{helper}", ""));
        Assert.StartsWith("No message. No matching records found.", await autotask.RefusedAsync(HttpMethod.Delete, $"/Tickets/{id}/SecondaryResources/{helper}"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Attachment_ReadByNumber_HasItsContent_InTheShapeOfAList_AndQueriesHaveNone()
    {
        var id = await autotask.NewTicketAsync();
        var file = await autotask.WriteAsync(HttpMethod.Post, $"/Tickets/{id}/Attachments", """{ "id": 0, "attachmentType": "FILE_ATTACHMENT", "title": "log", "fullPath": "mail.eml", "publish": 1, "data": "YSBsaW5l" }""");

        var read = Assert.Single((JsonArray)(await autotask.GetAsync($"/TicketAttachments/{file}"))["items"]!)!;
        var queried = Assert.Single(await autotask.QueryAsync("TicketAttachments", $$"""{ "op": "eq", "field": "ticketID", "value": {{id}} }"""))!;

        Assert.Equal(("YSBsaW5l", "message/rfc822", 6), ((string?)read["data"], (string?)read["contentType"], (int)read["fileSize"]!));
        Assert.Null((string?)queried["data"]);
        Assert.Equal(405, (await autotask.CallAsync(HttpMethod.Delete, $"/TicketAttachments/{file}")).Status);
        await autotask.WriteAsync(HttpMethod.Delete, $"/Tickets/{id}/Attachments/{file}", "");
        Assert.Single(await autotask.QueryAsync("DeletedTicketActivityLogs", $$"""{ "op": "eq", "field": "ticketID", "value": {{id}} }"""));
    }

    [Theory]
    [InlineData("""{ "resourceID": 29682886, "startDateTime": "2026-11-20T09:00:00Z", "endDateTime": "2026-11-20T10:30:00Z" }""", "TimeEntries for Tickets must have a roleID.")]
    [InlineData("""{ "resourceID": 29682886, "roleID": 29682836, "startDateTime": "2026-11-20T09:00:00Z", "endDateTime": "2026-11-20T10:30:00Z" }""", "There is no row at position 0.")]
    [InlineData("""{ "resourceID": 29682886, "roleID": 29682834, "hoursWorked": 1 }""", "TimeEntries for Service tickets require a start and stop time.")]
    [InlineData("""{ "resourceID": 29682886, "roleID": 29682834, "startDateTime": "2026-11-20T09:00:00Z", "endDateTime": "2026-11-20T10:30:00Z" }""", null)]
    public async Task TimeEntry_OnATicket_NeedsARoleAndTimes(string body, string? refused)
    {
        var id = await autotask.NewTicketAsync();
        var full = body.Replace("{ ", $$"""{ "ticketID": {{id}}, """, StringComparison.Ordinal);

        if (refused is not null) Assert.Equal(refused, await autotask.RefusedAsync(HttpMethod.Post, "/TimeEntries", full));
        else Assert.Equal(1.5m, (decimal)(await autotask.ItemAsync("TimeEntries", await autotask.WriteAsync(HttpMethod.Post, "/TimeEntries", full)))!["hoursWorked"]!);
    }

    [Fact]
    public async Task ATicketThatATechnicianDeletes_IsFoundInTheDeletedTicketLogs()
    {
        var id = await autotask.NewTicketAsync("gone");

        await autotask.ControlAsync(HttpMethod.Delete, $"/autotask/records/Tickets/{id}?by=dreyes");

        Assert.Null(await autotask.ItemAsync("Tickets", id));
        var log = Assert.Single(await autotask.QueryAsync("DeletedTicketLogs", $$"""{ "op": "eq", "field": "ticketID", "value": {{id}} }"""))!;
        Assert.Equal(("gone", 29_682_886L), ((string?)log["ticketTitle"], (long)log["deletedByResourceID"]!));
    }

    [Fact]
    public async Task AnInactiveContact_StopsEveryWriteOfItsTickets()
    {
        var contact = await autotask.WriteAsync(HttpMethod.Post, "/Companies/175/Contacts", """{ "firstName": "Ann", "lastName": "Old", "isActive": 1 }""");
        var id = await autotask.NewTicketAsync("t", $$""", "contactID": {{contact}}""");

        await autotask.ControlAsync(HttpMethod.Patch, $"/autotask/records/Contacts/{contact}", """{ "isActive": 0 }""");

        Assert.Contains("Reference value on field: contactID", await autotask.RefusedAsync(HttpMethod.Patch, "/Tickets", $$"""{ "id": {{id}}, "title": "new" }"""), StringComparison.Ordinal);
    }

    [Fact]
    public async Task AnAdministrator_RenamesAStatus_RetiresOne_AndRenamesAField()
    {
        var statuses = ((JsonArray)(await autotask.ControlAsync(HttpMethod.Get, "/autotask/records/Picklists?q=Customer Note Added"))).Select(p => (long)p!["id"]!).ToList();
        var id = await autotask.NewTicketAsync("t", """, "userDefinedFields": [{ "name": "Change Window", "value": "Sunday" }]""");

        await autotask.ControlAsync(HttpMethod.Patch, $"/autotask/records/Picklists/{Assert.Single(statuses)}", """{ "label": "Kundennotiz", "isActive": false }""");
        await autotask.ControlAsync(HttpMethod.Patch, "/autotask/records/UserDefinedFieldDefinitions/29682852", """{ "name": "Maintenance Window" }""");

        var status = ((JsonArray)(await autotask.GetAsync("/Tickets/entityInformation/fields"))["fields"]!).Single(f => (string?)f!["name"] == "status")!["picklistValues"]!.ToJsonString();
        Assert.Contains("""{"value":"19","label":"Kundennotiz","isDefaultValue":false,"sortOrder":8,"parentValue":"","isActive":false,"isSystem":false}""", status, StringComparison.Ordinal);
        Assert.Contains("""{"name":"Maintenance Window","value":"Sunday"}""", (await autotask.ItemAsync("Tickets", id))!["userDefinedFields"]!.ToJsonString(), StringComparison.Ordinal);
    }
}
