using Deskbridge.Connectors;
using Deskbridge.Core.Common;
using Deskbridge.Testing;

namespace Deskbridge.Simulation.World;

/// <summary>The rules of a simulated PSA and their evaluator: conditions are words that this class knows. Autotask's are a filter and a mapping of statuses, by id.</summary>
internal sealed class SimulatedRules
{
    public const string StatusIsNew = "status is New";
    public const string WaitsTooLong = "status is Waiting and age is more than 4 hours";
    public const string StatusIsNewAndNotRetrieved = "status is New and not (retrieved is true)";
    public const string StatusIsWaiting = "status is Waiting";
    public const string StatusIsInProgress = "status is In Progress";
    public const string IsClosed = "ticket is closed";
    private const string StatusIn = "status in ";

    private static readonly RemoteRef New = new("10", SimulatedPsa.New), InProgress = new("11", SimulatedPsa.InProgress), Assigned = new("12", SimulatedPsa.Assigned), Waiting = new("13", SimulatedPsa.Waiting);

    private static readonly InboundEvent[] First =
    [
        new("e1", InboundEventKind.Raise, "Trigger", StatusIsNew),
        new("e2", InboundEventKind.Raise, "Trigger", WaitsTooLong),
        new("e3", InboundEventKind.Acknowledge, "Update", StatusIsInProgress),
        new("e4", InboundEventKind.Close, "Update", IsClosed),
    ];

    private readonly Vendor _vendor;

    public SimulatedRules(Vendor vendor)
    {
        _vendor = vendor;
        Reset();
    }

    /// <summary>What an administrator does to the rules: most changes are lawful, one breaks a law of engine.md §6.6, one cannot be read.</summary>
    public IReadOnlyList<(string Name, Action<SimulatedRules> Change)> Changes => _vendor == Vendor.Autotask ? ChangesOfAutotask : ChangesOfConnectWise;

    public static TimeSpan TooLong { get; } = TimeSpan.FromHours(4);

    public static TimeSpan AgeWindow { get; } = TimeSpan.FromHours(360);

    public List<InboundEvent> Inbound { get; } = [];

    /// <summary>Written by id and name, as the first board has them.</summary>
    public RemoteRef OnAcknowledge
    {
        get => EverOnAcknowledge[^1];
        set => EverOnAcknowledge.Add(value);
    }

    /// <summary>What an acknowledge was to write at any time, the present word last.</summary>
    public List<RemoteRef> EverOnAcknowledge { get; } = [];

    /// <summary>Statuses that a person's acknowledge was content with at any time, written or found.</summary>
    public IEnumerable<RemoteRef> EverAcknowledged => _vendor == Vendor.Autotask ? [.. EverOnAcknowledge, InProgress] : EverOnAcknowledge;

    public RemoteRef OnClose { get; set; } = new("14", SimulatedPsa.Done);

    /// <summary>A clause that cannot be read; null when all can.</summary>
    public string? Unreadable { get; set; }

    private static IReadOnlyList<(string Name, Action<SimulatedRules> Change)> ChangesOfConnectWise { get; } =
    [
        ("has the first rules again", rules => rules.Reset()),
        ("raises whatever waits", rules => rules.Reset([new("e5", InboundEventKind.Raise, "Trigger", StatusIsWaiting)])),
        ("acknowledges nothing from the ticket", rules => rules.Inbound.RemoveAll(inbound => inbound.Kind == InboundEventKind.Acknowledge)),
        ("acknowledges to In Progress", rules => rules.OnAcknowledge = InProgress),
        ("acknowledges to New, which raises", rules => rules.OnAcknowledge = New),
        ("has a clause that nobody can read", rules => rules.Unreadable = "phase of the moon"),
    ];

