using System.Text.Json.Nodes;
using Deskbridge.Sandbox.ConnectWisePsa.Query;
using Deskbridge.Sandbox.ConnectWisePsa.Records;
using Deskbridge.Sandbox.ConnectWisePsa.Rules;
using Deskbridge.Sandbox.ConnectWisePsa.Schema;
using Deskbridge.Sandbox.ConnectWisePsa.Security;

namespace Deskbridge.Sandbox.ConnectWisePsa.Http;

/// <summary>List, count, search, get, create, put, patch, delete and usages: the same for every table.</summary>
internal sealed class ResourceEndpoint(Psa psa, Rights rights, SandboxClock clock)
{
    private const int MostFields = 1_000;

    public PsaAnswer List(PsaRequest request, Resource resource, int? parent, string? shown = null) => List(request, resource, parent, null, shown);

    public PsaAnswer Search(PsaRequest request, Resource resource, int? parent) => List(request, resource, parent, request.Json() as JsonObject ?? [], null);

    public PsaAnswer Count(PsaRequest request, Resource resource, int? parent)
    {
        var filter = new Filter(resource.Model, request["conditions"], request["childConditions"], request["customFieldConditions"]);
        return Counted(Matching(request, resource, parent, filter).Count);
    }

    public PsaAnswer Get(PsaRequest request, Resource resource, int? parent, int id, string? shown = null)
    {
        var row = Found(request, resource, parent, id);
        var seen = row.Seen(clock.Now, TimeSpan.FromSeconds(psa.Settings.Current.GetLagSeconds)) ?? throw PsaRefusal.NotFound(resource.Title, id);
        var view = psa.Views.Of(resource, row, seen);
        return new PsaAnswer(200, Pick(request, shown is null ? view : Views.Light(view, shown)));
    }

    public PsaAnswer Create(PsaRequest request, Resource resource, int? parent)
    {
        if (parent is { } above && resource.ParentTable is { } table && !Allowed(request, Catalogue.Of(table), psa.Store.Find(table, above)!.Body)) throw PsaRefusal.Forbidden();
        var input = request.Object();
        input[CallbackRules.Origin] = $"{request.Http.Request.Scheme}://{request.Http.Request.Host}";
        var id = psa.Create(request.By, resource, input, parent);
        var answer = Now(request, resource, id, 201);
        var link = psa.Views.Link(resource, psa.Store.Find(resource.Table, id)!.Body);
        return answer with { Headers = [("Location", request.Root + link)] };
    }

    public PsaAnswer Put(PsaRequest request, Resource resource, int? parent, int id)
    {
        Found(request, resource, parent, id);
        psa.Put(request.By, resource, id, request.Object());
        return Now(request, resource, id, 200);
    }

    public PsaAnswer Patch(PsaRequest request, Resource resource, int? parent, int id)
    {
        Found(request, resource, parent, id);
        psa.Patch(request.By, resource, id, request.Json());
        return Now(request, resource, id, 200);
    }

    public PsaAnswer Delete(PsaRequest request, Resource resource, int? parent, int id)
    {
        Found(request, resource, parent, id);
        psa.Delete(request.By, resource, id);
        return new PsaAnswer(204);
    }

    /// <summary>What refers to a record: counted by kind, or each.</summary>
    public PsaAnswer Usages(PsaRequest request, Resource resource, int? parent, int id, bool each)
    {
        Found(request, resource, parent, id);
        var users = psa.Users(resource, id).ToList();
        return Page(request, [.. each
            ? users.Select(u => Usage(u.Resource, 1, u.Row.Id, Json.Text(u.Row.Body[u.Resource.Shown.Split(' ')[0].Split('=', '+')[^1]]), psa.Views.Link(u.Resource, u.Row.Body)))
            : users.GroupBy(u => u.Resource).Select(g => Usage(g.Key, g.Count(), id, g.Key.Title, null))], null);
    }

    /// <summary>The record as it is now, whatever the read lag: the answer of a write.</summary>
    public PsaAnswer Now(PsaRequest request, Resource resource, int id, int status)
    {
        var row = psa.Store.Find(resource.Table, id) ?? throw PsaRefusal.NotFound(resource.Title, id);
        return new PsaAnswer(status, Pick(request, psa.Views.Of(resource, row, row.Body)));
    }

    /// <summary>Pages through views found elsewhere.</summary>
    public static PsaAnswer Page(PsaRequest request, List<JsonObject> found, string? orderBy)
    {
        if (!string.IsNullOrWhiteSpace(orderBy) && !request.ForwardOnly) found = new Order(orderBy).Sort(found);
        var (page, link) = Paging.Take(request, found);
        var fields = Fields(request);
        return new PsaAnswer(200, new JsonArray([.. page.Select(v => (JsonNode)Pick(fields, v))])) { Headers = [link] };
    }

