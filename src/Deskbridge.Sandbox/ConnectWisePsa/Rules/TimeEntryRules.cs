using System.Text.Json.Nodes;
using Deskbridge.Sandbox.ConnectWisePsa.Http;
using Deskbridge.Sandbox.ConnectWisePsa.Records;

namespace Deskbridge.Sandbox.ConnectWisePsa.Rules;

/// <summary>Time needs an end or hours; its member says where and as what it was worked; its ticket's status may refuse it (reference 5.9).</summary>
internal sealed class TimeEntryRules : RecordRules
{
    private static readonly (string Table, string Member)[] Adding = [("tickets", "ticket"), ("projectTickets", "ticket"), ("projectPhases", "phase"), ("projects", "project")];

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
        Charge(change, body, before is null || !Json.Same(before["chargeToId"], body["chargeToId"]));
        if (before is null) Fill(change, body);
        Classify(change, body);
        body["hoursBilled"] = Json.Text(body["billableOption"]) == "Billable" ? Json.Copy(body["actualHours"]) : 0;
        body["invoiceHours"] = Json.Copy(body["hoursBilled"]);
        body["extendedInvoiceAmount"] = Json.Number(body["hoursBilled"] ?? 0) * Math.Clamp(Json.Number(body["hourlyRate"] ?? 0), -1_000_000, 1_000_000);
    }

    public override void Saved(Change change, JsonObject body, JsonObject? before, JsonObject input)
    {
        foreach (var (table, member) in Adding)
        {
            foreach (var id in new[] { TicketRules.Id(before?[member]), TicketRules.Id(body[member]) }.Distinct()) AddUp(change, table, member, id);
        }
    }

    public override void Deleting(Change change, JsonObject body)
    {
        change.Remove("timeEntries", Json.Int(body["id"])!.Value);
        foreach (var (table, member) in Adding) AddUp(change, table, member, TicketRules.Id(body[member]));
    }

    // A ticket, phase and project know the hours worked on them, and every save of an entry saves them.
    private static void AddUp(Change change, string table, string member, int? id)
    {
        if (change.Find(table, id) is not { } kept) return;
        var record = Json.Copy(kept);
        record["actualHours"] = change.All("timeEntries").Where(t => TicketRules.Id(t[member]) == id && t["actualHours"] is not null).Sum(t => Math.Clamp(Json.Number(t["actualHours"]!), -1_000_000, 1_000_000));
        change.Put(table, id!.Value, record);
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

    // What an entry says of its company, agreement, department and week, in words.
    private static void Classify(Change change, JsonObject body)
    {
        var company = change.Find("companies", TicketRules.Id(body["company"]));
        Put("companyType", change.Find("companyTypes", TicketRules.Id((company?["types"] as JsonArray)?.FirstOrDefault()))?["name"]);
        Put("territory", change.Find("locations", TicketRules.Id(company?["territory"]))?["name"]);
        Put("agreementType", TicketDefaults.AgreementType(change, body["agreement"]));
        Put("businessGroupDesc", change.Find("departments", TicketRules.Id(body["department"]))?["name"]);
        body["agreementHours"] = body["agreement"] is null ? 0 : Json.Copy(body["actualHours"]);
        foreach (var name in (string[])["agreementAmount", "agreementAdjustment", "adjustment", "overageRate", "invoiceReady"]) body[name] ??= 0;
        if (body["timeSheet"] is null && Json.Instant(body["timeStart"]) is { } start) body["timeSheet"] = Sheet(change, start);

        void Put(string name, JsonNode? value)
        {
            if (value is null) body.Remove(name);
            else body[name] = Json.Copy(value);
        }
    }

    private static JsonObject Sheet(Change change, DateTimeOffset day)
    {
        var sunday = day.AddDays(-(int)day.DayOfWeek);
        var name = FormattableString.Invariant($"{sunday:yyyy-MM-dd} to {sunday.AddDays(6):yyyy-MM-dd}");
        var id = Json.Int(change.All("timeSheets").FirstOrDefault(s => Json.Text(s["name"]) == name)?["id"]) ?? change.Add("timeSheets", new JsonObject { ["name"] = name });
        return new JsonObject { ["id"] = id, ["name"] = name };
    }

    private static void Charge(Change change, JsonObject body, bool charged)
    {
        if (ChargedTo.Find(change, body, "timeEntry") is not { } ticket || Json.Text(body["chargeToType"]) is not ("ServiceTicket" or "ProjectTicket")) return;
        if (charged && Json.Flag(change.Find("statuses", TicketRules.Id(ticket["status"]))?["timeEntryNotAllowed"]))
            throw PsaRefusal.Invalid("timeEntry", "InvalidObject", "The ticket's status does not allow time entries.", "chargeToId");
        body["ticket"] = new JsonObject { ["id"] = Json.Copy(ticket["id"]), ["summary"] = Json.Copy(ticket["summary"]) };
        foreach (var name in (string[])["company", "agreement", "project", "phase"])
        {
            if (ticket[name] is { } value) body[name] = value.DeepClone();
        }

        foreach (var (name, source) in ((string, string)[])[("ticketBoard", "boards/board"), ("ticketStatus", "statuses/status"), ("ticketType", "types/type"), ("ticketSubType", "subTypes/subType")])
        {
            var (table, member) = (source.Split('/')[0], source.Split('/')[1]);
            if (change.Find(table, TicketRules.Id(ticket[member])) is { } row) body[name] = Json.Copy(row["name"]);
        }
    }
}
