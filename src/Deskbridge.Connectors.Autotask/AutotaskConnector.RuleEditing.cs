using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Deskbridge.Connectors.Autotask.Filters;

namespace Deskbridge.Connectors.Autotask;

/// <summary>The Query Filter, edited by labels (T10). The setting holds it: Autotask has no place for it.</summary>
internal sealed partial class AutotaskConnector : IKeepsRulesInSettings
{
    private const string RuleKey = "query-filter";

    public string Setting => nameof(AutotaskOptions.QueryFilter);

    public RuleLanguage Language => RuleLanguage.Json;

    public IReadOnlyList<RuleField> RuleFields => Vocabulary.Fields;

    public IReadOnlyList<RuleActionKind> RuleActionKinds => [];

    public async Task<RuleDesk> ReadForEditingAsync(CancellationToken cancel)
    {
        var book = await ReadRulesAsync(cancel);
        var filter = _options.QueryFilter;
        var version = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(filter)))[..16];
        var raises = new RuleEventState(RuleSource.RaiseId, RuleKey, RuleSource.RaiseRule, RuleEventPurpose.Raises, Reading.Read(filter).Condition, [], version, null, null);
        var bound = _options.Companies.Length > 0 ? $" Only tickets of these companies count, as the settings say: {_options.Companies}." : "";
        return new(book, [new(RuleKey, RuleSource.RaiseRule, $"Says which tickets raise an alert.{bound}", RuleSource.RaiseRule, Active: false, [raises])]);
    }

    public ConditionReading ReadCondition(RuleEventState edited, string condition) => Reading.Read(condition);

    public RuleBook Imagine(string body, RuleEventDraft draft) => new RuleSettings(_options, Schema, _companies?.Choice ?? CompanyChoice.Every, _references.Find, draft.Condition).Resolve().ToBook();

    public Task LearnNamesAsync(string condition, CancellationToken cancel) => _references.LearnAsync(condition, cancel);

    public Task LearnRuleFieldsAsync(CancellationToken cancel) => _schemas.ReadAsync(cancel);

    public async Task<IReadOnlyList<RuleValue>> ReadRuleValuesAsync(string values, CancellationToken cancel) => values switch
    {
        FilterVocabulary.Companies => [.. (await _client.ListAsync("Companies", new AutotaskQuery([], ["id", "companyName"]), row => new RuleValue(Written(AutotaskMap.Id(row)), AutotaskMap.NameOf(row), ""), cancel)).OrderBy(value => value.Name, StringComparer.OrdinalIgnoreCase)],
        FilterVocabulary.Resources => [.. (await ReadMembersAsync(cancel)).Select(member => new RuleValue(member.Id, member.Name, "")).OrderBy(value => value.Name, StringComparer.OrdinalIgnoreCase)],
        _ => new FilterVocabulary(await _schemas.ReadAsync(cancel)).ValuesOf(values) ?? [],
    };

    public Task<IReadOnlyList<RuleTemplate>> FillTemplatesAsync(RuleEventState edited, Func<string, Task<IReadOnlyList<RuleValue>>> values)
    {
        var urgent = Schema.Find(TicketSchema.Priority, "Critical") ?? Schema.Find(TicketSchema.Priority, "1");
        JsonObject isNew = AutotaskQuery.Where("eq", TicketSchema.Status, 1), isOpen = AutotaskQuery.Where("noteq", TicketSchema.Status, TicketSchema.Complete);
        return Task.FromResult<IReadOnlyList<RuleTemplate>>(
        [
            Template("new", "New tickets", [], isNew),
            Template("urgent", "New tickets of the highest priority", urgent is null ? ["a priority \"Critical\""] : [], isNew, AutotaskQuery.Where("eq", TicketSchema.Priority, urgent?.Value)),
            Template("unassigned", "Open tickets that nobody has", [], isOpen, new JsonObject { ["op"] = "notExist", ["field"] = "assignedResourceID" }),
        ]);
    }

    private TicketSchema Schema => _schemas.Known ?? TicketSchema.Empty;

    private FilterVocabulary Vocabulary => new(Schema);

    private FilterReading Reading => new(Schema, Vocabulary, _references.Find);

    private RuleTemplate Template(string key, string name, IReadOnlyList<string> missing, params JsonObject[] all)
    {
        var filter = all.Length == 1 ? all[0] : new JsonObject { ["op"] = "and", ["items"] = new JsonArray([.. all.Select(one => one.DeepClone())]) };
        return new(key, name, Reading.Read(filter.ToJsonString()).Condition, [], missing);
    }

    private static string Written(long id) => id.ToString(System.Globalization.CultureInfo.InvariantCulture);
}
