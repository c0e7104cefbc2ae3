using System.Text.Json.Nodes;
using Deskbridge.Sandbox.Autotask.Rules;
using Deskbridge.Sandbox.Autotask.Schema;

namespace Deskbridge.Sandbox.Autotask.Records;

/// <summary>Shows records as the API does: every field of the entity, empty ones as null.</summary>
internal sealed class Views(Store store, AutotaskSettings settings)
{
    /// <summary>A record with its user-defined fields; a file's content is shown only where asked for.</summary>
    public JsonObject Of(Entity entity, Record record, IReadOnlySet<string>? only = null, bool withData = false)
    {
        var designator = settings.Current.DateDesignator;
        var view = new JsonObject();
        foreach (var field in entity.Fields)
        {
            if (only is not null && !only.Contains(field.Name)) continue;
            view[field.Name] = field.Type == FieldType.Data && !withData ? null : Values.Write(record[field.Name], designator);
        }

        // The secret is told to nobody, not even to who set it.
        if (entity.Name.EndsWith("Webhooks", StringComparison.Ordinal) && view.ContainsKey("secretKey")) view["secretKey"] = null;
        if (entity.HasUdfs && Udf(entity, record, only) is { } udfs) view["userDefinedFields"] = udfs;
        return view;
    }

    private JsonArray? Udf(Entity entity, Record record, IReadOnlySet<string>? only)
    {
        var shown = Udfs.Of(store.Rows(Entities.Of("UserDefinedFieldDefinitions")), entity).Where(d => only is null || only.Contains(Record.Udf(d.Id))).ToList();
        if (only is not null && shown.Count == 0) return null;
        return new JsonArray([.. shown.Select(d => (JsonNode)new JsonObject { ["name"] = d.Text("name"), ["value"] = record.Text(Record.Udf(d.Id)) })]);
    }
}
