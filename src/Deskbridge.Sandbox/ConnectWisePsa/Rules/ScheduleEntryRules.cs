using System.Text.Json.Nodes;
using Deskbridge.Sandbox.ConnectWisePsa.Http;
using Deskbridge.Sandbox.ConnectWisePsa.Records;

namespace Deskbridge.Sandbox.ConnectWisePsa.Rules;

/// <summary>Names an entry after its ticket, computes the hours, and keeps the ticket's resources (reference 5.8).</summary>
internal sealed class ScheduleEntryRules : RecordRules
{
    public override void Complete(Change change, JsonObject body, JsonObject? before)
    {
        if (Json.Int(body["objectId"]) is { } ticket && TicketSchedule.IsOf(body, ticket) && change.Find("tickets", ticket) is null && change.Find("projectTickets", ticket) is null)
            throw PsaRefusal.Invalid("scheduleEntry", "NotFound", $"Ticket {ticket} not found", "objectId");
        if (before is null) Fill(change, body);
        if (Json.Instant(body["dateStart"]) is { } start && Json.Instant(body["dateEnd"]) is { } end) body["hours"] = (end - start).TotalHours;
        if (Json.Flag(body["doneFlag"]) && !Json.Flag(before?["doneFlag"])) body["closeDate"] = Json.Stamp(change.Now);
        if (Json.Flag(body["acknowledgedFlag"]) && !Json.Flag(before?["acknowledgedFlag"])) body["acknowledgedDate"] = Json.Stamp(change.Now);
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
