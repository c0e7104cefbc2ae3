using System.Globalization;
using System.Text.Json.Nodes;
using Deskbridge.Connectors.Autotask.Filters;

namespace Deskbridge.Connectors.Autotask;

/// <summary>Resolves the settings against the instance's lists and holds the mapping of statuses to its law: what a state sets means that state again (engine.md §6.6). Pure.</summary>
/// <param name="options">The settings.</param>
/// <param name="schema">The instance's fields.</param>
/// <param name="companies">The companies that the settings name.</param>
/// <param name="nameOf">Names of the records that the filter means by their ids.</param>
/// <param name="filter">A filter in place of that of the settings; null for theirs.</param>
internal sealed class RuleSettings(AutotaskOptions options, TicketSchema schema, CompanyChoice companies, Func<string, long, string?>? nameOf = null, string? filter = null)
{
    private readonly List<RuleProblem> _problems = [];

    public RuleSource Resolve()
    {
        var compiled = new FilterCompiler(schema, nameOf).Compile(filter ?? options.QueryFilter);
        _problems.AddRange(compiled.Problems.Select(problem => new RuleProblem(RuleSource.RaiseRule, problem, Blocks: true)));
        _problems.AddRange(compiled.Warnings.Select(warning => new RuleProblem(RuleSource.RaiseRule, warning, Blocks: false)));
        _problems.AddRange(companies.Problems.Select(problem => new RuleProblem(RuleSource.RaiseRule, problem, Blocks: true)));

        var onAcknowledge = Settable(options.AcknowledgedStatus, "Status set when the alert is acknowledged");
        var onClose = Settable(options.ClosedStatus, "Status set when the alert is closed");
        var acknowledging = All(onAcknowledge, options.AcknowledgingStatuses, "Further statuses that acknowledge the alert");
        var closing = All(onClose, options.ClosingStatuses, "Further statuses that close the alert");
        if (schema.Label(TicketSchema.Status, TicketSchema.Complete) is { } complete && closing.TrueForAll(status => status.Id != Id(TicketSchema.Complete))) closing.Add(new(Id(TicketSchema.Complete), complete));
        foreach (var both in acknowledging.Where(status => closing.Exists(other => other.Id == status.Id)))
            _problems.Add(new(RuleSource.StatusRule, $"\"{both.Name}\" both acknowledges and closes the alert. Take it out of one of the two settings.", Blocks: true));

        return new(Raise(compiled), Words(compiled), acknowledging, closing, onAcknowledge, onClose, options.AgeHours, _problems);
    }

    private JsonObject? Raise(CompiledFilter compiled) => (compiled.Node, companies.Names.Count) switch
    {
        (null, _) => null,
        _ when companies.Problems.Count > 0 => null,
        ({ } node, 0) => node.ToJson(),
        ({ } node, _) => new JsonObject { ["op"] = "and", ["items"] = new JsonArray(AutotaskQuery.In("companyID", companies.Names.Keys.Order()), node.ToJson()) },
    };

    private IReadOnlyDictionary<string, IReadOnlyDictionary<string, string>> Words(CompiledFilter compiled)
    {
        if (companies.Names.Count == 0) return compiled.Words;
        const string Company = "companyID";
        var words = new SortedDictionary<string, IReadOnlyDictionary<string, string>>(compiled.Words.ToDictionary(), StringComparer.OrdinalIgnoreCase);
        var named = new SortedDictionary<string, string>((compiled.Words.GetValueOrDefault(Company) ?? new Dictionary<string, string>()).ToDictionary(), StringComparer.Ordinal);
        foreach (var (id, name) in companies.Names) named[Id(id)] = name;
        words[Company] = named;
        return words;
    }

    /// <summary>A status that is written must be offered; null with a problem when it is not, null without one when nothing is set.</summary>
    private RemoteRef? Settable(string name, string setting)
    {
        if (name.Length == 0) return null;
        var found = schema.Find(TicketSchema.Status, name);
        if (found is { Active: true }) return new(Id(found.Value), found.Label);
        _problems.Add(found is null ? Unknown(name, setting) : new(RuleSource.StatusRule, $"{setting}: \"{found.Label}\" is not active in Autotask, so no ticket can be given it. Choose another, or activate it there.", Blocks: true));
        return null;
    }

    private List<RemoteRef> All(RemoteRef? first, string further, string setting)
    {
        var all = new List<RemoteRef>();
        if (first is not null) all.Add(first);
        foreach (var name in StatusNames.Split(further))
        {
            if (schema.Find(TicketSchema.Status, name) is not { } found) _problems.Add(Unknown(name, setting));
            else if (!all.Exists(status => status.Id == Id(found.Value))) all.Add(new(Id(found.Value), found.Label));
        }

        return all;
    }

    private RuleProblem Unknown(string name, string setting) => new(
        RuleSource.StatusRule, $"{setting}: Autotask has no ticket status \"{name}\". It has {string.Join(", ", schema.Choices(TicketSchema.Status).Take(30).Select(status => $"\"{status.Label}\""))}.", Blocks: true);

    private static string Id(long value) => value.ToString(CultureInfo.InvariantCulture);
}

/// <summary>The companies that the settings name.</summary>
/// <param name="Names">Id to name; empty for all companies.</param>
/// <param name="Problems">Names that no company has, or several have.</param>
internal sealed record CompanyChoice(IReadOnlyDictionary<long, string> Names, IReadOnlyList<string> Problems)
{
    public static CompanyChoice Every { get; } = new(new Dictionary<long, string>(), []);

    /// <summary>Looks the companies up; no call when the settings name none.</summary>
    public static async Task<CompanyChoice> ReadAsync(AutotaskClient client, AutotaskOptions options, CancellationToken cancel)
    {
        var wanted = StatusNames.Split(options.Companies).Distinct(StringComparer.OrdinalIgnoreCase).ToList();
        if (wanted.Count == 0) return Every;
        var ids = wanted.Where(name => long.TryParse(name, NumberStyles.None, CultureInfo.InvariantCulture, out _)).Select(AutotaskMap.Number).ToList();
        var found = new List<(long Id, string Name)>();
        foreach (var batch in wanted.Chunk(AutotaskQuery.LargestList))
        {
            var byName = AutotaskQuery.Where("in", "companyName", new JsonArray([.. batch.Select(name => (JsonNode)name)]));
            var filter = ids.Count == 0 ? byName : AutotaskQuery.AnyOf(byName, AutotaskQuery.In("id", ids.Take(AutotaskQuery.LargestList)));
            found.AddRange(await client.ListAsync("Companies", new AutotaskQuery([filter], ["id", "companyName"]), row => (AutotaskMap.Id(row), AutotaskMap.NameOf(row)), cancel));
        }

        var names = new SortedDictionary<long, string>();
        var problems = new List<string>();
        foreach (var name in wanted)
        {
            var same = found.Where(company => company.Name.Equals(name, StringComparison.OrdinalIgnoreCase)).DistinctBy(company => company.Id).ToList();
            if (same.Count == 0) same = [.. found.Where(company => company.Id.ToString(CultureInfo.InvariantCulture) == name).DistinctBy(company => company.Id)];
            if (same.Count == 1) names[same[0].Id] = same[0].Name;
            else if (same.Count == 0) problems.Add($"Companies: the API user sees no company \"{name}\". Enter its whole name or its id, or grant the user CRM > Companies > View All.");
            else problems.Add($"Companies: {same.Count} companies are called \"{name}\". Enter the id of the one that is meant: {string.Join(", ", same.Select(company => company.Id))}.");
        }

        return new(names, problems);
    }
}
