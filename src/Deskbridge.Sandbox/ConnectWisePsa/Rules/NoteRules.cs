using System.Text.Json.Nodes;
using Deskbridge.Sandbox.ConnectWisePsa.Records;

namespace Deskbridge.Sandbox.ConnectWisePsa.Rules;

/// <summary>Author and flags of a ticket note; saving one also saves its ticket (reference 5.2, 8.3).</summary>
internal sealed class NoteRules(string tickets) : RecordRules
{
    public override void Complete(Change change, JsonObject body, JsonObject? before)
    {
        if (before is null) Fill(change, body);
        Mirror(body);
    }

    public override void Saved(Change change, JsonObject body, JsonObject? before, JsonObject input)
    {
        if (Json.Int(body["ticketId"]) is not { } id || change.Find(tickets, id) is not { } kept) return;
        var ticket = Json.Copy(kept);
        if (before is null && (body["contact"] is not null || Json.Flag(Json.Child(input, "customerUpdatedFlag")))) ticket["customerUpdatedFlag"] = true;
        change.Put(tickets, id, ticket);
    }

    /// <summary>Completes a note that is added.</summary>
    public static void Fill(Change change, JsonObject note)
    {
        if (note["member"] is null && note["contact"] is null
            && change.All("members").FirstOrDefault(m => Json.Text(m["identifier"]) == change.By) is { } author)
        {
            note["member"] = new JsonObject
            {
                ["id"] = Json.Copy(author["id"]),
                ["identifier"] = change.By,
                ["name"] = $"{Json.Text(author["firstName"])} {Json.Text(author["lastName"])}",
            };
        }

        foreach (var flag in (string[])["detailDescriptionFlag", "internalAnalysisFlag", "resolutionFlag", "issueFlag"]) note[flag] ??= false;
        note["dateCreated"] = Json.Stamp(change.Now);
        note["createdBy"] = change.By;
        Mirror(note);
    }

    private static void Mirror(JsonObject note)
    {
        // With no kind at all the discussion is taken.
        if (!Json.Flag(note["internalAnalysisFlag"]) && !Json.Flag(note["resolutionFlag"])) note["detailDescriptionFlag"] = true;
        note["internalFlag"] = Json.Flag(note["internalAnalysisFlag"]);
        note["externalFlag"] = Json.Flag(note["detailDescriptionFlag"]) || Json.Flag(note["resolutionFlag"]);
    }
}
