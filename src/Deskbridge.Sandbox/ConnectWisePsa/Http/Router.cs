using System.Globalization;
using Deskbridge.Sandbox.ConnectWisePsa.Records;
using Deskbridge.Sandbox.ConnectWisePsa.Schema;

namespace Deskbridge.Sandbox.ConnectWisePsa.Http;

/// <summary>A route of its own beside the tables': <c>{}</c> is an id, <c>{*}</c> any text.</summary>
internal sealed record SpecialRoute(string Method, string Template, Func<PsaRequest, string[], PsaAnswer> Handle)
{
    public string[] Segments { get; } = Template.Split('/');

    /// <summary>Takes any text somewhere, so that tables with a route of their own go first.</summary>
    public bool Open => Template.Contains("{*}", StringComparison.Ordinal);
}

/// <summary>Finds who answers a path. Paths are read in any case.</summary>
internal sealed class Router(Psa psa, ResourceEndpoint endpoint, IReadOnlyList<SpecialRoute> specials)
{
    public PsaAnswer Handle(PsaRequest request)
    {
        var path = request.Segments;
        var fitting = specials.Where(s => s.Segments.Length == path.Count && Fits(s.Segments, path)).ToList();
        if (fitting.Find(s => s.Method == request.Method && !s.Open) is { } special) return Run(special, request);
        var match = Catalogue.All.SelectMany(r => Matches(r, path)).OrderByDescending(m => m.Depth).FirstOrDefault();
        if (match.Resource is null && fitting.Find(s => s.Method == request.Method) is { } open) return Run(open, request);
        if (match.Resource is null) throw fitting.Count > 0 ? ResourceEndpoint.NoVerb() : PsaRefusal.NoRoute();
        CheckParents(match.Resource, match.Parents);
        return Answer(request, match.Resource, match.Parents.Count > 0 ? match.Parents[^1] : null, [.. path.Skip(match.Depth)]);
    }

    private static PsaAnswer Run(SpecialRoute special, PsaRequest request) =>
        special.Handle(request, [.. request.Segments.Where((_, i) => special.Segments[i][0] == '{')]);

    private static IEnumerable<(Resource Resource, int Depth, List<int> Parents)> Matches(Resource resource, IReadOnlyList<string> path)
    {
        if (Match(resource, resource.Segments, path) is { } own) yield return own;
        if (resource.FlatPath is { } flat && Match(resource, flat.Split('/'), path) is { } all) yield return all;
    }

    private static (Resource, int, List<int>)? Match(Resource resource, IReadOnlyList<string> template, IReadOnlyList<string> path)
    {
        if (path.Count < template.Count || path.Count > template.Count + 2 || !Fits(template, path)) return null;
        var rest = path.Skip(template.Count).ToList();
        var known = rest is [] or ["count"] or ["search"] or ["info"] or ["info", "count"]
            || (rest.Count > 0 && IsId(rest[0]) && (rest.Count == 1 || rest[1].Equals("info", StringComparison.OrdinalIgnoreCase)))
            || (rest.Count == 1 && Word(rest[0]) is "count" or "search" or "info");
        return known ? (resource, template.Count, [.. template.Select((s, i) => (s, i)).Where(t => t.s == "{}").Select(t => Id(path[t.i]))]) : null;
    }

    private PsaAnswer Answer(PsaRequest request, Resource resource, int? parent, List<string> rest) => rest switch
    {
        [] => endpoint.Collection(request, resource, parent),
        [var id, ..] when IsId(id) => endpoint.One(request, resource, parent, Id(id)),
        [var word] when Word(word) == "search" => endpoint.Search(request, resource, parent),
        [var word] when Word(word) == "info" => endpoint.Collection(request, resource, parent),
        _ => endpoint.Count(request, resource, parent),
    };

    private void CheckParents(Resource resource, List<int> parents)
    {
        var table = resource.ParentTable;
        for (var i = parents.Count - 1; i >= 0 && table is not null; i--)
        {
            var parent = Catalogue.Of(table);
            var row = psa.Store.Find(table, parents[i]) ?? throw PsaRefusal.NotFound(parent.Title, parents[i]);
            if (i > 0 && Json.Int(Json.At(row.Body, parent.Parent!)) != parents[i - 1]) throw PsaRefusal.NotFound(parent.Title, parents[i]);
            table = parent.ParentTable;
        }
    }

    private static bool Fits(IReadOnlyList<string> template, IReadOnlyList<string> path)
    {
        for (var i = 0; i < template.Count; i++)
        {
            var fits = template[i] switch
            {
                "{}" => IsId(path[i]),
                "{*}" => true,
                var word => word.Equals(path[i], StringComparison.OrdinalIgnoreCase),
            };
            if (!fits) return false;
        }

        return true;
    }

    private static string Word(string segment) => segment.ToLowerInvariant();

    private static bool IsId(string segment) => int.TryParse(segment, NumberStyles.None, CultureInfo.InvariantCulture, out _);

    private static int Id(string segment) => int.Parse(segment, NumberStyles.None, CultureInfo.InvariantCulture);
}
