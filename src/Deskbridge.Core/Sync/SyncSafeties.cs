using Deskbridge.Connectors;

namespace Deskbridge.Core.Sync;

/// <summary>
/// The rules that keep changes from being lost or doubled, each an object of its own (engine.md §4-§9). Production uses these;
/// the simulation replaces one at a time by an object that does nothing, to prove that a checker notices.
/// </summary>
internal sealed record SyncSafeties
{
    /// <summary>An old read never undoes a confirmed write (§8).</summary>
    public StaleReadGuard StaleReads { get; init; } = new();

    /// <summary>A wake raised while its link was planned is kept (§3).</summary>
    public WakeVersionGuard WakeVersions { get; init; } = new();

    /// <summary>A callback that names a newer record than was read keeps its wake (§8).</summary>
    public FreshnessGuard Freshness { get; init; } = new();

    /// <summary>A link with a write in doubt is not planned (§4).</summary>
    public DoubtGuard Doubt { get; init; } = new();

    /// <summary>Look before writing (§4).</summary>
    public ReadBeforeWrite ReadBeforeWrite { get; init; } = new();

    /// <summary>Look before sending again what is in doubt (§4).</summary>
    public FieldProbe FieldProbe { get; init; } = new();

    /// <summary>Our notes are recognised by their marker (§4).</summary>
    public NoteProbe NoteProbe { get; init; } = new();

    /// <summary>Our documents are recognised by their marker (§4).</summary>
    public DocumentProbe DocumentProbe { get; init; } = new();

    /// <summary>A note that somebody changed on the ticket is not written over (§4).</summary>
    public NoteEditRule NoteEdits { get; init; } = new();

    /// <summary>"Not found" right after sending means little (§4).</summary>
    public SettleGuard Settle { get; init; } = new();

    /// <summary>How custom-field arrays are written (§4).</summary>
    public CustomFieldPolicy CustomFields { get; init; } = new();

    /// <summary>One refused field does not hold back the others (§4).</summary>
    public RefusedFieldSplit RefusedFields { get; init; } = new();

    /// <summary>How many vanished tickets are believed without asking (§8).</summary>
    public DeletionGuard Deletions { get; init; } = new();

    /// <summary>The mark follows what was read, never the clock (§8).</summary>
    public MarkRule Marks { get; init; } = new();

    /// <summary>When the answer could change with time alone, the record is looked at again then (§6.10).</summary>
    public TimeWake TimeWakes { get; init; } = new();

    /// <summary>A success counts only for the values that the answer shows (§4).</summary>
    public AnswerProof Answers { get; init; } = new();

    /// <summary>Effects of one kind keep their order on a link (§5).</summary>
    public LinkOrder Order { get; init; } = new();

    /// <summary>Nobody is scheduled twice on a ticket (§4).</summary>
    public ScheduleProbe ScheduleProbe { get; init; } = new();

    /// <summary>The stream is paged by key (§8).</summary>
    public PageWalk Paging { get; init; } = new();
}

/// <summary>Says what an answer to a write does not prove.</summary>
internal class AnswerProof
{
    /// <summary>The fields that the returned record does not show as written: the remote can answer success and change nothing.</summary>
    public virtual IReadOnlyList<string> Unproven(FieldWrite write, RemoteTicket answer) =>
        [.. write.Set.Where(set => answer[set.Key] != set.Value).Select(set => set.Key)];
}

/// <summary>Decides whether an effect waits for another one on its link.</summary>
internal class LinkOrder
{
    /// <summary>It waits for every earlier one of its group that is not settled.</summary>
    public virtual bool Waits(int seq, IEnumerable<int> unsettledInGroup) => unsettledInGroup.Any(other => other < seq);
}

/// <summary>Recognises a schedule entry that makes another one needless.</summary>
internal class ScheduleProbe
{
    /// <summary>An entry of this member that is not done.</summary>
    public virtual RemoteScheduleEntry? Find(IReadOnlyList<RemoteScheduleEntry> entries, string memberId) =>
        entries.FirstOrDefault(entry => entry.MemberId == memberId && !entry.Done);
}

