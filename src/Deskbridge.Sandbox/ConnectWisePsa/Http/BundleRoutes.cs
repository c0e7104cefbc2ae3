using System.Text.Json.Nodes;
using Deskbridge.Sandbox.ConnectWisePsa.Records;
using Deskbridge.Sandbox.ConnectWisePsa.Schema;
using Deskbridge.Sandbox.ConnectWisePsa.Security;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;

namespace Deskbridge.Sandbox.ConnectWisePsa.Http;

/// <summary>Several reads in one call (reference 4.7). The vendor names neither the resource types nor what a request may do, so
/// the sandbox takes the model's name and reads: one record by its id, else a list by its filters.</summary>
internal sealed class BundleRoutes(ResourceEndpoint endpoint, Rights rights)
{
    private const int Most = 100;

    public IEnumerable<Route> All() =>
    [
        new("POST", "system/bundles", (r, _) => Answer(r, (inner, resource) => Json.Int(inner.Body["id"]) is > 0 and var id
            ? endpoint.Get(inner.Request, resource, Json.Int(inner.Body["parentId"]), id)
            : endpoint.List(inner.Request, resource, Json.Int(inner.Body["parentId"])))),
        new("POST", "system/bundles/count", (r, _) => Answer(r, (inner, resource) => endpoint.Count(inner.Request, resource, Json.Int(inner.Body["parentId"])))),
    ];

    private PsaAnswer Answer(PsaRequest request, Func<(PsaRequest Request, JsonObject Body), Resource, PsaAnswer> read)
    {
        if (Json.Child(request.Object(), "requests") is not JsonArray requests)
            throw PsaRefusal.Invalid("bundleRequestsCollection", "MissingRequiredField", "The requests field is required.", "requests");
        if (requests.Count > Most) throw PsaRefusal.Invalid("bundleRequestsCollection", "InvalidField", $"A bundle holds at most {Most} requests.", "requests");
        return new PsaAnswer(200, new JsonObject { ["results"] = new JsonArray([.. requests.Select(item => One(request, item as JsonObject ?? [], read))]), ["_info"] = new JsonObject() });
    }

    private JsonObject One(PsaRequest request, JsonObject item, Func<(PsaRequest Request, JsonObject Body), Resource, PsaAnswer> read)
    {
        var type = Json.Text(Json.Child(item, "resourceType")) ?? "";
        var result = new JsonObject { ["sequenceNumber"] = Json.Copy(Json.Child(item, "sequenceNumber")), ["resourceType"] = type, ["version"] = Json.Copy(Json.Child(item, "version")) };
        try
        {
            var resource = Catalogue.All.FirstOrDefault(r => r.Path.Length > 0 && r.ModelName.Equals(type, StringComparison.OrdinalIgnoreCase))
                ?? throw PsaRefusal.Invalid("bundleRequest", "InvalidField", $"The resourceType '{type}' is not known.", "resourceType");
            var body = Json.Child(item, "apiRequest") as JsonObject ?? [];
            var answer = read((rights.Checked(request with { Query = Query(body) }, "GET", resource.Path), body), resource);
            result["entities"] = answer.Json switch
            {
                JsonArray list => list,
                JsonObject record when !record.ContainsKey("count") => new JsonArray(record),
                _ => new JsonArray(),
            };
            result["count"] = answer.Json is JsonObject counted && counted["count"] is { } count ? count.DeepClone() : ((JsonArray)result["entities"]!).Count;
            (result["success"], result["statusCode"]) = (true, answer.Status);
        }
        catch (PsaRefusal refusal)
        {
            (result["success"], result["statusCode"], result["error"]) = (false, refusal.Status, refusal.Body());
        }

        return result;
    }

    private static QueryCollection Query(JsonObject body)
    {
        var query = new Dictionary<string, StringValues>(StringComparer.OrdinalIgnoreCase);
        foreach (var part in (string[])["filters", "page"])
        {
            foreach (var (name, value) in Json.Child(body, part) as JsonObject ?? []) query[name] = Json.Text(value);
        }

        if (Json.Text(Json.Child(body, "fields")) is { } fields) query["fields"] = fields;
        return new QueryCollection(query);
    }
}
