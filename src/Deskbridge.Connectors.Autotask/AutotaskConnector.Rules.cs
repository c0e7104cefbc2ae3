using System.Text.Json.Nodes;

namespace Deskbridge.Connectors.Autotask;

internal sealed partial class AutotaskConnector : IReadsRules, IAsksRules
{
    private static readonly TimeSpan CompaniesKeptFor = TimeSpan.FromMinutes(30);
    private (CompanyChoice Choice, DateTimeOffset At)? _companies;

    public RemoteTicket Blank => ParseTicket("""{"id":0}""");

    public async Task<RuleBook> ReadRulesAsync(CancellationToken cancel)
    {
        var schema = await _schemas.ReadAsync(cancel);
        var now = _clock.GetUtcNow();
        if (_companies is not { } known || now - known.At > CompaniesKeptFor || known.Choice.Problems.Count > 0) _companies = known = (await CompanyChoice.ReadAsync(_client, _options, cancel), now);
        await _references.LearnAsync(_options.QueryFilter, cancel);
        var source = new RuleSettings(_options, schema, known.Choice, _references.Find).Resolve();
        if (source.Problems.Any(problem => problem.Blocks)) source = new RuleSettings(_options, await _schemas.ReadFreshAsync(cancel), known.Choice, _references.Find).Resolve(); // the value may have been added a moment ago
        return source.ToBook();
    }

    public RuleBook ParseRules(string body) => RuleSource.Parse(body).ToBook();

    public RemoteTicket Imagine(RemoteTicket ticket, IReadOnlyDictionary<string, RemoteRef?> values, bool? closed)
    {
        var record = JsonNode.Parse(ticket.Body)!.AsObject();
        var kept = record[AutotaskMap.Words]?.AsObject() ?? [];
        record.Remove(AutotaskMap.Words);
        var names = kept["names"]?.DeepClone().AsObject() ?? [];
        foreach (var (field, value) in values.Where(value => !TicketFields.IsMarker(value.Key)))
        {
            var wire = WireName(field);
            record[wire] = value is null || value.Id == AutotaskMap.NoQueue.Id ? null : AutotaskMap.Number(value.Id);
            names[wire] = value?.Name;
        }

        var words = new TicketWords(names.Where(name => name.Value is not null).ToDictionary(name => name.Key, name => name.Value!.GetValue<string>()), closed ?? ticket.Closed);
        return AutotaskMap.ToTicket(System.Text.Json.JsonElement.Parse(record.ToJsonString()), words);
    }

    public RuleVerdict Evaluate(InboundEvent inbound, RemoteTicket ticket, MarkerAnswers markers, DateTimeOffset now) => _rules.Evaluate(inbound, ticket, Window, now);

    public RuleVerdict Evaluate(InboundEvent inbound, RemoteTicket ticket, MarkerAnswers markers, EventAnswer? answer, DateTimeOffset now) => AutotaskRules.Evaluate(inbound, ticket, answer, Window, now);

    public bool? Expects(InboundEvent inbound, RemoteTicket ticket, DateTimeOffset now) => _rules.Expects(inbound, ticket, Window, now);

    public async Task<IReadOnlyDictionary<string, DateTimeOffset?>> AskAsync(InboundEvent inbound, CancellationToken cancel)
    {
        var now = _clock.GetUtcNow() + (ClockOffset ?? TimeSpan.Zero);
        var matching = await _client.ListAsync("Tickets", AutotaskRules.Question(inbound, Window, now), row => AutotaskMap.ToTicket(row, new TicketWords(new Dictionary<string, string>(), false)), cancel);
        return matching.ToDictionary(ticket => ticket.Id, ticket => (DateTimeOffset?)ticket.UpdatedAt, StringComparer.Ordinal);
    }

    private TimeSpan Window => TimeSpan.FromHours(_options.AgeHours);
}
