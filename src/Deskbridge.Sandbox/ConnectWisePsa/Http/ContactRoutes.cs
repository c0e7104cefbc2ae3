using System.Globalization;
using System.Text.Json.Nodes;
using Deskbridge.Sandbox.ConnectWisePsa.Query;
using Deskbridge.Sandbox.ConnectWisePsa.Records;
using Deskbridge.Sandbox.ConnectWisePsa.Schema;

namespace Deskbridge.Sandbox.ConnectWisePsa.Http;

/// <summary>A contact's communication items as records of their own; they live in the contact (reference 5.6).</summary>
internal sealed class ContactRoutes(Psa psa)
{
    private const string Items = "company/contacts/{}/communications";

    private static readonly Model Model = new("id int; contactId int; type any; value str; extension str; defaultFlag bool; communicationType str; domain str");

    public IEnumerable<SpecialRoute> All() =>
    [
        new("GET", Items, (r, ids) => ResourceEndpoint.Page(r, Found(r, ids), r["orderBy"])),
        new("GET", Items + "/count", (r, ids) => new PsaAnswer(200, new JsonObject { ["count"] = Found(r, ids).Count })),
        new("GET", Items + "/{}", (_, ids) => new PsaAnswer(200, One(ids, ids[1]))),
        new("POST", Items, Add),
        new("PATCH", Items + "/{}", Patch),
        new("DELETE", Items + "/{}", Remove),
    ];

    private List<JsonObject> Found(PsaRequest request, string[] ids)
    {
        var filter = new Filter(Model, request["conditions"], null, null);
        return [.. Of(ids).Where(filter.Matches)];
    }

    private List<JsonObject> Of(string[] ids)
    {
        var contact = Contact(ids);
        return [.. (contact.Body["communicationItems"] as JsonArray ?? []).Select(i =>
        {
            var item = Json.Copy((JsonObject)i!);
            item["contactId"] = contact.Id;
            return item;
        })];
    }

    private JsonObject One(string[] ids, string item) =>
        Of(ids).Find(i => Json.Int(i["id"]) == Id(item)) ?? throw PsaRefusal.NotFound("Communication", item);

    private PsaAnswer Add(PsaRequest request, string[] ids)
    {
        var item = request.Object();
        foreach (var name in (string[])["type", "value"])
        {
            if (Json.Child(item, name) is null) throw PsaRefusal.Invalid("contactCommunication", "MissingRequiredField", $"The {name} field is required.", name);
        }

        item.Remove("id");
        Apply(request, ids, "add", "/communicationItems/-", item);
        return new PsaAnswer(201, Of(ids)[^1]);
    }

    private PsaAnswer Patch(PsaRequest request, string[] ids)
    {
        var index = Index(ids);
        var operations = new JsonArray([.. (request.Json() as JsonArray ?? []).Select(o => (JsonNode)new JsonObject
        {
            ["op"] = Json.Copy(o?["op"]),
            ["path"] = string.Create(CultureInfo.InvariantCulture, $"communicationItems/{index}/{Json.Text(o?["path"])?.TrimStart('/')}"),
            ["value"] = Json.Copy(o?["value"]),
        })]);
        psa.Patch(request.By, Catalogue.Of("contacts"), Contact(ids).Id, operations);
        return new PsaAnswer(200, One(ids, ids[1]));
    }

    private PsaAnswer Remove(PsaRequest request, string[] ids)
    {
        Apply(request, ids, "remove", string.Create(CultureInfo.InvariantCulture, $"communicationItems/{Index(ids)}"), null);
        return new PsaAnswer(204);
    }

    private void Apply(PsaRequest request, string[] ids, string op, string path, JsonNode? value) =>
        psa.Patch(request.By, Catalogue.Of("contacts"), Contact(ids).Id, new JsonArray(new JsonObject { ["op"] = op, ["path"] = path, ["value"] = value }));

    private int Index(string[] ids) =>
        Of(ids).FindIndex(i => Json.Int(i["id"]) == Id(ids[1])) is >= 0 and var index ? index : throw PsaRefusal.NotFound("Communication", ids[1]);

    private Row Contact(string[] ids) => psa.Store.Find("contacts", Id(ids[0])) ?? throw PsaRefusal.NotFound("Contact", ids[0]);

    private static int Id(string text) => int.Parse(text, CultureInfo.InvariantCulture);
}
