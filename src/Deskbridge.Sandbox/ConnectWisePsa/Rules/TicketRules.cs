using System.Text.Json.Nodes;
using Deskbridge.Sandbox.ConnectWisePsa.Records;
using Deskbridge.Sandbox.ConnectWisePsa.Schema;

namespace Deskbridge.Sandbox.ConnectWisePsa.Rules;

/// <summary>Defaults by board, the status and what follows from it, notes out of initial texts, the owner's schedule (reference 5.1).</summary>
internal sealed class TicketRules : RecordRules
{
    private static readonly string[] OnBoard = ["status", "type", "subType", "item"];

    public override void Before(Change change, JsonObject input, JsonObject? before)
    {
        if (before is not null || Json.Child(input, "board") is not null) return;
        var member = change.All("members").FirstOrDefault(m => Json.Text(m["identifier"]) == change.By);
        input["board"] = Json.Copy(member?["serviceDefaultBoard"]) ?? Json.Ref(Json.Int(change.All("boards").First()["id"])!.Value);
    }

    public override bool Allows(Change change, Member member, JsonObject row, JsonObject body) => member.Name switch
    {
        "status" or "type" or "subType" or "item" => BoardOf(row) == Id(body["board"]),
        "team" => Json.Int(row["boardId"]) == Id(body["board"]),
        "site" => Id(row["company"]) == Id(body["company"]),
        "owner" => !Json.Flag(row["inactiveFlag"]),
        _ => true,
    };

    public override (string Message, string Field) Missing(Member member, Resource target, JsonObject wanted, JsonObject body)
    {
        var (message, field) = base.Missing(member, target, wanted, body);
        if (!OnBoard.Contains(member.Name)) return (message, field);
        var named = Json.Text(wanted["name"]) ?? Json.Text(wanted["id"]);
        return ($"{target.Title} {named} not found for Service Board {Id(body["board"])}", member.Name == "status" ? "status/name" : field);
    }

    public override void Complete(Change change, JsonObject body, JsonObject? before)
    {
        if (before is null) TicketDefaults.Fill(change, body);
        if (before is null || Id(before["board"]) != Id(body["board"])) FollowBoard(change, body);
        if (before is null || Id(before["company"]) != Id(body["company"])) TicketDefaults.FollowCompany(change, body);
        if (Id(before?["contact"]) != Id(body["contact"])) TicketDefaults.FollowContact(change, body);
        FollowStatus(change, body, before);
    }

    public override void Saved(Change change, JsonObject body, JsonObject? before, JsonObject input)
    {
        var id = Json.Int(body["id"])!.Value;
        if (before is null)
        {
            AddNote(change, id, Json.Child(input, "initialDescription"), "detailDescriptionFlag");
            AddNote(change, id, Json.Child(input, "initialInternalAnalysis"), "internalAnalysisFlag");
            AddNote(change, id, Json.Child(input, "initialResolution"), "resolutionFlag");
        }

        if (Id(before?["owner"]) != Id(body["owner"])) TicketSchedule.OwnerChanged(change, body);
    }

    public override void Deleting(Change change, JsonObject body)
    {
        var id = Json.Int(body["id"])!.Value;
        foreach (var table in (string[])["notes", "tasks"])
        {
            foreach (var child in change.All(table).Where(c => Json.Int(c["ticketId"]) == id).ToList()) change.Remove(table, Json.Int(child["id"])!.Value);
        }

        foreach (var entry in change.All("scheduleEntries").Where(e => TicketSchedule.IsOf(e, id)).ToList()) change.Remove("scheduleEntries", Json.Int(entry["id"])!.Value);
    }

    public static int? Id(JsonNode? reference) => Json.Int(Json.Child(reference, "id"));

    private static int? BoardOf(JsonObject row) => Id(row["board"]);

    private static void FollowBoard(Change change, JsonObject body)
    {
        var board = Id(body["board"]);
        foreach (var name in OnBoard)
        {
            var table = name switch { "status" => "statuses", "type" => "types", "subType" => "subTypes", _ => "items" };
            if (Id(body[name]) is { } id && change.Find(table, id) is { } row && BoardOf(row) == board) continue;
            if (name is "status" or "type" && TicketDefaults.Default(change, table, r => BoardOf(r) == board) is { } first) body[name] = first;
            else body.Remove(name);
        }

        if (Id(body["team"]) is { } team && Json.Int(change.Find("teams", team)?["boardId"]) == board) return;
        if (TicketDefaults.Default(change, "teams", r => Json.Int(r["boardId"]) == board) is { } ours) body["team"] = ours;
        else body.Remove("team");
    }

    private static void FollowStatus(Change change, JsonObject body, JsonObject? before)
    {
        var status = change.Find("statuses", Id(body["status"]));
        var closed = Json.Flag(status?["closedStatus"]);
        if (closed != Json.Flag(before?["closedFlag"]) || before is null)
        {
            body["closedFlag"] = closed;
            if (closed)
            {
                body["closedDate"] = Json.Stamp(change.Now);
                body["closedBy"] = change.By;
            }
            else
            {
                body.Remove("closedDate");
                body.Remove("closedBy");
            }
        }

        if (before is null || Id(before["status"]) != Id(body["status"])) Escalate(change, body, Json.Text(status?["escalationStatus"]));
    }

    private static void Escalate(Change change, JsonObject body, string? escalation)
    {
        var stage = Array.IndexOf(["NotResponded", "Responded", "ResolutionPlan", "Resolved"], escalation);
        if (stage < 0)
        {
            body["slaStatus"] = "Waiting";
            return;
        }

        Reach(change, body, stage >= 1, "dateResponded", "respondedBy");
        Reach(change, body, stage >= 2, "dateResplan", "resplanBy");
        Reach(change, body, stage >= 3, "dateResolved", "resolvedBy");
        if (stage < 3)
        {
            body.Remove("dateResolved");
            body.Remove("resolvedBy");
        }

        body["escalationLevel"] = stage;
        var due = change.Now.AddHours(stage + 2);
        var promise = stage switch { 0 => "Respond", 1 => "Plan", _ => "Resolve" };
        body["slaStatus"] = stage == 3 ? "Resolved" : FormattableString.Invariant($"{promise} by {due:ddd MM/dd h:mm tt} UTC+00");
    }

    private static void Reach(Change change, JsonObject body, bool reached, string date, string by)
    {
        if (!reached || body.ContainsKey(date)) return;
        body[date] = Json.Stamp(change.Now);
        body[by] = change.By;
    }

    private static void AddNote(Change change, int ticket, JsonNode? text, string flag)
    {
        if (string.IsNullOrEmpty(Json.Text(text))) return;
        var note = new JsonObject { ["ticketId"] = ticket, ["text"] = Json.Text(text), [flag] = true };
        NoteRules.Fill(change, note);
        change.Add("notes", note);
    }
}
