using System.Text.Json.Nodes;
using Deskbridge.Sandbox.ConnectWisePsa.Records;
using Deskbridge.Sandbox.ConnectWisePsa.Rules;
using Deskbridge.Sandbox.ConnectWisePsa.Schema;

namespace Deskbridge.Sandbox.ConnectWisePsa.Http;

/// <summary>The allowed triples of type, sub type and item, seen from the item: for each type, by its id, the sub types that the
/// item goes with (reference 5.4).</summary>
internal sealed class ItemAssociationRoutes(Psa psa)
{
    private const string Path = "service/boards/{}/items/{}/associations";

    private static readonly Resource Association = new("itemAssociations", "", "boardItemAssociation", "Association", """
        id int; subTypeAssociationIds int[]; addAllSubTypesFlag bool; removeAllSubTypesFlag bool; item ref; board ref
        """);

    public IEnumerable<Route> All() =>
    [
        .. ResourceEndpoint.Listed(Path, (_, ids) => Of(ids)),
        new("GET", Path + "/{}", (_, ids) => new PsaAnswer(200, One(ids))),
        new("PUT", Path + "/{}", (r, ids) => Set(r, ids, r.Object())),
        new("PATCH", Path + "/{}", (r, ids) =>
        {
            var association = One(ids);
            JsonPatch.Apply(Association, r.Json(), association);
            return Set(r, ids, association);
        }),
    ];

    private IEnumerable<JsonObject> Of(string[] ids)
    {
        var (board, item) = (Row("boards", ids[0]), Row("items", ids[1]));
        return psa.Store.Rows("types").Where(t => TicketRules.Id(t.Body["board"]) == board.Id).Select(type => new JsonObject
        {
            ["id"] = type.Id,
            ["subTypeAssociationIds"] = new JsonArray([.. Triples(type.Id, item.Id).Select(t => (JsonNode)TicketRules.Id(t.Body["subType"])!.Value)]),
            ["item"] = psa.Views.Reference(Catalogue.Of("items"), item.Body, "item"),
            ["board"] = psa.Views.Reference(Catalogue.Of("boards"), board.Body, "board"),
            ["_info"] = Json.Copy(item.Body["_info"]),
        });
    }

    private PsaAnswer Set(PsaRequest request, string[] ids, JsonObject association)
    {
        One(ids);
        var (board, item, type) = (Route.Id(ids[0]), Route.Id(ids[1]), Route.Id(ids[2]));
        psa.Store.Commit(request.By, change =>
        {
            var subTypes = change.All("subTypes").Where(s => TicketRules.Id(s["board"]) == board).Select(s => Json.Int(s["id"])!.Value).ToList();
            var wanted = Json.Flag(Json.Child(association, "removeAllSubTypesFlag")) ? []
                : Json.Flag(Json.Child(association, "addAllSubTypesFlag")) ? subTypes
                : subTypes.Where(s => (Json.Child(association, "subTypeAssociationIds") as JsonArray ?? []).Any(n => Json.Int(n) == s)).ToList();
            var kept = Triples(type, item).ToDictionary(t => TicketRules.Id(t.Body["subType"])!.Value, t => t.Id);
            foreach (var gone in kept.Where(k => !wanted.Contains(k.Key))) change.Remove("associations", gone.Value);
            foreach (var subType in wanted.Except(kept.Keys))
                change.Add("associations", new JsonObject { ["type"] = Json.Ref(type), ["subType"] = Json.Ref(subType), ["item"] = Json.Ref(item), ["board"] = Json.Ref(board) });
            return type;
        });
        return new PsaAnswer(200, One(ids));
    }

    private IEnumerable<Row> Triples(int type, int item) =>
        psa.Store.Rows("associations").Where(t => TicketRules.Id(t.Body["item"]) == item && TicketRules.Id(t.Body["type"]) == type);

    private JsonObject One(string[] ids) => Of(ids).FirstOrDefault(a => Json.Int(a["id"]) == Route.Id(ids[2])) ?? throw PsaRefusal.NotFound("Association", ids[2]);

    private Row Row(string table, string id) => psa.Store.Find(table, Route.Id(id)) ?? throw PsaRefusal.NotFound(Catalogue.Of(table).Title, id);
}
