using System.Globalization;
using System.Text.Json.Nodes;
using Deskbridge.Sandbox.ConnectWisePsa.Records;
using Deskbridge.Sandbox.ConnectWisePsa.Rules;
using Deskbridge.Sandbox.ConnectWisePsa.Schema;

namespace Deskbridge.Sandbox.ConnectWisePsa.Http;

/// <summary>What is done to service tickets as a whole (reference 5.1).</summary>
internal sealed class TicketActions(Psa psa, ResourceEndpoint endpoint)
{
    public IEnumerable<Route> All() =>
    [
        new("POST", "service/tickets/{}/merge", Merge),
        new("POST", "service/tickets/{}/attachChildren", AttachChildren),
        new("POST", "service/tickets/{}/copy", (r, ids) => Copy(r, Ticket(ids))),
        new("POST", "service/tickets/{}/convert", (r, ids) => Convert(r, Ticket(ids))),
        ResourceEndpoint.Only("service/tickets/calculateSla", (_, _) => Open()),
        ResourceEndpoint.Only("service/tickets/changelogs", (_, _) => []), // a feed of the vendor's cloud analytics, empty elsewhere
        new("DELETE", "service/tickets/changelogs", (_, _) => new PsaAnswer(204)),
        ResourceEndpoint.Only("time/changelogs", (_, _) => []),
        new("DELETE", "time/changelogs", (_, _) => new PsaAnswer(204)),
    ];

    private static Resource Tickets => Catalogue.Of("tickets");

    /// <summary>Merges tickets into another: the children close and point to their parent, which says so.</summary>
    public static void Merge(Psa psa, string by, int parent, IReadOnlyList<int> children, JsonNode? status) => psa.Store.Commit(by, change =>
    {
        var into = Json.Copy(change.Find("tickets", parent) ?? throw PsaRefusal.NotFound("Ticket", parent));
        foreach (var id in children.Distinct())
        {
            if (id == parent) throw PsaRefusal.Invalid("ticketMerge", "InvalidField", "A ticket cannot be merged into itself.", "mergeTicketIds");
            var child = Json.Copy(change.Find("tickets", id) ?? throw PsaRefusal.NotFound("Ticket", id));
            child["status"] = Status(change, child, status);
            child["mergedParentTicket"] = new JsonObject { ["id"] = parent, ["summary"] = Json.Copy(into["summary"]) };
            child["closedFlag"] = true;
            child["closedDate"] = Json.Stamp(change.Now);
            child["closedBy"] = change.By;
            change.Put("tickets", id, child);
        }

        into["hasMergedChildTicketFlag"] = true;
        change.Put("tickets", parent, into);
        return parent;
    });

    private PsaAnswer Merge(PsaRequest request, string[] ids)
    {
        var body = request.Object();
        if (Json.Child(body, "mergeTicketIds") is not JsonArray children || Json.Child(body, "status") is not { } status)
            throw PsaRefusal.Invalid("ticketMerge", "MissingRequiredField", "The mergeTicketIds and status fields are required.", "mergeTicketIds");
        Merge(psa, request.By, Ticket(ids), [.. children.Select(c => Json.Int(c) ?? 0)], status);
        return new PsaAnswer(200, new JsonObject { ["success"] = true, ["message"] = $"{children.Count} ticket(s) merged." });
    }

    private static JsonObject Status(Change change, JsonObject ticket, JsonNode? wanted)
    {
        var board = TicketRules.Id(ticket["board"]);
        var row = change.Find("statuses", TicketRules.Id(wanted));
        var own = row is not null && TicketRules.Id(row["board"]) == board ? row
            : change.All("statuses").First(s => TicketRules.Id(s["board"]) == board && Json.Flag(s["closedStatus"]));
        return new JsonObject { ["id"] = Json.Copy(own["id"]), ["name"] = Json.Copy(own["name"]) };
    }

    private PsaAnswer AttachChildren(PsaRequest request, string[] ids)
    {
        var parent = Ticket(ids);
        psa.Store.Commit(request.By, change =>
        {
            foreach (var item in Json.Child(request.Object(), "childTicketIds") as JsonArray ?? [])
            {
                var id = Json.Int(item) ?? 0;
                if (id == parent) throw PsaRefusal.Invalid("ticketBundle", "InvalidField", "A ticket cannot be its own child.", "childTicketIds");
                var child = Json.Copy(change.Find("tickets", id) ?? throw PsaRefusal.NotFound("Ticket", id));
                child["parentTicketId"] = parent;
                change.Put("tickets", id, child);
            }

            var own = Json.Copy(change.Find("tickets", parent)!);
            own["hasChildTicket"] = true;
            change.Put("tickets", parent, own);
            return parent;
        });
        return new PsaAnswer(200, new JsonObject { ["success"] = true, ["message"] = "The tickets were attached." });
    }

    private PsaAnswer Copy(PsaRequest request, int id)
    {
        var input = Json.Copy(psa.Store.Find("tickets", id)!.Body);
        foreach (var name in (string[])["id", "_info", "owner"]) input.Remove(name);
        return endpoint.Now(request, Tickets, psa.Create(request.By, Tickets, input, null), 201);
    }

    // The ticket goes on as one of the project's, under a number of its own.
    private PsaAnswer Convert(PsaRequest request, int id)
    {
        var body = request.Object();
        if (Json.Child(body, "phase") is not { } phase) throw PsaRefusal.Invalid("convertToProject", "MissingRequiredField", "The phase field is required.", "phase");
        if (Json.Text(Json.Child(body, "wbsCode")) is not { Length: > 0 } code) throw PsaRefusal.Invalid("convertToProject", "MissingRequiredField", "The wbsCode field is required.", "wbsCode");
        var input = Json.Copy(psa.Store.Find("tickets", id)!.Body);
        foreach (var name in (string[])["id", "_info", "board", "status", "type", "subType", "item", "customFields"]) input.Remove(name);
        input["phase"] = Json.Copy(phase);
        input["wbsCode"] = code;
        input["project"] = Json.Copy(Json.Child(body, "project"));
        input["isIssueFlag"] = Json.Text(Json.Child(body, "recordType")) == "ProjectIssue";
        var converted = psa.Create(request.By, Catalogue.Of("projectTickets"), input, null);
        psa.Delete(request.By, Tickets, id);
        return new PsaAnswer(200, new JsonObject { ["success"] = true, ["message"] = string.Create(CultureInfo.InvariantCulture, $"The ticket is now project ticket {converted}.") });
    }

    private IEnumerable<JsonObject> Open() => psa.Store.Rows("tickets").Where(r => !Json.Flag(r.Body["closedFlag"])).Select(r => psa.Views.Of(Tickets, r, r.Body));

    private int Ticket(string[] ids) => psa.Store.Find("tickets", Route.Id(ids[0])) is { } row ? row.Id : throw PsaRefusal.NotFound("Ticket", ids[0]);
}
