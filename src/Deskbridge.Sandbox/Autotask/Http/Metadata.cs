using System.Text.Json.Nodes;
using Deskbridge.Sandbox.Autotask.Records;
using Deskbridge.Sandbox.Autotask.Rules;
using Deskbridge.Sandbox.Autotask.Schema;

namespace Deskbridge.Sandbox.Autotask.Http;

/// <summary>What the API tells of its entities (reference 3.1).</summary>
internal sealed class Metadata(Store store, AutotaskSettings settings)
{
    public JsonObject All() => new()
    {
        ["entityDescriptions"] = new JsonArray([.. Entities.All.Where(e => !e.IsInternal).Select(e => (JsonNode)Entity(e))]),
    };

    public JsonObject Entity(Entity entity)
    {
        var access = settings.Current.On(entity.Name);
        return new JsonObject
        {
            ["info"] = new JsonObject
            {
                ["name"] = entity.LegacyName,
                ["canCreate"] = entity.Can('C'),
                ["canDelete"] = entity.Can('D'),
                ["canQuery"] = true,
                ["canUpdate"] = entity.Can('U'),
                ["userAccessForCreate"] = entity.Can('C') ? access.Create : 0,
                ["userAccessForDelete"] = entity.Can('D') ? access.Delete : 0,
                ["userAccessForQuery"] = access.Query,
                ["userAccessForUpdate"] = entity.Can('U') ? access.Update : 0,
                ["hasUserDefinedFields"] = entity.HasUdfs,
                ["supportsWebhookCallouts"] = Entities.WebhooksOf(entity) is not null,
            },
        };
    }

    public JsonObject Fields(Entity entity) => new() { ["fields"] = new JsonArray([.. entity.Fields.Select(f => (JsonNode)Field(entity, f))]) };

    public JsonObject UserDefined(Entity entity) => new()
    {
        ["fields"] = new JsonArray([.. Udfs.Of(Definitions(), entity).Select(d => (JsonNode)new JsonObject
        {
            ["name"] = d.Text("name"),
            ["label"] = d.Text("name"),
            ["type"] = Udfs.TypeName(d),
            ["length"] = d.Long("dataType") == Udfs.Paragraph ? 8000 : 255,
            ["description"] = d.Text("description"),
            ["isRequired"] = d.Flag("isRequired"),
            ["isReadOnly"] = false,
            ["isQueryable"] = true,
            ["isReference"] = false,
            ["referenceEntityType"] = "",
            ["isPickList"] = d.Long("dataType") == Udfs.List,
            ["picklistValues"] = d.Long("dataType") == Udfs.List ? Values(Definitions(), entity, Record.Udf(d.Id)) : null,
            ["picklistParentValueField"] = "",
            ["defaultValue"] = d.Text("defaultValue") ?? "",
            ["isSupportedWebhookField"] = true,
        })]),
    };

    private JsonObject Field(Entity entity, Field field) => new()
    {
        ["name"] = field.Name,
        ["dataType"] = field.DataType,
        ["length"] = field.Limit ?? 0,
        ["isRequired"] = field.Required,
        ["isReadOnly"] = field.ReadOnly,
        ["isQueryable"] = field.Queryable,
        ["isReference"] = field.Target is not null,
        ["referenceEntityType"] = field.Target is { } target ? Entities.Find(target)?.LegacyName ?? Schema.Entity.SingularOf(target) : "",
        ["isPickList"] = field.Picklist,
        ["picklistValues"] = field.Picklist ? Values(Definitions(), entity, field.Name) : null,
        ["picklistParentValueField"] = field.PicklistParent ?? "",
        ["isSupportedWebhookField"] = entity.IsForWebhooks(field),
    };

    private JsonArray Values(Record[] definitions, Entity entity, string field) => new([.. Picklists.Of(store.Rows(Entities.Picklists), definitions, entity, field)
        .OrderBy(v => v.Order)
        .Select(v => (JsonNode)new JsonObject
        {
            ["value"] = v.Value,
            ["label"] = v.Label,
            ["isDefaultValue"] = v.Default,
            ["sortOrder"] = v.Order,
            ["parentValue"] = v.Parent,
            ["isActive"] = v.Active,
            ["isSystem"] = v.System,
        })]);

    private Record[] Definitions() => store.Rows(Entities.Of("UserDefinedFieldDefinitions"));
}
