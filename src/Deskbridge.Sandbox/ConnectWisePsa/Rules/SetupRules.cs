using System.Text.Json.Nodes;
using Deskbridge.Sandbox.ConnectWisePsa.Http;
using Deskbridge.Sandbox.ConnectWisePsa.Records;

namespace Deskbridge.Sandbox.ConnectWisePsa.Rules;

/// <summary>Custom field definitions (reference 6.1): the pod decides whose records get the field.</summary>
internal sealed class UserDefinedFieldRules : RecordRules
{
    // Ids 4 and 5 are recorded; the others are the sandbox's own.
    private static readonly Dictionary<int, (string Pod, string Screen, string ScreenName)> Pods = new()
    {
        [1] = ("Company", "co200", "Company"),
        [2] = ("Ticket", "sr100", "Service Ticket"),
        [3] = ("Configuration", "cf100", "Configuration"),
        [4] = ("Contact", "ct300", "Contact"),
        [5] = ("Contact", "ct300", "Contact"),
        [6] = ("Member", "sy100", "Member"),
        [7] = ("Time Entry", "te100", "Time Entry"),
        [8] = ("Site", "co210", "Site"),
    };

    public override void Complete(Change change, JsonObject body, JsonObject? before)
    {
        if (!Pods.TryGetValue(Json.Int(body["podId"]) ?? 0, out var pod))
            throw PsaRefusal.Invalid("userDefinedField", "InvalidField", "The podId does not exist.", "podId");
        if (change.All("userDefinedFields").Any(f => Json.Int(f["id"]) != Json.Int(body["id"]) && Json.Text(f["podDescription"]) == pod.Pod
            && string.Equals(Json.Text(f["caption"]), Json.Text(body["caption"]), StringComparison.OrdinalIgnoreCase)))
            throw PsaRefusal.Invalid("userDefinedField", "ObjectExists", "A user defined field with this caption already exists.", "caption");
        if (Json.Int(body["sequenceNumber"]) is not (>= 1 and <= 500))
            throw PsaRefusal.Invalid("userDefinedField", "InvalidField", "The sequenceNumber must lie between 1 and 500.", "sequenceNumber");
        if (Json.Flag(body["readOnlyFlag"]) && Json.Flag(body["requiredFlag"]))
            throw PsaRefusal.Invalid("userDefinedField", "InvalidField", "A read-only field cannot be required.", "requiredFlag");
        body["podDescription"] = pod.Pod;
        body["screenId"] = pod.Screen;
        body["screenDescription"] = pod.ScreenName;
        body["entryTypeIdentifier"] ??= "EntryField";
        body["numberDecimals"] ??= 0;
        body["businessUnitIds"] ??= new JsonArray();
        body["locationIds"] ??= new JsonArray();
        body["dateCreated"] ??= Json.Stamp(change.Now);
        body["connectWiseID"] ??= Guid.CreateVersion7(change.Now).ToString();
    }
}

/// <summary>A workflow cannot be switched on before it has an event; its events and actions go with it (reference 7.2).</summary>
internal sealed class WorkflowRules : RecordRules
{
    public override void Complete(Change change, JsonObject body, JsonObject? before)
    {
        var id = Json.Int(body["id"]);
        if (Json.Flag(body["activateFlag"]) && !change.All("workflowEvents").Any(e => Json.Int(e["parentId"]) == id))
            throw PsaRefusal.Invalid("workflow", "InvalidField", "A workflow rule cannot be activated before it has an event.", "activateFlag");
        if (Json.Flag(body["activateFlag"]) && body["batchSchedule"] is null)
            throw PsaRefusal.Invalid("workflow", "MissingRequiredField", "The batchSchedule field is required.", "batchSchedule");
        body["batchFrequencyUnit"] ??= "Minutes";
        body["connectWiseID"] ??= Guid.CreateVersion7(change.Now).ToString();
    }

    public override void Deleting(Change change, JsonObject body)
    {
        foreach (var child in change.All("workflowEvents").Where(e => Json.Int(e["parentId"]) == Json.Int(body["id"])).ToList())
        {
            WorkflowEventRules.DeleteActions(change, child);
            change.Remove("workflowEvents", Json.Int(child["id"])!.Value);
        }
    }
}

