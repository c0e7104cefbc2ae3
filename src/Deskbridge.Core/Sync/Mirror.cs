using Deskbridge.Connectors;
using Deskbridge.Core.Connections;
using Deskbridge.Core.Operations;

namespace Deskbridge.Core.Sync;

/// <summary>The last observation of a remote record.</summary>
public sealed class Mirror
{
    /// <summary>The connection.</summary>
    public required Guid ConnectionId { get; init; }

    /// <summary>Record type.</summary>
    public required string Type { get; init; }

    /// <summary>Remote id.</summary>
    public required string RemoteId { get; init; }

    /// <summary>The record as the remote sent it.</summary>
    public required string Body { get; set; }

    /// <summary>Hash of the body.</summary>
    public required string Hash { get; set; }

    /// <summary>The remote's last-updated instant.</summary>
    public required DateTimeOffset RemoteUpdatedAt { get; set; }

    /// <summary>When it was read, on the remote's clock.</summary>
    public required DateTimeOffset ReadAt { get; set; }

    /// <summary>How many complete sweeps in a row did not find it.</summary>
    public int AbsentCount { get; set; }

    /// <summary>When it was first not found by id or by a sweep; null while it is found.</summary>
    public DateTimeOffset? MissingSince { get; set; }

    /// <summary>Confirmed gone.</summary>
    public DateTimeOffset? TombstonedAt { get; set; }
}

/// <summary>The hub's record of a ticket. Alerts, incidents and changes are attached to it.</summary>
public sealed class Ticket
{
    /// <summary>Id.</summary>
    public required Guid Id { get; init; }

    /// <summary>The connection.</summary>
    public required Guid ConnectionId { get; init; }

    /// <summary>Remote id, for people and for search.</summary>
    public required string RemoteId { get; init; }

    /// <summary>What people call it where that is not its id; null where it is.</summary>
    public string? Number { get; set; }

    /// <summary>Subject line as last seen.</summary>
    public required string Title { get; set; }

    /// <summary>Details beside the ticket as JSON (see <c>TicketDetails</c>); empty before they were read.</summary>
    public string Details { get; set; } = "";

    /// <summary>When reading the details began; null before they were read.</summary>
    public DateTimeOffset? DetailsReadAt { get; set; }

    /// <summary>When they could not be read; null when the last try went well. Those read before stay.</summary>
    public DateTimeOffset? DetailsFailedAt { get; set; }

    /// <summary>The details should be read (again).</summary>
    public bool DetailsWanted { get; set; }

    /// <summary>When they are read once more though the ticket did not change; null when they were read long enough after its last change.</summary>
    public DateTimeOffset? DetailsAgainAt { get; set; }
}

/// <summary>The pairing of a remote ticket with the hub's ticket: at most one per remote record, ever.</summary>
public sealed class Link
{
    /// <summary>Id.</summary>
    public required Guid Id { get; init; }

    /// <summary>The connection.</summary>
    public required Guid ConnectionId { get; init; }

    /// <summary>Record type.</summary>
    public required string Type { get; init; }

    /// <summary>Remote id.</summary>
    public required string RemoteId { get; init; }

    /// <summary>The hub's ticket.</summary>
    public required Guid TicketId { get; init; }

    /// <summary>State.</summary>
    public LinkState State { get; set; } = LinkState.Candidate;

    /// <summary>Why it is blocked or gone, or that the ticket is not found now; null otherwise.</summary>
    public string? Reason { get; set; }

    /// <summary>Generation of the current alert; 0 before the first.</summary>
    public int Generation { get; set; }

    /// <summary>The alert transition that effects were last planned for.</summary>
    public int PlannedTransition { get; set; }

    /// <summary>How often the present transition was planned, from 1.</summary>
    public int PlanNumber { get; set; }

    /// <summary>An effect of the present transition was superseded: it must be planned again.</summary>
    public bool PlanAgain { get; set; }

    /// <summary>How often in a row effects of the present transition were superseded.</summary>
    public int Supersedes { get; set; }

    /// <summary>Last agreed values (<c>LinkBase</c>) as JSON.</summary>
    public required string Base { get; set; }

    /// <summary>The rule version of the base verdicts.</summary>
    public Guid? RuleVersionId { get; set; }

    /// <summary>
    /// Set when the link came back from a backup and was not compared with its ticket yet: the marker words that writes unfinished in the
    /// backup may have left there, as a JSON list. Null otherwise.
    /// </summary>
    public string? Restored { get; set; }

    /// <summary>The connection's write counter when an effect of this link was last marked Sent or settled.</summary>
    public long WriteMark { get; set; }

    /// <summary>Order numbers of effects.</summary>
    public int LastSeq { get; set; }

    /// <summary>Optimistic lock.</summary>
    public int Version { get; set; }
}

/// <summary>State of a link (engine.md §3).</summary>
public enum LinkState
{
    /// <summary>Known and watched; nothing is attached and nothing is written.</summary>
    Candidate,

    /// <summary>Both sides are kept in step.</summary>
    Active,

    /// <summary>Held back; the reason says why.</summary>
    Blocked,

    /// <summary>The remote record is confirmed gone.</summary>
    Tombstoned,
}