/// <summary>Decides where the next page of the stream begins.</summary>
internal class PageWalk
{
    /// <summary>At the second of the newest row, page 1: rows that change meanwhile move behind it and shift nothing. A full page with nothing new goes on by number inside that second.</summary>
    /// <param name="since">Where the present pages begin.</param>
    /// <param name="number">Number of the page just read, from 1.</param>
    /// <param name="newest">Second of the newest row seen; null when the page had nothing new.</param>
    public virtual (DateTimeOffset Since, int Number) Next(DateTimeOffset since, int number, DateTimeOffset? newest) =>
        newest > since ? (newest.Value, 1) : (since, number + 1);
}

/// <summary>Decides whether a read may replace what the mirror shows.</summary>
internal class StaleReadGuard
{
    /// <summary>No request takes as long, so a mirror from further ahead was stamped by a clock that was wrong, and its time says nothing about order.</summary>
    private static readonly TimeSpan LongestRequest = TimeSpan.FromMinutes(5);

    /// <summary>False when a write of ours was sent or settled since the read began, or the row is older than the mirror's.</summary>
    public virtual bool MayApply(Observation row, DateTimeOffset mirrorUpdatedAt, long linkWriteMark) =>
        row.WriteCounter >= linkWriteMark && (row.Ticket.UpdatedAt >= mirrorUpdatedAt || mirrorUpdatedAt > row.ReadAt + LongestRequest);

    /// <summary>
    /// True when a read was asked for after a plan without one began: the base may have taken the values of a write that the mirror does not
    /// show yet, and planned so the ticket would seem to have gone back.
    /// </summary>
    public virtual bool MirrorIsBehind(Wake? wake) => wake is { NeedsRead: true };
}

/// <summary>Decides where the mark of a stream stands when a whole window is durable.</summary>
internal class MarkRule
{
    /// <summary>The mark stays this far behind the start of the query: a row may become visible late.</summary>
    private static readonly TimeSpan Safety = TimeSpan.FromSeconds(10);

    /// <summary>At the newest row, but not past the safety margin, and never backwards. A window without rows moves nothing.</summary>
    /// <param name="mark">Where it stands.</param>
    /// <param name="newest">The newest row of the window; null when it had none.</param>
    /// <param name="startedAt">When the query began, on the remote's clock.</param>
    public virtual DateTimeOffset After(DateTimeOffset mark, DateTimeOffset? newest, DateTimeOffset startedAt)
    {
        if (newest is not { } row) return mark;
        var reached = row < startedAt - Safety ? row : startedAt - Safety;
        return reached > mark ? reached : mark;
    }
}

/// <summary>Decides whether a finished worker may remove the wake it worked on.</summary>
internal class WakeVersionGuard
{
    /// <summary>Only if nobody raised it since it was claimed.</summary>
    public virtual bool MayRemove(long claimedVersion, long presentVersion) => claimedVersion == presentVersion;
}

/// <summary>Decides whether a read satisfies the callback that asked for it.</summary>
internal class FreshnessGuard
{
    /// <summary>A read older than the record inside the callback does not.</summary>
    public virtual bool IsFresh(RemoteTicket read, DateTimeOffset? wanted) => wanted is null || read.UpdatedAt >= wanted;
}

/// <summary>Decides whether a link may be planned.</summary>
internal class DoubtGuard
{
    /// <summary>Not while a transition or field effect is in doubt.</summary>
    public virtual bool Blocks(IEnumerable<Effect> unsettled) =>
        unsettled.Any(e => e is { State: EffectState.Sent, Kind: EffectKind.Transition or EffectKind.Field });
}

/// <summary>Judges a write by the record as it is right now.</summary>
internal class ReadBeforeWrite
{
    /// <summary>Why the write must not be sent; null when it may.</summary>
    public virtual string? Objection(FieldWrite write, RemoteTicket read)
    {
        if (read.Closed && write.ClosedAfter == false && !write.MayReopen)
            return "The ticket is closed and this write would open it.";
        foreach (var (field, wanted) in write.Set)
        {
            if (TicketFields.IsMarker(field) || (field == TicketFields.Status && write.ForceStatus)) continue;
            var present = read[field];
            if (present != wanted && present != write.Base.GetValueOrDefault(field))
                return $"Somebody changed the {field} in the meantime.";
        }

        return null;
    }
}

/// <summary>What a probe says of a write in doubt.</summary>
internal enum ProbeVerdict
{
    /// <summary>It was applied.</summary>
    Applied,

    /// <summary>It was not applied: send again.</summary>
    NotApplied,

    /// <summary>Neither can be told: plan again.</summary>
    Unclear,
}

