using System.Text.Json.Nodes;
using Deskbridge.Sandbox.ConnectWisePsa.Http;
using Deskbridge.Sandbox.ConnectWisePsa.Records;

namespace Deskbridge.Sandbox.ConnectWisePsa.Rules;

/// <summary>Time needs an end or hours; its member says where and as what it was worked; its ticket's status may refuse it (reference 5.9).</summary>
internal sealed class TimeEntryRules : RecordRules
{
    private static readonly string[] Editable = ["Open", "Rejected", "ErrorsCorrected"];

    public override void Complete(Change change, JsonObject body, JsonObject? before)
    {
        if (Json.Text(before?["status"]) is { } status && !Editable.Contains(status, StringComparer.Ordinal))
            throw PsaRefusal.Invalid("timeEntry", "InvalidObject", $"A time entry in status {status} cannot be changed.", "status");
        if (Json.Text(body["chargeToType"]) == "ProjectIssue")
            throw PsaRefusal.Invalid("timeEntry", "InvalidField", "The chargeToType is not valid.", "chargeToType");
        if (body["timeEnd"] is null && body["actualHours"] is null)
            throw PsaRefusal.Invalid("timeEntry", "MissingRequiredField", "Either timeEnd or actualHours is required.", "timeEnd");
        if (before is not null && body["billableOption"] is null)
            throw PsaRefusal.Invalid("timeEntry", "MissingRequiredField", "The billableOption field is required.", "billableOption");
        Hours(body);
        Charge(change, body);
        if (before is null) Fill(change, body);
        body["hoursBilled"] = Json.Text(body["billableOption"]) == "Billable" ? Json.Copy(body["actualHours"]) : 0;
        body["invoiceHours"] = Json.Copy(body["hoursBilled"]);
    }

    public override void Saved(Change change, JsonObject body, JsonObject? before, JsonObject input)
    {
        foreach (var id in new[] { TicketRules.Id(before?["ticket"]), TicketRules.Id(body["ticket"]) }.Distinct()) AddUp(change, id);
    }

    public override void Deleting(Change change, JsonObject body)
    {
        change.Remove("timeEntries", Json.Int(body["id"])!.Value);
        AddUp(change, TicketRules.Id(body["ticket"]));
    }

    // A ticket knows the hours worked on it, and every save of one saves the ticket.
    private static void AddUp(Change change, int? id)
    {
        if (change.Find("tickets", id) is not { } kept) return;
        var ticket = Json.Copy(kept);
        ticket["actualHours"] = change.All("timeEntries").Where(t => TicketRules.Id(t["ticket"]) == id && t["actualHours"] is not null).Sum(t => Math.Clamp(Json.Number(t["actualHours"]!), -1_000_000, 1_000_000));
        change.Put("tickets", id!.Value, ticket);
    }

    private static void Hours(JsonObject body)
    {
        if (Json.Instant(body["timeStart"]) is not { } start || Json.Instant(body["timeEnd"]) is not { } end) return;
        if (end < start) throw PsaRefusal.Invalid("timeEntry", "InvalidField", "The timeEnd must not lie before the timeStart.", "timeEnd");
        var deducted = body["hoursDeduct"] is { } deduct ? (double)Json.Number(deduct) : 0;
        body["actualHours"] = (end - start).TotalHours - deducted;
    }

    private static void Fill(Change change, JsonObject body)
    {
        body["member"] ??= change.All("members").FirstOrDefault(m => Json.Text(m["identifier"]) == change.By) is { } caller
            ? new JsonObject { ["id"] = Json.Copy(caller["id"]), ["identifier"] = change.By }
            : null;
        var member = change.Find("members", TicketRules.Id(body["member"]));
        foreach (var (name, source) in ((string, string)[])[("workRole", "workRole"), ("workType", "workType"), ("location", "defaultLocation"), ("department", "defaultDepartment")])
        {
            if (body[name] is null && member?[source] is { } value) body[name] = value.DeepClone();
        }

        if (body["workType"] is null && change.All("workTypes").OrderByDescending(t => Json.Flag(t["overallDefaultFlag"])).FirstOrDefault() is { } type)
            body["workType"] = new JsonObject { ["id"] = Json.Copy(type["id"]), ["name"] = Json.Copy(type["name"]) };
        body["locationName"] ??= Json.Copy(change.Find("locations", TicketRules.Id(body["location"]))?["name"]);
        body["hourlyRate"] ??= Json.Copy(change.Find("workRoles", TicketRules.Id(body["workRole"]))?["hourlyRate"]);
        body["locationId"] ??= TicketRules.Id(body["location"]);
        body["businessUnitId"] ??= TicketRules.Id(body["department"]);
        body["billableOption"] ??= Json.Copy(change.Find("workTypes", TicketRules.Id(body["workType"]))?["billTime"]) ?? "Billable";
        body["status"] ??= "Open";
        body["enteredBy"] ??= change.By;
        body["dateEntered"] ??= Json.Stamp(change.Now);
    }

    private static void Charge(Change change, JsonObject body)
    {
        if (ChargedTo.Find(change, body, "timeEntry") is not { } ticket || Json.Text(body["chargeToType"]) is not "ServiceTicket") return;
        if (Json.Flag(change.Find("statuses", TicketRules.Id(ticket["status"]))?["timeEntryNotAllowed"]))
            throw PsaRefusal.Invalid("timeEntry", "InvalidObject", "The ticket's status does not allow time entries.", "chargeToId");
        body["ticket"] = new JsonObject { ["id"] = Json.Copy(ticket["id"]), ["summary"] = Json.Copy(ticket["summary"]) };
        body["company"] = Json.Copy(ticket["company"]);
        foreach (var (name, source) in ((string, string)[])[("ticketBoard", "boards/board"), ("ticketStatus", "statuses/status"), ("ticketType", "types/type"), ("ticketSubType", "subTypes/subType")])
        {
            var (table, member) = (source.Split('/')[0], source.Split('/')[1]);
            if (change.Find(table, TicketRules.Id(ticket[member])) is { } row) body[name] = Json.Copy(row["name"]);
        }
    }
}
