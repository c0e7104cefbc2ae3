using System.Text.Json.Nodes;
using Deskbridge.Sandbox.ConnectWisePsa.Records;

namespace Deskbridge.Sandbox.ConnectWisePsa.Rules;

/// <summary>A ticket of a project shows its tasks; saving one also saves its ticket.</summary>
internal sealed class ProjectTaskRules : RecordRules
{
    public override void Saved(Change change, JsonObject body, JsonObject? before, JsonObject input) => Refresh(change, body);

    public override void Deleting(Change change, JsonObject body)
    {
        change.Remove("projectTasks", Json.Int(body["id"])!.Value);
        Refresh(change, body);
    }

    private static void Refresh(Change change, JsonObject task)
    {
        if (Json.Int(task["ticketId"]) is not { } id || change.Find("projectTickets", id) is not { } kept) return;
        var ticket = Json.Copy(kept);
        ticket["tasks"] = new JsonArray([.. change.All("projectTasks").Where(t => Json.Int(t["ticketId"]) == id).Select(t => (JsonNode)Json.Copy(t))]);
        change.Put("projectTickets", id, ticket);
    }
}
