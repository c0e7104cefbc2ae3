using System.Text.Json;
using System.Text.Json.Nodes;
using Xunit;

namespace Deskbridge.Sandbox.Tests.Autotask.Contract;

/// <summary>The sandbox against the facts about the vendor's entities: every entity and operation it claims exists there, is described so, and works so. The walk fills every table, so the sandbox is its own.</summary>
public sealed class EntityContractTests(AutotaskSandbox autotask) : IClassFixture<AutotaskSandbox>
{
    // What a write needs beyond its required fields, and values that the walk cannot guess.
    private static readonly Dictionary<string, string> Needs = new(StringComparer.Ordinal)
    {
        ["Tickets"] = """{ "queueID": 29682833 }""",
        ["TicketNotes"] = """{ "title": "walked" }""",
        ["TicketAttachments"] = """{ "fullPath": "a.txt", "data": "YQ==" }""",
        ["TicketNoteAttachments"] = """{ "fullPath": "a.txt", "data": "YQ==" }""",
        ["TicketSecondaryResources"] = """{ "resourceID": 29682887, "roleID": 29682834 }""",
        ["TimeEntries"] = """{ "resourceID": 29682887 }""",
        ["ServiceCalls"] = """{ "startDateTime": "2026-11-20T09:00:00Z", "endDateTime": "2026-11-20T10:00:00Z" }""",
        ["Companies"] = """{ "ownerResourceID": 29682885 }""",
        ["Webhooks"] = """{ "webhookUrl": "https://hub.example.com/KIND", "deactivationUrl": "https://hub.example.com/off", "isSubscribedToCreateEvents": true }""",
    };

    [Fact]
    public async Task Operations_AreThoseOfTheVendor()
    {
        var claimed = ((JsonArray)await autotask.ControlAsync(HttpMethod.Get, "/autotask/operations")).Select(o => (string)o!).ToHashSet(StringComparer.Ordinal);
        var expected = EntityFacts.All.SelectMany(e => e.Operations()).Concat(["GET /EntityInformation", "GET /ThresholdInformation", "GET /zoneInformation"]).ToHashSet(StringComparer.Ordinal);

        Assert.Equal(57, EntityFacts.All.Count);
        Assert.Empty(claimed.Except(expected, StringComparer.Ordinal));
        Assert.Empty(expected.Except(claimed, StringComparer.Ordinal));
    }

    [Fact]
    public async Task Entities_AreDescribedAsTheVendorDoes()
    {
        var wrong = new List<string>();
        foreach (var entity in EntityFacts.All)
        {
            var info = (await autotask.GetAsync($"/{entity.Name}/entityInformation"))["info"]!;
            Compare(wrong, entity.Name, "can", entity.Writes.Trim('-'), string.Concat("CUD".Where(c => (bool)info[c switch { 'C' => "canCreate", 'U' => "canUpdate", _ => "canDelete" }]!)));
            Compare(wrong, entity.Name, "udf", entity.Udf, (bool)info["hasUserDefinedFields"]!);
            if (entity.LegacyName != "-") Compare(wrong, entity.Name, "name", entity.LegacyName, (string)info["name"]!);
            var fields = ((JsonArray)(await autotask.GetAsync($"/{entity.Name}/entityInformation/fields"))["fields"]!).ToDictionary(f => (string)f!["name"]!, f => f!);
            Compare(wrong, entity.Name, "fields", string.Join(' ', entity.Fields.Select(f => f.Name).Order(StringComparer.Ordinal)), string.Join(' ', fields.Keys.Order(StringComparer.Ordinal)));
            foreach (var fact in entity.Fields.Where(f => fields.ContainsKey(f.Name))) Compare(wrong, $"{entity.Name}.{fact.Name}", "field", Told(fact), Told(fields[fact.Name]));
        }

        Assert.Empty(wrong);
        Assert.Equal(57, ((JsonArray)(await autotask.GetAsync("/EntityInformation"))["entityDescriptions"]!).Count);
    }

    [Fact]
    public async Task Writes_OfEveryEntity_ByItsRequiredFieldsAlone_WorkAndReadBack()
    {
        var created = new HashSet<string>(StringComparer.Ordinal);
        foreach (var entity in EntityFacts.All.Where(e => e.Writes.Contains('C', StringComparison.Ordinal)))
        {
            var parent = await ParentAsync(entity);
            var place = entity.Below is { } below && entity.Under ? below.Replace("{id}", parent, StringComparison.Ordinal) : "/" + entity.Name;
            var body = await BodyAsync(entity, parent);
            var (status, answer) = await autotask.CallAsync(HttpMethod.Post, place, body.ToJsonString());
            Assert.True(status == 200, $"POST {place} {body.ToJsonString()} answered {status}: {answer?.ToJsonString()}");
            var id = (long)answer!["itemId"]!;
            Same(entity, body, await ReadAsync(entity, id));
            body["id"] = id;
            foreach (var method in entity.Writes.Contains('U', StringComparison.Ordinal) ? new[] { HttpMethod.Patch, HttpMethod.Put } : [])
                Assert.Equal(id, await autotask.WriteAsync(method, place, body.ToJsonString()));
            if (entity.Writes.Contains('D', StringComparison.Ordinal)) Assert.Equal(id, await autotask.WriteAsync(HttpMethod.Delete, $"{place}/{id}", ""));
            created.Add(entity.Name);
        }

        Assert.Equal(EntityFacts.All.Count(e => e.Writes.Contains('C', StringComparison.Ordinal)), created.Count);
    }