    /// <summary>The routes of a list that is no table: itself, and its count.</summary>
    public static IEnumerable<Route> Listed(string template, Func<PsaRequest, string[], IEnumerable<JsonObject>> find) =>
    [
        Only(template, find),
        new("GET", template + "/count", (r, ids) => Counted(Filtered(r, find(r, ids)).Count)),
    ];

    /// <summary>The route of a list that the vendor does not count.</summary>
    public static Route Only(string template, Func<PsaRequest, string[], IEnumerable<JsonObject>> find) =>
        new("GET", template, (r, ids) => Page(r, Filtered(r, find(r, ids)), r["orderBy"]));

    public static PsaAnswer Counted(int count) => new(200, new JsonObject { ["count"] = count });

    private PsaAnswer List(PsaRequest request, Resource resource, int? parent, JsonObject? search, string? shown)
    {
        string? Of(string name) => Json.Text(Json.Child(search, name)) is { } text ? text : search is null || name != "conditions" ? request[name] : null;
        var filter = new Filter(resource.Model, Of("conditions"), Of("childConditions"), Of("customFieldConditions"));
        var found = Matching(request, resource, parent, filter, request.ForwardOnly ? Paging.After(request) : null);
        if (Of("orderBy") is { Length: > 0 } order && !request.ForwardOnly) found = new Order(order).Sort(found);
        return Page(request, shown is null ? found : [.. found.Select(view => Views.Light(view, shown))], null);
    }

    // Forward-only pages start behind an id and end early, so that walking through a table looks at each row about once.
    private List<JsonObject> Matching(PsaRequest request, Resource resource, int? parent, Filter filter, (int Id, int Count)? after = null)
    {
        var now = clock.Now;
        var lag = TimeSpan.FromSeconds(psa.Settings.Current.ListLagSeconds);
        var found = new List<JsonObject>();
        foreach (var row in psa.Store.Rows(resource.Table))
        {
            if (row.Id <= after?.Id || row.Seen(now, lag) is not { } body || !Below(resource, parent, body) || !Allowed(request, resource, body)) continue;
            var view = psa.Views.Of(resource, row, body);
            if (filter.Matches(view)) found.Add(view);
            if (found.Count > after?.Count) break;
        }

        return found;
    }

    private static List<JsonObject> Filtered(PsaRequest request, IEnumerable<JsonObject> found) =>
        [.. found.Where(new Filter(null, request["conditions"], request["childConditions"], null).Matches)];

    private Row Found(PsaRequest request, Resource resource, int? parent, int id)
    {
        if (psa.Store.Find(resource.Table, id) is not { } row || !Below(resource, parent, row.Body)) throw PsaRefusal.NotFound(resource.Title, id);
        return Allowed(request, resource, row.Body) ? row : throw PsaRefusal.Forbidden();
    }

    // What hangs on a record belongs to whom the record belongs.
    private bool Allowed(PsaRequest request, Resource resource, JsonObject body)
    {
        if (!request.OnlyMine || rights.IsMine(request.By, resource, body)) return true;
        return resource.Parent is not null && Json.Int(Json.At(body, resource.Parent)) is { } parent && psa.Store.Find(resource.ParentTable!, parent) is { } above
            && Allowed(request, Catalogue.Of(resource.ParentTable!), above.Body);
    }

    private static JsonObject Usage(Resource user, int count, int id, string? description, string? link)
    {
        var usage = new JsonObject { ["id"] = id, ["type"] = user.Title, ["count"] = count, ["description"] = description ?? "", ["typeKey"] = user.ModelName };
        if (link is not null) usage["hyperlink"] = link;
        return usage;
    }

    private static bool Below(Resource resource, int? parent, JsonObject body) =>
        parent is null || resource.Parent is null || Json.Int(Json.At(body, resource.Parent)) == parent;

    private static JsonObject Pick(PsaRequest request, JsonObject view) => Pick(Fields(request), view);

    private static JsonObject Pick(string[]? fields, JsonObject view) => fields is null ? Json.Copy(view) : ViewWriter.Pick(view, fields);

    private static string[]? Fields(PsaRequest request)
    {
        if (request["fields"] is not { Length: > 0 } text) return null;
        var fields = text.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        return fields.Length <= MostFields ? fields : throw PsaRefusal.BadRequest("The fields name too many members.");
    }
}
