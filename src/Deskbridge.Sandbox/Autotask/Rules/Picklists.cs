using System.Globalization;
using Deskbridge.Sandbox.Autotask.Records;
using Deskbridge.Sandbox.Autotask.Schema;

namespace Deskbridge.Sandbox.Autotask.Rules;

/// <summary>One value of a picklist.</summary>
internal sealed record PickValue(string Value, string Label, int Order, string Parent, bool Active, bool System, bool Default);

/// <summary>The values of picklists: the tenant's own, and those of webhook fields, which follow from what can be watched.</summary>
internal static class Picklists
{
    // The two numbers of the vendor's own examples; all others are ours (reference 5.1).
    private static readonly Dictionary<string, int> KnownFieldIds = new(StringComparer.Ordinal)
    {
        ["Companies.companyName"] = 7,
        ["Companies.companyType"] = 24,
    };

    public static IReadOnlyList<PickValue> Of(IReadOnlyList<Record> kept, IReadOnlyList<Record> definitions, Entity entity, string field)
    {
        if (entity.Parent is { } parent && Entities.WatchedBy(parent.Collection) is { } watched)
        {
            if (field == "fieldID") return [.. watched.Fields.Where(watched.IsForWebhooks).Select((f, i) => Generated(FieldId(watched, f), char.ToUpperInvariant(f.Name[0]) + f.Name[1..], i))];
            if (field == "udfFieldID") return [.. Udfs.Of(definitions, watched).Select((d, i) => Generated(d.Id, d.Text("name")!, i))];
        }

        return [.. kept
            .Where(r => r.Text("entity") == entity.Name && r.Text("field") == field)
            .Select(r => new PickValue(r.Text("value")!, r.Text("label")!, (int)(r.Long("sortOrder") ?? 0), r.Text("parentValue") ?? "", r.Flag("isActive"), r.Flag("isSystem"), r.Flag("isDefaultValue")))];
    }

    /// <summary>The number by which webhooks name a field.</summary>
    public static int FieldId(Entity entity, Field field) => KnownFieldIds.TryGetValue($"{entity.Name}.{field.Name}", out var known) ? known
        : 100 + entity.Fields.Select((f, i) => (f, i)).First(p => p.f == field).i;

    private static PickValue Generated(long id, string label, int order) => new(id.ToString(CultureInfo.InvariantCulture), label, order, "", true, true, false);
}

/// <summary>User-defined fields: which entity they are of, by the number in <c>udfType</c> (ours; the vendor's are not public).</summary>
internal static class Udfs
{
    public const long Text = 1, Paragraph = 2, Date = 3, Number = 4, List = 5;

    private static readonly string[] Types = ["Companies", "Contacts", "ConfigurationItems", "Tickets"];

    public static long TypeOf(string entity) => Array.IndexOf(Types, entity) + 1;

    public static IEnumerable<Record> Of(IReadOnlyList<Record> definitions, Entity entity) =>
        entity.HasUdfs ? definitions.Where(d => d.Long("udfType") == TypeOf(entity.Name) && d.Flag("isActive")) : [];

    public static Record? Find(IReadOnlyList<Record> definitions, Entity entity, string name) =>
        Of(definitions, entity).FirstOrDefault(d => name.Equals(d.Text("name"), StringComparison.OrdinalIgnoreCase));

    /// <summary>How field metadata calls the kind of a field.</summary>
    public static string TypeName(Record definition) => definition.Long("dataType") switch { Date => "datetime", Number => "double", _ => "string" };
}
