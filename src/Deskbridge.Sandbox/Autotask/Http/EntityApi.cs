using System.Globalization;
using System.Text.Json.Nodes;
using Deskbridge.Sandbox.Autotask.Query;
using Deskbridge.Sandbox.Autotask.Records;
using Deskbridge.Sandbox.Autotask.Rules;
using Deskbridge.Sandbox.Autotask.Schema;

namespace Deskbridge.Sandbox.Autotask.Http;

/// <summary>Query, count, get, create, update, delete: the same for every entity.</summary>
internal sealed class EntityApi(Store store, Writer writer, Views views, AutotaskSettings settings)
{
    private static readonly Entity Definitions = Entities.Of("UserDefinedFieldDefinitions");

    public Answer Query(Call call, Entity entity, string root, string? direction)
    {
        var body = call.Query();
        if (direction is not null && call.Method == "GET" && call["search"] is null) throw PlainRefusal.NoVerb("GET");
        var query = Read(entity, body);
        var token = direction is null ? new PageToken(query.MaxRecords, null, null) : PageToken.Read(call["paging"] ?? "");
        var found = Matching(call, entity, query.Filter);
        var size = Math.Clamp(token.Size, 1, QueryRequest.MostRecords);
        List<Record> page = direction == "previous" ? [.. found.Where(r => r.Id < token.Before).TakeLast(size)] : [.. found.Where(r => token.After is null || r.Id > token.After).Take(size)];
        return new Answer(200, Page(entity, page, query.IncludeFields, size, (way, more) => more ? Link(call, entity, root, way, size, page) : null, found));
    }

    public Answer Count(Call call, Entity entity) =>
        new(200, new JsonObject { ["queryCount"] = Matching(call, entity, Read(entity, call.Query()).Filter).Count });

    public Answer Get(Call call, Entity entity, long id, long? parent = null)
    {
        var record = settings.Current.On(entity.Name).Query > 0 && store.Find(entity, id) is { } found && Writer.Below(entity, found, parent) ? found : null;
        if (entity.Find("data") is not null) // attachments answer in the shape of a list
        {
            Record[] one = record is null ? [] : [record];
            return new Answer(200, Page(entity, one, null, QueryRequest.MostRecords, (_, _) => null, one, withData: true));
        }

        if (record is null && settings.Current.MissingIs404) throw PlainRefusal.NoRoute();
        return new Answer(200, new JsonObject { ["item"] = record is null ? null : views.Of(entity, record) });
    }

    public Answer Children(Call call, Entity entity, long parent)
    {
        var found = Matching(call, entity, r => Writer.Below(entity, r, parent));
        return new Answer(200, Page(entity, found, null, QueryRequest.MostRecords, (_, _) => null, found));
    }

    public Answer Create(Call call, Entity entity, long? parent)
    {
        Allow(settings.Current.On(entity.Name).Create, $"create this entity type: {entity.Singular}");
        return Item(writer.Create(call.By!, entity, call.Object(), parent));
    }

    public Answer Update(Call call, Entity entity, long? parent)
    {
        Allow(settings.Current.On(entity.Name).Update, $"update this entity type: {entity.Singular}");
        return Item(writer.Update(call.By!, entity, call.Object(), parent, whole: call.Method == "PUT"));
    }

    public Answer Delete(Call call, Entity entity, long id, long? parent)
    {
        Allow(settings.Current.On(entity.Name).Delete, $"delete this entity type: {entity.Singular}");
        return Item(writer.Delete(call.By!, entity, id, parent));
    }

    private QueryRequest Read(Entity entity, JsonNode? body) => new(entity, body, store.Rows(Definitions), settings.Current.CreateDateByDay);

    // Without the right to read, nothing is found and nothing is said (reference 1.3); error logs are shown to the webhook's owner only, who is the one API user.
    private List<Record> Matching(Call call, Entity entity, Func<Record, bool> filter) =>
        settings.Current.On(entity.Name).Query == 0 ? [] : [.. store.Rows(entity).Where(r => IsShown(entity, r) && filter(r))];

    // The vendor shows the active pairs of this view only.
    private static bool IsShown(Entity entity, Record record) => entity.Name != "ResourceRoles" || record.Flag("isActive");

    private JsonObject Page(Entity entity, IReadOnlyList<Record> page, IReadOnlySet<string>? only, int size, Func<string, bool, JsonNode?> link, IReadOnlyList<Record> found, bool withData = false) => new()
    {
        ["items"] = new JsonArray([.. page.Select(r => (JsonNode)views.Of(entity, r, only, withData))]),
        ["pageDetails"] = new JsonObject
        {
            ["count"] = page.Count,
            ["requestCount"] = size,
            ["prevPageUrl"] = link("previous", page.Count > 0 && found[0].Id < page[0].Id),
            ["nextPageUrl"] = link("next", page.Count > 0 && found[^1].Id > page[^1].Id),
        },
    };

    private static JsonNode Link(Call call, Entity entity, string root, string way, int size, List<Record> page)
    {
        var search = call["search"] is { } text && call.Method == "GET" ? $"&search={Uri.EscapeDataString(text)}" : "";
        return $"{root}{entity.Name}/query/{way}?paging={Uri.EscapeDataString(PageToken.Write(size, page[0].Id, page[^1].Id))}{search}";
    }

    private static void Allow(int access, string what)
    {
        if (access == 0) throw Refusal.Permission(what);
    }

    private static Answer Item(long id) => new(200, new JsonObject { ["itemId"] = id });

    public static long Id(string text) => long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var id) ? id : throw PlainRefusal.NoRoute();
}
