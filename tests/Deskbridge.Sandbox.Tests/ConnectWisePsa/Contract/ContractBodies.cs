using System.Text.Json.Nodes;

namespace Deskbridge.Sandbox.Tests.ConnectWisePsa.Contract;

/// <summary>What the walk cannot guess: bodies of operations that are no plain create, and where numbers come from.</summary>
internal static class ContractBodies
{
    /// <summary>The body of what is read first and sent back.</summary>
    public const string Same = "same";

    /// <summary>Begins a body that is sent as a form with a file.</summary>
    public const string Form = "form:";

    /// <summary>Called first: they leave things that the rest reads.</summary>
    public static readonly IReadOnlyList<(string Key, string? Body)> First =
    [
        ("POST schedule/entries", """{ "objectId": 10001, "type": { "identifier": "S" }, "member": { "id": 176 }, "dateStart": "2026-11-20T15:00:00Z", "dateEnd": "2026-11-20T16:00:00Z" }"""),
        ("POST schedule/entries", """{ "objectId": 10002, "type": { "identifier": "S" }, "member": { "id": 176 }, "dateStart": "2026-11-19T15:00:00Z", "dateEnd": "2026-11-19T16:00:00Z", "doneFlag": true, "acknowledgedFlag": true }"""),
        ("POST schedule/entries", """{ "objectId": 30001, "type": { "identifier": "S" }, "member": { "id": 176 }, "dateStart": "2026-11-20T15:00:00Z", "dateEnd": "2026-11-20T16:00:00Z" }"""),
        ("POST time/entries", """{ "chargeToId": 10001, "chargeToType": "ServiceTicket", "member": { "id": 176 }, "timeStart": "2026-11-20T15:00:00Z", "timeEnd": "2026-11-20T15:30:00Z", "notes": "Looked", "addToResolutionFlag": true }"""),
        ("POST time/entries", """{ "chargeToId": 30001, "chargeToType": "ProjectTicket", "member": { "id": 176 }, "timeStart": "2026-11-20T15:00:00Z", "actualHours": 0.5, "timeEnd": "2026-11-20T15:30:00Z", "notes": "Copied" }"""),
        ("POST service/tickets/{}/notes", """{ "text": "Thank you", "contact": { "id": 58002 } }"""),
        ("POST project/tickets/{}/tasks", """{ "notes": "Check the permissions", "priority": 1 }"""),
        ("POST project/tickets/{}/notes", """{ "text": "Thank you", "contact": { "id": 58002 } }"""),
        ("POST time/entries/{}/reject", null),
        ("POST time/entries/{}/cancelreject", null),
        ("POST time/entries/defaults", """{ "chargeToId": 10001, "chargeToType": "ServiceTicket" }"""),
        ("POST sales/activities", """{ "name": "Call back", "assignTo": { "id": 176 }, "ticket": { "id": 10001 } }"""),
        ("POST system/documents", "form:recordType=Ticket&recordId=10001"),
        ("POST system/documents", "form:recordType=Member&recordId=171&isAvatar=true"),
        ("POST system/documents", "form:recordType=Contact&recordId=58001&isAvatar=true"),
        ("POST system/documents/{}", "form:title=again.txt"),
        ("POST system/callbacks", """{ "description": "tickets", "url": "https://hub.test/?recordId=", "objectId": 1, "type": "ticket", "level": "owner" }"""),
        ("POST system/workflows/{}/events/{}/actions", """{ "notifyType": { "id": 2 }, "subject": "Report", "attachments": [7001] }"""),
        ("GET system/workflows/{}/events/{}/test", null),
        ("POST service/tickets/{}/configurations", """{ "id": 503 }"""),
        ("POST project/tickets/{}/configurations", """{ "id": 503 }"""),
        ("POST service/tickets/search", """{ "conditions": "id > 10000", "orderBy": "id desc" }"""),
        ("POST project/tickets/search", """{ "conditions": "id > 0" }"""),
        ("POST service/tickets/{}/attachchildren", """{ "childTicketIds": [10005] }"""),
        ("POST service/tickets/{}/merge", """{ "mergeTicketIds": [10007], "status": { "id": 24 } }"""),
        ("POST service/tickets/{}/copy", null),
        ("POST service/boards/copy", """{ "id": 3, "name": "Internal too" }"""),
        ("POST company/configurations/types/copy", """{ "id": 17, "name": "Managed Server too" }"""),
        ("POST schedule/holidaylists/copy", """{ "id": 1, "name": "Federal Holidays too" }"""),
        ("POST schedule/calendars/{}/copy", null),
        ("POST system/workflows/{}/copy", null),
        ("POST system/workflows/{}/events/{}/copy", null),
        ("POST system/workflows/userdefinedfields/events/{}", """{ "actionId": 111, "userDefinedFieldId": 15, "value": "true" }"""),
        ("PUT system/workflows/userdefinedfields/{}", """{ "actionId": 111, "userDefinedFieldId": 15, "value": "false" }"""),
        ("PATCH system/workflows/userdefinedfields/{}", """[{ "op": "replace", "path": "value", "value": "true" }]"""),
        ("POST company/configurations/bulk", """[{ "name": "NEW-01", "type": { "id": 17 }, "company": { "id": 250 } }, { "name": "no type" }]"""),
        ("PUT company/configurations/bulk", """[{ "id": 504, "name": "HDG-SRV-02", "type": { "id": 17 }, "company": { "id": 250 } }]"""),
        ("PATCH company/configurations/{}/changetype", """[{ "op": "replace", "path": "type", "value": { "id": 18 } }]"""),
        ("POST company/contacts/validateportalcredentials", """{ "email": "jo@acme.test", "password": "guess" }"""),
        ("POST company/contacts/requestpassword", """{ "email": "elena.castro@harbordental.test" }"""),
        ("PUT system/myaccount/{}", Same),
        ("PATCH system/myaccount/{}", """[{ "op": "replace", "path": "title", "value": "Lead" }]"""),
        ("POST system/members/{}/tokens", """{ "memberIdentifier": "dreyes" }"""),
        ("POST system/info/links/{}/resolveurl", """{ "referenceId": 250 }"""),
        ("POST project/projects/{}/applytemplate/{}", null),
        ("POST project/projects/{}/applytemplates", """[{ "id": 1, "name": "Server move" }]"""),
        ("POST finance/agreements/{}/invoice", null),
        ("POST service/templates/{}/generate", null),
        ("POST time/entries/{}/detach", null),
        ("POST system/members/{}/linkssouser", """{ "ssoUserId": "171" }"""),
        ("POST system/members/{}/submit", """{ "token": "from the identity provider" }"""),
        ("PUT system/members/{}/manageddeviceaccounts/bulk", """[{ "username": "pmorgan", "password": "secret" }]"""),
        ("DELETE system/members/{}/manageddeviceaccounts/bulk", """{ "ids": [2, 99] }"""),
        ("DELETE system/members/{}/unusedtimesheets", null),
        ("POST system/bundles", """{ "requests": [{ "sequenceNumber": 1, "resourceType": "ticket", "version": "2025.1", "apiRequest": { "id": 10001 } }, { "sequenceNumber": 2, "resourceType": "company", "apiRequest": { "filters": { "conditions": "identifier='OakRidge'" }, "page": { "pageSize": 5 } } }] }"""),
        ("POST system/bundles/count", """{ "requests": [{ "sequenceNumber": 1, "resourceType": "ticket", "apiRequest": { "filters": { "conditions": "closedFlag=false" } } }] }"""),
    ];

