namespace Deskbridge.Connectors;

/// <summary>
/// Has the remote system itself say which tickets an event of its rules matches (engine.md §6.9): the second evaluator, for a clause that
/// <see cref="IReadsRules.Evaluate"/> cannot read or reads otherwise.
/// </summary>
public interface IAsksRules
{
    /// <summary>Asks for the tickets that match the whole condition now. One call.</summary>
    /// <param name="inbound">The event.</param>
    /// <param name="cancel">Ends the call.</param>
    /// <returns>Remote ids of the tickets, each with the time of its last change where the answer tells it.</returns>
    Task<IReadOnlyDictionary<string, DateTimeOffset?>> AskAsync(InboundEvent inbound, CancellationToken cancel);

    /// <summary>
    /// What an answer says about one ticket's ticket part. Unknown where the ticket changed after the question, and where a marker clause or
    /// the fixed age clause alone explains that the ticket is not among those that match. Pure.
    /// </summary>
    /// <param name="inbound">The event.</param>
    /// <param name="ticket">The ticket.</param>
    /// <param name="markers">What the link knows.</param>
    /// <param name="answer">The last answer; null when there is none yet.</param>
    /// <param name="now">The instant on the remote's clock.</param>
    RuleVerdict Evaluate(InboundEvent inbound, RemoteTicket ticket, MarkerAnswers markers, EventAnswer? answer, DateTimeOffset now);

    /// <summary>
    /// Whether a ticket should be among those that match, by the local reading of the whole condition and the ticket's own markers; null when
    /// that cannot be said, because a clause cannot be read or time turns it about now. Pure.
    /// </summary>
    /// <param name="inbound">The event.</param>
    /// <param name="ticket">The ticket.</param>
    /// <param name="now">The instant on the remote's clock.</param>
    bool? Expects(InboundEvent inbound, RemoteTicket ticket, DateTimeOffset now);
}

/// <summary>The remote system's answer to one event.</summary>
/// <param name="AskedAt">When the question was sent, on the remote's clock.</param>
/// <param name="Matched">The tickets that match, by remote id, with the time of their last change where it is known.</param>
public sealed record EventAnswer(DateTimeOffset AskedAt, IReadOnlyDictionary<string, DateTimeOffset?> Matched)
{
    /// <summary>How well two clocks are compared by the dates of HTTP answers, and how coarse the times of changes are.</summary>
    public static TimeSpan Precision { get; } = TimeSpan.FromSeconds(2);

    /// <summary>Whether the answer was made of the ticket as it was last seen.</summary>
    /// <param name="ticket">The ticket.</param>
    public bool Knows(RemoteTicket ticket) =>
        Matched.TryGetValue(ticket.Id, out var changed) && changed is { } then ? then == ticket.UpdatedAt : ticket.UpdatedAt < AskedAt - Precision;
}
