using System.Text.Json.Nodes;
using Deskbridge.Sandbox.ConnectWisePsa.Http;
using Deskbridge.Sandbox.ConnectWisePsa.Records;
using Deskbridge.Sandbox.ConnectWisePsa.Rules;
using Deskbridge.Sandbox.ConnectWisePsa.Schema;

namespace Deskbridge.Sandbox.ConnectWisePsa;

/// <summary>The PSA itself: saving, changing and deleting records by its rules, whoever asks (API, technician page, seed).</summary>
internal sealed class Psa(PsaStore store, Views views, Settings settings)
{
    private readonly CustomFieldBinder _custom = new(views, settings);

    private readonly Dictionary<string, RecordRules> _rules = new(StringComparer.Ordinal)
    {
        ["tickets"] = new TicketRules(),
        ["notes"] = new NoteRules(),
        ["scheduleEntries"] = new ScheduleEntryRules(),
        ["timeEntries"] = new TimeEntryRules(),
        ["companies"] = new CompanyRules(),
        ["contacts"] = new ContactRules(),
        ["userDefinedFields"] = new UserDefinedFieldRules(),
        ["workflows"] = new WorkflowRules(),
        ["workflowEvents"] = new WorkflowEventRules(),
        ["workflowActions"] = new WorkflowActionRules(),
        ["callbacks"] = new CallbackRules(settings),
    };

    public PsaStore Store { get; } = store;

    public Views Views { get; } = views;

    public Settings Settings { get; } = settings;

    public int Create(string by, Resource resource, JsonObject input, int? parent) =>
        Store.Commit(by, change => Create(change, resource, input, parent));

    public int Create(Change change, Resource resource, JsonObject input, int? parent)
    {
        var rules = Rules(resource);
        input = Json.Copy(input);
        rules.Before(change, input, null);
        var body = new Binder(resource, rules, change, _custom).Bind(input, Parent(change, resource, parent), _ => true);
        foreach (var member in resource.Model.Members)
        {
            if (member is { Kind: MemberKind.Flag, WriteOnly: false, Many: false } && body[member.Name] is null) body[member.Name] = false;
        }

        rules.Complete(change, body, null);
        Strip(resource, body);
        var id = change.Add(resource.Table, body);
        rules.Saved(change, body, null, input);
        return id;
    }

    /// <summary>Applies a JSON patch.</summary>
    public void Patch(string by, Resource resource, int id, JsonNode? operations) => Store.Commit(by, change =>
    {
        var before = Existing(change, resource, id);
        var input = Json.Copy(Views.Build(resource, before));
        var named = JsonPatch.Apply(resource, operations, input);
        if (resource.Model.Custom is not null && Settings.Current.PatchNeedsCustomFields && !named.Contains("customFields"))
            throw PsaRefusal.Invalid(resource.ModelName, "InvalidField", "The customFields must be sent.", "customFields");
        Save(change, resource, before, input, member => named.Contains(member.Name));
        return id;
    });

    /// <summary>Replaces the whole record.</summary>
    public void Put(string by, Resource resource, int id, JsonObject input) => Store.Commit(by, change =>
    {
        Save(change, resource, Existing(change, resource, id), input, member => member.Kind != MemberKind.Custom || Json.Child(input, member.Name) is not null);
        return id;
    });

    public void Delete(string by, Resource resource, int id) => Store.Commit(by, change =>
    {
        Rules(resource).Deleting(change, Existing(change, resource, id));
        change.Remove(resource.Table, id);
        return id;
    });

    private void Save(Change change, Resource resource, JsonObject before, JsonObject input, Func<Member, bool> named)
    {
        var rules = Rules(resource);
        var id = Json.Int(before["id"])!.Value;
        rules.Before(change, input, before);
        var body = new Binder(resource, rules, change, _custom).Bind(input, before, named);
        rules.Complete(change, body, before);
        Strip(resource, body);
        change.Put(resource.Table, id, body);
        rules.Saved(change, body, before, input);
    }

    private RecordRules Rules(Resource resource) => _rules.GetValueOrDefault(resource.Table, RecordRules.None);

    private static JsonObject Existing(Change change, Resource resource, int id) =>
        change.Find(resource.Table, id) ?? throw PsaRefusal.NotFound(resource.Title, id);

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
