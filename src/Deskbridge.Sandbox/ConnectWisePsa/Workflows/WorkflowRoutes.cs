using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Deskbridge.Sandbox.ConnectWisePsa.Http;
using Deskbridge.Sandbox.ConnectWisePsa.Records;
using Deskbridge.Sandbox.ConnectWisePsa.Schema;

namespace Deskbridge.Sandbox.ConnectWisePsa.Workflows;

/// <summary>The parts of workflow rules that are not tables: trigger catalogue, notify types, the test of an event (reference 7.1).</summary>
internal sealed class WorkflowRoutes(Psa psa)
{
    private const int StatusTrigger = 5;
    private const int PriorityTrigger = 6;
    private const int FieldTriggers = 1000;

    public IEnumerable<Route> All() =>
    [
        .. ResourceEndpoint.Listed("system/workflows/{}/triggers", (_, ids) => Triggers(Workflow(ids))),
        ResourceEndpoint.Only("system/workflows/triggers", (_, _) => Workflows().SelectMany(Triggers)),
        .. ResourceEndpoint.Listed("system/workflows/{}/triggers/{}/options", (_, ids) => Options(Workflow(ids), Route.Id(ids[1]))),
        ResourceEndpoint.Only("system/workflows/triggers/options", (_, _) => Workflows().SelectMany(w => Triggers(w).SelectMany(t => Options(w, Json.Int(t["id"])!.Value)))),
        ResourceEndpoint.Only("system/workflows/notifyTypes", (_, _) => Workflows().SelectMany(NotifyTypes)),
        ResourceEndpoint.Only("system/workflows/notifyTypes/{}", (_, ids) => Workflows().SelectMany(NotifyTypes).Where(t => Json.Text(t["id"]) == ids[0])),
        .. ResourceEndpoint.Listed("system/workflows/{}/notifyTypes", (_, ids) => NotifyTypes(Workflow(ids))),
        .. ResourceEndpoint.Listed("system/workflows/{}/notifyTypes/info", (_, ids) => NotifyTypes(Workflow(ids)).Select(Light)),
        new("GET", "system/workflows/{}/notifyTypes/{}", (_, ids) => new PsaAnswer(200, NotifyType(ids))),
        new("GET", "system/workflows/{}/notifyTypes/{}/info", (_, ids) => new PsaAnswer(200, Light(NotifyType(ids)))),
        .. ResourceEndpoint.Listed("system/workflows/{}/attachments", (_, ids) => Attachments(Workflow(ids))),
        ResourceEndpoint.Only("system/workflows/attachments/{}", (_, ids) => Workflows().SelectMany(Attachments).Where(a => Json.Text(a["id"]) == ids[0])),
        new("GET", "system/workflows/{}/attachments/{}", (_, ids) => new PsaAnswer(200, Attachments(Workflow(ids)).FirstOrDefault(a => Json.Text(a["id"]) == ids[1]) ?? throw PsaRefusal.NotFound("Attachment", ids[1]))),
        ResourceEndpoint.Only("system/workflows/attachments", (_, _) => Workflows().SelectMany(Attachments)),
        ResourceEndpoint.Only("system/workflows/{}/events/{}/test", (r, ids) => Test(r.By, Workflow(ids), Event(ids))),
    ];

    private static Resource NotifyTypeTable => Catalogue.Of("workflowNotifyTypes");

    private IEnumerable<JsonObject> NotifyTypes(Row workflow) => psa.Store.Rows("workflowNotifyTypes").Select(row =>
    {
        var view = Json.Copy(psa.Views.Of(NotifyTypeTable, row, row.Body));
        (view["parentId"], view["parentConnectWiseId"]) = (workflow.Id, Json.Copy(workflow.Body["connectWiseID"]));
        return view;
    });

    private JsonObject NotifyType(string[] ids) =>
        NotifyTypes(Workflow(ids)).FirstOrDefault(t => Json.Text(t["id"]) == ids[1]) ?? throw PsaRefusal.NotFound("Notify Type", ids[1]);

    private static JsonObject Light(JsonObject view) => Views.Light(view, NotifyTypeTable.Info!);

    // Documents that the actions of a workflow's events send along.
    private IEnumerable<JsonObject> Attachments(Row workflow) =>
        from action in psa.Store.Rows("workflowActions")
        where Json.Int(action.Body["grandParentId"]) == workflow.Id
        from id in action.Body["attachments"] as JsonArray ?? []
        let document = psa.Store.Find("documents", Json.Int(id) ?? 0)
        where document is not null
        select Below(workflow, document.Id, new JsonObject { ["id"] = document.Id, ["name"] = Json.Copy(document.Body["title"]), ["parentId"] = workflow.Id, ["_info"] = Json.Copy(document.Body["_info"]) });

    // What is no record has no GUID of its own: one is made of the workflow's and its number.
    private static JsonObject Below(Row workflow, int id, JsonObject item)
    {
        item["connectWiseID"] = Guid(workflow, $"{id}");
        item["parentConnectWiseId"] = Json.Copy(workflow.Body["connectWiseID"]);
        return item;
    }

    private static string Guid(Row workflow, string id) => new Guid(SHA256.HashData(Encoding.UTF8.GetBytes($"{Json.Text(workflow.Body["connectWiseID"])} {id}"))[..16]).ToString();

