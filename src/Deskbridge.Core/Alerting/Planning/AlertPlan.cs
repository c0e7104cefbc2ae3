using Deskbridge.Connectors;
using Deskbridge.Core.Sync;

namespace Deskbridge.Core.Alerting.Planning;

/// <summary>Everything the pure planner looks at. The instant is an argument; there is no clock.</summary>
internal sealed record AlertPlanInput
{
    /// <summary>Now, on the remote's clock.</summary>
    public required DateTimeOffset Now { get; init; }

    /// <summary>When the connection was installed, on the remote's clock; null when that is not known.</summary>
    public DateTimeOffset? InstalledAt { get; init; }

    /// <summary>The ticket as last observed.</summary>
    public required RemoteTicket Ticket { get; init; }

    /// <summary>The link, or null for a ticket that was never linked.</summary>
    public LinkView? Link { get; init; }

    /// <summary>The current alert, or null.</summary>
    public AlertView? Alert { get; init; }

    /// <summary>The rules in force.</summary>
    public required RuleBook Rules { get; init; }

    /// <summary>Evaluates one inbound event on the ticket.</summary>
    public required Func<InboundEvent, RuleVerdict> Evaluate { get; init; }

    /// <summary>The connection's settings.</summary>
    public required IAlertingPreferences Preferences { get; init; }

    /// <summary>Statuses of the ticket's board and the member of the acting person.</summary>
    public required TicketContext Context { get; init; }

    /// <summary>The safeties of planning.</summary>
    public required AlertSafeties Safeties { get; init; }
}

/// <summary>The link as the planner sees it.</summary>
/// <param name="State">State.</param>
/// <param name="Base">Merge base.</param>
/// <param name="SameRules">The base verdicts were made by the rules in force.</param>
/// <param name="PlannedTransition">The alert transition that was planned last.</param>
/// <param name="PlanAgain">Effects of that transition were superseded.</param>
/// <param name="Supersedes">How often in a row.</param>
internal sealed record LinkView(LinkState State, LinkBase Base, bool SameRules, int PlannedTransition, bool PlanAgain, int Supersedes)
{
    /// <summary>What a person did to the alert last is planned, and the ticket does not show it yet.</summary>
    public bool Unsent { get; init; }

    /// <summary>A status that a person chose is on its way to the ticket.</summary>
    public bool StatusChosen { get; init; }

    /// <summary>The link came back from a backup: marker words that writes unfinished in it may have left on the ticket. Null otherwise.</summary>
    public IReadOnlyList<string?>? Restored { get; init; }
}

/// <summary>The alert as the planner sees it.</summary>
/// <param name="Status">State.</param>
/// <param name="Transition">Number of its last state change.</param>
/// <param name="Origin">Where that came from.</param>
/// <param name="ActorEmail">Email of the person who made it.</param>
internal sealed record AlertView(AlertStatus Status, int Transition, TransitionOrigin Origin, string ActorEmail)
{
    /// <summary>When it came into this state, on the remote's clock.</summary>
    public DateTimeOffset ChangedAt { get; init; }

    /// <summary>It was closed before.</summary>
    public bool WasClosed { get; init; }

    /// <summary>Somebody had it already: another person took it over.</summary>
    public bool HandedOver { get; init; }
}

/// <summary>What is to be done with the alert.</summary>
internal enum AlertMove
{
    /// <summary>Nothing.</summary>
    None,

    /// <summary>Raise the first alert of this ticket.</summary>
    Raise,

    /// <summary>Link a ticket that carries our markers, in their state.</summary>
    Adopt,

    /// <summary>Open it again.</summary>
    Reopen,

    /// <summary>End it and raise the ticket's next one (engine.md §6.5).</summary>
    Renew,

    /// <summary>Acknowledge it.</summary>
    Acknowledge,

    /// <summary>Close it.</summary>
    Close,
}

/// <summary>Which unsent effects of earlier transitions a plan overtakes.</summary>
internal enum Overtaken
{
    /// <summary>None.</summary>
    Nothing,

