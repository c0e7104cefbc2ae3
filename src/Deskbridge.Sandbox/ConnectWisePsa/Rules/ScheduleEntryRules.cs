using System.Text.Json.Nodes;
using Deskbridge.Sandbox.ConnectWisePsa.Http;
using Deskbridge.Sandbox.ConnectWisePsa.Records;

namespace Deskbridge.Sandbox.ConnectWisePsa.Rules;

/// <summary>Names an entry after its ticket, computes the hours, and keeps the ticket's resources (reference 5.8).</summary>
internal sealed class ScheduleEntryRules : RecordRules
{
    public override void Complete(Change change, JsonObject body, JsonObject? before)
    {
        Check(change, body);
        if (before is null) Fill(change, body);
        if (Json.Instant(body["dateStart"]) is { } start && Json.Instant(body["dateEnd"]) is { } end) body["hours"] = (end - start).TotalHours;
        if (Json.Flag(body["doneFlag"]) && !Json.Flag(before?["doneFlag"])) body["closeDate"] = Json.Stamp(change.Now);
        if (Json.Flag(body["acknowledgedFlag"]) && !Json.Flag(before?["acknowledgedFlag"])) body["acknowledgedDate"] = Json.Stamp(change.Now);
    }

    // What an entry is about depends on its type; of other types than these nothing is known.
    private static void Check(Change change, JsonObject body)
    {
        if (Json.Int(body["objectId"]) is not { } id) return;
        var (title, found) = Json.Text(Json.Child(body["type"], "identifier")) switch
        {
            "S" => ("Ticket", change.Find("tickets", id) ?? change.Find("projectTickets", id)),
            "C" => ("Activity", change.Find("activities", id)),
            "O" => ("Opportunity", change.Find("opportunities", id)),
            _ => ("", body),
        };
        if (found is null) throw PsaRefusal.Invalid("scheduleEntry", "NotFound", $"{title} {id} not found", "objectId");
        if (title != "Ticket") body.Remove("ticketType");
        else body["ticketType"] = Json.Text(found["recordType"]) ?? (Json.Flag(found["isIssueFlag"]) ? "ProjectIssue" : "ProjectTicket");
    }

    public override void Saved(Change change, JsonObject body, JsonObject? before, JsonObject input) => Refresh(change, body);

    public override void Deleting(Change change, JsonObject body)
    {
        change.Remove("scheduleEntries", Json.Int(body["id"])!.Value);
        Refresh(change, body);
    }

    public static void Fill(Change change, JsonObject body)
    {
        if (Json.Int(body["objectId"]) is { } id && change.Find("tickets", id) is { } ticket && TicketSchedule.IsOf(body, id))
        {
            body["name"] ??= $"{Json.Text(Json.Child(ticket["company"], "name"))} / {Json.Text(ticket["summary"])}";
            body["ownerFlag"] = TicketRules.Id(ticket["owner"]) is { } owner && owner == TicketRules.Id(body["member"]);
        }

        if (TicketDefaults.Default(change, "serviceLocations", _ => true) is { } place) body["where"] ??= place;
        if (TicketDefaults.Default(change, "scheduleStatuses", _ => true) is { } status) body["status"] ??= status;
        if (TicketDefaults.Default(change, "reminders", _ => true) is { } reminder) body["reminder"] ??= reminder;
        body["hours"] ??= 0;
        body["startTimeSet"] = Timed(body["dateStart"]);
        body["endTimeSet"] = Timed(body["dateEnd"]);
        body["doneFlag"] ??= false;
    }

    // A date without a time is kept as midnight.
    private static bool Timed(JsonNode? date) => Json.Instant(date) is { } instant && instant.TimeOfDay != TimeSpan.Zero;

    private static void Refresh(Change change, JsonObject entry)
    {
        if (Json.Int(entry["objectId"]) is { } id && TicketSchedule.IsOf(entry, id)) TicketSchedule.Refresh(change, id);
    }
}
