using Deskbridge.Connectors;

namespace Deskbridge.Core.Connections.Rules;

/// <summary>
/// The one door to both evaluators (engine.md §6.9): an event is judged by the remote system's last answer where that was chosen for it,
/// and here everywhere else. Pure.
/// </summary>
/// <param name="reader">Evaluates here.</param>
/// <param name="asked">Remote ids of the events that the remote system is asked about.</param>
/// <param name="answers">Its last answers, by event.</param>
internal sealed class RuleJudge(IReadsRules reader, IEnumerable<string> asked, IReadOnlyDictionary<string, EventAnswer> answers)
{
    private readonly HashSet<string> _asked = new(asked, StringComparer.Ordinal);

    /// <summary>Everything is evaluated here; what cannot be is unknown.</summary>
    public static RuleJudge Here(IReadsRules reader) => new(reader, [], new Dictionary<string, EventAnswer>());

    /// <summary>The verdict on one event's ticket part.</summary>
    public RuleVerdict Evaluate(InboundEvent inbound, RemoteTicket ticket, MarkerAnswers markers, DateTimeOffset now) =>
        _asked.Contains(inbound.Id) && reader is IAsksRules asks
            ? asks.Evaluate(inbound, ticket, markers, answers.GetValueOrDefault(inbound.Id), now)
            : reader.Evaluate(inbound, ticket, markers, now);
}
