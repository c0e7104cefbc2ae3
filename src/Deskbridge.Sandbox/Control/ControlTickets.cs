using System.Text.Json.Nodes;
using Deskbridge.Sandbox.ConnectWisePsa;
using Deskbridge.Sandbox.ConnectWisePsa.Http;
using Deskbridge.Sandbox.ConnectWisePsa.Records;
using Deskbridge.Sandbox.ConnectWisePsa.Schema;

namespace Deskbridge.Sandbox.Control;

/// <summary>Tickets as a technician handles them. Bodies are plain members plus <c>by</c>, the identifier of who acts.</summary>
internal sealed class ControlTickets(Psa psa)
{
    private const string Someone = "sburke";
    private const int Shown = 200;

    private static Resource Tickets => Catalogue.Of("tickets");

    public JsonNode List(string? search) => new JsonArray([.. psa.Store.Rows("tickets").Reverse()
        .Where(r => string.IsNullOrEmpty(search) || Json.Text(r.Body["summary"])!.Contains(search, StringComparison.OrdinalIgnoreCase))
        .Take(Shown)
        .Select(r => (JsonNode)Json.Copy(psa.Views.Of(Tickets, r, r.Body)))]);

    public JsonNode Get(int id)
    {
        var row = psa.Store.Find("tickets", id) ?? throw PsaRefusal.NotFound("Ticket", id);
        var ticket = Json.Copy(psa.Views.Of(Tickets, row, row.Body));
        ticket["notes"] = new JsonArray([.. psa.Store.Rows("notes").Where(n => Json.Int(n.Body["ticketId"]) == id)
            .Select(n => (JsonNode)psa.Views.Build(Catalogue.Of("notes"), n.Body))]);
        return ticket;
    }

    public JsonNode Create(JsonObject body)
    {
        var by = Take(body);
        return Get(psa.Create(by, Tickets, body, null));
    }

    /// <summary>Changes the members named in the body, by the same rules as a PATCH.</summary>
    public JsonNode Change(int id, JsonObject body)
    {
        var by = Take(body);
        psa.Patch(by, Tickets, id, new JsonArray([.. body.Select(p => (JsonNode)new JsonObject
        {
            ["op"] = "replace",
            ["path"] = p.Key,
            ["value"] = Json.Copy(p.Value),
        })]));
        return Get(id);
    }

    public JsonNode? Delete(int id, string? member)
    {
        psa.Delete(string.IsNullOrEmpty(member) ? Someone : member, Tickets, id);
        return new JsonObject { ["deleted"] = id };
    }

    public JsonNode AddNote(int id, JsonObject body)
    {
        if (psa.Store.Find("tickets", id) is null) throw PsaRefusal.NotFound("Ticket", id);
        var by = Take(body);
        psa.Create(by, Catalogue.Of("notes"), body, id);
        return Get(id);
    }

    public JsonNode Merge(int id, JsonObject body)
    {
        var by = Take(body);
        TicketActions.Merge(psa, by, id, [.. (body["tickets"] as JsonArray ?? []).Select(t => Json.Int(t) ?? 0)], null);
        return Get(id);
    }

    /// <summary>What the technician page offers for choice.</summary>
    public JsonNode Setup() => new JsonObject
    {
        ["boards"] = Names("boards"),
        ["statuses"] = Names("statuses"),
        ["priorities"] = Names("priorities"),
        ["members"] = Names("members"),
        ["companies"] = Names("companies"),
        ["customFields"] = Names("userDefinedFields"),
    };

    private JsonArray Names(string table) => new([.. psa.Store.Rows(table).Select(r =>
    {
        var item = psa.Views.Reference(Catalogue.Of(table), r.Body, table);
        item.Remove("_info");
        if (r.Body["board"] is { } board) item["board"] = Json.Copy(board["id"]);
        if (Json.Flag(r.Body["inactiveFlag"]) || Json.Flag(r.Body["inactive"])) item["inactive"] = true;
        return (JsonNode)item;
    })]);

    private static string Take(JsonObject body)
    {
        var member = Json.Text(body["by"]) ?? Someone;
        body.Remove("by");
        return member;
    }
}
