using System.Globalization;
using System.Text.Json.Nodes;
using Deskbridge.Sandbox.ConnectWisePsa.Records;
using Deskbridge.Sandbox.ConnectWisePsa.Rules;
using Deskbridge.Sandbox.ConnectWisePsa.Schema;

namespace Deskbridge.Sandbox.ConnectWisePsa.Http;

/// <summary>What hangs on a ticket beside notes and tasks, and what is done to tickets as a whole (reference 5.1 to 5.3).</summary>
internal sealed class TicketRoutes(Psa psa, ResourceEndpoint endpoint)
{
    private const string One = "service/tickets/{}";

    public IEnumerable<SpecialRoute> All() =>
    [
        new("GET", One + "/allNotes", (r, ids) => ResourceEndpoint.Page(r, AllNotes(Ticket(ids)), r["orderBy"])),
        new("GET", One + "/configurations", (r, ids) => ResourceEndpoint.Page(r, Configurations(Ticket(ids)), r["orderBy"])),
        new("GET", One + "/configurations/count", (_, ids) => Count(Configurations(Ticket(ids)))),
        new("POST", One + "/configurations", (r, ids) => Attach(r, Ticket(ids))),
        new("GET", One + "/configurations/{}", (_, ids) => new PsaAnswer(200, Configurations(Ticket(ids)).FirstOrDefault(c => Json.Int(c["id"]) == Id(ids[1])) ?? throw PsaRefusal.NotFound("Configuration", ids[1]))),
        new("DELETE", One + "/configurations/{}", (r, ids) => Detach(r, Ticket(ids), Id(ids[1]))),
        new("GET", One + "/documents", (r, ids) => ResourceEndpoint.Page(r, References("documents", Ticket(ids), "_recordId"), r["orderBy"])),
        new("GET", One + "/documents/count", (_, ids) => Count(References("documents", Ticket(ids), "_recordId"))),
        new("GET", One + "/scheduleentries", (r, ids) => ResourceEndpoint.Page(r, References("scheduleEntries", Ticket(ids), "objectId"), r["orderBy"])),
        new("GET", One + "/scheduleentries/count", (_, ids) => Count(References("scheduleEntries", Ticket(ids), "objectId"))),
        new("GET", One + "/timeentries", (r, ids) => ResourceEndpoint.Page(r, References("timeEntries", Ticket(ids), "chargeToId"), r["orderBy"])),
        new("GET", One + "/timeentries/count", (_, ids) => Count(References("timeEntries", Ticket(ids), "chargeToId"))),
        new("GET", One + "/activities", (r, ids) => Nothing(r, ids)),
        new("GET", One + "/products", (r, ids) => Nothing(r, ids)),
        new("POST", One + "/merge", Merge),
        new("POST", One + "/attachChildren", AttachChildren),
        new("POST", One + "/copy", (r, ids) => Copy(r, Ticket(ids))),
    ];

    private static Resource Tickets => Catalogue.Of("tickets");

