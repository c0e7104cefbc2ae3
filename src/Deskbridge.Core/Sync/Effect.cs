using Deskbridge.Core.Operations;

namespace Deskbridge.Core.Sync;

/// <summary>One intended remote write: a row of the ledger. No request leaves without one.</summary>
public sealed class Effect
{
    /// <summary>Id.</summary>
    public required Guid Id { get; init; }

    /// <summary>The link.</summary>
    public required Guid LinkId { get; init; }

    /// <summary>The connection.</summary>
    public required Guid ConnectionId { get; init; }

    /// <summary>Remote id of the ticket.</summary>
    public required string RemoteId { get; init; }

    /// <summary>Order on its link.</summary>
    public required int Seq { get; init; }

    /// <summary>Kind.</summary>
    public required EffectKind Kind { get; init; }

    /// <summary>Idempotency key; unique.</summary>
    public required string IdemKey { get; init; }

    /// <summary>What is to be written, as JSON: <see cref="FieldWrite"/>, <see cref="NoteWrite"/>, <see cref="NoteEditWrite"/>, <see cref="DocumentWrite"/> or <see cref="ScheduleWrite"/>.</summary>
    public required string Payload { get; set; }

    /// <summary>The alert it belongs to, for the timeline.</summary>
    public Guid? AlertId { get; init; }

    /// <summary>State.</summary>
    public EffectState State { get; set; } = EffectState.Pending;

    /// <summary>Attempts begun.</summary>
    public int Attempts { get; set; }

    /// <summary>Not before this instant.</summary>
    public required DateTimeOffset NotBefore { get; set; }

    /// <summary>Fencing number of the claim.</summary>
    public int Epoch { get; set; }

    /// <summary>The claim ends then.</summary>
    public DateTimeOffset? LeaseUntil { get; set; }

    /// <summary>The hub that claimed it last.</summary>
    public Guid? Holder { get; set; }

    /// <summary>When it was marked Sent; the probe counts from here.</summary>
    public DateTimeOffset? SentAt { get; set; }

    /// <summary>What was read just before sending, as JSON (<see cref="BeforeImage"/>): the probe's and the restore's evidence.</summary>
    public string? Before { get; set; }

    /// <summary>See <see cref="FieldWrite.IsChoice"/>.</summary>
    internal bool IsChoice => Kind == EffectKind.Field && Common.Json.Read<FieldWrite>(Payload).IsChoice;

    /// <summary>How often a probe did not find the object (creates).</summary>
    public int NotFoundProbes { get; set; }

    /// <summary>Remote id of the object it created.</summary>
    public string? ObjectId { get; set; }

    /// <summary>Last refusal or failure in words.</summary>
    public string? Error { get; set; }

    /// <summary>Refused for want of a right of ours: it goes on when the right is there.</summary>
    public bool ForRight { get; set; }

    /// <summary>The span that planned it; its sender goes on from there.</summary>
    public string? Trace { get; init; } = Tracing.Parent;

    /// <summary>When it was planned.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>When it reached its last state.</summary>
    public DateTimeOffset? SettledAt { get; set; }

    /// <summary>It may have been sent by a life of the hub that a restore forgot: it is looked for before it is sent.</summary>
    internal void PutInDoubt(DateTimeOffset now)
    {
        State = EffectState.Sent;
        SentAt = now;
        Attempts = Math.Max(1, Attempts);
        NotFoundProbes = 0;
        NotBefore = now;
        LeaseUntil = null;
    }
}

/// <summary>Kinds of effect.</summary>
public enum EffectKind
{
    /// <summary>Marker, rule actions and mapped fields of one transition, ONE call.</summary>
    Transition,

    /// <summary>A plain field set: user marker, owner.</summary>
    Field,

    /// <summary>A ticket note.</summary>
    Note,

    /// <summary>A schedule entry.</summary>
    Schedule,

    /// <summary>Another text for a ticket note of ours.</summary>
    NoteEdit,

    /// <summary>A document of the ticket.</summary>
    Document,
}

/// <summary>State of an effect (engine.md §3).</summary>
public enum EffectState
{
    /// <summary>To be sent.</summary>
    Pending,

    /// <summary>A sender has it.</summary>
    Claimed,

    /// <summary>On its way: in doubt until answered or probed.</summary>
    Sent,

    /// <summary>Failed without effect; tried again at its time.</summary>
    Retry,

    /// <summary>The remote shows it.</summary>
    Confirmed,

    /// <summary>Refused for good; the error says why and how to mend it.</summary>
    Rejected,

    /// <summary>Overtaken; planned again where needed.</summary>
    Superseded,

    /// <summary>Given up after too many failures that nothing explains.</summary>
    Dead,
}

/// <summary>States taken together, for queries.</summary>
internal static class EffectStates
{
    /// <summary>Something is still to be done or found out.</summary>
    public static readonly EffectState[] Unsettled = [EffectState.Pending, EffectState.Claimed, EffectState.Sent, EffectState.Retry];
}

