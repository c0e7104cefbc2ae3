using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Deskbridge.Sandbox.ConnectWisePsa.Records;
using Deskbridge.Sandbox.ConnectWisePsa.Schema;

namespace Deskbridge.Sandbox.ConnectWisePsa.Http;

/// <summary>A contact's communication items as records of their own; they live in the contact (reference 5.6).</summary>
internal sealed class ContactRoutes(Psa psa)
{
    private const string Items = "company/contacts/{}/communications";

    public IEnumerable<Route> All() =>
    [
        .. ResourceEndpoint.Listed(Items, (_, ids) => Of(ids)),
        new("GET", Items + "/{}", (_, ids) => new PsaAnswer(200, One(ids, ids[1]))),
        new("POST", Items, Add),
        new("PUT", Items + "/{}", Put),
        new("PATCH", Items + "/{}", Patch),
        new("DELETE", Items + "/{}", Remove),
    ];

    private List<JsonObject> Of(string[] ids)
    {
        var contact = Contact(ids);
        return [.. (contact.Body["communicationItems"] as JsonArray ?? []).Select(i =>
        {
            var item = Json.Copy((JsonObject)i!);
            item["contactId"] = contact.Id;
            item["mobileGuid"] = new Guid(SHA256.HashData(Encoding.UTF8.GetBytes($"{Json.Text(contact.Body["mobileGuid"])} {Json.Text(item["id"])}"))[..16]).ToString();
            item["_info"] = Json.Copy(contact.Body["_info"]);
            return item;
        })];
    }

    private JsonObject One(string[] ids, string item) =>
        Of(ids).Find(i => Json.Int(i["id"]) == Route.Id(item)) ?? throw PsaRefusal.NotFound("Communication", item);

    private PsaAnswer Add(PsaRequest request, string[] ids)
    {
        var item = Checked(request);
        item.Remove("id");
        Apply(request, ids, "add", "/communicationItems/-", item);
        return new PsaAnswer(201, Of(ids)[^1]);
    }

    private PsaAnswer Put(PsaRequest request, string[] ids)
    {
        var item = Checked(request);
        item["id"] = Route.Id(ids[1]);
        Apply(request, ids, "replace", string.Create(CultureInfo.InvariantCulture, $"communicationItems/{Index(ids)}"), item);
        return new PsaAnswer(200, One(ids, ids[1]));
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

    private static JsonObject Checked(PsaRequest request)
    {
        var item = request.Object();
        foreach (var name in (string[])["type", "value"])
        {
            if (Json.Child(item, name) is null) throw PsaRefusal.Invalid("contactCommunication", "MissingRequiredField", $"The {name} field is required.", name);
        }

        return item;
    }

    private void Apply(PsaRequest request, string[] ids, string op, string path, JsonNode? value) =>
        psa.Patch(request.By, Catalogue.Of("contacts"), Contact(ids).Id, new JsonArray(new JsonObject { ["op"] = op, ["path"] = path, ["value"] = value }));

    private int Index(string[] ids) =>
        Of(ids).FindIndex(i => Json.Int(i["id"]) == Route.Id(ids[1])) is >= 0 and var index ? index : throw PsaRefusal.NotFound("Communication", ids[1]);

    private Row Contact(string[] ids) => psa.Store.Find("contacts", Route.Id(ids[0])) ?? throw PsaRefusal.NotFound("Contact", ids[0]);
}
