using Deskbridge.Sandbox.Autotask.Schema;

namespace Deskbridge.Sandbox.Autotask.Http;

/// <summary>Finds what a path means. Names are read in any case; what an entity does not offer on a path that exists is 405, everything else 404.</summary>
internal sealed class Router(EntityApi api, Metadata metadata, Limits limits)
{
    private const string Get = "GET", Post = "POST", Delete = "DELETE";

    /// <summary>Everything that is served, as <c>GET /Tickets/{id}/Notes</c>.</summary>
    public static IEnumerable<string> Operations => Entities.All.Where(e => !e.IsInternal).SelectMany(OperationsOf)
        .Concat(["GET /EntityInformation", "GET /ThresholdInformation", "GET /zoneInformation"]).Order(StringComparer.Ordinal);

    /// <summary>The object that a call counts against: below a parent, the child.</summary>
    public static string Target(string[] path) => path.Length > 2 && Entities.Child(path[0], path[2]) is { } child ? child.Name : path.Length > 0 ? path[0] : "";

    public Answer Handle(Call call, string root)
    {
        var path = call.Segments;
        if (path is [var single])
        {
            if (Is(single, "ThresholdInformation")) return Only(call, Get, () => new Answer(200, limits.Information()));
            if (Is(single, "EntityInformation")) return Only(call, Get, () => new Answer(200, metadata.All()));
        }

        if (path.Length == 0 || Entities.Find(path[0]) is not { IsInternal: false } entity) throw PlainRefusal.NoRoute();
        if (path.Length > 1 && (Is(path[1], "query") || Is(path[1], "entityInformation"))) return About(call, entity, path[1..], root);
        if (path.Length < 3) return TopLevel(call, entity, path);
        var child = Entities.Child(entity.Name, path[2]) ?? throw PlainRefusal.NoRoute();
        if (path.Length > 3 && Is(path[3], "entityInformation")) return About(call, child, path[3..], root);
        return Below(call, child, EntityApi.Id(path[1]), path[3..]);
    }

    private Answer About(Call call, Entity entity, string[] rest, string root) => rest switch
    {
        [var one] when Is(one, "query") => Either(call, () => api.Query(call, entity, root, null)),
        [var one] => Only(call, Get, () => new Answer(200, metadata.Entity(entity))),
        [_, var two] when Is(rest[0], "query") && Is(two, "count") => Either(call, () => api.Count(call, entity)),
        [_, var two] when Is(rest[0], "query") && (Is(two, "next") || Is(two, "previous")) => Either(call, () => api.Query(call, entity, root, two.ToLowerInvariant())),
        [_, var two] when Is(rest[0], "entityInformation") && Is(two, "fields") => Only(call, Get, () => new Answer(200, metadata.Fields(entity))),
        [_, var two] when Is(rest[0], "entityInformation") && Is(two, "userDefinedFields") => Only(call, Get, () => new Answer(200, metadata.UserDefined(entity))),
        _ => throw PlainRefusal.NoRoute(),
    };

    private Answer TopLevel(Call call, Entity entity, string[] path)
    {
        var here = !entity.WritesUnderParent;
        if (path is [_, var text])
        {
            var id = EntityApi.Id(text);
            return call.Method switch
            {
                Get => api.Get(call, entity, id),
                Delete when here && entity.Can('D') => api.Delete(call, entity, id, null),
                _ => throw PlainRefusal.NoVerb(call.Method),
            };
        }

        if (!here || !(entity.Can('C') || entity.Can('U'))) throw PlainRefusal.NoRoute();
        return Write(call, entity, null) ?? throw PlainRefusal.NoVerb(call.Method);
    }

    private Answer Below(Call call, Entity child, long parent, string[] rest)
    {
        if (rest.Length > 1) throw PlainRefusal.NoRoute();
        if (rest is [var text])
        {
            var id = EntityApi.Id(text);
            return call.Method switch
            {
                Get => api.Get(call, child, id, parent),
                Delete when child.Can('D') => api.Delete(call, child, id, parent),
                _ => throw PlainRefusal.NoVerb(call.Method),
            };
        }

        return call.Method == Get ? api.Children(call, child, parent) : Write(call, child, parent) ?? throw PlainRefusal.NoVerb(call.Method);
    }

    private Answer? Write(Call call, Entity entity, long? parent) => call.Method switch
    {
        Post when entity.Can('C') => api.Create(call, entity, parent),
        "PATCH" or "PUT" when entity.Can('U') => api.Update(call, entity, parent),
        _ => null,
    };

    private static IEnumerable<string> OperationsOf(Entity entity)
    {
        var name = "/" + entity.Name;
        foreach (var method in (string[])[Get, Post])
        {
            foreach (var way in (string[])["query", "query/count", "query/next", "query/previous"]) yield return $"{method} {name}/{way}";
        }

        foreach (var way in (string[])["{id}", "entityInformation", "entityInformation/fields", "entityInformation/userDefinedFields"]) yield return $"{Get} {name}/{way}";
        if (!entity.WritesUnderParent)
        {
            foreach (var write in Writes(entity, name)) yield return write;
        }

        if (entity.Parent is not { } link) yield break;
        var below = $"/{link.Collection}/{{id}}/{link.Child}";
        yield return $"{Get} {below}";
        yield return $"{Get} {below}/{{id}}";
        foreach (var write in Writes(entity, below)) yield return write;
    }

    private static IEnumerable<string> Writes(Entity entity, string at)
    {
        if (entity.Can('C')) yield return $"{Post} {at}";
        if (entity.Can('U')) yield return $"PATCH {at}";
        if (entity.Can('U')) yield return $"PUT {at}";
        if (entity.Can('D')) yield return $"{Delete} {at}/{{id}}";
    }

    private static Answer Only(Call call, string method, Func<Answer> work) => call.Method == method ? work() : throw PlainRefusal.NoVerb(call.Method);

    private static Answer Either(Call call, Func<Answer> work) => call.Method is Get or Post ? work() : throw PlainRefusal.NoVerb(call.Method);

    private static bool Is(string one, string other) => one.Equals(other, StringComparison.OrdinalIgnoreCase);
}