    private List<JsonObject> Test(string by, Row workflow, Row workflowEvent)
    {
        var table = RuleTable.Of(psa, workflow);
        var test = RuleText.Parse(Json.Text(workflowEvent.Body["eventCondition"])!, table);
        var matched = psa.Store.Rows(table.Resource.Table).Select(r => psa.Views.Of(table.Resource, r, r.Body)).Where(test).ToList();
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

    private List<JsonObject> Triggers(Row workflow)
    {
        var table = RuleTable.Of(psa, workflow);
        List<JsonObject> triggers =
        [
            Trigger(StatusTrigger, table.Noun + "Status", table.Noun + " is in {option} status", true, false, "Integer", workflow),
            Trigger(9, table.Noun + "ActualAge", table.Noun + " Actual Age is {operator} {value} hours", false, true, "Decimal", workflow),
        ];
        if (table.IsTickets)
        {
            triggers.Insert(1, Trigger(PriorityTrigger, "TicketPriority", "Priority is {option}", true, false, "Integer", workflow));
            triggers.Add(Trigger(10, "TicketNotAssigned", "Ticket is not currently assigned", false, false, "Boolean", workflow));
            triggers.Add(Trigger(11, "TicketAssigned", "Ticket has been assigned", false, false, "Boolean", workflow));
            triggers.Add(Trigger(12, "TicketResponded", "Ticket has been responded to", false, false, "Boolean", workflow));
        }

        return [.. triggers, .. psa.Views.Defined(table.Resource).Select(field => Field(Trigger(workflow, field), field))];
    }

    private static JsonObject Trigger(Row workflow, Row field)
    {
        var caption = Json.Text(field.Body["caption"])!;
        var (clause, type) = RuleTable.Kind(field.Body) switch
        {
            "Checkbox" => ("is {option}", "Boolean"),
            "Number" or "Percent" or "Currency" => ("is {operator} {value}", "Decimal"),
            "Date" => ("is {operator} {value}", "DateTime"),
            _ => ("contains {value}", "String"),
        };
        return Trigger(FieldTriggers + field.Id, caption, $"{caption} {clause}", type == "Boolean", type != "Boolean", type, workflow);
    }

    private static JsonObject Trigger(int id, string name, string description, bool options, bool operators, string type, Row workflow) => Below(workflow, id, new JsonObject
    {
        ["id"] = id,
        ["name"] = name,
        ["description"] = description,
        ["hasOptionsFlag"] = options,
        ["hasOperatorFlag"] = operators,
        ["expectedType"] = type,
        ["parentId"] = workflow.Id,
        ["_info"] = new JsonObject(),
    });

    private List<JsonObject> Options(Row workflow, int trigger)
    {
        if (trigger == PriorityTrigger) return [.. psa.Store.Rows("priorities").Select(p => Option(workflow, trigger, p.Id.ToString(CultureInfo.InvariantCulture), Json.Copy(p.Body["name"])))];
        if (trigger == StatusTrigger)
        {
            var board = Json.Int(Json.Child(workflow.Body["board"], "id"));
            return [.. psa.Store.Rows(RuleTable.Of(psa, workflow).Statuses).Where(s => board is null || s.Body["board"] is null || Json.Int(Json.At(s.Body, "board/id")) == board)
                .Select(s => Option(workflow, trigger, s.Id.ToString(CultureInfo.InvariantCulture), Json.Copy(s.Body["name"] ?? s.Body["description"])))];
        }

        return trigger > FieldTriggers && psa.Store.Find("userDefinedFields", trigger - FieldTriggers) is { } field && Json.Text(field.Body["fieldTypeIdentifier"]) == "Checkbox"
            ? [.. ((string[])["true", "false"]).Select(v => Field(Option(workflow, trigger, v, v), field))]
            : [];
    }

    private static JsonObject Option(Row workflow, int trigger, string value, JsonNode? name) => new()
    {
        ["value"] = value,
        ["name"] = name,
        ["connectWiseID"] = Guid(workflow, $"{trigger} {value}"),
        ["parentId"] = trigger,
        ["parentConnectWiseId"] = Guid(workflow, $"{trigger}"),
        ["grandParentId"] = workflow.Id,
        ["grandParentConnectWiseId"] = Json.Copy(workflow.Body["connectWiseID"]),
        ["_info"] = new JsonObject(),
    };

    private static JsonObject Field(JsonObject item, Row field)
    {
        item["customField"] = new JsonObject { ["id"] = field.Id, ["name"] = Json.Copy(field.Body["caption"]) };
        return item;
    }

    private Row[] Workflows() => psa.Store.Rows("workflows");

    private Row Workflow(string[] ids) => psa.Store.Find("workflows", Route.Id(ids[0])) ?? throw PsaRefusal.NotFound("Workflow", ids[0]);

    private Row Event(string[] ids)
    {
        var workflow = Workflow(ids);
        return psa.Store.Find("workflowEvents", Route.Id(ids[1])) is { } row && Json.Int(row.Body["parentId"]) == workflow.Id ? row : throw PsaRefusal.NotFound("Workflow Event", ids[1]);
    }
}
