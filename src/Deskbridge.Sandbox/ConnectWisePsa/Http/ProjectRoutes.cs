using System.Globalization;
using System.Text.Json.Nodes;
using Deskbridge.Sandbox.ConnectWisePsa.Records;
using Deskbridge.Sandbox.ConnectWisePsa.Rules;
using Deskbridge.Sandbox.ConnectWisePsa.Schema;

namespace Deskbridge.Sandbox.ConnectWisePsa.Http;

/// <summary>A project's work plan and recap, templates applied to it, and its tickets turned into others (reference 5.1).</summary>
internal sealed class ProjectRoutes(Psa psa)
{
    public IEnumerable<Route> All() =>
    [
        new("GET", "project/projects/{}/projectWorkplan", (_, ids) => new PsaAnswer(200, Workplan(Project(ids[0]).Id))),
        new("GET", "project/projects/{}/projectRecap", (_, ids) => new PsaAnswer(200, Recap(Project(ids[0])))),
        new("POST", "project/projects/{}/applyTemplate/{}", (r, ids) => Apply(r, Project(ids[0]).Id, [Route.Id(ids[1])])),
        new("POST", "project/projects/{}/applyTemplates", (r, ids) => Apply(r, Project(ids[0]).Id, Named(r))),
        new("POST", "project/tickets/{}/convert", Convert),
    ];

    private static Resource Phases => Catalogue.Of("projectPhases");

    private static Resource Tickets => Catalogue.Of("projectTickets");

    private JsonObject Workplan(int project) => new() { ["projectId"] = project, ["phases"] = new JsonArray([.. PhasesOf(project).Select(Planned)]) };

    private IEnumerable<Row> PhasesOf(int project) => psa.Store.Rows(Phases.Table).Where(p => Json.Int(p.Body["projectId"]) == project);

    private JsonObject Planned(Row phase)
    {
        var view = psa.Views.Of(Phases, phase, phase.Body);
        var tickets = psa.Store.Rows(Tickets.Table).Where(t => TicketRules.Id(t.Body["phase"]) == phase.Id).Select(t => t.Id).ToHashSet();
        var worked = psa.Store.Rows("timeEntries").Where(t => Json.Text(t.Body["chargeToType"]) == "ProjectTicket" && Json.Int(t.Body["chargeToId"]) is { } id && tickets.Contains(id)).ToList();
        var scheduled = psa.Store.Rows("scheduleEntries").Where(e => Json.Int(e.Body["objectId"]) is { } id && tickets.Contains(id) && Belongs(e.Body)).ToList();
        var planned = new JsonObject { ["id"] = phase.Id, ["projectId"] = Json.Copy(view["projectId"]) };
        foreach (var name in (string[])["description", "status", "parentPhase", "wbsCode", "markAsMilestoneFlag", "notes", "budgetHours", "customFields", "_info"])
        {
            if (view[name] is { } value) planned[name] = value.DeepClone();
        }

        planned["actualHours"] = Sum(worked, "actualHours");
        planned["billableHours"] = Sum(worked.Where(t => Json.Text(t.Body["billableOption"]) == "Billable"), "actualHours");
        planned["billPhaseSeparately"] = Json.Flag(view["billSeparatelyFlag"]);
        planned["scheduled_Hours"] = Sum(scheduled, "hours");
        if (worked.Select(t => Json.Text(t.Body["timeStart"])).Min(StringComparer.Ordinal) is { } start) planned["startDate"] = start;
        if (view["deadlineDate"] is { } end) planned["endDate"] = end.DeepClone();
        if (scheduled.Select(e => Json.Text(e.Body["dateStart"])).OfType<string>().Min(StringComparer.Ordinal) is not { } first) return planned;
        var last = scheduled.Select(e => Json.Text(e.Body["dateEnd"]) ?? first).Max(StringComparer.Ordinal)!;
        (planned["scheduled_Start"], planned["scheduled_End"]) = (first, last);
        planned["scheduled_Duration"] = (int)Math.Ceiling((Json.Instant(last)!.Value - Json.Instant(first)!.Value).TotalDays);
        return planned;
    }

    private static bool Belongs(JsonObject entry) => Json.Text(Json.Child(entry["type"], "identifier")) == "S";