    /// <summary>Called last: they take things away.</summary>
    public static readonly IReadOnlyList<(string Key, string? Body)> Last =
    [
        ("DELETE service/tickets/{}/configurations/{}", null),
        ("DELETE project/tickets/{}/configurations/{}", null),
        ("DELETE system/workflows/userdefinedfields/actions/{}", null),
        ("DELETE system/documents/{}", null),
        ("DELETE schedule/entries/{}/{}", null),
        ("DELETE company/configurations/bulk", """[{ "id": 520 }]"""),
        ("DELETE service/tickets/changelogs", null),
        ("DELETE time/changelogs", null),
        ("POST service/tickets/{}/convert", """{ "recordType": "ProjectTicket", "project": { "id": 401 }, "phase": { "id": 1, "name": "Migration" }, "wbsCode": "1.2" }"""),
        ("POST project/tickets/{}/convert", """{ "recordType": "ProjectIssue" }"""),
        ("POST system/members/{}/deactivateiammember", null),
        ("POST system/members/{}/unlinkssouser", null),
        ("POST system/members/{}/deactivate", """{ "serviceTeam": { "reAssignToMember": { "id": 176 } }, "companyTeam": [{ "id": 1, "reAssignToMember": { "id": 176 } }] }"""),
        ("POST company/companies/{}/merge", """{ "toCompanyId": 251 }"""),
    ];

