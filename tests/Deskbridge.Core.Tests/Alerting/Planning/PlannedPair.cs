using Deskbridge.Connectors;
using Deskbridge.Core.Alerting;
using Deskbridge.Core.Alerting.Planning;
using Deskbridge.Core.Sync;

namespace Deskbridge.Core.Tests.Alerting.Planning;

/// <summary>A ticket and its alert around the pure planner: what the reconciler and the sender do with a plan, without a database.</summary>
internal sealed record PlannedPair
{
    public const string New = "1";
    public const string InProgress = "2";
    public const string Assigned = "3";
    public const string Closed = "4";
    public const string Waiting = "5";
    public const string Escalated = "6";

    /// <summary>The events that raise: one for what is new, another for what is escalated.</summary>
    public const string NewEvent = "Raise";
    public const string EscalatedEvent = "Escalated";

    public static readonly DateTimeOffset Now = new(2026, 3, 2, 8, 0, 0, TimeSpan.Zero);

    private static readonly RemoteStatus[] Statuses =
        [new(New, "New", false), new(InProgress, "In Progress", false), new(Assigned, "Assigned", false), new(Closed, "Closed", true), new(Waiting, "Waiting", false), new(Escalated, "Escalated", false)];

    public required RemoteTicket Ticket { get; init; }

    public LinkView? Link { get; init; }

    public AlertView? Alert { get; init; }

    /// <summary>There are no rules but a mapping of statuses.</summary>
    public bool MapsStatuses { get; init; }

    /// <summary>The connection's settings.</summary>
    public Preferences Settings { get; init; } = new();

    /// <summary>What was planned last and is not sent yet.</summary>
    public IReadOnlyList<FieldWrite> Unsent { get; init; } = [];

    public static PlannedPair Entered(string status = New) => new PlannedPair
    {
        Ticket = new RemoteTicket { Id = "1", Title = "Disk full", UpdatedAt = Now, EnteredAt = Now, Closed = false, Board = new RemoteRef("1", "Service"), Body = "{}" },
    }.Technician(status);

    /// <summary>Install found it as it stands: it raises nothing, and is known.</summary>
    public PlannedPair Held() => this with
    {
        Link = new LinkView(LinkState.Candidate, new LinkBase().Observed(Ticket) with { Verdicts = Verdicts(Ticket) }, SameRules: true, 0, PlanAgain: false, Supersedes: 0),
    };

    /// <summary>What was planned and not sent is overtaken by a change of somebody, and is to be planned again.</summary>
    public PlannedPair ToPlanAgain() => this with { Unsent = [], Link = Link! with { PlanAgain = true, Supersedes = 1 } };

    /// <summary>A technician sets the status.</summary>
    public PlannedPair Technician(string status) => this with
    {
        Ticket = Ticket with { Status = new RemoteRef(status, Name(status)), Closed = status == Closed },
    };

    /// <summary>A person in the hub changes the alert, where that is possible.</summary>
    public PlannedPair Person(AlertStatus to) => Alert is not { } alert || alert.Status == to ? this : this with
    {
        Alert = new AlertView(to, alert.Transition + 1, TransitionOrigin.Person, "mia@example.test") { ChangedAt = Now },
    };

    /// <summary>The hub's side comes back from a backup, in which writes of these marker words were unfinished; what was planned and not sent is planned again.</summary>
    public PlannedPair FromBackup(params string?[] unfinished) => this with
    {
        Link = Link! with { Restored = unfinished, PlanAgain = Link.PlanAgain || unfinished.Length > 0 },
        Unsent = [],
    };

    /// <summary>A life of the hub that the backup does not know wrote its word into the markers.</summary>
    public PlannedPair LaterLife(AlertStatus word, string user = "later@example.test") => this with
    {
        Ticket = Ticket with { MarkerRetrieved = true, MarkerStatus = MarkerWord.Of(word), MarkerUser = user },
    };

    public AlertPlan Plan() => AlertPlanner.Plan(new AlertPlanInput
    {
        Now = Now,
        Ticket = Ticket,
        Link = Link is null ? null : Link with { Unsent = Alert?.Origin == TransitionOrigin.Person && Unsent.Any(write => write.Set.ContainsKey(TicketFields.MarkerStatus)) },
        Alert = Alert,
        Rules = Rules() with { MapsStatuses = MapsStatuses },
        Evaluate = inbound => new RuleVerdict(Holds(inbound, Ticket), true, null, [new ClauseTrace($"status asks to {inbound.Kind}", Holds(inbound, Ticket), Ticket.Status!.Name)]),
        Preferences = Settings,
        Context = new TicketContext(Statuses, new RemoteMember("7", "mia", "Mia Chen", "mia@example.test"), "mia@example.test", "1"),
        Safeties = new AlertSafeties(),
    });

