namespace Deskbridge.Connectors.ConnectWise.Psa;

internal sealed partial class ConnectWisePsaConnector : IReadsRules, IOffersDefaultRules, IAsksRules
{
    public async Task<RuleBook> ReadRulesAsync(CancellationToken cancel) =>
        _rules.Understand(await ReadSourceAsync(freshFields: false, cancel));

    public RuleBook DefaultRules() => _rules.Understand(PsaRuleSpecs.AsSource(_options));

    public RemoteTicket Blank => ParseTicket("""{"id":0}""");

    public RuleBook ParseRules(string body) => _rules.Understand(PsaRuleSource.Parse(body));

    public RemoteTicket Imagine(RemoteTicket ticket, IReadOnlyDictionary<string, RemoteRef?> values, bool? closed) =>
        PsaImagine.Ticket(ticket, values, closed, _markers);

    public RuleVerdict Evaluate(InboundEvent inbound, RemoteTicket ticket, MarkerAnswers markers, DateTimeOffset now) =>
        _rules.Of(inbound.Words).Evaluate(inbound, ticket, markers, now);

    public RuleVerdict Evaluate(InboundEvent inbound, RemoteTicket ticket, MarkerAnswers markers, EventAnswer? answer, DateTimeOffset now) =>
        _rules.Of(inbound.Words).Evaluate(inbound, ticket, markers, answer, now);

    public bool? Expects(InboundEvent inbound, RemoteTicket ticket, DateTimeOffset now) => _rules.Of(inbound.Words).Expects(inbound, ticket, now);

    public Task<IReadOnlyDictionary<string, DateTimeOffset?>> AskAsync(InboundEvent inbound, CancellationToken cancel) => new PsaRuleQuestion(_client).AskAsync(inbound, cancel);

    /// <summary>The rules with the fields they name. A condition that cannot be read may name a field that was made a moment ago.</summary>
    private async Task<PsaRuleSource> ReadSourceAsync(bool freshFields, CancellationToken cancel)
    {
        var source = await PsaRuleSource.ReadAsync(_client, _options, _installed, cancel);
        var reader = Reader;
        var unread = source.Events.Any(one => reader.PartsOf(one.Condition).Unreadable is not null);
        return source with { Fields = PsaTicketField.NamedIn(source, await _fields.ReadAsync(freshFields || unread, cancel)) };
    }
}
