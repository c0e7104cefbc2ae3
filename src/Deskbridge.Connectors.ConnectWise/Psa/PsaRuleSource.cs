using System.Text.Json;
using System.Text.Json.Serialization;

namespace Deskbridge.Connectors.ConnectWise.Psa;

/// <summary>The rules as read, before they are understood; kept as the text of a rule book.</summary>
internal sealed record PsaRuleSource(RuleSnapshot? Trigger, RuleSnapshot? Update, RuleSnapshot? Write)
{
    private const string Workflows = "system/workflows";

    /// <summary>The instance's own custom fields that the conditions name; null for none, so that the text of rules without them stays the same.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<PsaTicketField>? Fields { get; init; }

    /// <summary>The events of all rules.</summary>
    [JsonIgnore]
    public IEnumerable<EventSnapshot> Events => new[] { Trigger, Update, Write }.OfType<RuleSnapshot>().SelectMany(rule => rule.Events);

    /// <summary>What SIGNL4's own presets put behind the names of its rules (requirements S30, S31).</summary>
    private const string Advice = " (leave deactivated)";

    /// <summary>Equal rules give equal text: events and actions stand in id order.</summary>
    public string ToText() => JsonSerializer.Serialize(this, PsaRuleJson.Default.PsaRuleSource);

    public static PsaRuleSource Parse(string text) =>
        JsonSerializer.Deserialize(text, PsaRuleJson.Default.PsaRuleSource) ?? new(null, null, null);

    /// <summary>Reads the three rules by their installed ids, or by name where none is installed or the installed one is gone.</summary>
    public static async Task<PsaRuleSource> ReadAsync(
        PsaClient client, ConnectWisePsaOptions options, IReadOnlyDictionary<string, string> installed, CancellationToken cancel) => new(
            await ReadRuleAsync(client, options.TriggerRule, installed.GetValueOrDefault(PsaRoles.TriggerRule), withActions: false, cancel),
            await ReadRuleAsync(client, options.UpdateRule, installed.GetValueOrDefault(PsaRoles.UpdateRule), withActions: false, cancel),
            await ReadRuleAsync(client, options.WriteRule, installed.GetValueOrDefault(PsaRoles.WriteRule), withActions: true, cancel));

    public static async Task<WorkflowDto?> FindRuleAsync(PsaClient client, string name, string? installedId, CancellationToken cancel)
    {
        if (installedId is not null)
        {
            try
            {
                return await client.GetAsync($"{Workflows}/{PsaMap.Number(installedId)}", PsaJson.Default.WorkflowDto, cancel);
            }
            catch (ConnectorNotFoundException)
            {
                // Deleted and perhaps made anew under its name.
            }
        }

        var found = await client.ListAsync(Workflows, PsaJson.Default.WorkflowDto, cancel, new Conditions().Contains("name", name));
        return found.Where(rule => IsCalled(rule, name)).MinBy(rule => rule.Id) ?? found.Where(rule => IsCalled(rule, name + Advice)).MinBy(rule => rule.Id);
    }

    private static bool IsCalled(WorkflowDto rule, string name) => string.Equals(rule.Name, name, StringComparison.OrdinalIgnoreCase);

    /// <summary>A rule with its events, and with their actions if asked for at one more call per event; null when there is none of this id or name.</summary>
    public static async Task<RuleSnapshot?> ReadRuleAsync(PsaClient client, string name, string? installedId, bool withActions, CancellationToken cancel)
    {
        if (await FindRuleAsync(client, name, installedId, cancel) is not { Id: { } id } rule)
        {
            return null;
        }

        var events = new List<EventSnapshot>();
        foreach (var read in (await client.ListAsync($"{Workflows}/{id}/events", PsaJson.Default.WorkflowEventDto, cancel)).OrderBy(read => read.Id))
        {
            var actions = withActions ? await ReadActionsAsync(client, $"{Workflows}/{id}/events/{read.Id}", cancel) : [];
            events.Add(new(PsaMap.Number(read.Id), read.EventCondition ?? "", actions));
        }

        return new(PsaMap.Number(id), rule.Name ?? name, rule.ActivateFlag == true, events);
    }

    /// <summary>The actions of an event, in id order.</summary>
    public static async Task<IReadOnlyList<ActionSnapshot>> ReadActionsAsync(PsaClient client, string eventPath, CancellationToken cancel)
    {
        var actions = await client.ListAsync($"{eventPath}/actions", PsaJson.Default.WorkflowActionDto, cancel);
        return [.. actions.OrderBy(action => action.Id).Select(action => new ActionSnapshot(
            PsaMap.Number(action.Id),
            action.NotifyType?.Name ?? action.NotifyType?.Identifier ?? "",
            Target(action.BoardStatus),
            Target(action.ServicePriority)) { More = More(action) })];

        static RemoteRef? Target(ReferenceDto? reference) => reference?.Id is { } target ? new(PsaMap.Number(target), reference.Name ?? reference.Identifier ?? "") : null;

        static MoreTargets? More(WorkflowActionDto action)
        {
            var more = new MoreTargets
            {
                Board = Target(action.Board),
                Type = Target(action.ServiceType),
                SubType = Target(action.ServiceSubType),
                Item = Target(action.ServiceItem),
                Team = Target(action.SpecificTeamTo),
                Member = Target(action.SpecificMemberTo),
                BecomesOwner = action.UpdateOwnerFlag == true ? true : null,
                Note = string.IsNullOrWhiteSpace(action.Notes) ? null : action.Notes.Trim(),
                Discussion = action.DetailNotesFlag == true ? true : null,
                Internal = action.InternalNotesFlag == true ? true : null,
            };
            return more.IsNone ? null : more;
        }
    }
}

internal sealed record RuleSnapshot(string Id, string Name, bool Active, IReadOnlyList<EventSnapshot> Events);

internal sealed record EventSnapshot(string Id, string Condition, IReadOnlyList<ActionSnapshot> Actions);

internal sealed record ActionSnapshot(string Id, string Type, RemoteRef? Status, RemoteRef? Priority)
{
    /// <summary>What it sets beside status and priority; left out of the text where there is nothing, so that the text of older rules stays the same.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public MoreTargets? More { get; init; }
}

/// <summary>Further targets of an action.</summary>
internal sealed record MoreTargets
{
    public RemoteRef? Board { get; init; }

    public RemoteRef? Type { get; init; }

    public RemoteRef? SubType { get; init; }

    public RemoteRef? Item { get; init; }

    public RemoteRef? Team { get; init; }

    public RemoteRef? Member { get; init; }

    public bool? BecomesOwner { get; init; }

    public string? Note { get; init; }

    public bool? Discussion { get; init; }

    public bool? Internal { get; init; }

    /// <summary>Nothing that could be set or added; flags alone say nothing.</summary>
    [JsonIgnore]
    public bool IsNone => Board is null && Type is null && SubType is null && Item is null && Team is null && Member is null && Note is null;
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, UseStringEnumConverter = true)]
[JsonSerializable(typeof(PsaRuleSource))]
[JsonSerializable(typeof(IReadOnlyList<PsaTicketField>))]
internal sealed partial class PsaRuleJson : JsonSerializerContext;
