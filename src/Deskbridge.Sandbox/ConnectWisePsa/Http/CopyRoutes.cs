using System.Text.Json.Nodes;
using Deskbridge.Sandbox.ConnectWisePsa.Records;
using Deskbridge.Sandbox.ConnectWisePsa.Schema;

namespace Deskbridge.Sandbox.ConnectWisePsa.Http;

/// <summary>Copies of records with all that hangs on them, and blanks: new records as they would begin.</summary>
internal sealed class CopyRoutes(Psa psa, ResourceEndpoint endpoint)
{
    public IEnumerable<Route> All() =>
    [
        new("POST", "service/boards/copy", (r, _) => CopyNamed(r, "boards")),
        new("POST", "company/configurations/types/copy", (r, _) => CopyNamed(r, "configurationTypes", 201)),
        new("POST", "schedule/holidayLists/copy", (r, _) => CopyNamed(r, "holidayLists")),
        new("POST", "schedule/calendars/{}/copy", (r, ids) => Copy(r, "calendars", ids[0], [])),
        new("POST", "system/workflows/{}/copy", (r, ids) => Copy(r, "workflows", ids[0], new JsonObject { ["activateFlag"] = false })),
        new("POST", "system/workflows/{}/events/{}/copy", CopyEvent),
        new("GET", "company/companies/default", (r, _) => Blank(r, "companies", [])),
        new("GET", "company/contacts/default", (r, _) => Blank(r, "contacts", [])),
        new("GET", "system/apiMembers/default", (r, _) => Blank(r, "apiMembers", [])),
        new("POST", "time/entries/defaults", (r, _) => Blank(r, "timeEntries", TimeEntry(r))),
    ];

    // The body names the record and its copy.
    private PsaAnswer CopyNamed(PsaRequest request, string table, int status = 200)
    {
        var body = request.Object();
        var model = Catalogue.Of(table).ModelName + "Copy";
        if (Json.Int(Json.Child(body, "id")) is not { } id) throw PsaRefusal.Invalid(model, "MissingRequiredField", "The id field is required.", "id");
        if (Json.Text(Json.Child(body, "name")) is not { Length: > 0 } name) throw PsaRefusal.Invalid(model, "MissingRequiredField", "The name field is required.", "name");
        return Copied(request, table, id, new JsonObject { ["name"] = name }, status);
    }

    private PsaAnswer Copy(PsaRequest request, string table, string id, JsonObject changes)
    {
        var number = Route.Id(id);
        if (psa.Store.Find(table, number)?.Body["name"] is { } name) changes["name"] = $"{Json.Text(name)} (copy)";
        return Copied(request, table, number, changes);
    }

    private PsaAnswer CopyEvent(PsaRequest request, string[] ids)
    {
        var id = Route.Id(ids[1]);
        if (psa.Store.Find("workflowEvents", id) is not { } row || Json.Int(row.Body["parentId"]) != Route.Id(ids[0]))
            throw PsaRefusal.NotFound("Workflow Event", ids[1]);
        return Copied(request, "workflowEvents", id, []);
    }

    private PsaAnswer Copied(PsaRequest request, string table, int id, JsonObject changes, int status = 200) =>
        endpoint.Now(request, Catalogue.Of(table), psa.Copy(request.By, Catalogue.Of(table), id, changes), status);

    private PsaAnswer Blank(PsaRequest request, string table, JsonObject input) => new(200, psa.Draft(request.By, Catalogue.Of(table), input));

    private JsonObject TimeEntry(PsaRequest request)
    {
        var input = request.Json() as JsonObject ?? [];
        if (Json.Child(input, "timeStart") is null) input["timeStart"] = Json.Stamp(psa.Now);
        if (Json.Child(input, "timeEnd") is null && Json.Child(input, "actualHours") is null) input["actualHours"] = 0;
        if (Json.Child(input, "member") is null) input["member"] = new JsonObject { ["identifier"] = request.By };
        return input;
    }
}