/// <summary>Judges a transition or field write in doubt.</summary>
internal class FieldProbe
{
    /// <summary>A marker that moved to its target proves the write; otherwise every field is compared.</summary>
    public virtual ProbeVerdict Judge(FieldWrite write, RemoteTicket before, RemoteTicket read)
    {
        var markerMoved = write.Set.Any(set => TicketFields.IsMarker(set.Key)
            && before[set.Key] != set.Value && read[set.Key] == set.Value);
        if (markerMoved || write.Set.All(set => read[set.Key] == set.Value)) return ProbeVerdict.Applied;
        return write.Set.All(set => read[set.Key] == before[set.Key]) ? ProbeVerdict.NotApplied : ProbeVerdict.Unclear;
    }
}

/// <summary>Recognises the hub's own notes.</summary>
internal class NoteProbe
{
    /// <summary>The note that carries the marker in its last line; failing that, one that holds it anywhere: somebody wrote below it, or quotes it, so that it arrived (decision 0035).</summary>
    public virtual RemoteNote? Find(IReadOnlyList<RemoteNote> notes, string marker) =>
        notes.FirstOrDefault(note => NoteMark.Read(note.Text)?.Marker == marker) ?? notes.FirstOrDefault(note => NoteMark.IsIn(note.Text, marker));
}

/// <summary>Recognises the hub's own documents.</summary>
internal class DocumentProbe
{
    /// <summary>The document whose title holds the mark.</summary>
    public virtual RemoteDocument? Find(IReadOnlyList<RemoteDocument> documents, string marker) => documents.FirstOrDefault(document => NoteMark.IsIn(document.Title, marker));
}

/// <summary>What the note on the ticket says of an edit that is to be written, or in doubt.</summary>
internal enum NoteEditVerdict
{
    /// <summary>It still has the text both sides agreed on: the edit may be written, or had not arrived.</summary>
    Unchanged,

    /// <summary>It has the new text.</summary>
    There,

    /// <summary>It has a text of somebody else's.</summary>
    Theirs,
}

/// <summary>Judges the edit of a note by the note as it is right now.</summary>
internal class NoteEditRule
{
    /// <summary>Compares the text on the ticket with both sides.</summary>
    /// <param name="wanted">What the edit writes.</param>
    /// <param name="agreed">What both sides agreed on last.</param>
    /// <param name="shown">What the ticket shows.</param>
    public virtual NoteEditVerdict Judge(string wanted, string? agreed, string shown) =>
        NoteMark.SameText(shown, wanted) ? NoteEditVerdict.There
        : agreed is not null && NoteMark.SameText(shown, agreed) ? NoteEditVerdict.Unchanged
        : NoteEditVerdict.Theirs;
}

/// <summary>Says when "not found" may be believed.</summary>
internal class SettleGuard
{
    /// <summary>Longer than lease and request timeout together.</summary>
    public static TimeSpan Time { get; } = TimeSpan.FromSeconds(60);

    /// <summary>After the settle time and on the second read.</summary>
    public virtual bool BelievesAbsence(DateTimeOffset sentAt, DateTimeOffset now, int readsWithoutIt) =>
        now >= sentAt + Time && readsWithoutIt >= 2;

    /// <summary>How long until what was not found is looked for again: when the settle time is over, then every few seconds.</summary>
    public static TimeSpan NextLook(DateTimeOffset sentAt, DateTimeOffset now) =>
        sentAt + Time - now is var settled && settled > TimeSpan.Zero ? settled : TimeSpan.FromSeconds(5);
}

/// <summary>Decides how a custom field is written and what the answer teaches (engine.md §4).</summary>
internal class CustomFieldPolicy
{
    /// <summary>The first such write runs alone on its connection.</summary>
    public virtual bool RunsAlone(Connections.CustomFieldMode mode) => mode is Connections.CustomFieldMode.Untested;

    /// <summary>Whether only the changed fields are sent; while that is not proven, by one write at a time.</summary>
    public virtual bool SendsPart(Connections.CustomFieldMode mode) =>
        mode is Connections.CustomFieldMode.WholeProven or Connections.CustomFieldMode.Partial;

    /// <summary>Whether the record held anything that a partial write could have emptied; without that it teaches nothing.</summary>
    public virtual bool RisksOthers(RemoteTicket before, IReadOnlyCollection<string> writtenIds) =>
        before.CustomFields.Any(field => field.Value != "null" && !writtenIds.Contains(field.Id));

