using System.Collections.Concurrent;
using System.Text.Json;
using System.Text.Json.Nodes;
using Deskbridge.Connectors.Autotask.Filters;

namespace Deskbridge.Connectors.Autotask;

/// <summary>Evaluates the events of a rule book on tickets, here and by what Autotask answered. Pure.</summary>
internal sealed class AutotaskRules
{
    /// <summary>Clocks differ by up to this, so what turns about now is not told.</summary>
    private static readonly TimeSpan Slack = TimeSpan.FromMinutes(1);

    private readonly ConcurrentDictionary<InboundEventKind, Ready> _ready = new();
    private Known? _last;

    public RuleVerdict Evaluate(InboundEvent inbound, RemoteTicket ticket, TimeSpan window, DateTimeOffset now)
    {
        var (holds, trace) = ReadyOf(inbound).Evaluate(RecordOf(ticket));
        return Verdict(inbound, ticket, window, now, holds, trace);
    }

    public static RuleVerdict Evaluate(InboundEvent inbound, RemoteTicket ticket, EventAnswer? answer, TimeSpan window, DateTimeOffset now)
    {
        var matched = answer?.Matched.ContainsKey(ticket.Id) == true;
        var why = answer is null ? "not known yet: Autotask is asked at the next poll"
            : !answer.Knows(ticket) ? "not known yet: the ticket changed about when Autotask was asked, or since; it is asked again at the next poll"
            : !matched && ticket.EnteredAt < answer.AskedAt - window + Slack ? "not known: Autotask is asked about tickets inside the age limit only"
            : null;
        var said = why ?? $"Autotask was asked at {answer!.AskedAt.UtcDateTime:yyyy-MM-dd HH:mm:ss} UTC and {(matched ? "matches" : "does not match")} the ticket";
        var clause = new ClauseTrace(inbound.Said ?? inbound.Condition, matched && why is null, said) { IsUnknown = why is not null, Decides = true };
        return Verdict(inbound, ticket, window, now, matched && why is null, [clause]) with { IsUnknown = why is not null };
    }

    /// <summary>Whether Autotask should match a ticket when it is asked with <see cref="Question"/>; null where the age limit turns it about now.</summary>
    public bool? Expects(InboundEvent inbound, RemoteTicket ticket, TimeSpan window, DateTimeOffset now) =>
        ticket.EnteredAt < now - window + Slack ? null : ReadyOf(inbound).Evaluate(RecordOf(ticket)).Holds;

    /// <summary>The query for the tickets that an event matches. Bounded by the age limit: nobody asks for every ticket that was ever completed.</summary>
    public static AutotaskQuery Question(InboundEvent inbound, TimeSpan window, DateTimeOffset now) => new(
        [JsonNode.Parse(inbound.Condition)!.AsObject(), AutotaskQuery.Where("gte", "createDate", AutotaskQuery.At(now - window))],
        ["id", "createDate", "lastActivityDate", "lastTrackedModificationDateTime"]);

    /// <summary>The age limit bounds what raises; an alert that is there is followed however old its ticket is.</summary>
    private static RuleVerdict Verdict(InboundEvent inbound, RemoteTicket ticket, TimeSpan window, DateTimeOffset now, bool holds, IReadOnlyList<ClauseTrace> trace)
    {
        if (inbound.Kind != InboundEventKind.Raise) return new(holds, InAgeWindow: true, ChangesAt: null, trace);
        var young = ticket.EnteredAt >= now - window;
        var age = new ClauseTrace($"created in the last {window.TotalHours:0.##} hours", young, $"{ticket.EnteredAt.UtcDateTime:yyyy-MM-dd HH:mm} UTC");
        return new(holds, young, young && ticket.EnteredAt > DateTimeOffset.UnixEpoch ? ticket.EnteredAt + window : null, [.. trace, age]);
    }

    /// <summary>A book has one event of each kind; its text is read once and not at each ticket.</summary>
    private Ready ReadyOf(InboundEvent inbound)
    {
        if (_ready.TryGetValue(inbound.Kind, out var known) && known.Condition == inbound.Condition && known.Words == inbound.Words) return known;
        var node = FilterText.Read(inbound.Condition, out var problems) ?? throw new ArgumentException($"The condition of event {inbound.Id} cannot be read: {string.Join(' ', problems)}", nameof(inbound));
        return _ready[inbound.Kind] = new Ready(inbound.Condition, inbound.Words, node, new FilterEvaluator(RuleSource.ParseWords(inbound.Words)));
    }

    private JsonElement RecordOf(RemoteTicket ticket)
    {
        if (_last is { } last && ReferenceEquals(last.Ticket, ticket)) return last.Record;
        var record = JsonElement.Parse(ticket.Body);
        _last = new Known(ticket, record);
        return record;
    }

    /// <summary>The three events of a book look at one ticket after each other.</summary>
    private sealed record Known(RemoteTicket Ticket, JsonElement Record);

    private sealed record Ready(string Condition, string Words, FilterNode Node, FilterEvaluator Evaluator)
    {
        public (bool Holds, IReadOnlyList<ClauseTrace> Trace) Evaluate(JsonElement record) => Evaluator.Evaluate(Node, record);
    }
}
