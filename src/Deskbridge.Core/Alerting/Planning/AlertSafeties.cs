using Deskbridge.Connectors;

namespace Deskbridge.Core.Alerting.Planning;

/// <summary>The rules of engine.md §6 that the simulation replaces one at a time to prove that a checker notices.</summary>
internal sealed record AlertSafeties
{
    /// <summary>Inbound events fire on the edge, never by level (§6.2).</summary>
    public EdgeTrigger Edge { get; init; } = new();

    /// <summary>Rule actions run only for transitions made in the hub (§6.3).</summary>
    public HubTransitionsOnly Actions { get; init; } = new();

    /// <summary>What a ticket that comes back does (§6.5).</summary>
    public ReentryPolicy Reentry { get; init; } = new();

    /// <summary>Which status an action means on this ticket's board (§6.7).</summary>
    public StatusResolver Statuses { get; init; } = new();

    /// <summary>Closed wins over acknowledged wins over open (§6.4).</summary>
    public StateLattice Lattice { get; init; } = new();

    /// <summary>Markers are answered from the link; a field never set counts as false (§6.1).</summary>
    public MarkerSource Markers { get; init; } = new();

    /// <summary>After a restore a marker that a later life of the hub wrote is believed (§10).</summary>
    public LaterMarker LaterMarkers { get; init; } = new();

    /// <summary>After a restore everything unfinished may have been done (§10).</summary>
    public RestoredWork RestoredWork { get; init; } = new();

    /// <summary>Only what the hub wrote is put back (§6.3).</summary>
    public UndoOwn Undo { get; init; } = new();

    /// <summary>An owner whom a person set stays (§6.8).</summary>
    public OwnerRule Owners { get; init; } = new();

    /// <summary>A ticket that keeps changing is not fought over (§4).</summary>
    public SupersedeLimit Supersedes { get; init; } = new();
}

/// <summary>Decides whether an undo may put a value back.</summary>
internal class UndoOwn
{
    /// <summary>Only while the ticket still shows what the hub wrote.</summary>
    public virtual bool MayPutBack(string? present, string? written) => present == written;
}

/// <summary>Decides whether the present owner of a ticket may be replaced.</summary>
internal class OwnerRule
{
    /// <summary>Where there is none, where the hub set it, or where the connection's settings say so.</summary>
    public virtual bool MayReplace(string? owner, string? weSet, bool overwrites) => owner is null || owner == weSet || overwrites;
}

/// <summary>Decides when the hub stops writing what it wants over and over.</summary>
internal class SupersedeLimit
{
    private const int GiveUpAfter = 3;

    /// <summary>After three supersedes in a row only the marker is written.</summary>
    public virtual bool OnlyMarker(int supersedesInARow) => supersedesInARow >= GiveUpAfter;
}

/// <summary>Decides whether an inbound event fires.</summary>
internal class EdgeTrigger
{
    /// <summary>Only when its verdict turns from false to true. Without a base verdict nothing fires.</summary>
    public virtual bool Fires(bool? before, bool now) => before == false && now;
}

/// <summary>Decides whether a transition runs the rule's actions.</summary>
internal class HubTransitionsOnly
{
    /// <summary>Only one that a person made in the hub.</summary>
    public virtual bool Run(TransitionOrigin origin) => origin == TransitionOrigin.Person;
}

/// <summary>What the settings choose for boards that lack the status a rule names.</summary>
internal static class ChosenStatuses
{
    extension(IAlertingPreferences preferences)
    {
        /// <summary>The status chosen for a state on a board; null when none is.</summary>
        public RemoteRef? ChosenFor(AlertStatus state, string? boardId)
        {
            var on = state == AlertStatus.Closed ? OutboundState.Closed : OutboundState.Acknowledged;
            return preferences.BoardStatuses.FirstOrDefault(one => one.On == on && one.Board.Id == boardId)?.Status;
        }
    }
}

/// <summary>Finds the status an action means on the ticket's board.</summary>
internal class StatusResolver
{
    /// <summary>By id on this board, else the one chosen for this board, else by the same name; null when the board has none of them.</summary>
    public virtual RemoteStatus? Resolve(RemoteRef wanted, RemoteRef? chosen, IReadOnlyList<RemoteStatus> board) =>
        board.FirstOrDefault(s => s.Id == wanted.Id)
        ?? board.FirstOrDefault(s => s.Id == chosen?.Id)
        ?? board.FirstOrDefault(s => string.Equals(s.Name, wanted.Name, StringComparison.OrdinalIgnoreCase));
}

/// <summary>Decides between a state the hub asks for and one the ticket asks for at the same time.</summary>
internal class StateLattice
{
    /// <summary>The higher one.</summary>
    public virtual AlertStatus Join(AlertStatus hub, AlertStatus ticket) => hub > ticket ? hub : ticket;
}

/// <summary>Answers marker clauses.</summary>
internal class MarkerSource
{
    /// <summary>From what the hub knows; a ticket never linked counts as not retrieved, whatever its field holds or lacks.</summary>
    public virtual MarkerAnswers Answer(RemoteTicket ticket, AlertStatus? status, string actorEmail) =>
        new(status is not null, MarkerWord.Of(status ?? AlertStatus.Open) ?? "", actorEmail);
}

/// <summary>The words of the status marker (§6.1).</summary>
internal static class MarkerWord
{
    /// <summary>The word for a state; null (empty) for open.</summary>
    public static string? Of(AlertStatus status) => status switch
    {
        AlertStatus.Acknowledged => "Acknowledged",
        AlertStatus.Closed => "Resolved",
        _ => null,
    };

    /// <summary>The state a marker's text means; the higher one when it holds both words.</summary>
    public static AlertStatus Read(string? text) =>
        text is null ? AlertStatus.Open
        : text.Contains("Resolved", StringComparison.OrdinalIgnoreCase) ? AlertStatus.Closed
        : text.Contains("Acknowledged", StringComparison.OrdinalIgnoreCase) ? AlertStatus.Acknowledged
        : AlertStatus.Open;
}
