using System.Text.Json.Nodes;
using Deskbridge.Sandbox.ConnectWisePsa.Http;
using Deskbridge.Sandbox.ConnectWisePsa.Records;

namespace Deskbridge.Sandbox.ConnectWisePsa.Rules;

/// <summary>Custom field definitions (reference 6.1): the pod decides whose records get the field.</summary>
internal sealed class UserDefinedFieldRules : RecordRules
{
    private const int MostListed = 10;

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
        [9] = ("Project", "pm200", "Project"),
        [10] = ("Project Ticket", "pm210", "Project Ticket"),
        [11] = ("Agreement", "ar200", "Agreement"),
        [12] = ("Activity", "ac100", "Activity"),
        [13] = ("Project Phase", "pm300", "Project Phase"),
        [14] = ("Opportunity", "op200", "Opportunity"),
        [15] = ("Invoice", "iv200", "Invoice"),
        [16] = ("Expense", "ex100", "Expense Entry"),
        [17] = ("Purchase Order", "po200", "Purchase Order"),
        [18] = ("Product", "pr100", "Product"),
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
        if (Json.Flag(body["listViewFlag"]) && change.All("userDefinedFields").Count(f => Json.Int(f["id"]) != Json.Int(body["id"]) && Json.Text(f["podDescription"]) == pod.Pod && Json.Flag(f["listViewFlag"])) >= MostListed)
            throw PsaRefusal.Invalid("userDefinedField", "InvalidField", $"At most {MostListed} fields can be shown in a list view.", "listViewFlag");
        if (Json.Int(body["numberDecimals"]) is < 0 or > 5)
            throw PsaRefusal.Invalid("userDefinedField", "InvalidField", "The numberDecimals must lie between 0 and 5.", "numberDecimals");
        body["podDescription"] = pod.Pod;
        body["screenId"] = pod.Screen;
        body["screenDescription"] = pod.ScreenName;
        body["entryTypeIdentifier"] ??= "EntryField";
        body["numberDecimals"] ??= 0;
        body["businessUnitIds"] ??= new JsonArray();
        body["locationIds"] ??= new JsonArray();
        body["dateCreated"] ??= Json.Stamp(change.Now);
        foreach (var option in (body["options"] as JsonArray ?? []).OfType<JsonObject>()) Whole(option);
    }

    private static void Whole(JsonObject option)
    {
        foreach (var flag in (string[])["defaultFlag", "inactiveFlag"]) option[flag] ??= false;
    }
}

/// <summary>A workflow cannot be switched on before it has an event (reference 7.2).</summary>
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
    }
}

/// <summary>How often an event runs.</summary>
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
    }
}

/// <summary>An action knows its event's workflow; some kinds need a subject, mail to or from an address needs the address (reference 7.2).</summary>
internal sealed class WorkflowActionRules : RecordRules
{
    public override void Complete(Change change, JsonObject body, JsonObject? before)
    {
        body["grandParentId"] = Json.Copy(change.Find("workflowEvents", Json.Int(body["parentId"]))?["parentId"]);
        if (Json.Text(Json.Child(body["notifyType"], "name")) is "Create Activity" or "Send Email" or "Assign Resource" && string.IsNullOrEmpty(Json.Text(body["subject"])))
            throw PsaRefusal.Invalid("workflowAction", "MissingRequiredField", "The subject field is required.", "subject");
        foreach (var (who, address) in ((string, string)[])[("notifyWho", "emailRecipient"), ("notifyFrom", "emailFrom")])
        {
            if (Json.Text(Json.Child(body[who], "name")) == "Email Address" && string.IsNullOrEmpty(Json.Text(body[address])))
                throw PsaRefusal.Invalid("workflowAction", "MissingRequiredField", $"The {address} field is required.", address);
        }
    }
}

/// <summary>The value that an action gives a custom field: it describes the field, and knows the event and workflow above.</summary>
internal sealed class WorkflowActionFieldRules : RecordRules
{
    public override void Complete(Change change, JsonObject body, JsonObject? before)
    {
        var action = change.Find("workflowActions", Json.Int(body["actionId"]));
        var field = change.Find("userDefinedFields", Json.Int(body["userDefinedFieldId"]))
            ?? throw PsaRefusal.Invalid("workflowActionUserDefinedField", "NotFound", "The userDefinedFieldId does not exist.", "userDefinedFieldId");
        (body["parentId"], body["eventId"], body["grandParentId"]) = (Json.Copy(body["actionId"]), Json.Copy(action?["parentId"]), Json.Copy(action?["grandParentId"]));
        (body["caption"], body["podDescription"], body["requiredFlag"]) = (Json.Copy(field["caption"]), Json.Copy(field["podDescription"]), Json.Flag(field["requiredFlag"]));
        (body["fieldTypeId"], body["entryTypeId"]) = (Json.Copy(field["fieldTypeIdentifier"]), Json.Copy(field["entryTypeIdentifier"]));
    }
}
