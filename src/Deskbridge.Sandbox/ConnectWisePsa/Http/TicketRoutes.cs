using System.Text.Json.Nodes;
using Deskbridge.Sandbox.ConnectWisePsa.Records;
using Deskbridge.Sandbox.ConnectWisePsa.Schema;

namespace Deskbridge.Sandbox.ConnectWisePsa.Http;

/// <summary>What hangs on service and on project tickets beside notes and tasks (reference 5.1 to 5.3).</summary>
internal sealed class TicketRoutes(Psa psa, Resource tickets, Resource notesTable)
{
    private readonly string _one = tickets.Path + "/{}";
    private readonly string _timeOf = tickets.Table == "tickets" ? "ServiceTicket" : "ProjectTicket";

    public IEnumerable<Route> All() =>
    [
        ResourceEndpoint.Only(_one + "/allNotes", (_, ids) => AllNotes(Ticket(ids))),
        .. ResourceEndpoint.Listed(_one + "/configurations", (_, ids) => Configurations(Ticket(ids))),
        new("POST", _one + "/configurations", (r, ids) => Attach(r, Ticket(ids))),
        new("GET", _one + "/configurations/{}", (_, ids) => new PsaAnswer(200, Configurations(Ticket(ids)).Find(c => Json.Int(c["id"]) == Route.Id(ids[1])) ?? throw PsaRefusal.NotFound("Configuration", ids[1]))),
        new("DELETE", _one + "/configurations/{}", (r, ids) => Detach(r, Ticket(ids), Route.Id(ids[1]))),
        .. ResourceEndpoint.Listed(_one + "/documents", (_, ids) => References("documents", Ticket(ids), "_recordId")),
        .. ResourceEndpoint.Listed(_one + "/scheduleentries", (_, ids) => References("scheduleEntries", Ticket(ids), "objectId")),
        .. ResourceEndpoint.Listed(_one + "/timeentries", (_, ids) => References("timeEntries", Ticket(ids), "chargeToId")),
        .. ResourceEndpoint.Listed(_one + "/activities", (_, ids) => References("activities", Ticket(ids), "ticket/id")),
        .. ResourceEndpoint.Listed(_one + "/products", (_, ids) => Products(ids)),
    ];

    private PsaAnswer Attach(PsaRequest request, int ticket)
    {
        var id = Json.Int(request.Object()["id"]) ?? throw PsaRefusal.Invalid("configurationReference", "MissingRequiredField", "The id field is required.", "id");
        if (psa.Store.Find("configurations", id) is null) throw PsaRefusal.NotFound("Configuration", id);
        Link(request.By, ticket, list => list.Union([id]));
        return new PsaAnswer(201, Configurations(ticket).First(c => Json.Int(c["id"]) == id));
    }

    private PsaAnswer Detach(PsaRequest request, int ticket, int id)
    {
        if (!Attached(psa.Store.Find(tickets.Table, ticket)!.Body).Contains(id)) throw PsaRefusal.NotFound("Configuration", id);
        Link(request.By, ticket, list => list.Except([id]));
        return new PsaAnswer(204);
    }

    private void Link(string by, int ticket, Func<IEnumerable<int>, IEnumerable<int>> alter) => psa.Store.Commit(by, change =>
    {
        var body = Json.Copy(change.Find(tickets.Table, ticket)!);
        body["_configurations"] = new JsonArray([.. alter(Attached(body)).Select(id => (JsonNode)id)]);
        change.Put(tickets.Table, ticket, body);
        return ticket;
    });

    private static IEnumerable<int> Attached(JsonObject ticket) => (ticket["_configurations"] as JsonArray ?? []).Select(i => Json.Int(i)!.Value);

    private List<JsonObject> Configurations(int ticket) =>
        [.. Attached(psa.Store.Find(tickets.Table, ticket)!.Body).Select(id => psa.Store.Find("configurations", id)).OfType<Row>()
            .Select(row => psa.Views.Reference(Catalogue.Of("configurations"), row.Body, "configuration"))];

    private List<JsonObject> References(string table, int ticket, string member) =>
        [.. psa.Store.Rows(table).Where(r => Json.Int(Json.At(r.Body, member)) == ticket && Belongs(table, r.Body))
            .Select(r => psa.Views.Reference(Catalogue.Of(table), r.Body, table))];

    private bool Belongs(string table, JsonObject row) => table switch
    {
        "documents" => Json.Text(row["_recordType"]) is "Ticket" or "ProjectTicket" or "Service",
        "scheduleEntries" => Json.Text(Json.Child(row["type"], "identifier")) == "S",
        "timeEntries" => Json.Text(row["chargeToType"]) == _timeOf,
        _ => true,
    };

    // The notes of what was merged into a ticket or bundled below it are read with its own, and say so.
    private List<JsonObject> AllNotes(int ticket)
    {
        var all = NotesOf(ticket);
        foreach (var other in psa.Store.Rows(tickets.Table))
        {
            var flag = Json.Int(Json.Child(other.Body["mergedParentTicket"], "id")) == ticket ? "mergedFlag" : Json.Int(other.Body["parentTicketId"]) == ticket ? "bundledFlag" : null;
            if (flag is null) continue;
            foreach (var note in NotesOf(other.Id))
            {
                note[flag] = true;
                all.Add(note);
            }
        }

        return all;
    }

    private List<JsonObject> NotesOf(int ticket)
    {
        var summary = new JsonObject { ["id"] = ticket, ["summary"] = Json.Copy(psa.Store.Find(tickets.Table, ticket)!.Body["summary"]) };
        var notes = psa.Store.Rows(notesTable.Table).Where(n => Json.Int(n.Body["ticketId"]) == ticket)
            .Select(n => AsNote(psa.Views.Build(notesTable, n.Body), "TicketNote", "text", summary));
        var times = psa.Store.Rows("timeEntries").Where(t => Json.Int(t.Body["chargeToId"]) == ticket && Belongs("timeEntries", t.Body) && !string.IsNullOrEmpty(Json.Text(t.Body["notes"])))
            .Select(t => AsNote(psa.Views.Build(Catalogue.Of("timeEntries"), t.Body), "TimeEntryNote", "notes", summary));
        var all = notes.Concat(times).ToList();
        foreach (var note in tickets.Table == "tickets" ? [] : all)
        {
            note.Remove("isMarkdownFlag");
            note.Remove("createdByParentFlag");
        }

        return all;
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

    // The sandbox sells nothing, so no ticket that is there has products.
    private IEnumerable<JsonObject> Products(string[] ids)
    {
        Ticket(ids);
        return [];
    }

    private int Ticket(string[] ids) => psa.Store.Find(tickets.Table, Route.Id(ids[0])) is { } row ? row.Id : throw PsaRefusal.NotFound("Ticket", ids[0]);
}
