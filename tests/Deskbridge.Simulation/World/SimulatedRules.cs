using Deskbridge.Connectors;
using Deskbridge.Core.Common;

namespace Deskbridge.Simulation.World;

/// <summary>The rules of a simulated PSA and their evaluator: conditions are words that this class knows.</summary>
internal sealed class SimulatedRules
{
    public const string StatusIsNew = "status is New";
    public const string WaitsTooLong = "status is Waiting and age is more than 4 hours";
    public const string StatusIsNewAndNotRetrieved = "status is New and not (retrieved is true)";
    public const string StatusIsWaiting = "status is Waiting";
    public const string StatusIsInProgress = "status is In Progress";
    public const string IsClosed = "ticket is closed";

    /// <summary>What an administrator does to the rules: most changes are lawful, one breaks a law of engine.md §6.6, one cannot be read.</summary>
    public static IReadOnlyList<(string Name, Action<SimulatedRules> Change)> Changes { get; } =
    [
        ("has the first rules again", rules => rules.Reset()),
        ("raises whatever waits", rules => rules.Reset([new("e5", InboundEventKind.Raise, "Trigger", StatusIsWaiting)])),
        ("acknowledges nothing from the ticket", rules => rules.Inbound.RemoveAll(inbound => inbound.Kind == InboundEventKind.Acknowledge)),
        ("acknowledges to In Progress", rules => rules.OnAcknowledge = new("11", SimulatedPsa.InProgress)),
        ("acknowledges to New, which raises", rules => rules.OnAcknowledge = new("10", SimulatedPsa.New)),
        ("has a clause that nobody can read", rules => rules.Unreadable = "phase of the moon"),
    ];

    public static TimeSpan TooLong { get; } = TimeSpan.FromHours(4);

    public static TimeSpan AgeWindow { get; } = TimeSpan.FromHours(360);

    private static readonly InboundEvent[] First =
    [
        new("e1", InboundEventKind.Raise, "Trigger", StatusIsNew),
        new("e2", InboundEventKind.Raise, "Trigger", WaitsTooLong),
        new("e3", InboundEventKind.Acknowledge, "Update", StatusIsInProgress),
        new("e4", InboundEventKind.Close, "Update", IsClosed),
    ];

    public List<InboundEvent> Inbound { get; } = [.. First];

    /// <summary>Written by id and name, as the first board has them.</summary>
    public RemoteRef OnAcknowledge
    {
        get => EverOnAcknowledge[^1];
        set => EverOnAcknowledge.Add(value);
    }

    /// <summary>What an acknowledge was to write at any time, the present word last.</summary>
    public List<RemoteRef> EverOnAcknowledge { get; } = [new("12", SimulatedPsa.Assigned)];

    public RemoteRef OnClose { get; set; } = new("14", SimulatedPsa.Done);

    /// <summary>A clause that cannot be read; null when all can.</summary>
    public string? Unreadable { get; set; }

    /// <summary>The rules as a connection has them at first, with more events if wanted.</summary>
    public void Reset(IEnumerable<InboundEvent>? more = null)
    {
        Inbound.Clear();
        Inbound.AddRange(First.Concat(more ?? []));
        OnAcknowledge = new("12", SimulatedPsa.Assigned);
        Unreadable = null;
    }

    public RuleBook Book() => Parse(Json.Write(new Stored([.. Inbound], OnAcknowledge, OnClose, Unreadable)));

    public static RuleBook Parse(string body)
    {
        var stored = Json.Read<Stored>(body);
        return new RuleBook
        {
            Inbound = stored.Inbound,
            OnAcknowledge = [new TicketAction(TicketFields.Status, stored.OnAcknowledge, "Write")],
            OnClose = [new TicketAction(TicketFields.Status, stored.OnClose, "Write")],
            Problems = stored.Unreadable is { } clause ? [new RuleProblem("Trigger", $"The clause \"{clause}\" cannot be read.", Blocks: true)] : [],
            AgeWindow = AgeWindow,
            Body = body,
        };
    }

    public static RuleVerdict Evaluate(InboundEvent inbound, RemoteTicket ticket, MarkerAnswers markers, DateTimeOffset now)
    {
        var holds = Holds(inbound.Condition, ticket.Status?.Name, ticket.Closed, ticket.EnteredAt, markers.Retrieved, now);
        var turns = inbound.Condition == WaitsTooLong && ticket.Status?.Name == SimulatedPsa.Waiting && ticket.EnteredAt + TooLong is var turn && turn > now ? turn : (DateTimeOffset?)null;
        var young = now - ticket.EnteredAt < AgeWindow;
        return new RuleVerdict(holds, young, turns, [new ClauseTrace(inbound.Condition, holds, ticket.Status?.Name ?? "")]);
    }

    public static bool Holds(string condition, string? status, bool closed, DateTimeOffset enteredAt, bool retrieved, DateTimeOffset now) => condition switch
    {
        StatusIsNew => status == SimulatedPsa.New,
        StatusIsNewAndNotRetrieved => status == SimulatedPsa.New && !retrieved,
        StatusIsWaiting => status == SimulatedPsa.Waiting,
        WaitsTooLong => status == SimulatedPsa.Waiting && now - enteredAt >= TooLong,
        StatusIsInProgress => status == SimulatedPsa.InProgress,
        IsClosed => closed,
        _ => throw new ArgumentOutOfRangeException(nameof(condition), condition, "a condition this simulation does not know"),
    };

    private sealed record Stored(IReadOnlyList<InboundEvent> Inbound, RemoteRef OnAcknowledge, RemoteRef OnClose, string? Unreadable);
}
