using System.Text.Json.Nodes;
using Deskbridge.Sandbox.ConnectWisePsa.Records;

namespace Deskbridge.Sandbox.ConnectWisePsa.Rules;

/// <summary>Ties tickets and schedule entries together: <c>resources</c> lists the members with open entries of type S,
/// <c>ownerFlag</c> tells that an entry's member owns the ticket (reference 5.8).</summary>
internal static class TicketSchedule
{
    public static bool IsOf(JsonObject entry, int ticket) => Json.Int(entry["objectId"]) == ticket && Json.Text(Json.Child(entry["type"], "identifier")) == "S";

    /// <summary>Writes the ticket's resources anew and saves the ticket, as every save of a resource does. Tickets of projects know their dates, too.</summary>
    public static void Refresh(Change change, int ticketId)
    {
        var table = change.Find("tickets", ticketId) is null ? "projectTickets" : "tickets";
        if (change.Find(table, ticketId) is not { } before) return;
        var ticket = Json.Copy(before);
        var entries = change.All("scheduleEntries").Where(e => IsOf(e, ticketId)).ToList();
        var members = entries.Where(e => !Json.Flag(e["doneFlag"])).Select(e => Json.Text(Json.Child(e["member"], "identifier"))).OfType<string>().Distinct(StringComparer.Ordinal);
        Set(ticket, "resources", string.Join(", ", members));
        if (table == "projectTickets")
        {
            Set(ticket, "scheduleStartDate", entries.Min(e => Json.Text(e["dateStart"])));
            Set(ticket, "scheduleEndDate", entries.Max(e => Json.Text(e["dateEnd"])));
        }

        change.Put(table, ticketId, ticket);
    }

    private static void Set(JsonObject ticket, string name, string? value)
    {
        if (string.IsNullOrEmpty(value)) ticket.Remove(name);
        else ticket[name] = value;
    }

    public static void OwnerChanged(Change change, JsonObject ticket)
    {
        var id = Json.Int(ticket["id"])!.Value;
        var owner = TicketRules.Id(ticket["owner"]);
        var entries = change.All("scheduleEntries").Where(e => IsOf(e, id)).ToList();
        foreach (var entry in entries.Where(e => Json.Flag(e["ownerFlag"]) != (TicketRules.Id(e["member"]) == owner)))
        {
            var copy = Json.Copy(entry);
            copy["ownerFlag"] = TicketRules.Id(entry["member"]) == owner;
            change.Put("scheduleEntries", Json.Int(entry["id"])!.Value, copy);
        }

        var board = change.Find("boards", TicketRules.Id(ticket["board"]));
        if (owner is null || !Json.Flag(board?["autoAssignTicketOwnerFlag"]) || entries.Any(e => TicketRules.Id(e["member"]) == owner && !Json.Flag(e["doneFlag"]))) return;
        var type = change.All("scheduleTypes").First(t => Json.Text(t["identifier"]) == "S");
        var added = new JsonObject
        {
            ["objectId"] = id,
            ["type"] = new JsonObject { ["id"] = Json.Copy(type["id"]), ["identifier"] = "S" },
            ["member"] = Json.Copy(ticket["owner"]),
            ["ticketType"] = Json.Copy(ticket["recordType"]),
        };
        ScheduleEntryRules.Fill(change, added);
        change.Add("scheduleEntries", added);
        Refresh(change, id);
    }
}
