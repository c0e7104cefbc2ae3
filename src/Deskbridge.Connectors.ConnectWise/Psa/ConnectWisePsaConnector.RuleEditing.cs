namespace Deskbridge.Connectors.ConnectWise.Psa;

internal sealed partial class ConnectWisePsaConnector : IEditsRules
{
    public IReadOnlyList<RuleField> RuleFields => PsaRuleVocabulary.Fields;

    public IReadOnlyList<RuleActionKind> RuleActionKinds => PsaActionKinds.Offered;

    public async Task<RuleDesk> ReadForEditingAsync(CancellationToken cancel)
    {
        var source = await PsaRuleSource.ReadAsync(_client, _options, _installed, cancel);
        return new RuleDesk(_rules.Understand(source), await Editor.ReadAsync(source, cancel));
    }

    public ConditionReading ReadCondition(RuleEventState edited, string condition) => PsaConditionCheck.Read(_rules, edited, condition);

    public RuleBook Imagine(string body, RuleEventDraft draft) => _rules.Understand(PsaRuleDraft.Apply(PsaRuleSource.Parse(body), draft));

    public Task WriteRuleEventAsync(RuleEventDraft draft, CancellationToken cancel) => Editor.WriteAsync(draft, cancel);

    public Task<IReadOnlyList<RuleValue>> ReadRuleValuesAsync(string values, CancellationToken cancel) => new PsaRuleValues(_client).ReadAsync(values, cancel);

    public Task<IReadOnlyList<RuleTemplate>> FillTemplatesAsync(RuleEventState edited, Func<string, Task<IReadOnlyList<RuleValue>>> values) =>
        new PsaRuleTemplates(_options, _rules).FillAsync(edited, values);

    private PsaRuleEditor Editor => new(_client, _options, _rules);
}