    /// <summary>Does what a plan says, as its transaction would.</summary>
    public PlannedPair Apply(AlertPlan plan)
    {
        if (Link is null && !plan.NeedsLink) return this;
        var alert = plan.Move switch
        {
            AlertMove.Raise => new AlertView(AlertStatus.Open, 0, TransitionOrigin.Ticket, ""),
            AlertMove.Adopt => new AlertView(plan.FirstStatus, 0, TransitionOrigin.Ticket, ""),
            AlertMove.Renew => new AlertView(plan.FirstStatus, Alert!.Transition + 1, TransitionOrigin.Ticket, "") { ChangedAt = Now },
            AlertMove.None => Alert,
            var move => new AlertView(
                move switch { AlertMove.Reopen => AlertStatus.Open, AlertMove.Acknowledge => AlertStatus.Acknowledged, _ => AlertStatus.Closed },
                Alert!.Transition + 1, TransitionOrigin.Ticket, "")
            { ChangedAt = Now },
        };
        FieldWrite[] planned = [.. new[] { plan.Transition, plan.Follow }.OfType<FieldWrite>()];
        return this with
        {
            Alert = alert,
            Link = new LinkView(LinkState.Active, plan.Base, SameRules: true, alert?.Transition ?? 0, PlanAgain: false, Supersedes: 0),
            Unsent = [.. Unsent.Where(write => Survives(write, plan.Overtakes)), .. planned],
        };
    }

    private static bool Survives(FieldWrite write, Overtaken overtaken) =>
        overtaken == Overtaken.Nothing
        || (overtaken == Overtaken.AllButOwner && !write.Set.ContainsKey(TicketFields.Status) && write.Set.GetValueOrDefault(TicketFields.Owner) is not null);

    public PlannedPair PlanAndApply() => Apply(Plan());

    /// <summary>Everything planned arrives and is confirmed.</summary>
    public PlannedPair Send()
    {
        var pair = this;
        while (pair.Unsent.Count > 0) pair = pair.SendFirst();
        return pair;
    }

    /// <summary>What was planned first arrives and is confirmed.</summary>
    public PlannedPair SendFirst()
    {
        var ticket = Unsent[0].Set.Aggregate(Ticket, Set);
        var linkBase = Link!.Base.AfterWrite(Unsent[0]).Observed(ticket) with { Verdicts = Verdicts(ticket) };
        return this with { Ticket = ticket, Link = Link with { Base = linkBase }, Unsent = [.. Unsent.Skip(1)] };
    }

    private static RemoteTicket Set(RemoteTicket ticket, KeyValuePair<string, string?> set) => set.Key switch
    {
        TicketFields.Status => ticket with { Status = new RemoteRef(set.Value!, Name(set.Value!)), Closed = set.Value == Closed },
        TicketFields.Owner => ticket with { Owner = set.Value is { } owner ? new RemoteRef(owner, "Mia Chen") : null },
        TicketFields.MarkerRetrieved => ticket with { MarkerRetrieved = set.Value == "true" },
        TicketFields.MarkerStatus => ticket with { MarkerStatus = set.Value },
        _ => ticket with { MarkerUser = set.Value },
    };

    private static bool Holds(InboundEvent inbound, RemoteTicket ticket) => inbound.Kind switch
    {
        _ when inbound.Id == EscalatedEvent => ticket.Status?.Id == Escalated,
        InboundEventKind.Raise => ticket.Status?.Id == New,
        InboundEventKind.Acknowledge => ticket.Status?.Id == InProgress,
        _ => ticket.Closed,
    };

    private static Dictionary<string, bool> Verdicts(RemoteTicket ticket) => Rules().Inbound.ToDictionary(LinkBase.KeyOf, inbound => Holds(inbound, ticket));

    private static RuleBook Rules() => new()
    {
        Inbound = [.. Enum.GetValues<InboundEventKind>().Select(kind => new InboundEvent($"{kind}", kind, "Rule", $"{kind}")), new InboundEvent(EscalatedEvent, InboundEventKind.Raise, "Rule", EscalatedEvent)],
        OnAcknowledge = [new TicketAction(TicketFields.Status, new RemoteRef(Assigned, "Assigned"), "Write")],
        OnClose = [new TicketAction(TicketFields.Status, new RemoteRef(Closed, "Closed"), "Write")],
        Problems = [],
        AgeWindow = TimeSpan.FromHours(360),
        Body = "",
    };

    private static string Name(string status) => Statuses.First(known => known.Id == status).Name;

    internal sealed record Preferences : IAlertingPreferences
    {
        public StatusFlows Flows { get; init; } = StatusFlows.All;

        public OwnerAssignment OwnerAssignment { get; init; } = OwnerAssignment.OnAcknowledge;

        public bool OverwriteOwner { get; init; }

        public ReturnPolicy WhenTicketReturns { get; init; }

        public int NewAlertAfterHours { get; init; } = 24;

        public IReadOnlyList<EventReturn> EventReturns { get; init; } = [];

        public NoteFlags NoteFlags => NoteFlags.Internal;
    }
}
