using System.Text.Json.Nodes;
using Deskbridge.Sandbox.ConnectWisePsa.Http;
using Deskbridge.Sandbox.ConnectWisePsa.Records;
using Deskbridge.Sandbox.ConnectWisePsa.Schema;
using Deskbridge.Sandbox.ConnectWisePsa.Security;

namespace Deskbridge.Sandbox.ConnectWisePsa.Rules;

/// <summary>Defaults by board, the status and what follows from it, notes out of initial texts, the owner's schedule (reference 5.1).</summary>
internal class TicketRules(Rights rights) : RecordRules
{
    private static readonly (string Name, string Flag)[] Initial =
        [("initialDescription", "detailDescriptionFlag"), ("initialInternalAnalysis", "internalAnalysisFlag"), ("initialResolution", "resolutionFlag")];

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
        else RequireRatings(body);
        if (before is null || Id(before["board"]) != Id(body["board"])) FollowBoard(change, body);
        if (before is null || Id(before["company"]) != Id(body["company"])) TicketDefaults.FollowCompany(change, body);
        if (before is null && body["contact"] is null && Json.Text(body["contactEmailLookup"]) is { Length: > 0 } email) TicketDefaults.FindContact(change, body, email);
        if (Id(before?["contact"]) != Id(body["contact"])) TicketDefaults.FollowContact(change, body);
        if (before is null || Id(before["agreement"]) != Id(body["agreement"])) TicketDefaults.FollowAgreement(change, body);
        CheckTriple(change, body, before);
        FollowStatus(change, body, before);
        Demand(change, body, before);
    }

    // The vendor wants these on updates, whole ones that is; a patch keeps what it does not name.
    private static void RequireRatings(JsonObject body)
    {
        if (Json.Text(body["recordType"]) != "ServiceTicket") return;
        foreach (var name in (string[])["severity", "impact"])
        {
            if (body[name] is null) throw PsaRefusal.Invalid("ticket", "MissingRequiredField", $"The {name} field is required.", name);
        }
    }

    private static void CheckTriple(Change change, JsonObject body, JsonObject? before)
    {
        if (((string[])["type", "subType", "item"]).All(name => Id(body[name]) == Id(before?[name]))) return;
        var (type, subType, item) = (Id(body["type"]), Id(body["subType"]), Id(body["item"]));
        if (change.Find("subTypes", subType)?["typeAssociationIds"] is JsonArray { Count: > 0 } types && type is not null && !types.Any(t => Json.Int(t) == type)) throw Apart("subType");
        var triples = change.All("associations").Where(a => Id(a["item"]) == item).ToList();
        if (triples.Count > 0 && !triples.Exists(a => (type is null || Id(a["type"]) == type) && (subType is null || Id(a["subType"]) == subType))) throw Apart("item");

        PsaRefusal Apart(string member) => PsaRefusal.Invalid("ticket", "InvalidObject", $"The {member} is not associated with the ticket's type{(member == "item" ? " and sub type" : "")}", member + "/id");
    }

    // Some changes of a ticket need more than the right to edit tickets (reference 5.10).
    private void Demand(Change change, JsonObject body, JsonObject? before)
    {
        if (before is not null && (Json.Flag(before["closedFlag"]) || Json.Flag(body["closedFlag"]))) rights.Demand(change.By, Right.CloseServiceTickets, Verb.Edit);
        if (Id(body["owner"]) != Id(before?["owner"]))
            rights.Demand(change.By, Right.ResourceScheduling with { Item = Json.Text(change.Find("locations", Id(body["location"]))?["name"]) }, before is null ? Verb.Add : Verb.Edit);
        if (((string[])["predecessorId", "predecessorType"]).Any(name => !Json.Same(body[name], before?[name]))) rights.Demand(change.By, Right.Dependencies, Verb.Edit);
    }

    public override void Saved(Change change, JsonObject body, JsonObject? before, JsonObject input)
    {
        var id = Json.Int(body["id"])!.Value;
        if (before is null) AddNotes(change, id, input, "notes");
        if (Id(before?["owner"]) != Id(body["owner"])) TicketSchedule.OwnerChanged(change, body);
    }

    public override void Deleting(Change change, JsonObject body)
    {
        var id = Json.Int(body["id"])!.Value;
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

        if (before is null || Id(before["status"]) != Id(body["status"])) TicketSla.Escalate(body, Level(status), change.Now, change.By);
        if (before is null || ((string[])["status", "priority", "sla"]).Any(name => Id(before[name]) != Id(body[name]))) TicketSla.Promise(change, body);
    }

    private static int? Level(JsonObject? status) =>
        Array.IndexOf(["NotResponded", "Responded", "ResolutionPlan", "Resolved"], Json.Text(status?["escalationStatus"])) is >= 0 and var level ? level : null;

    /// <summary>Makes notes of the texts that a new ticket comes with.</summary>
    protected static void AddNotes(Change change, int ticket, JsonObject input, string table)
    {
        foreach (var (name, flag) in Initial)
        {
            if (Json.Text(Json.Child(input, name)) is not { Length: > 0 } text) continue;
            var note = new JsonObject { ["ticketId"] = ticket, ["text"] = text, [flag] = true };
            NoteRules.Fill(change, note);
            change.Add(table, note);
        }
    }
}

/// <summary>A ticket of a project: it starts on a board for projects, and takes its company from the project.</summary>
internal sealed class ProjectTicketRules(Rights rights) : TicketRules(rights)
{
    public override void Before(Change change, JsonObject input, JsonObject? before)
    {
        if (before is not null) return;
        var project = change.Find("projects", Id(Json.Child(input, "project")));
        if (Json.Child(input, "board") is null) input["board"] = Json.Copy(project?["board"]) ?? TicketDefaults.Default(change, "boards", b => Json.Flag(b["projectFlag"]));
        if (Json.Child(input, "company") is null) input["company"] = Json.Copy(project?["company"]);
    }

    public override bool Allows(Change change, Member member, JsonObject row, JsonObject body) =>
        member.Name == "phase" ? Id(body["project"]) is not { } project || Json.Int(row["projectId"]) == project : base.Allows(change, member, row, body);

    public override void Saved(Change change, JsonObject body, JsonObject? before, JsonObject input)
    {
        if (before is null) AddNotes(change, Json.Int(body["id"])!.Value, input, "projectTicketNotes");
    }
}