    private static decimal Sum(IEnumerable<Row> rows, string member) => rows.Sum(r => r.Body[member] is { } hours ? Json.Number(hours) : 0);

    // The vendor's shape is not known: the sums of the work plan.
    private JsonObject Recap(Row project)
    {
        var phases = (JsonArray)Workplan(project.Id)["phases"]!;
        decimal Of(string member) => phases.Sum(p => p![member] is { } hours ? Json.Number(hours) : 0);
        return new JsonObject
        {
            ["projectId"] = project.Id,
            ["name"] = Json.Copy(project.Body["name"]),
            ["budgetHours"] = Of("budgetHours"),
            ["actualHours"] = Of("actualHours"),
            ["scheduledHours"] = Of("scheduled_Hours"),
        };
    }

    private static IEnumerable<int> Named(PsaRequest request) => request.Json() is not JsonArray { Count: > 0 } templates ? throw PsaRefusal.BadRequest("The body must be an array of templates.")
        : templates.Select(t => Json.Int(Json.Child(t, "id")) ?? throw PsaRefusal.Invalid("projectTemplate", "MissingRequiredField", "The id field is required.", "id"));

    // A template brings its phases.
    private PsaAnswer Apply(PsaRequest request, int project, IEnumerable<int> templates)
    {
        psa.Store.Commit(request.By, change =>
        {
            foreach (var id in templates)
            {
                var template = change.Find("projectTemplates", id) ?? throw PsaRefusal.NotFound("Project Template", id);
                foreach (var phase in template["_phases"] as JsonArray ?? [])
                    psa.Create(change, Phases, new JsonObject { ["description"] = Json.Copy(phase) }, project);
                var body = Json.Copy(change.Find("projects", project)!);
                body["projectTemplateId"] = id;
                change.Put("projects", project, body);
            }

            return project;
        });
        return new PsaAnswer(201, Workplan(project));
    }

    // To a service ticket under a number of its own; to an issue or a project ticket, perhaps of another phase, it stays.
    private PsaAnswer Convert(PsaRequest request, string[] ids)
    {
        var ticket = psa.Store.Find(Tickets.Table, Route.Id(ids[0])) ?? throw PsaRefusal.NotFound("Ticket", ids[0]);
        var body = request.Object();
        var type = Json.Text(Json.Child(body, "recordType"));
        if (type is null) throw PsaRefusal.Invalid("convertItem", "MissingRequiredField", "The recordType field is required.", "recordType");
        if (type is not ("ServiceTicket" or "ProjectTicket" or "ProjectIssue"))
            throw PsaRefusal.Invalid("convertItem", "InvalidField", "The recordType field must be one of ProjectIssue, ProjectTicket, ServiceTicket.", "recordType");
        var message = type == "ServiceTicket" ? string.Create(CultureInfo.InvariantCulture, $"The ticket is now service ticket {ToService(request.By, ticket)}.") : Keep(request.By, ticket.Id, type, body);
        return new PsaAnswer(200, new JsonObject { ["success"] = true, ["message"] = message });
    }

    private int ToService(string by, Row ticket)
    {
        var input = Json.Copy(ticket.Body);
        foreach (var name in (string[])["id", "_info", "mobileGuid", "board", "status", "type", "subType", "item", "project", "phase", "wbsCode", "isIssueFlag", "customFields"]) input.Remove(name);
        return psa.Store.Commit(by, change =>
        {
            var converted = psa.Create(change, Catalogue.Of("tickets"), input, null);
            psa.Delete(change, Tickets, ticket.Id);
            return converted;
        });
    }

    private string Keep(string by, int ticket, string type, JsonObject body)
    {
        var patch = new JsonArray(new JsonObject { ["op"] = "replace", ["path"] = "isIssueFlag", ["value"] = type == "ProjectIssue" });
        foreach (var name in (string[])["project", "phase", "wbsCode"])
        {
            if (Json.Child(body, name) is { } value) patch.Add(new JsonObject { ["op"] = "replace", ["path"] = name, ["value"] = value.DeepClone() });
        }

        psa.Patch(by, Tickets, ticket, patch);
        return "The ticket was converted.";
    }

    private Row Project(string id) => psa.Store.Find("projects", Route.Id(id)) ?? throw PsaRefusal.NotFound("Project", id);
}
