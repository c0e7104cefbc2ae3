using Deskbridge.Connectors.ConnectWise.Psa.Rules;

namespace Deskbridge.Connectors.ConnectWise.Psa;

/// <summary>Reads the workflow rules for an editor and writes one event back. The condition is written first, then actions are added, changed, removed.</summary>
internal sealed class PsaRuleEditor(PsaClient client, ConnectWisePsaOptions options, PsaRuleReader reader)
{
    private const string Workflows = "system/workflows";

    /// <summary>The rules with who changed their events last, at one call more per rule.</summary>
    public async Task<IReadOnlyList<RuleState>> ReadAsync(PsaRuleSource source, CancellationToken cancel)
    {
        (RuleSnapshot? Rule, string Name, string Purpose)[] rules =
        [
            (source.Trigger, options.TriggerRule, "Says which tickets become alerts."),
            (source.Update, options.UpdateRule, "Says when a ticket acknowledges or closes its alert."),
            (source.Write, options.WriteRule, "Says what an acknowledge or close changes in the ticket."),
        ];
        var states = new List<RuleState>();
        foreach (var (rule, name, purpose) in rules)
        {
            if (rule is null) continue;
            var stamps = (await client.ListAsync($"{Workflows}/{rule.Id}/events", PsaJson.Default.WorkflowEventDto, cancel)).ToDictionary(one => PsaMap.Number(one.Id), one => one.Info, StringComparer.Ordinal);
            states.Add(new(rule.Id, rule.Name, purpose, name, rule.Active, [.. rule.Events.Select(one => State(rule, one, stamps.GetValueOrDefault(one.Id)))]));
        }

        return states;
    }

    public async Task DeleteAsync(RuleEventState gone, CancellationToken cancel)
    {
        var path = Path(gone.RuleId, gone.Id);
        var condition = (await client.GetAsync(path, PsaJson.Default.WorkflowEventDto, cancel)).EventCondition ?? "";
        if (PsaRuleDraft.Version(condition, []) != gone.Version)
            throw new ConnectorConflictException($"Event {gone.Id} was changed in ConnectWise since it was opened. Nothing was deleted.");
        await client.DeleteAsync(path, cancel);
    }

    private static string Path(string ruleId, string eventId) => $"{Workflows}/{PsaMap.Number(ruleId)}/events/{PsaMap.Number(eventId)}";

    public async Task WriteAsync(RuleEventDraft draft, CancellationToken cancel)
    {
        Refuse(draft);
        var path = Path(draft.RuleId, draft.EventId);
        var condition = (await client.GetAsync(path, PsaJson.Default.WorkflowEventDto, cancel)).EventCondition ?? "";
        var actions = IsBare(draft, condition) ? [] : await PsaRuleSource.ReadActionsAsync(client, path, cancel);
        if (PsaRuleDraft.Version(condition, actions) != draft.Version)
            throw new ConnectorConflictException($"Event {draft.EventId} was changed in ConnectWise since it was opened. Nothing was written.");

        if (condition != draft.Condition)
        {
            var stored = PsaClient.Read(await client.PatchAsync(path, new PatchDocument().Value("eventCondition", draft.Condition), cancel), PsaJson.Default.WorkflowEventDto);
            if (stored.EventCondition != draft.Condition)
                throw new ConnectorRejectedException($"ConnectWise answered that event {draft.EventId} is changed, but its condition is \"{stored.EventCondition}\".");
        }

        foreach (var action in draft.Actions) await WriteAsync(action, actions, draft, path, cancel);
        foreach (var gone in actions.Where(there => !draft.Actions.Any(action => action.Id == there.Id)))
            await client.DeleteAsync($"{path}/actions/{gone.Id}", cancel);
    }

    /// <summary>Before anything is written: what could be written in part only, or not at all.</summary>
    private static void Refuse(RuleEventDraft draft)
    {
        foreach (var action in draft.Actions.Where(action => action.Kind is not null))
        {
            if (PsaActionKinds.Find(action) is not { } kind)
                throw new ConnectorRejectedException($"\"{action.Kind}\" is no kind of action. Use {string.Join(", ", PsaActionKinds.Offered.Select(offered => offered.Key))}.");
            if (kind.Values is not null && action.Value is { } value) _ = PsaMap.Number(value.Id);
        }

        if (draft.Actions.Where(action => action.Id is not null).GroupBy(action => action.Id, StringComparer.Ordinal).FirstOrDefault(same => same.Count() > 1) is { } twice)
            throw new ConnectorRejectedException($"The id {twice.Key} stands at {twice.Count()} actions. Nothing was written.");
    }

    private async Task WriteAsync(RuleActionState action, IReadOnlyList<ActionSnapshot> there, RuleEventDraft draft, string path, CancellationToken cancel)
    {
        var before = there.FirstOrDefault(one => one.Id == action.Id) is { } known ? PsaActionKinds.Of(known) : null;
        if (PsaActionKinds.Find(action) is not { } kind || (before is not null && before.Kind == action.Kind && before.Value?.Id == action.Value?.Id)) return;
        var value = action.Value?.Id ?? throw new ConnectorRejectedException($"The action \"{kind.Name}\" has no value. Choose one.", kind.Key);
        if (before is not null && before.Kind == action.Kind)
        {
            await client.PatchAsync($"{path}/actions/{before.Id}", kind.Patch(new PatchDocument(), value), cancel);
            return;
        }

        var types = await client.ListAsync($"{Workflows}/{PsaMap.Number(draft.RuleId)}/notifyTypes", PsaJson.Default.ReferenceDto, cancel);
        var type = PsaActionKinds.Offer(kind, types)
            ?? throw new ConnectorRejectedException($"ConnectWise offers no action \"{kind.Name}\" for this workflow rule. Remove it, or add it by hand under Setup Tables > General > Workflow Rules.", kind.Key);
        await client.PostAsync($"{path}/actions", kind.Fill(new WorkflowActionDto { NotifyType = new(type.Id) }, value), PsaJson.Default.WorkflowActionDto, cancel);
        if (before is not null) await client.DeleteAsync($"{path}/actions/{before.Id}", cancel);
    }

    /// <summary>An event whose actions are no business of ours, which were not read when it was opened either.</summary>
    private bool IsBare(RuleEventDraft draft, string condition) =>
        draft.Actions.Count == 0 && PsaRuleDraft.Version(condition, []) == draft.Version
        && Purpose(condition) is not (RuleEventPurpose.OnAcknowledge or RuleEventPurpose.OnClose);

    private RuleEventState State(RuleSnapshot rule, EventSnapshot one, InfoDto? stamp) => new(
        one.Id, rule.Id, rule.Name, Purpose(one.Condition), one.Condition, [.. one.Actions.Select(PsaActionKinds.Of)],
        PsaRuleDraft.Version(one.Condition, one.Actions), stamp?.UpdatedBy, PsaMap.Instant(stamp?.LastUpdated));

    private RuleEventPurpose Purpose(string condition) => (reader.PartsOf(condition).Parts ?? reader.PartsAround(condition))?.Role switch
    {
        RuleRole.Retrieval => RuleEventPurpose.Raises,
        RuleRole.Acknowledge => RuleEventPurpose.Acknowledges,
        RuleRole.Close => RuleEventPurpose.Closes,
        RuleRole.OutboundAcknowledge => RuleEventPurpose.OnAcknowledge,
        RuleRole.OutboundClose => RuleEventPurpose.OnClose,
        null => RuleEventPurpose.Unreadable,
        _ => RuleEventPurpose.Reserved,
    };
}
