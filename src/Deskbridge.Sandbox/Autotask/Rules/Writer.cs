using System.Text;
using System.Text.Json.Nodes;
using Deskbridge.Sandbox.Autotask.Records;
using Deskbridge.Sandbox.Autotask.Schema;
using Json = Deskbridge.Sandbox.ConnectWisePsa.Records.Json;

namespace Deskbridge.Sandbox.Autotask.Rules;

/// <summary>Creates, changes and deletes records by the field tables and rules, whoever asks (API, technician, seed).</summary>
internal sealed class Writer(Store store, AutotaskSettings settings, bool plainHttpLoopback)
{
    private readonly FieldChecks _checks = new(settings);

    private readonly Dictionary<string, EntityRules> _rules = new(StringComparer.Ordinal)
    {
        ["Tickets"] = new TicketRules(),
        ["TicketNotes"] = new TicketNoteRules(),
        ["TicketAttachments"] = new AttachmentRules("Tickets"),
        ["TicketNoteAttachments"] = new AttachmentRules("TicketNotes"),
        ["TicketSecondaryResources"] = new SecondaryResourceRules(),
        ["TicketChecklistItems"] = new ChecklistItemRules(),
        ["TimeEntries"] = new TimeEntryRules(),
        ["ServiceCalls"] = new ServiceCallRules(),
    };

    public Store Store { get; } = store;

    public AutotaskSettings Settings { get; } = settings;

    public long Create(Actor by, Entity entity, JsonObject body, long? parent) => Store.Commit(by, change => Create(change, entity, body, parent));

    public long Create(Change change, Entity entity, JsonObject body, long? parent)
    {
        if (parent is { } above && change.Find(entity.Parent!.Collection, above) is null)
            throw new Refusal(500, $"Reference value on field: {entity.Parent.Field} of type: {Entities.Of(entity.Parent.Collection).Singular} does not exist or is invalid.");
        var errors = new List<string>();
        var record = new Record();
        Apply(change, entity, record, body, f => !f.ReadOnly || f.Required, errors);
        if (entity.Parent is { } link && parent is not null) record[link.Field] = parent;
        Stamps.Add(change, entity, record);
        Finish(change, entity, record, null, errors);
        var id = change.Add(entity, record);
        Rules(entity).Saved(change, record, null);
        return id;
    }

    /// <summary>Changes the fields that the body names; a whole update empties those that it does not.</summary>
    public long Update(Actor by, Entity entity, JsonObject body, long? parent, bool whole) => Store.Commit(by, change =>
    {
        var before = Existing(change, entity, Id(body), parent);
        var errors = new List<string>();
        var record = before.Copy();
        if (whole)
        {
            foreach (var field in entity.Fields.Where(f => !f.ReadOnly)) record[field.Name] = null;
        }

        Apply(change, entity, record, body, f => !f.ReadOnly, errors);
        if (entity.Parent is { } link) record[link.Field] = before[link.Field];
        var changed = Record.Changed(before, record);
        Stamps.Touch(change, entity, record, changed.Any(n => n[0] != '#' || Settings.Current.UdfEditsAreTracked));
        Finish(change, entity, record, before, errors);
        change.Put(entity, record);
        Rules(entity).Saved(change, record, before);
        return record.Id;
    });

    public long Delete(Actor by, Entity entity, long id, long? parent) => Store.Commit(by, change =>
    {
        if (change.Find(entity.Name, id) is not { } record || !Below(entity, record, parent)) throw Refusal.NothingToDelete();
        Rules(entity).Deleted(change, record);
        foreach (var child in Entities.All.Where(e => e.Parent?.Collection == entity.Name))
        {
            foreach (var below in change.All(child.Name).Where(r => r.Long(child.Parent!.Field) == id)) change.Remove(child, below.Id);
        }

        change.Remove(entity, id);
        return id;
    });

    public static bool Below(Entity entity, Record record, long? parent) => parent is null || record.Long(entity.Parent!.Field) == parent;

    private EntityRules Rules(Entity entity) => _rules.TryGetValue(entity.Name, out var rules) ? rules
        : Entities.WatchedBy(entity.Name) is not null ? new WebhookRules(entity, Settings, plainHttpLoopback)
        : entity.Parent is { } link && Entities.WatchedBy(link.Collection) is not null ? new WebhookPartRules(entity) : EntityRules.None;

    private static Record Existing(Change change, Entity entity, long? id, long? parent) =>
        change.Find(entity.Name, id) is { } record && Below(entity, record, parent) ? record
            : throw new Refusal(500, $"No matching records found. The {entity.Singular} [{id}] does not exist.");

    private static long? Id(JsonObject body) =>
        Values.TryRead(Field.Read("id long"), Json.Child(body, "id"), out var id) && id is long number ? number : throw new Refusal(500, "Missing Required Field: id");

    private void Finish(Change change, Entity entity, Record record, Record? before, List<string> errors)
    {
        if (errors.Count > 0) throw new Refusal(500, errors);
        var rules = Rules(entity);
        rules.Complete(change, record, before);
        _checks.Check(change, entity, record, before, errors);
        if (errors.Count == 0) rules.Check(change, record, before, errors);
        if (errors.Count > 0) throw new Refusal(500, errors);
    }

    private void Apply(Change change, Entity entity, Record record, JsonObject body, Func<Field, bool> writable, List<string> errors)
    {
        foreach (var (name, node) in body)
        {
            if (entity.HasUdfs && name.Equals("userDefinedFields", StringComparison.OrdinalIgnoreCase)) ApplyUdfs(change, entity, record, node, errors);
            if (entity.Find(name) is not { Name: not "id" } field || !writable(field)) continue;
            if (Values.TryRead(field, node, out var value)) record[field.Name] = value is string text ? Stored(text) : value;
            else errors.Add($"Error converting value {node!.ToJsonString()} to type '{field.DataType}'. Path '{field.Name}'.");
        }
    }

    // Only the fields that are sent change (reference 3).
    private void ApplyUdfs(Change change, Entity entity, Record record, JsonNode? node, List<string> errors)
    {
        var definitions = change.All("UserDefinedFieldDefinitions");
        foreach (var sent in node as JsonArray ?? [])
        {
            var name = Json.Text(Json.Child(sent, "name")) ?? "";
            if (Udfs.Find(definitions, entity, name) is not { } definition) errors.Add($"Unable to find {name} in the {entity.Singular} Entity.");
            else record[Record.Udf(definition.Id)] = Json.Text(Json.Child(sent, "value")) is { Length: > 0 } text ? Stored(text) : null;
        }
    }

    private string Stored(string text)
    {
        if (!Settings.Current.Windows1252) return text;
        var kept = new StringBuilder();
        foreach (var rune in text.EnumerateRunes()) kept.Append(rune.Value is <= 0xFF or 0x20AC or 0x201A or 0x201E or 0x2026 or (>= 0x2018 and <= 0x201D) or 0x2013 or 0x2014 or 0x2022 or 0x2122 ? rune.ToString() : "?");
        return kept.ToString();
    }
}
