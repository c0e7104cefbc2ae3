namespace Deskbridge.Connectors.ConnectWise.Psa;

internal sealed partial class ConnectWisePsaConnector : IWritesRules
{
    public RuleLanguage Language => RuleLanguage.Words;

    public IReadOnlyList<RuleField> RuleFields => new PsaRuleVocabulary(_fields.Known).Fields;

    public IReadOnlyList<RuleActionKind> RuleActionKinds => PsaActionKinds.Offered;

    public async Task<RuleDesk> ReadForEditingAsync(CancellationToken cancel)
    {
        var source = await ReadSourceAsync(freshFields: true, cancel);
        return new RuleDesk(_rules.Understand(source), await Editor.ReadAsync(source, cancel));
    }

    public ConditionReading ReadCondition(RuleEventState edited, string condition) => PsaConditionCheck.Read(Reader, new(_fields.Known), edited, condition);

    public Task LearnRuleFieldsAsync(CancellationToken cancel) => _fields.ReadAsync(now: false, cancel);

    public RuleBook Imagine(string body, RuleEventDraft draft)
    {
        var source = PsaRuleDraft.Apply(PsaRuleSource.Parse(body), draft);
        var known = _fields.Known.Concat(source.Fields ?? []).DistinctBy(field => field.Caption, StringComparer.OrdinalIgnoreCase);
        return _rules.Understand(source with { Fields = PsaTicketField.NamedIn(source, known) });
    }

    public Task WriteRuleEventAsync(RuleEventDraft draft, CancellationToken cancel) => Editor.WriteAsync(draft, cancel);

    public Task<ProvisionedObject> CopyRuleEventAsync(RuleEventState like, CancellationToken cancel) => PsaRuleSetup.CopyEventAsync(_client, like, cancel);

    public Task DeleteRuleEventAsync(RuleEventState gone, CancellationToken cancel) => Editor.DeleteAsync(gone, cancel);

    public async Task<IReadOnlyList<RuleValue>> ReadRuleValuesAsync(string values, CancellationToken cancel) =>
        PsaRuleVocabulary.OptionsOf(_fields.Known, values) ?? await new PsaRuleValues(_client).ReadAsync(values, cancel);

    public Task<IReadOnlyList<RuleTemplate>> FillTemplatesAsync(RuleEventState edited, Func<string, Task<IReadOnlyList<RuleValue>>> values) =>
        new PsaRuleTemplates(_options, Reader).FillAsync(edited, values);

    private PsaRuleEditor Editor => new(_client, _options, Reader);
}
