namespace Deskbridge.Connectors.ConnectWise.Psa;

internal sealed partial class ConnectWisePsaConnector : IReadsRules, IOffersDefaultRules, IAsksRules
{
    public async Task<RuleBook> ReadRulesAsync(CancellationToken cancel) =>
        _rules.Understand(await PsaRuleSource.ReadAsync(_client, _options, _installed, cancel));

    public RuleBook DefaultRules() => _rules.Understand(PsaRuleSpecs.AsSource(_options));

    public RemoteTicket Blank => ParseTicket("""{"id":0}""");

    public RuleBook ParseRules(string body) => _rules.Understand(PsaRuleSource.Parse(body));

    public RemoteTicket Imagine(RemoteTicket ticket, IReadOnlyDictionary<string, RemoteRef?> values, bool? closed) =>
        PsaImagine.Ticket(ticket, values, closed, _markers);

    public RuleVerdict Evaluate(InboundEvent inbound, RemoteTicket ticket, MarkerAnswers markers, DateTimeOffset now) =>
        _rules.Evaluate(inbound, ticket, markers, now);

    public RuleVerdict Evaluate(InboundEvent inbound, RemoteTicket ticket, MarkerAnswers markers, EventAnswer? answer, DateTimeOffset now) =>
        _rules.Evaluate(inbound, ticket, markers, answer, now);

    public bool? Expects(InboundEvent inbound, RemoteTicket ticket, DateTimeOffset now) => _rules.Expects(inbound, ticket, now);

    public Task<IReadOnlyDictionary<string, DateTimeOffset?>> AskAsync(InboundEvent inbound, CancellationToken cancel) => new PsaRuleQuestion(_client).AskAsync(inbound, cancel);
}
