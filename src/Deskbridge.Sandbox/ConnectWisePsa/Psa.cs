using System.Text.Json.Nodes;
using Deskbridge.Sandbox.ConnectWisePsa.Http;
using Deskbridge.Sandbox.ConnectWisePsa.Records;
using Deskbridge.Sandbox.ConnectWisePsa.Rules;
using Deskbridge.Sandbox.ConnectWisePsa.Schema;
using Deskbridge.Sandbox.ConnectWisePsa.Security;

namespace Deskbridge.Sandbox.ConnectWisePsa;

/// <summary>The PSA itself: saving, changing and deleting records by its rules, whoever asks (API, technician page, seed).</summary>
internal sealed class Psa(PsaStore store, Views views, Settings settings, Rights rights)
{
    private readonly CustomFieldBinder _custom = new(views, settings);

    private readonly Dictionary<string, RecordRules> _rules = new(StringComparer.Ordinal)
    {
        ["tickets"] = new TicketRules(rights),
        ["notes"] = new NoteRules("tickets"),
        ["projectTickets"] = new ProjectTicketRules(rights),
        ["projectTicketNotes"] = new NoteRules("projectTickets"),
        ["projectTasks"] = new ProjectTaskRules(),
        ["workflowActionFields"] = new WorkflowActionFieldRules(),
        ["scheduleEntries"] = new ScheduleEntryRules(),
        ["timeEntries"] = new TimeEntryRules(),
        ["expenses"] = new ExpenseRules(),
        ["companies"] = new CompanyRules(),
        ["contacts"] = new ContactRules(),
        ["configurations"] = new ConfigurationRules(),
        ["userDefinedFields"] = new UserDefinedFieldRules(),
        ["workflows"] = new WorkflowRules(),
        ["workflowEvents"] = new WorkflowEventRules(),
        ["workflowActions"] = new WorkflowActionRules(),
        ["callbacks"] = new CallbackRules(settings),
    };

    public PsaStore Store { get; } = store;

    public Views Views { get; } = views;

    public Settings Settings { get; } = settings;

    /// <summary>The PSA's time.</summary>
    public DateTimeOffset Now => Store.Now;

    public int Create(string by, Resource resource, JsonObject input, int? parent) =>
        Store.Commit(by, change => Create(change, resource, input, parent));

    public int Create(Change change, Resource resource, JsonObject input, int? parent)
    {
        var rules = Rules(resource);
        input = Json.Copy(input);
        rules.Before(change, input, null);
        var body = new Binder(resource, rules, change, _custom).Bind(input, Parent(change, resource, parent), member => Json.Child(input, member.Name) is not null);
        Lower(resource, body);
        rules.Complete(change, body, null);
        change.Quiet |= Json.Flag(body["skipCallback"]);
        Strip(resource, body);
        var id = change.Add(resource.Table, body);
        rules.Saved(change, body, null, input);
        return id;
    }

    /// <summary>What a new record would look like; nothing is kept, and nothing is required.</summary>
    public JsonObject Draft(string by, Resource resource, JsonObject input) => Store.Draft(by, change =>
    {
        var rules = Rules(resource);
        input = Json.Copy(input);
        rules.Before(change, input, null);
        var body = new Binder(resource, rules, change, _custom).Bind(input, null, _ => true, complete: false);
        Lower(resource, body);
        foreach (var member in resource.Model.Members)
        {
            if (member is { Required: true, Kind: MemberKind.Text }) body[member.Name] ??= "";
        }

        rules.Complete(change, body, null);
        body["id"] = 0;
        return Views.Build(resource, body);
    });

    /// <summary>Copies a record with all that hangs on it.</summary>
    public int Copy(string by, Resource resource, int id, JsonObject changes) => Store.Commit(by, change => Copy(change, resource, id, changes, null));

    private int Copy(Change change, Resource resource, int id, JsonObject changes, int? parent)
    {
        var body = Json.Copy(Existing(change, resource, id));
        foreach (var name in (IEnumerable<string>)["id", "_info", .. resource.Model.Guids]) body.Remove(name);
        foreach (var (name, value) in (IEnumerable<KeyValuePair<string, JsonNode?>>)[.. Parent(change, resource, parent) ?? [], .. changes]) body[name] = Json.Copy(value);
        Rules(resource).Complete(change, body, null);
        var copy = change.Add(resource.Table, body);
        foreach (var child in Catalogue.All.Where(c => c.ParentTable == resource.Table && c.Verbs.Contains('C', StringComparison.Ordinal)))
        {
            foreach (var row in change.All(child.Table).Where(r => Json.Int(Json.At(r, child.Parent!)) == id).ToList())
                Copy(change, child, Json.Int(row["id"])!.Value, [], copy);
        }

        return copy;
    }

