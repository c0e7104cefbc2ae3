using Deskbridge.Sandbox.ConnectWisePsa.Records;
using Deskbridge.Sandbox.ConnectWisePsa.Schema;

namespace Deskbridge.Sandbox.ConnectWisePsa.Http;

/// <summary>The routes of every table, as its verbs say.</summary>
internal sealed class TableRoutes(Psa psa, ResourceEndpoint endpoint)
{
    public IEnumerable<Route> All() => Catalogue.All.SelectMany(Of);

    private IEnumerable<Route> Of(Resource resource)
    {
        foreach (var verb in resource.Verbs) yield return Of(resource, resource.Path, verb);
        if (resource.FlatPath is { } flat)
        {
            foreach (var verb in resource.FlatVerbs) yield return Of(resource, flat, verb);
        }

        if (resource.InfoPath is not { } light) yield break;
        yield return new("GET", light, (r, _) => endpoint.List(r, resource, null, resource.Info));
        yield return new("GET", light + "/{}", (r, ids) => endpoint.Get(r, resource, null, Route.Id(ids[0]), resource.Info));
        yield return new("GET", light + "/count", (r, _) => endpoint.Count(r, resource, null));
    }

    private Route Of(Resource resource, string path, char verb)
    {
        Route List(string method, string suffix, Func<PsaRequest, int?, PsaAnswer> handle) =>
            new(method, path + suffix, (request, ids) => handle(request, Parent(resource, ids)));
        Route One(string method, string suffix, Func<PsaRequest, int?, int, PsaAnswer> handle) =>
            new(method, $"{path}/{{}}{suffix}", (request, ids) => handle(request, Parent(resource, ids[..^1]), Route.Id(ids[^1])));
        return verb switch
        {
            'L' => List("GET", "", (r, parent) => endpoint.List(r, resource, parent)),
            'C' => List("POST", "", (r, parent) => endpoint.Create(r, resource, parent)),
            'G' => One("GET", "", (r, parent, id) => endpoint.Get(r, resource, parent, id)),
            'U' => One("PUT", "", (r, parent, id) => endpoint.Put(r, resource, parent, id)),
            'P' => One("PATCH", "", (r, parent, id) => endpoint.Patch(r, resource, parent, id)),
            'D' => One("DELETE", "", (r, parent, id) => endpoint.Delete(r, resource, parent, id)),
            'N' => List("GET", "/count", (r, parent) => endpoint.Count(r, resource, parent)),
            'S' => List("POST", "/search", (r, parent) => endpoint.Search(r, resource, parent)),
            'I' => List("GET", "/info", (r, parent) => endpoint.List(r, resource, parent, resource.Info)),
            'J' => One("GET", "/info", (r, parent, id) => endpoint.Get(r, resource, parent, id, resource.Info)),
            'i' => List("GET", "/info/count", (r, parent) => endpoint.Count(r, resource, parent)),
            'j' => List("GET", "/count/info", (r, parent) => endpoint.Count(r, resource, parent)),
            'V' => One("GET", "/usages", (r, parent, id) => endpoint.Usages(r, resource, parent, id, each: false)),
            'W' => One("GET", "/usages/list", (r, parent, id) => endpoint.Usages(r, resource, parent, id, each: true)),
            _ => throw new InvalidOperationException($"Unknown verb '{verb}' of {resource.Table}."),
        };
    }

    /// <summary>The parent that a path names, once all above it are found to belong together.</summary>
    private int? Parent(Resource resource, string[] ids)
    {
        var table = resource.ParentTable;
        for (var i = ids.Length - 1; i >= 0 && table is not null; i--)
        {
            var parent = Catalogue.Of(table);
            var row = psa.Store.Find(table, Route.Id(ids[i])) ?? throw PsaRefusal.NotFound(parent.Title, ids[i]);
            if (i > 0 && Json.Int(Json.At(row.Body, parent.Parent!)) != Route.Id(ids[i - 1])) throw PsaRefusal.NotFound(parent.Title, ids[i]);
            table = parent.ParentTable;
        }

        return ids.Length > 0 ? Route.Id(ids[^1]) : null;
    }
}