    /// <summary>All but an owner that is still to be set: a close says nothing about who acknowledged.</summary>
    AllButOwner,

    /// <summary>All.</summary>
    All,
}

/// <summary>What the planner decided. Data only; the reconciler applies it in one transaction.</summary>
internal sealed record AlertPlan
{
    /// <summary>What happens to the alert.</summary>
    public AlertMove Move { get; init; }

    /// <summary>Where the move comes from.</summary>
    public TransitionOrigin Origin { get; init; } = TransitionOrigin.Ticket;

    /// <summary>The state that an alert which this plan adopts or renews begins in.</summary>
    public AlertStatus FirstStatus { get; init; }

    /// <summary>An adopted alert pages nobody, though it may be open.</summary>
    public bool Silent { get; init; }

    /// <summary>A link must exist from now on.</summary>
    public bool NeedsLink { get; init; }

    /// <summary>The new base.</summary>
    public required LinkBase Base { get; init; }

    /// <summary>The joint write of the present transition; null when nothing is to be written.</summary>
    public FieldWrite? Transition { get; init; }

    /// <summary>User marker and owner, written after it; null when not wanted.</summary>
    public FieldWrite? Follow { get; init; }

    /// <summary>Notes that a person's transition adds: those of the rule, and the one that the settings ask for.</summary>
    public IReadOnlyList<PlannedNote> Notes { get; init; } = [];

    /// <summary>Members whom the rule schedules, by remote id.</summary>
    public IReadOnlyList<string> Members { get; init; } = [];

    /// <summary>Which effects of earlier transitions that were not sent are overtaken.</summary>
    public Overtaken Overtakes { get; init; }

    /// <summary>Values that no status of the board or other rule allows; shown as refused effects.</summary>
    public IReadOnlyList<FieldRefusal> Refusals { get; init; } = [];

    /// <summary>Decisions between differing values.</summary>
    public IReadOnlyList<FieldDecision> Decisions { get; init; } = [];

    /// <summary>Lines for the timeline, oldest first.</summary>
    public IReadOnlyList<TimelineLine> Lines { get; init; } = [];

    /// <summary>Why the ticket was or was not taken over, for the event log; null when there is nothing to say.</summary>
    public IReadOnlyList<ClauseTrace> Trace { get; init; } = [];

    /// <summary>The next instant, on the remote's clock, at which time alone could change the answer.</summary>
    public DateTimeOffset? LookAgainAt { get; init; }

    /// <summary>Nothing is to be done but to keep the new base.</summary>
    public bool ChangesOnlyBase =>
        Move == AlertMove.None && Overtakes == Overtaken.Nothing && Transition is null && Follow is null
        && Notes.Count == 0 && Members.Count == 0 && Refusals.Count == 0 && Decisions.Count == 0 && Lines.Count == 0;
}

/// <summary>A note to add to the ticket.</summary>
/// <param name="Text">Its text.</param>
/// <param name="Flags">Where it shows.</param>
internal sealed record PlannedNote(string Text, NoteFlags Flags);

/// <summary>A line for the timeline.</summary>
/// <param name="Kind">Kind of line.</param>
/// <param name="Message">What happened.</param>
/// <param name="Why">Why.</param>
internal sealed record TimelineLine(string Kind, string Message, string? Why = null);

/// <summary>A decision between differing values of one field.</summary>
/// <param name="Field">Neutral field name.</param>
/// <param name="BaseValue">Last agreed.</param>
/// <param name="HubValue">Ours.</param>
/// <param name="RemoteValue">Theirs.</param>
/// <param name="Decision">What was decided.</param>
internal sealed record FieldDecision(string Field, string? BaseValue, string? HubValue, string? RemoteValue, string Decision);

/// <summary>A value that cannot be written.</summary>
/// <param name="Field">Neutral field name.</param>
/// <param name="Value">The value by name.</param>
/// <param name="Message">Why, and how to mend it.</param>
internal sealed record FieldRefusal(string Field, string Value, string Message);