    private static IReadOnlyList<(string Name, Action<SimulatedRules> Change)> ChangesOfAutotask { get; } =
    [
        ("has the first settings again", rules => rules.Reset()),
        ("raises whatever waits", rules => rules.Map([New, Waiting], Assigned, InProgress)),
        ("acknowledges by no further status", rules => rules.Map([New], Assigned)),
        ("acknowledges to In Progress", rules => rules.Map([New], InProgress, Assigned)),
        ("acknowledges to New, which raises", rules => rules.Map([New], New, InProgress)),
        ("has a filter that nobody can read", rules => rules.Unreadable = "phase of the moon"),
    ];

    /// <summary>The rules as a connection has them at first, with more events if wanted.</summary>
    public void Reset(IEnumerable<InboundEvent>? more = null)
    {
        if (_vendor == Vendor.Autotask)
        {
            Map([New], Assigned, InProgress);
            return;
        }

        Inbound.Clear();
        Inbound.AddRange(First.Concat(more ?? []));
        OnAcknowledge = Assigned;
        Unreadable = null;
    }

    public RuleBook Book() => Parse(Json.Write(new Stored([.. Inbound], OnAcknowledge, OnClose, Unreadable, _vendor == Vendor.Autotask)));

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
            MapsStatuses = stored.MapsStatuses,
            Body = body,
        };
    }

    public static RuleVerdict Evaluate(InboundEvent inbound, RemoteTicket ticket, MarkerAnswers markers, DateTimeOffset now)
    {
        var holds = Holds(inbound.Condition, ticket.Status, ticket.Closed, ticket.EnteredAt, markers.Retrieved, now);
        var turns = inbound.Condition == WaitsTooLong && ticket.Status?.Name == SimulatedPsa.Waiting && ticket.EnteredAt + TooLong is var turn && turn > now ? turn : (DateTimeOffset?)null;
        var young = now - ticket.EnteredAt < AgeWindow;
        return new RuleVerdict(holds, young, turns, [new ClauseTrace(inbound.Condition, holds, ticket.Status?.Name ?? "")]);
    }

    public static bool Holds(string condition, RemoteRef? status, bool closed, DateTimeOffset enteredAt, bool retrieved, DateTimeOffset now) => condition switch
    {
        StatusIsNew => status?.Name == SimulatedPsa.New,
        StatusIsNewAndNotRetrieved => status?.Name == SimulatedPsa.New && !retrieved,
        StatusIsWaiting => status?.Name == SimulatedPsa.Waiting,
        WaitsTooLong => status?.Name == SimulatedPsa.Waiting && now - enteredAt >= TooLong,
        StatusIsInProgress => status?.Name == SimulatedPsa.InProgress,
        IsClosed => closed,
        _ when condition.StartsWith(StatusIn, StringComparison.Ordinal) => condition[StatusIn.Length..].Split(',').Contains(status?.Id),
        _ => throw new ArgumentOutOfRangeException(nameof(condition), condition, "a condition this simulation does not know"),
    };

    /// <summary>Autotask's settings: what raises, what an acknowledge sets, and what counts as acknowledged besides. Its events keep their ids.</summary>
    private void Map(IReadOnlyList<RemoteRef> raising, RemoteRef onAcknowledge, params IReadOnlyList<RemoteRef> further)
    {
        Inbound.Clear();
        Inbound.Add(new("raise", InboundEventKind.Raise, "Query Filter", StatusIn + Ids(raising)));
        Inbound.Add(new("acknowledge", InboundEventKind.Acknowledge, "Statuses", StatusIn + Ids([onAcknowledge, .. further])));
        Inbound.Add(new("close", InboundEventKind.Close, "Statuses", IsClosed));
        OnAcknowledge = onAcknowledge;
        Unreadable = null;

        static string Ids(IReadOnlyList<RemoteRef> statuses) => string.Join(',', statuses.Select(status => status.Id));
    }

    private sealed record Stored(IReadOnlyList<InboundEvent> Inbound, RemoteRef OnAcknowledge, RemoteRef OnClose, string? Unreadable, bool MapsStatuses);
}