/// <summary>Payload of transition and field effects.</summary>
/// <param name="Set">Neutral field to wanted value; null clears.</param>
/// <param name="Base">Neutral field to the value it had when planned.</param>
/// <param name="Names">Wanted values by name, for people.</param>
/// <param name="ClosedAfter">Whether the written status counts as closed; null when no status is written.</param>
/// <param name="MayReopen">A person asked for exactly that: the write may open a closed ticket.</param>
/// <param name="ForceStatus">A close writes its status even when somebody moved it.</param>
/// <param name="Why">Rule and transition, for people.</param>
public sealed record FieldWrite(
    IReadOnlyDictionary<string, string?> Set,
    IReadOnlyDictionary<string, string?> Base,
    IReadOnlyDictionary<string, string> Names,
    bool? ClosedAfter,
    bool MayReopen,
    bool ForceStatus,
    string Why)
{
    /// <summary>The owner is the person who acted, and not one who is put back: once it is set they are scheduled too, and the hub may replace them later.</summary>
    public bool AssignsOwner { get; init; }

    /// <summary>The remote schedules nobody, so whoever becomes owner is not scheduled either.</summary>
    public bool Unscheduled { get; init; }

    /// <summary>
    /// A value that a person chose in the hub as a technician would in the remote: once it is there it is compared like anybody's change, so
    /// that the rules decide what it means; and when somebody was first, it is told and not planned again.
    /// </summary>
    public bool IsChoice { get; init; }

    /// <summary>The same write with some of its fields only.</summary>
    /// <param name="fields">The fields to keep.</param>
    public FieldWrite Only(IReadOnlyCollection<string> fields) => this with
    {
        Set = Set.Where(s => fields.Contains(s.Key)).ToDictionary(),
        Base = Base.Where(s => fields.Contains(s.Key)).ToDictionary(),
        Names = Names.Where(s => fields.Contains(s.Key)).ToDictionary(),
        ClosedAfter = fields.Contains(Connectors.TicketFields.Status) ? ClosedAfter : null,
    };
}

/// <summary>Payload of note effects.</summary>
/// <param name="NoteId">The hub's note.</param>
/// <param name="Text">The whole text, marker line included.</param>
/// <param name="Marker">The marker in the last line.</param>
/// <param name="Flags">Note flags, as a number.</param>
/// <param name="MemberId">Author in the remote system; null for the API member.</param>
public sealed record NoteWrite(Guid NoteId, string Text, string Marker, int Flags, string? MemberId)
{
    /// <summary>Texts with which it was sent before it was edited: refused, as far as the answer told, and yet one may stand on the ticket.</summary>
    public IReadOnlyList<string> Earlier { get; init; } = [];

    /// <summary>The same note with another text.</summary>
    /// <param name="text">The whole new text.</param>
    /// <param name="wasSent">Whether it was sent as it is.</param>
    internal NoteWrite Edited(string text, bool wasSent) => this with { Text = text, Earlier = wasSent ? [.. Earlier, Text] : Earlier };

    /// <summary>Whether a text on the ticket is one from before an edit.</summary>
    /// <param name="shown">What the ticket shows.</param>
    internal bool MayStandAs(string shown) => Earlier.Any(text => NoteMark.SameText(text, shown));

    /// <summary>The idempotency key of the effect that adds a note.</summary>
    /// <param name="noteId">The hub's note.</param>
    internal static string KeyOf(Guid noteId) => $"note:{noteId:N}";
}

/// <summary>Payload of effects that change a note. What the ticket should still show is <see cref="ChildPair.Text"/>.</summary>
/// <param name="NoteId">The hub's note.</param>
/// <param name="Marker">The marker in its last line, which stays.</param>
/// <param name="Text">The whole new text, marker line included.</param>
public sealed record NoteEditWrite(Guid NoteId, string Marker, string Text);

/// <summary>Payload of document effects; the bytes are the <see cref="FileContent"/> of the same file.</summary>
/// <param name="FileId">The hub's file.</param>
/// <param name="Title">The document's title, the mark included.</param>
/// <param name="FileName">The file's name.</param>
/// <param name="Marker">The mark.</param>
public sealed record DocumentWrite(Guid FileId, string Title, string FileName, string Marker)
{
    /// <summary>The idempotency key of the effect that uploads a file.</summary>
    /// <param name="fileId">The hub's file.</param>
    internal static string KeyOf(Guid fileId) => $"document:{fileId:N}";
}

/// <summary>The bytes of a file that goes to a ticket: kept apart, for no list reads them, and emptied by retention once they arrived.</summary>
public sealed class FileContent
{
    /// <summary>The file.</summary>
    public required Guid FileId { get; init; }

    /// <summary>Its bytes.</summary>
    public required byte[] Bytes { get; init; }
}

/// <summary>Payload of schedule effects: an entry is added, or one that the hub added is ended. They are of one kind, so that their order is kept.</summary>
/// <param name="MemberId">Who is scheduled.</param>
public sealed record ScheduleWrite(string MemberId)
{
    /// <summary>The member's name, for people; empty where it is not known.</summary>
    public string Name { get; init; } = "";

    /// <summary>They became owner, and are scheduled for as long as they are.</summary>
    public bool ForOwner { get; init; }

    /// <summary>Remote id of the entry to end; null to add one.</summary>
    public string? Ends { get; init; }
}

/// <summary>What the sender read before it sent.</summary>
/// <param name="Body">The whole record: the values about to be overwritten and every custom field.</param>
/// <param name="Partial">True when only the changed custom fields were sent: the others are compared afterwards.</param>
/// <param name="Wiped">This write was found to have emptied others; told, and to be put back.</param>
public sealed record BeforeImage(
    string Body,
    bool Partial,
    bool Wiped = false);

/// <summary>One attempt to send or probe an effect: evidence for people.</summary>
public sealed class EffectAttempt
{
    /// <summary>The effect.</summary>
    public required Guid EffectId { get; init; }

    /// <summary>From 1.</summary>
    public required int Number { get; init; }

    /// <summary>When.</summary>
    public required DateTimeOffset At { get; init; }

    /// <summary>send, probe, restore, failed.</summary>
    public required string Action { get; init; }

    /// <summary>What came of it, one sentence.</summary>
    public required string Outcome { get; init; }

    /// <summary>Milliseconds.</summary>
    public required long Milliseconds { get; init; }
}
