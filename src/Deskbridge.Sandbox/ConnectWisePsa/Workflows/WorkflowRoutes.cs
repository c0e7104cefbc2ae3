using System.Globalization;
using System.Text.Json.Nodes;
using Deskbridge.Sandbox.ConnectWisePsa.Http;
using Deskbridge.Sandbox.ConnectWisePsa.Records;
using Deskbridge.Sandbox.ConnectWisePsa.Schema;

namespace Deskbridge.Sandbox.ConnectWisePsa.Workflows;

/// <summary>The parts of workflow rules that are not tables: trigger catalogue, notify types, the test of an event, copies (reference 7.1).</summary>
internal sealed class WorkflowRoutes(Psa psa, ResourceEndpoint endpoint, SandboxClock clock)
{
    private const int StatusTrigger = 5;
    private const int PriorityTrigger = 6;
    private const int FieldTriggers = 1000;

    public IEnumerable<SpecialRoute> All() =>
    [
        new("GET", "system/workflows/{}/triggers", (r, ids) => ResourceEndpoint.Page(r, Triggers(Workflow(ids)), r["orderBy"])),
        new("GET", "system/workflows/triggers", (r, _) => ResourceEndpoint.Page(r, [.. Workflows().SelectMany(Triggers)], r["orderBy"])),
        new("GET", "system/workflows/{}/triggers/{}/options", (r, ids) => ResourceEndpoint.Page(r, Options(Workflow(ids), Id(ids[1])), r["orderBy"])),
        new("GET", "system/workflows/triggers/options", (r, _) => ResourceEndpoint.Page(r, [.. Workflows().SelectMany(w => Triggers(w).SelectMany(t => Options(w, Json.Int(t["id"])!.Value)))], r["orderBy"])),
        new("GET", "system/workflows/{}/notifyTypes", (r, _) => endpoint.Collection(r, Catalogue.Of("workflowNotifyTypes"), null)),
        new("GET", "system/workflows/{}/notifyTypes/info", (r, _) => endpoint.Collection(r, Catalogue.Of("workflowNotifyTypes"), null)),
        new("GET", "system/workflows/{}/notifyTypes/{}", (r, ids) => endpoint.One(r, Catalogue.Of("workflowNotifyTypes"), null, Id(ids[1]))),
        new("GET", "system/workflows/{}/attachments", (r, ids) => Nothing(r, ids)),
        new("GET", "system/workflows/attachments", (r, _) => ResourceEndpoint.Page(r, [], null)),
        new("GET", "system/workflows/{}/events/{}/test", (r, ids) => ResourceEndpoint.Page(r, Test(r.By, Event(ids)), null)),
        new("POST", "system/workflows/{}/copy", (r, ids) => Copy(r, Workflow(ids))),
        new("POST", "system/workflows/{}/events/{}/copy", (r, ids) => endpoint.Now(r, Catalogue.Of("workflowEvents"), CopyEvent(r.By, Event(ids), Id(ids[0])), 201)),
    ];

    private List<JsonObject> Test(string by, Row workflowEvent)
    {
        var tickets = Catalogue.Of("tickets");
        var test = RuleText.Parse(
            Json.Text(workflowEvent.Body["eventCondition"])!,
            psa.Store.Rows("priorities").Select(p => Json.Text(p.Body["name"])!),
            psa.Views.Defined(tickets).Select(f => Json.Text(f.Body["caption"])!));
        var matched = psa.Store.Rows("tickets").Select(r => psa.Views.Of(tickets, r, r.Body)).Where(view => test(Subject(view))).ToList();
        psa.Store.Commit(by, change =>
        {
            var body = Json.Copy(workflowEvent.Body);
            body["dateTestedUTC"] = Json.Stamp(change.Now);
            body["testRecordsMatched"] = matched.Count;
            change.Put("workflowEvents", workflowEvent.Id, body);
            return 0;
        });
        return matched;
    }

    private RuleSubject Subject(JsonObject ticket)
    {
        var entered = Json.Instant(Json.At(ticket, "_info/dateEntered")) ?? clock.Now;
        return new RuleSubject(
            Json.Text(Json.At(ticket, "status/name")),
            Json.Text(Json.At(ticket, "priority/name")),
            (clock.Now - entered).TotalHours,
            ticket["owner"] is not null || ticket["resources"] is not null,
            ticket["dateResponded"] is not null,
            caption => Json.Text((ticket["customFields"] as JsonArray ?? []).FirstOrDefault(f => Json.Text(f!["caption"]) == caption)?["value"]));
    }

