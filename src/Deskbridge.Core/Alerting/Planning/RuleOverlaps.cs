using Deskbridge.Connectors;

namespace Deskbridge.Core.Alerting.Planning;

/// <summary>
/// Inbound events of which one never gets its turn, for wherever it matches another does too: nothing is undone by it, but whoever wrote the
/// rules meant something else. Rules that overlap on some tickets only are told nothing: that is what "closed wins over acknowledged" is for. Pure.
/// </summary>
internal static class RuleOverlaps
{
    /// <summary>What never gets its turn, as warnings.</summary>
    /// <param name="book">The rules.</param>
    /// <param name="evaluator">Evaluates them; only its pure members are used.</param>
    /// <param name="samples">Open tickets to try them on; each board's closed statuses are tried as well.</param>
    /// <param name="flows">Which state changes flow.</param>
    /// <param name="now">On the remote's clock.</param>
    public static IReadOnlyList<RuleProblem> Find(RuleBook book, IReadsRules evaluator, IReadOnlyList<LawSample> samples, StatusFlows flows, DateTimeOffset now)
    {
        var tickets = samples.Concat(samples.DistinctBy(sample => sample.Board.Id).SelectMany(sample => ClosedOf(sample, evaluator))).ToList();
        var matching = Enum.GetValues<InboundEventKind>().ToDictionary(kind => kind, _ => new HashSet<LawSample>(ReferenceEqualityComparer.Instance));
        foreach (var ticket in tickets)
        {
            foreach (var inbound in book.Inbound.Where(inbound => Holds(inbound, ticket.Ticket, evaluator, now))) matching[inbound.Kind].Add(ticket);
        }

        var (raises, acknowledges, closes) = (matching[InboundEventKind.Raise], matching[InboundEventKind.Acknowledge], matching[InboundEventKind.Close]);
        if (!flows.HasFlag(StatusFlows.TicketAcknowledges)) acknowledges = [];
        if (!flows.HasFlag(StatusFlows.TicketCloses)) closes = [];
        string Rule(InboundEventKind kind) => book.Inbound.First(inbound => inbound.Kind == kind).Rule;

        var found = new List<RuleProblem>();
        if (raises.Count > 0 && raises.All(ticket => ticket.Ticket.Closed || closes.Contains(ticket)))
            found.Add(new(Rule(InboundEventKind.Raise), $"It matches {Shown(raises)} only, where a ticket is closed or its alert would be closed at once: no ticket ever raises an alert. Change the condition that raises, or the one that closes.", Blocks: false));
        else if (raises.Count > 0 && raises.Where(ticket => !ticket.Ticket.Closed).All(acknowledges.Contains))
            found.Add(new(Rule(InboundEventKind.Raise), $"It matches {Shown(raises)} only, where the acknowledging event of rule \"{Rule(InboundEventKind.Acknowledge)}\" matches too: alerts page all the same, and the ticket acknowledges none before it has left that condition and come back to it. Change one of the two.", Blocks: false));
        if (acknowledges.Count > 0 && acknowledges.IsSubsetOf(closes))
            found.Add(new(Rule(InboundEventKind.Acknowledge), $"The acknowledging event matches {Shown(acknowledges)} only, where the closing event matches too. A close wins, so no ticket ever acknowledges an alert. Change one of the two.", Blocks: false));
        return found;
    }

    private static bool Holds(InboundEvent inbound, RemoteTicket ticket, IReadsRules evaluator, DateTimeOffset now) =>
        evaluator.Evaluate(inbound, ticket, new MarkerAnswers(inbound.Kind != InboundEventKind.Raise, "", ""), now).Holds;

    private static IEnumerable<LawSample> ClosedOf(LawSample sample, IReadsRules evaluator) =>
        from status in sample.Statuses
        where status.Closed
        let shown = new RemoteRef(status.Id, status.Name)
        select new LawSample(sample.Source, evaluator.Imagine(sample.Ticket, new Dictionary<string, RemoteRef?> { [TicketFields.Status] = shown }, closed: true), sample.Board, shown, sample.Statuses);

    private static string Shown(IEnumerable<LawSample> tickets) =>
        string.Join(" or ", tickets.Select(ticket => $"\"{ticket.Status.Name}\"").Distinct(StringComparer.Ordinal).Take(3));
}