/// <summary>How often an event runs, and its actions' end with it.</summary>
internal sealed class WorkflowEventRules : RecordRules
{
    public override void Complete(Change change, JsonObject body, JsonObject? before)
    {
        body["executionTime"] ??= "Once";
        var repeats = Json.Text(body["executionTime"]) is "MultipleTimes" or "Continuously";
        foreach (var name in (string[])["frequencyUnit", "frequencyOfExecution"])
        {
            if (repeats && body[name] is null) throw PsaRefusal.Invalid("workflowEvent", "MissingRequiredField", $"The {name} field is required.", name);
        }

        if (Json.Text(body["executionTime"]) == "MultipleTimes" && body["maxNumberOfExecution"] is null)
            throw PsaRefusal.Invalid("workflowEvent", "MissingRequiredField", "The maxNumberOfExecution field is required.", "maxNumberOfExecution");
        body["connectWiseID"] ??= Guid.CreateVersion7(change.Now).ToString();
    }

    public override void Deleting(Change change, JsonObject body) => DeleteActions(change, body);

    public static void DeleteActions(Change change, JsonObject workflowEvent)
    {
        foreach (var action in change.All("workflowActions").Where(a => Json.Int(a["parentId"]) == Json.Int(workflowEvent["id"])).ToList())
            change.Remove("workflowActions", Json.Int(action["id"])!.Value);
    }
}

/// <summary>An action knows its event's workflow; some kinds need a subject.</summary>
internal sealed class WorkflowActionRules : RecordRules
{
    public override void Complete(Change change, JsonObject body, JsonObject? before)
    {
        body["grandParentId"] = Json.Copy(change.Find("workflowEvents", Json.Int(body["parentId"]))?["parentId"]);
        body["connectWiseID"] ??= Guid.CreateVersion7(change.Now).ToString();
        if (Json.Text(Json.Child(body["notifyType"], "name")) is "Create Activity" or "Send Email" or "Assign Resource" && string.IsNullOrEmpty(Json.Text(body["subject"])))
            throw PsaRefusal.Invalid("workflowAction", "MissingRequiredField", "The subject field is required.", "subject");
    }
}

/// <summary>Time needs an end or hours; its ticket's status may refuse it (reference 5.9).</summary>
internal sealed class TimeEntryRules : RecordRules
{
    public override void Complete(Change change, JsonObject body, JsonObject? before)
    {
        if (Json.Text(body["chargeToType"]) == "ProjectIssue")
            throw PsaRefusal.Invalid("timeEntry", "InvalidField", "The chargeToType is not valid.", "chargeToType");
        if (body["timeEnd"] is null && body["actualHours"] is null)
            throw PsaRefusal.Invalid("timeEntry", "MissingRequiredField", "Either timeEnd or actualHours is required.", "timeEnd");
        if (Json.Instant(body["timeStart"]) is { } start && Json.Instant(body["timeEnd"]) is { } end) body["actualHours"] ??= (end - start).TotalHours;
        body["billableOption"] ??= "Billable";
        body["status"] ??= "Open";
        body["enteredBy"] ??= change.By;
        body["dateEntered"] ??= Json.Stamp(change.Now);
        body["mobileGuid"] ??= Guid.CreateVersion7(change.Now).ToString();
        Charge(change, body);
    }

    public override void Saved(Change change, JsonObject body, JsonObject? before, JsonObject input)
    {
        if (TicketRules.Id(body["ticket"]) is { } id && change.Find("tickets", id) is { } ticket) change.Put("tickets", id, Json.Copy(ticket));
    }

    private static void Charge(Change change, JsonObject body)
    {
        if (Json.Text(body["chargeToType"]) is not "ServiceTicket" || Json.Int(body["chargeToId"]) is not { } id) return;
        if (change.Find("tickets", id) is not { } ticket)
            throw PsaRefusal.Invalid("timeEntry", "NotFound", $"Ticket {id} not found", "chargeToId");
        if (Json.Flag(change.Find("statuses", TicketRules.Id(ticket["status"]))?["timeEntryNotAllowed"]))
            throw PsaRefusal.Invalid("timeEntry", "InvalidObject", "The ticket's status does not allow time entries.", "chargeToId");
        body["ticket"] = new JsonObject { ["id"] = id, ["summary"] = Json.Copy(ticket["summary"]) };
        body["company"] = Json.Copy(ticket["company"]);
        body["ticketBoard"] = Json.Copy(Json.Child(ticket["board"], "name"));
        body["ticketStatus"] = Json.Copy(Json.Child(ticket["status"], "name"));
    }
}