    /// <summary>Merges tickets into another: the children close and point to their parent, which says so.</summary>
    public static void Merge(Psa psa, string by, int parent, IReadOnlyList<int> children, JsonNode? status) => psa.Store.Commit(by, change =>
    {
        var into = Json.Copy(change.Find("tickets", parent) ?? throw PsaRefusal.NotFound("Ticket", parent));
        foreach (var id in children)
        {
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

    private PsaAnswer Attach(PsaRequest request, int ticket)
    {
        var id = Json.Int(request.Object()["id"]) ?? throw PsaRefusal.Invalid("configurationReference", "MissingRequiredField", "The id field is required.", "id");
        if (psa.Store.Find("configurations", id) is null) throw PsaRefusal.NotFound("Configuration", id);
        Link(request.By, ticket, list => list.Union([id]));
        return new PsaAnswer(201, Configurations(ticket).First(c => Json.Int(c["id"]) == id));
    }

    private PsaAnswer Detach(PsaRequest request, int ticket, int id)
    {
        if (!Attached(psa.Store.Find("tickets", ticket)!.Body).Contains(id)) throw PsaRefusal.NotFound("Configuration", id);
        Link(request.By, ticket, list => list.Except([id]));
        return new PsaAnswer(204);
    }

    private void Link(string by, int ticket, Func<IEnumerable<int>, IEnumerable<int>> alter) => psa.Store.Commit(by, change =>
    {
        var body = Json.Copy(change.Find("tickets", ticket)!);
        body["_configurations"] = new JsonArray([.. alter(Attached(body)).Select(id => (JsonNode)id)]);
        change.Put("tickets", ticket, body);
        return ticket;
    });

    private static IEnumerable<int> Attached(JsonObject ticket) => (ticket["_configurations"] as JsonArray ?? []).Select(i => Json.Int(i)!.Value);

    private List<JsonObject> Configurations(int ticket) =>
        [.. Attached(psa.Store.Find("tickets", ticket)!.Body).Select(id => psa.Store.Find("configurations", id)).OfType<Row>()
            .Select(row => psa.Views.Reference(Catalogue.Of("configurations"), row.Body, "configuration"))];

    private List<JsonObject> References(string table, int ticket, string member) =>
        [.. psa.Store.Rows(table).Where(r => Json.Int(r.Body[member]) == ticket && Belongs(table, r.Body))
            .Select(r => psa.Views.Reference(Catalogue.Of(table), r.Body, table))];

    private static bool Belongs(string table, JsonObject row) => table switch
    {
        "documents" => Json.Text(row["_recordType"]) == "Ticket",
        "scheduleEntries" => Json.Text(Json.Child(row["type"], "identifier")) == "S",
        _ => Json.Text(row["chargeToType"]) is "ServiceTicket" or "ProjectTicket",
    };

    private List<JsonObject> AllNotes(int ticket)
    {
        var summary = new JsonObject { ["id"] = ticket, ["summary"] = Json.Copy(psa.Store.Find("tickets", ticket)!.Body["summary"]) };
        var notes = psa.Store.Rows("notes").Where(n => Json.Int(n.Body["ticketId"]) == ticket)
            .Select(n => AsNote(psa.Views.Build(Catalogue.Of("notes"), n.Body), "TicketNote", "text", summary));
        var times = psa.Store.Rows("timeEntries").Where(t => TicketRules.Id(t.Body["ticket"]) == ticket && !string.IsNullOrEmpty(Json.Text(t.Body["notes"])))
            .Select(t => AsNote(psa.Views.Build(Catalogue.Of("timeEntries"), t.Body), "TimeEntryNote", "notes", summary));
        return [.. notes.Concat(times)];
    }

    private static JsonObject AsNote(JsonObject view, string type, string text, JsonObject ticket)
    {
        bool Any(string note, string time) => Json.Flag(view[note]) || Json.Flag(view[time]);
        var note = new JsonObject
        {
            ["id"] = Json.Copy(view["id"]),
            ["noteType"] = type,
            ["ticket"] = ticket.DeepClone(),
            ["text"] = Json.Copy(view[text]),
            ["isMarkdownFlag"] = false,
            ["detailDescriptionFlag"] = Any("detailDescriptionFlag", "addToDetailDescriptionFlag"),
            ["internalAnalysisFlag"] = Any("internalAnalysisFlag", "addToInternalAnalysisFlag"),
            ["resolutionFlag"] = Any("resolutionFlag", "addToResolutionFlag"),
            ["bundledFlag"] = false,
            ["mergedFlag"] = false,
            ["issueFlag"] = Json.Flag(view["issueFlag"]),
            ["originalAuthor"] = Json.Text(Json.Child(view["member"] ?? view["contact"], "name")),
            ["createdByParentFlag"] = false,
        };
        foreach (var name in (string[])["timeStart", "timeEnd", "member", "contact", "_info"])
        {
            if (view[name] is { } value) note[name] = value.DeepClone();
        }

        return note;
    }

    private PsaAnswer Nothing(PsaRequest request, string[] ids)
    {
        Ticket(ids);
        return ResourceEndpoint.Page(request, [], null);
    }

    private int Ticket(string[] ids) => psa.Store.Find("tickets", Id(ids[0])) is { } row ? row.Id : throw PsaRefusal.NotFound("Ticket", ids[0]);

    private static PsaAnswer Count(List<JsonObject> found) => new(200, new JsonObject { ["count"] = found.Count });

    private static int Id(string text) => int.Parse(text, CultureInfo.InvariantCulture);
}