    /// <summary>Custom fields of others that a partial write emptied.</summary>
    public virtual IReadOnlyList<CustomFieldValue> Wiped(RemoteTicket before, RemoteTicket after, IEnumerable<string> writtenIds)
    {
        var written = writtenIds.ToHashSet();
        return [.. before.CustomFields.Where(field => field.Value != "null" && !written.Contains(field.Id)
            && after.CustomFields.FirstOrDefault(f => f.Id == field.Id) is not { Value: not "null" })];
    }

    /// <summary>
    /// Whether the loss is the work of our partial write. One that wipes takes everything that was not sent: while anything of that kind survives,
    /// a single empty field was cleared by somebody within the round trip.
    /// </summary>
    /// <param name="before">The record just before the write.</param>
    /// <param name="lost">What is empty now.</param>
    /// <param name="writtenIds">The fields that were sent.</param>
    /// <param name="terms">What else is known.</param>
    public virtual LossVerdict Judge(RemoteTicket before, IReadOnlyList<CustomFieldValue> lost, IReadOnlyCollection<string> writtenIds, LossTerms terms)
    {
        if (lost.Count == 0) return LossVerdict.None;
        if (terms.Decided || terms.Mode == Connections.CustomFieldMode.WholeProven || lost.Count > 1) return LossVerdict.Wiped;
        var others = before.CustomFields.Count(field => field.Value != "null" && !writtenIds.Contains(field.Id));
        return others > lost.Count ? LossVerdict.ClearedBySomebody
            : terms.IsAnswer ? LossVerdict.Wiped
            : LossVerdict.Unclear;
    }
}

/// <summary>What is known when custom fields of others are empty after a partial write.</summary>
/// <param name="Mode">How custom fields behaved so far.</param>
/// <param name="IsAnswer">The record is the write's own answer, so that the time between is one round trip.</param>
/// <param name="Decided">This very write was found to wipe before, and its restore is not known to have arrived.</param>
internal sealed record LossTerms(Connections.CustomFieldMode Mode, bool IsAnswer, bool Decided);

/// <summary>Whose work an empty custom field is.</summary>
internal enum LossVerdict
{
    /// <summary>Nothing is lost.</summary>
    None,

    /// <summary>A person cleared it; it stays so.</summary>
    ClearedBySomebody,

    /// <summary>Our write or a person: left as it is, shown, and whole arrays from now on.</summary>
    Unclear,

    /// <summary>Our write: put back, shown, and whole arrays from now on.</summary>
    Wiped,
}

/// <summary>Takes one refused field out of a joint write.</summary>
internal class RefusedFieldSplit
{
    /// <summary>The fields to take out: the one the remote named (for any marker: those of this write, since an answer tells custom fields apart badly), else every one that is not a marker. None: the whole write is refused.</summary>
    public virtual IReadOnlyList<string> TakeOut(FieldWrite write, ConnectorRejectedException refusal)
    {
        if (write.Set.Count < 2) return [];
        if (refusal.Field is { } field)
        {
            if (write.Set.ContainsKey(field)) return [field];
            var markers = TicketFields.IsMarker(field) ? write.Set.Keys.Where(TicketFields.IsMarker).ToList() : [];
            return markers.Count < write.Set.Count ? markers : [];
        }

        if (refusal.Kind == RejectionKind.Permission) return [];
        var others = write.Set.Keys.Where(f => !TicketFields.IsMarker(f)).ToList();
        return others.Count == write.Set.Count ? others[1..] : others;
    }
}

/// <summary>Looks again when time alone may have changed the answer.</summary>
internal class TimeWake
{
    /// <summary>When to look again; null for never.</summary>
    public virtual DateTimeOffset? Next(DateTimeOffset? changesAt) => changesAt;
}

/// <summary>Decides whether missing tickets may be believed to be deleted without a person's word.</summary>
internal class DeletionGuard
{
    private const int AlwaysAllowed = 3;
    private const int NeverMore = 20;
    private const double Share = 0.05;

    /// <summary>Up to 3, or 5 % where that is more, but never above 20; and something that is linked must still be found, since lost rights look the same.</summary>
    public virtual bool Believes(int missing, int linked) =>
        missing == 0 || (missing < linked && missing <= Math.Clamp(linked * Share, AlwaysAllowed, NeverMore));
}