    /// <summary>Collections whose ids are listed elsewhere.</summary>
    public static readonly Dictionary<string, string> Listed = new(StringComparer.Ordinal)
    {
        ["system/myaccount"] = "system/members",
        ["service/scheduling/members"] = "system/members",
        ["service/priority"] = "service/priorities",
        ["system/workflowactions"] = "system/workflows/events/actions",
        ["system/workflows/userdefinedfields"] = "system/workflows/userdefinedfields/events/actions",
        ["system/workflows/userdefinedfields/events"] = "system/workflows/events",
        ["system/workflows/userdefinedfields/actions"] = "system/workflows/events/actions",
        ["configurations/types"] = "company/configurations/types",
        ["project/projects/401/applytemplate"] = "project/projecttemplates",
        ["finance/agreements/601/applicationparameters"] = "finance/agreements",
        ["finance/agreements/601/recurringparameters"] = "finance/agreements",
        ["system/documenttypes"] = "system/documenttypes/info",
        ["system/workflows/attachments"] = "system/workflows/attachments",
        ["schedule/entries/4401"] = "schedule/entries",
        ["system/workflows/userdefinedfields/events/81/actions"] = "system/workflows/31/events/81/actions",
    };

    /// <summary>The value of a member that its type does not tell.</summary>
    public static JsonNode? Value(string member) => member switch
    {
        "ExpenseEntry.taxes" => new JsonArray(new JsonObject { ["id"] = 1, ["amount"] = 0.7m, ["type"] = new JsonObject { ["id"] = 1, ["name"] = "FL" } }),
        "Member.office365" => new JsonObject { ["id"] = "dana.reyes", ["name"] = "Dana Reyes" },
        "ProjectTicket.type" => new JsonObject { ["id"] = 31 },
        "ProjectTicket.subType" => new JsonObject { ["id"] = 31 },
        "ProjectTicket.item" => new JsonObject { ["id"] = 31 },
        _ => null,
    };

    /// <summary>Whether a list is rightly empty in the sandbox: nothing uses many records, and it sells nothing and sends no analytics.</summary>
    public static bool MayBeEmpty(string template) => template.Contains("/usages", StringComparison.Ordinal) || template.EndsWith("/products", StringComparison.Ordinal)
        || template.EndsWith("changelogs", StringComparison.Ordinal) || template is "project/tickets/{}/activities" or "project/tickets/{}/documents" or "system/members/withsso" or "system/mysecurity/customizeitems";

    /// <summary>The query without which a list answers nothing.</summary>
    public static string Query(string path) => path switch
    {
        "system/documents" or "system/documents/count" => "?recordType=Ticket&recordId=10001",
        "system/audittrail" or "system/audittrail/count" => "?type=Ticket&id=10001",
        _ => "",
    };
}