    /// <summary>Applies a JSON patch.</summary>
    public void Patch(string by, Resource resource, int id, JsonNode? operations) => Store.Commit(by, change =>
    {
        var before = Existing(change, resource, id);
        var input = Json.Copy(Views.Build(resource, before));
        var named = JsonPatch.Apply(resource, operations, input);
        if (resource.Model.Custom is not null && Settings.Current.PatchNeedsCustomFields && !named.Contains("customFields"))
            throw PsaRefusal.Invalid(resource.ModelName, "InvalidField", "The customFields must be sent.", "customFields");
        Save(change, resource, before, input, member => named.Contains(member.Name), whole: false);
        return id;
    });

    /// <summary>Replaces the whole record.</summary>
    public void Put(string by, Resource resource, int id, JsonObject input) => Store.Commit(by, change =>
    {
        Save(change, resource, Existing(change, resource, id), input, member => member.Kind != MemberKind.Custom || Json.Child(input, member.Name) is not null, whole: true);
        return id;
    });

    public void Delete(string by, Resource resource, int id) => Store.Commit(by, change =>
    {
        Delete(change, resource, id);
        return id;
    });

    public void Delete(Change change, Resource resource, int id)
    {
        var body = Existing(change, resource, id);
        if (resource.Verbs.Contains('V', StringComparison.Ordinal) && Users(resource, id).Any()) throw PsaRefusal.InUse(resource.Title, id);
        Rules(resource).Deleting(change, body);
        RemoveChildren(change, resource, id);
        change.Remove(resource.Table, id);
    }

    /// <summary>The records that refer to one, its own children left out.</summary>
    public IEnumerable<(Resource Resource, Row Row)> Users(Resource resource, int id) =>
        from user in Catalogue.All
        let members = user.Model.References.Where(m => m.Targets.Contains(resource.Table)).Select(m => m.Name).ToList()
        where members.Count > 0 && user.ParentTable != resource.Table
        from row in Store.Rows(user.Table)
        where members.Exists(name => Refers(row.Body[name], id)) && (user != resource || row.Id != id)
        select (user, row);

    private static void RemoveChildren(Change change, Resource resource, int id)
    {
        foreach (var child in Catalogue.All.Where(c => c.ParentTable == resource.Table))
        {
            foreach (var row in change.All(child.Table).Where(r => Json.Int(Json.At(r, child.Parent!)) == id).ToList())
            {
                var childId = Json.Int(row["id"])!.Value;
                RemoveChildren(change, child, childId);
                change.Remove(child.Table, childId);
            }
        }
    }

    private static bool Refers(JsonNode? node, int id) => node is JsonArray list ? list.Any(item => Refers(item, id)) : Json.Int(Json.Child(node, "id")) == id;

    private void Save(Change change, Resource resource, JsonObject before, JsonObject input, Func<Member, bool> named, bool whole)
    {
        var rules = Rules(resource);
        var id = Json.Int(before["id"])!.Value;
        rules.Before(change, input, before);
        var body = new Binder(resource, rules, change, _custom).Bind(input, before, named);
        if (whole) Lower(resource, body);
        rules.Complete(change, body, before);
        change.Quiet |= Json.Flag(body["skipCallback"]);
        Strip(resource, body);
        change.Put(resource.Table, id, body);
        rules.Saved(change, body, before, input);
    }

    private RecordRules Rules(Resource resource) => _rules.GetValueOrDefault(resource.Table, RecordRules.None);

    private static JsonObject Existing(Change change, Resource resource, int id) =>
        change.Find(resource.Table, id) ?? throw PsaRefusal.NotFound(resource.Title, id);

    // A flag that nobody has raised is false, never absent.
    private static void Lower(Resource resource, JsonObject body)
    {
        foreach (var member in resource.Model.Members)
        {
            if (member is { Kind: MemberKind.Flag, WriteOnly: false, Many: false } && body[member.Name] is null) body[member.Name] = false;
        }
    }

    private static void Strip(Resource resource, JsonObject body)
    {
        foreach (var member in resource.Model.Members.Where(m => m.WriteOnly)) body.Remove(member.Name);
    }

    private static JsonObject? Parent(Change change, Resource resource, int? parent)
    {
        if (parent is not { } id || resource.Parent is not { } path) return null;
        if (!path.EndsWith("/id", StringComparison.Ordinal)) return new JsonObject { [path] = id };
        var row = change.Find(resource.ParentTable!, id)!;
        var reference = Json.Ref(id);
        foreach (var name in (string[])["identifier", "name"])
        {
            if (row[name] is { } value) reference[name] = value.DeepClone();
        }

        return new JsonObject { [path[..^3]] = reference };
    }
}