    [Fact]
    public async Task Writes_ThatAnEntityDoesNotOffer_Are404Or405()
    {
        foreach (var entity in EntityFacts.All)
        {
            Assert.Equal(405, (await autotask.CallAsync(HttpMethod.Patch, $"/{entity.Name}/1", "{}")).Status);
            var noDelete = entity.Under || !entity.Writes.Contains('D', StringComparison.Ordinal);
            if (noDelete) Assert.Equal(405, (await autotask.CallAsync(HttpMethod.Delete, $"/{entity.Name}/1")).Status);
            if (entity.Under || entity.Writes is "-" or "D") Assert.Equal(404, (await autotask.CallAsync(HttpMethod.Post, $"/{entity.Name}", "{}")).Status);
        }
    }

    private static string Told(FieldFacts f) => $"{f.Type} {f.Length} required={f.Required} readOnly={f.ReadOnly} queryable={f.Queryable} picklist={f.Picklist}/{f.PicklistParent} reference={f.Target is not null}";

    private static string Told(JsonNode f) =>
        $"{f["dataType"]} {f["length"]} required={(bool)f["isRequired"]!} readOnly={(bool)f["isReadOnly"]!} queryable={(bool)f["isQueryable"]!} picklist={(bool)f["isPickList"]!}/{((string)f["picklistParentValueField"]! is { Length: > 0 } parent ? parent : null)} reference={(bool)f["isReference"]!}";

    private static void Compare<T>(List<string> wrong, string where, string what, T expected, T actual)
    {
        if (!Equals(expected, actual)) wrong.Add($"{where} {what}: {actual}, but the vendor has {expected}");
    }

    private static void Same(EntityFacts entity, JsonObject sent, JsonNode read)
    {
        foreach (var (name, value) in sent.Where(p => p.Key is not ("data" or "secretKey") && entity.Fields.Any(f => f.Name == p.Key && f.Type != "datetime")))
            Assert.True(JsonNode.DeepEquals(value, read[name]), $"{entity.Name}.{name} was sent as {value?.ToJsonString()} and reads {read[name]?.ToJsonString()}");
    }

    private async Task<JsonNode> ReadAsync(EntityFacts entity, long id)
    {
        var answer = await autotask.GetAsync($"/{entity.Name}/{id}");
        return answer["item"] ?? answer["items"]![0]!;
    }

    private async Task<string> ParentAsync(EntityFacts entity)
    {
        if (entity.Parent?.Split('/')[0] is not { } parent) return "0";
        if (parent == "Companies") return "175";
        if (parent == "Resources") return "29682887";
        var facts = EntityFacts.Of(parent);
        var above = await ParentAsync(facts);
        var place = facts.Under ? facts.Below!.Replace("{id}", above, StringComparison.Ordinal) : "/" + parent;
        var body = await BodyAsync(facts, above);
        if (body["webhookUrl"] is not null) body["webhookUrl"] = $"https://hub.example.com/parent-of-{entity.Name}";
        return (await autotask.WriteAsync(HttpMethod.Post, place, body.ToJsonString())).ToString(System.Globalization.CultureInfo.InvariantCulture);
    }

    private async Task<JsonObject> BodyAsync(EntityFacts entity, string parent)
    {
        var needs = entity.Name.EndsWith("Webhooks", StringComparison.Ordinal) ? Needs["Webhooks"].Replace("KIND", entity.Name, StringComparison.Ordinal) : Needs.GetValueOrDefault(entity.Name, "{}");
        var body = (JsonObject)JsonNode.Parse(needs)!;
        var metadata = ((JsonArray)(await autotask.GetAsync($"/{entity.Name}/entityInformation/fields"))["fields"]!).ToDictionary(f => (string)f!["name"]!, f => f!);
        foreach (var field in entity.Fields.Where(f => f.Required && f.Name is not ("id" or "parentType") && !body.ContainsKey(f.Name)))
            body[field.Name] = field == entity.ParentField ? JsonValue.Create(long.Parse(parent, System.Globalization.CultureInfo.InvariantCulture)) : await ValueAsync(field, metadata[field.Name]);
        return body;
    }

    private async Task<JsonNode?> ValueAsync(FieldFacts field, JsonNode metadata)
    {
        if (field.Picklist)
        {
            var value = (string)metadata["picklistValues"]!.AsArray().First(v => (bool)v!["isActive"]!)!["value"]!;
            return field.Type == "string" ? value : JsonNode.Parse(value);
        }

        if (field.Target is not null && EntityFacts.All.Any(e => e.Name == field.Target))
        {
            var found = await autotask.QueryAsync(field.Target, """{ "op": "gt", "field": "id", "value": 100 }""", """, "MaxRecords": 1, "IncludeFields": ["id"]""");
            return JsonValue.Create((long)found[0]!["id"]!);
        }

        return field.Type switch
        {
            "boolean" => JsonValue.Create(true),
            "string" => JsonValue.Create("walked"),
            "datetime" => JsonValue.Create("2026-11-20T09:00:00.000Z"),
            _ => JsonSerializer.SerializeToNode(1L),
        };
    }
}