/// <summary>The pairing of a child record (a note).</summary>
public sealed class ChildPair
{
    /// <summary>The <see cref="Kind"/> of notes.</summary>
    internal const string Note = "note";

    /// <summary>The <see cref="Kind"/> of documents.</summary>
    internal const string Document = "document";

    /// <summary>The link.</summary>
    public required Guid LinkId { get; init; }

    /// <summary>note, document or schedule.</summary>
    public required string Kind { get; init; }

    /// <summary>Marker carried on both sides; unique per link and kind.</summary>
    public required string Marker { get; init; }

    /// <summary>The hub's record.</summary>
    public required Guid HubId { get; init; }

    /// <summary>Remote id; unique per link and kind.</summary>
    public required string RemoteId { get; init; }

    /// <summary>For notes: the whole text on which both sides agreed last; null where that is not known.</summary>
    public string? Text { get; set; }
}

/// <summary>A note that a remote record needs a look. Upserts coalesce and raise the version.</summary>
public sealed class Wake
{
    /// <summary>The connection.</summary>
    public required Guid ConnectionId { get; init; }

    /// <summary>Record type.</summary>
    public required string Type { get; init; }

    /// <summary>Remote id.</summary>
    public required string RemoteId { get; init; }

    /// <summary>Raised by every upsert; a worker removes the row only if it is the one it claimed.</summary>
    public long Version { get; set; }

    /// <summary>Not before this instant.</summary>
    public required DateTimeOffset DueAt { get; set; }

    /// <summary>Why, for people; reasons are joined.</summary>
    public required string Reasons { get; set; }

    /// <summary>Somebody replays an event of the record.</summary>
    internal bool Replays => Reasons.Split(", ").Contains(ReplayEvent.Kind, StringComparer.Ordinal);

    /// <summary>What came of the replay stands in the log; further looks are not about it.</summary>
    internal void EndReplay()
    {
        var others = Reasons.Split(", ").Where(reason => reason != ReplayEvent.Kind).ToList();
        Reasons = others.Count == 0 ? "looked at again" : string.Join(", ", others);
    }

    /// <summary>The mirror does not suffice: the record must be read.</summary>
    public bool NeedsRead { get; set; }

    /// <summary>A read older than this is not new enough (last-updated instant inside a callback).</summary>
    public DateTimeOffset? WantedUpdatedAt { get; set; }

    /// <summary>Failures in a row.</summary>
    public int Attempts { get; set; }

    /// <summary>Claimed until then.</summary>
    public DateTimeOffset? LeaseUntil { get; set; }

    /// <summary>The fence of the claim. Rows come and go, so it is a random id and no counter; a worker that does not find its own any more changes nothing.</summary>
    public Guid? Claim { get; set; }

    /// <summary>The hub that claimed it last.</summary>
    public Guid? Holder { get; set; }

    /// <summary>The span of its first reason; the worker goes on from there.</summary>
    public string? Trace { get; init; } = Tracing.Parent;

    /// <summary>A wake because time alone can change the answer.</summary>
    internal static Wake AtTime(LiveConnection live, string remoteId, DateTimeOffset remoteTime, long version) => new()
    {
        ConnectionId = live.Id,
        Type = RecordTypes.Ticket,
        RemoteId = remoteId,
        Version = version,
        DueAt = remoteTime - live.ClockOffset,
        Reasons = "time",
    };
}

/// <summary>How far a stream was read.</summary>
public sealed class Cursor
{
    /// <summary>The connection.</summary>
    public required Guid ConnectionId { get; init; }

    /// <summary>Stream name.</summary>
    public required string Stream { get; init; }

    /// <summary>Everything updated before this instant (remote clock) has been read.</summary>
    public required DateTimeOffset MarkTime { get; set; }

    /// <summary>How far before the mark the next poll begins, seconds.</summary>
    public required int OverlapSeconds { get; set; }

    /// <summary>When a poll last read to the end.</summary>
    public DateTimeOffset? LastCompleteAt { get; set; }
}

/// <summary>A callback as received.</summary>
public sealed class InboxItem
{
    /// <summary>The connection.</summary>
    public required Guid ConnectionId { get; init; }

    /// <summary>The sender's delivery id; unique per connection.</summary>
    public required string DeliveryKey { get; init; }

    /// <summary>Raw body.</summary>
    public required string Body { get; init; }

    /// <summary>When.</summary>
    public required DateTimeOffset ReceivedAt { get; init; }
}

/// <summary>An automatic or human decision between differing values.</summary>
public sealed class Conflict
{
    /// <summary>Id.</summary>
    public required Guid Id { get; init; }

    /// <summary>The link.</summary>
    public required Guid LinkId { get; init; }

    /// <summary>Neutral field name.</summary>
    public required string Field { get; init; }

    /// <summary>Last agreed value.</summary>
    public string? BaseValue { get; init; }

    /// <summary>The hub's value.</summary>
    public string? HubValue { get; init; }

    /// <summary>The remote's value.</summary>
    public string? RemoteValue { get; init; }

    /// <summary>What was decided and by which policy.</summary>
    public required string Decision { get; init; }

    /// <summary>When.</summary>
    public required DateTimeOffset At { get; init; }

    /// <summary>When a person looked at it and took it off the list; null while it stands there.</summary>
    public DateTimeOffset? ClearedAt { get; set; }
}