    private List<JsonObject> Triggers(Row workflow)
    {
        if (Json.Int(Json.Child(workflow.Body["tableType"], "id")) != 1) return [];
        List<JsonObject> triggers =
        [
            Trigger(StatusTrigger, "TicketStatus", "Ticket is in {option} status", true, false, "Integer", workflow.Id),
            Trigger(PriorityTrigger, "TicketPriority", "Priority is {option}", true, false, "Integer", workflow.Id),
            Trigger(9, "TicketActualAge", "Ticket Actual Age is {operator} {value} hours", false, true, "Decimal", workflow.Id),
            Trigger(10, "TicketNotAssigned", "Ticket is not currently assigned", false, false, "Boolean", workflow.Id),
            Trigger(11, "TicketAssigned", "Ticket has been assigned", false, false, "Boolean", workflow.Id),
            Trigger(12, "TicketResponded", "Ticket has been responded to", false, false, "Boolean", workflow.Id),
        ];
        foreach (var field in psa.Views.Defined(Catalogue.Of("tickets")))
        {
            var caption = Json.Text(field.Body["caption"])!;
            var checkbox = Json.Text(field.Body["fieldTypeIdentifier"]) == "Checkbox";
            var trigger = Trigger(FieldTriggers + field.Id, caption, checkbox ? $"{caption} is {{option}}" : $"{caption} contains {{value}}", checkbox, !checkbox, checkbox ? "Boolean" : "String", workflow.Id);
            trigger["customField"] = new JsonObject { ["id"] = field.Id, ["name"] = caption };
            triggers.Add(trigger);
        }

        return triggers;
    }

    private static JsonObject Trigger(int id, string name, string description, bool options, bool operators, string type, int workflow) => new()
    {
        ["id"] = id,
        ["name"] = name,
        ["description"] = description,
        ["hasOptionsFlag"] = options,
        ["hasOperatorFlag"] = operators,
        ["expectedType"] = type,
        ["parentId"] = workflow,
        ["_info"] = new JsonObject(),
    };

    private List<JsonObject> Options(Row workflow, int trigger)
    {
        if (trigger == PriorityTrigger) return [.. psa.Store.Rows("priorities").Select(p => Option(p, workflow.Id, trigger))];
        if (trigger == StatusTrigger)
        {
            var board = Json.Int(Json.Child(workflow.Body["board"], "id"));
            return [.. psa.Store.Rows("statuses").Where(s => board is null || Json.Int(Json.At(s.Body, "board/id")) == board).Select(s => Option(s, workflow.Id, trigger))];
        }

        return trigger > FieldTriggers && psa.Store.Find("userDefinedFields", trigger - FieldTriggers) is { } field && Json.Text(field.Body["fieldTypeIdentifier"]) == "Checkbox"
            ? [.. ((string[])["true", "false"]).Select(v => new JsonObject { ["value"] = v, ["name"] = v, ["parentId"] = trigger, ["grandParentId"] = workflow.Id })]
            : [];
    }

    private static JsonObject Option(Row row, int workflow, int trigger) => new()
    {
        ["value"] = row.Id.ToString(CultureInfo.InvariantCulture),
        ["name"] = Json.Copy(row.Body["name"]),
        ["parentId"] = trigger,
        ["grandParentId"] = workflow,
    };

    private PsaAnswer Copy(PsaRequest request, Row workflow)
    {
        var body = Json.Copy(workflow.Body);
        foreach (var name in (string[])["id", "_info", "activateFlag", "connectWiseID"]) body.Remove(name);
        body["name"] = $"{Json.Text(body["name"])} (copy)";
        var id = psa.Create(request.By, Catalogue.Of("workflows"), body, null);
        foreach (var child in psa.Store.Rows("workflowEvents").Where(e => Json.Int(e.Body["parentId"]) == workflow.Id)) CopyEvent(request.By, child, id);
        return endpoint.Now(request, Catalogue.Of("workflows"), id, 201);
    }

    private int CopyEvent(string by, Row workflowEvent, int workflow)
    {
        var id = psa.Create(by, Catalogue.Of("workflowEvents"), Bare(workflowEvent.Body), workflow);
        foreach (var action in psa.Store.Rows("workflowActions").Where(a => Json.Int(a.Body["parentId"]) == workflowEvent.Id))
            psa.Create(by, Catalogue.Of("workflowActions"), Bare(action.Body), id);
        return id;
    }

    private static JsonObject Bare(JsonObject body)
    {
        var copy = Json.Copy(body);
        foreach (var name in (string[])["id", "_info", "connectWiseID"]) copy.Remove(name);
        return copy;
    }

    private PsaAnswer Nothing(PsaRequest request, string[] ids)
    {
        Workflow(ids);
        return ResourceEndpoint.Page(request, [], null);
    }

    private Row[] Workflows() => psa.Store.Rows("workflows");

    private Row Workflow(string[] ids) => psa.Store.Find("workflows", Id(ids[0])) ?? throw PsaRefusal.NotFound("Workflow", ids[0]);

    private Row Event(string[] ids)
    {
        var workflow = Workflow(ids);
        return psa.Store.Find("workflowEvents", Id(ids[1])) is { } row && Json.Int(row.Body["parentId"]) == workflow.Id ? row : throw PsaRefusal.NotFound("Workflow Event", ids[1]);
    }

    private static int Id(string text) => int.Parse(text, CultureInfo.InvariantCulture);
}
