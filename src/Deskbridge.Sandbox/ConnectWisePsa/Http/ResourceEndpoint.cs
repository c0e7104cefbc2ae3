using System.Text.Json.Nodes;
using Deskbridge.Sandbox.ConnectWisePsa.Query;
using Deskbridge.Sandbox.ConnectWisePsa.Records;
using Deskbridge.Sandbox.ConnectWisePsa.Rules;
using Deskbridge.Sandbox.ConnectWisePsa.Schema;

namespace Deskbridge.Sandbox.ConnectWisePsa.Http;

/// <summary>List, count, search, get, create, put, patch and delete: the same for every table.</summary>
internal sealed class ResourceEndpoint(Psa psa, SandboxClock clock)
{
    public PsaAnswer Collection(PsaRequest request, Resource resource, int? parent) => request.Method switch
    {
        "GET" when Serves(resource, 'L') => List(request, resource, parent, request["conditions"], null),
        "POST" when Serves(resource, 'C') => Create(request, resource, parent),
        _ => throw NoVerb(),
    };

    public PsaAnswer Count(PsaRequest request, Resource resource, int? parent)
    {
        if (request.Method != "GET") throw NoVerb();
        var filter = new Filter(resource.Model, request["conditions"], request["childConditions"], request["customFieldConditions"]);
        return new PsaAnswer(200, new JsonObject { ["count"] = Matching(resource, parent, filter).Count });
    }

    public PsaAnswer Search(PsaRequest request, Resource resource, int? parent)
    {
        if (request.Method != "POST") throw NoVerb();
        var body = request.Json() as JsonObject ?? [];
        return List(request, resource, parent, null, body);
    }

    public PsaAnswer One(PsaRequest request, Resource resource, int? parent, int id)
    {
        var row = psa.Store.Find(resource.Table, id);
        if (row is null || !Below(resource, parent, row.Body)) throw PsaRefusal.NotFound(resource.Title, id);
        switch (request.Method)
        {
            case "GET" when Serves(resource, 'G'):
                var seen = row.Seen(clock.Now, TimeSpan.FromSeconds(psa.Settings.Current.GetLagSeconds)) ?? throw PsaRefusal.NotFound(resource.Title, id);
                return new PsaAnswer(200, Pick(request, psa.Views.Of(resource, row, seen)));
            case "PUT" when Serves(resource, 'U'):
                psa.Put(request.By, resource, id, request.Object());
                return Now(request, resource, id, 200);
            case "PATCH" when Serves(resource, 'P'):
                psa.Patch(request.By, resource, id, request.Json());
                return Now(request, resource, id, 200);
            case "DELETE" when Serves(resource, 'D'):
                psa.Delete(request.By, resource, id);
                return new PsaAnswer(204);
            default:
                throw NoVerb();
        }
    }

    /// <summary>The record as it is now, whatever the read lag: the answer of a write.</summary>
    public PsaAnswer Now(PsaRequest request, Resource resource, int id, int status)
    {
        var row = psa.Store.Find(resource.Table, id) ?? throw PsaRefusal.NotFound(resource.Title, id);
        return new PsaAnswer(status, Pick(request, psa.Views.Of(resource, row, row.Body)));
    }

    /// <summary>Pages through views found elsewhere, with the request's filters.</summary>
    public static PsaAnswer Page(PsaRequest request, List<JsonObject> found, string? orderBy)
    {
        if (!string.IsNullOrWhiteSpace(orderBy) && !request.ForwardOnly) found = new Order(orderBy).Sort(found);
        var (page, link) = Paging.Take(request, found);
        return new PsaAnswer(200, new JsonArray([.. page.Select(v => (JsonNode)Pick(request, v))])) { Headers = [link] };
    }

    public static PsaRefusal NoVerb() => new(405, "ConnectWiseApi", "The requested resource does not support this http method.");

    private PsaAnswer List(PsaRequest request, Resource resource, int? parent, string? conditions, JsonObject? search)
    {
        string? Of(string name) => search is not null && Json.Text(Json.Child(search, name)) is { } text ? text : request[name];
        var filter = new Filter(resource.Model, search is null ? conditions : Of("conditions"), Of("childConditions"), Of("customFieldConditions"));
        return Page(request, Matching(resource, parent, filter), Of("orderBy"));
    }

    private List<JsonObject> Matching(Resource resource, int? parent, Filter filter)
    {
        var now = clock.Now;
        var lag = TimeSpan.FromSeconds(psa.Settings.Current.ListLagSeconds);
        var found = new List<JsonObject>();
        foreach (var row in psa.Store.Rows(resource.Table))
        {
            if (row.Seen(now, lag) is not { } body || !Below(resource, parent, body)) continue;
            var view = psa.Views.Of(resource, row, body);
            if (filter.Matches(view)) found.Add(view);
        }

        return found;
    }

    private PsaAnswer Create(PsaRequest request, Resource resource, int? parent)
    {
        var input = request.Object();
        input[CallbackRules.Origin] = $"{request.Http.Request.Scheme}://{request.Http.Request.Host}";
        var id = psa.Create(request.By, resource, input, parent);
        var answer = Now(request, resource, id, 201);
        var link = psa.Views.Link(resource, psa.Store.Find(resource.Table, id)!.Body);
        return answer with { Headers = [("Location", request.Root + link)] };
    }

    private static bool Below(Resource resource, int? parent, JsonObject body) =>
        parent is null || resource.Parent is null || Json.Int(Json.At(body, resource.Parent)) == parent;

    private static bool Serves(Resource resource, char verb) => resource.Verbs.Contains(verb, StringComparison.Ordinal);

    private static JsonObject Pick(PsaRequest request, JsonObject view) => request["fields"] is { Length: > 0 } fields
        ? ViewWriter.Pick(view, fields.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        : Json.Copy(view);
}
