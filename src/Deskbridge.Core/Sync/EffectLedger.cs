using Deskbridge.Connectors;
using Deskbridge.Core.Common;
using Deskbridge.Core.Connections;
using Deskbridge.Core.Data;
using Microsoft.EntityFrameworkCore;

namespace Deskbridge.Core.Sync;

/// <summary>
/// Every state change of a claimed effect, each in a transaction that holds only while the claim does: a sender that lost
/// its claim changes nothing.
/// </summary>
internal sealed class EffectLedger(
    HubStore store, SentMarks sent, WriteConfirmations confirmations, ObservationBook book, ITicketAttachment attachment, RandomIds ids, Failpoints failpoints, TimeProvider clock)
{
    private const int GiveUpAfter = 10;
    private const string Broken = "failed";

    /// <summary>Marks an effect Sent, with what was read before. Nothing may be sent when the claim is lost or too short to send in.</summary>
    public async Task<SentMark> MarkSentAsync(Effect effect, BeforeImage? before, CancellationToken cancel)
    {
        failpoints.Pass("effect.before-sent");
        var marked = await sent.MarkAsync(effect, before, cancel);
        failpoints.Pass("effect.sent");
        return marked;
    }

    /// <summary>A write is on the remote.</summary>
    public async Task ConfirmWriteAsync(ConfirmedWrite done, CancellationToken cancel)
    {
        failpoints.Pass("effect.before-confirm");
        await confirmations.ConfirmAsync(done, cancel);
        failpoints.Pass("effect.confirmed");
    }

    /// <summary>An object (note, schedule entry) is on the remote; with no pair it was ended there.</summary>
    public Task ConfirmObjectAsync(Effect effect, string objectId, ChildPair? pair, string message, CancellationToken cancel) =>
        ChangeAsync(
            effect,
            async (db, row) =>
            {
                db.Settle(row, EffectState.Confirmed, null, clock.GetUtcNow());
                row.ObjectId = objectId;
                if (pair is not null)
                {
                    var known = await db.ChildPairs.FindAsync([pair.LinkId, pair.Kind, pair.Marker], cancel);
                    if (known is null) db.ChildPairs.Add(pair);
                    else if (row.Kind == EffectKind.NoteEdit) known.Text = pair.Text;
                }

                if (row.Kind == EffectKind.Note && pair is not null) await EditAfterAsync(db, row, pair, cancel);
                if (row.Kind == EffectKind.Document) await db.WantDetailsAsync(row, cancel);
                await db.RaiseWriteMarkAsync(row, cancel);
                await attachment.SettledAsync(db, row, message, cancel);
                await attachment.AcceptedAsync(db, [row], cancel);
                return true;
            },
            cancel);

    /// <summary>What somebody made of an object in the meantime is left as it is: nothing is sent, and nothing is planned again.</summary>
    public Task LeaveAsync(Effect effect, string why, CancellationToken cancel) =>
        ChangeAsync(
            effect,
            async (db, row) =>
            {
                db.Settle(row, EffectState.Superseded, why, clock.GetUtcNow());
                await attachment.TellAsync(db, row, "ticket-updated", why, null, cancel);
                return true;
            },
            cancel);

    /// <summary>
    /// Somebody changed a note on the ticket before our edit of it came there: theirs stays, as a decided conflict, and so do later edits that
    /// were made before anybody could know. From then on theirs counts as what both sides have, and who edits it again has seen it.
    /// </summary>
    public Task KeepTheirNoteAsync(Effect effect, NoteEditWrite edit, string? agreed, string shown, CancellationToken cancel) =>
        ChangeAsync(
            effect,
            async (db, row) =>
            {
                const string Why = "Somebody changed the note on the ticket first; theirs stays.";
                var now = clock.GetUtcNow();
                var ours = edit.Text;
                foreach (var waiting in await db.UnsettledEditsAsync(row, cancel))
                {
                    if (Json.Read<NoteEditWrite>(waiting.Payload) is not { } other || other.NoteId != edit.NoteId) continue;
                    db.Settle(waiting, EffectState.Superseded, Why, now);
                    ours = other.Text;
                }

                if (await db.ChildPairs.FindAsync([row.LinkId, ChildPair.Note, edit.Marker], cancel) is { } pair) pair.Text = shown;
                db.Conflicts.Add(new Conflict { Id = ids.NewId(), LinkId = row.LinkId, Field = $"note #{edit.Marker}", BaseValue = agreed, HubValue = ours, RemoteValue = shown, Decision = Why, At = now });
                await db.RaiseWriteMarkAsync(row, cancel);
                await attachment.NoteStaysAsync(db, row, edit.NoteId, shown, cancel);
                return true;
            },
            cancel);

    /// <summary>The note that was to be changed was refused before: if it is sent after all, it says what the edit says.</summary>
    /// <returns>Whether that is so.</returns>
    public async Task<bool> CarryAsync(Effect effect, NoteEditWrite edit, CancellationToken cancel)
    {
        var carried = false;
        await ChangeAsync(
            effect,
            async (db, row) =>
            {
                var key = NoteWrite.KeyOf(edit.NoteId);
                if (await db.Effects.FirstOrDefaultAsync(e => e.IdemKey == key, cancel) is not { State: EffectState.Rejected or EffectState.Dead or EffectState.Superseded } added) return false;
                added.Payload = Json.Write(Json.Read<NoteWrite>(added.Payload).Edited(edit.Text, added.SentAt is not null));
                db.Settle(row, EffectState.Superseded, "The note itself did not reach the ticket. If it is sent after all, it has this text.", clock.GetUtcNow());
                return carried = true;
            },
            cancel);
        return carried;
    }

    /// <summary>Overtaken by a change of somebody: the link is planned again from what was read.</summary>
    public Task SupersedeAsync(Effect effect, Observation? read, string why, CancellationToken cancel) =>
        ChangeAsync(
            effect,
            async (db, row) =>
            {
                var stale = read is null || await IsStaleAsync(db, row, read, cancel);
                if (row.IsChoice)
                {
                    await attachment.TellAsync(db, row, "conflict", $"Not written: {EffectWords.Of(row)}", why, cancel);
                }
                else
                {
                    var link = await db.LinkOfAsync(row, cancel);
                    link.PlanAgain = true;
                    link.Supersedes++;
                }

                db.Settle(row, EffectState.Superseded, why, clock.GetUtcNow());
                await db.RaiseWriteMarkAsync(row, cancel);
                await db.WakeAsync(row.ConnectionId, RecordTypes.Ticket, row.RemoteId, clock.GetUtcNow(), "overtaken", needsRead: stale, cancel: cancel);
                return true;
            },
            cancel);

    /// <summary>No effect so far: tried again later.</summary>
    public Task RetryAsync(Effect effect, TimeSpan wait, string why, CancellationToken cancel) =>
        ChangeAsync(
            effect,
            async (db, row) =>
            {
                row.State = EffectState.Retry;
                row.NotBefore = clock.GetUtcNow() + wait;
                row.LeaseUntil = null;
                row.Error = why;
                db.CountEffect(row);
                await db.RaiseWriteMarkAsync(row, cancel);
                await WakeAfterDoubtAsync(db, row, cancel);
                return true;
            },
            cancel);

    /// <summary>The outcome is unknown: stays Sent, and is probed at its time.</summary>
    public Task DoubtAsync(Effect effect, TimeSpan wait, string why, int notFoundProbes, CancellationToken cancel) =>
        ChangeAsync(
            effect,
            (_, row) =>
            {
                row.NotBefore = clock.GetUtcNow() + wait;
                row.LeaseUntil = null;
                row.Error = why;
                row.NotFoundProbes = notFoundProbes;
                return Task.FromResult(true);
            },
            cancel);

    /// <summary>
    /// Gives a claim back after a failure that decided nothing. The row says whether it is in doubt: a claimed effect is
    /// tried again, a sent one probed, one that the failure's handling settled or released already is left alone.
    /// </summary>
    public Task ReleaseAsync(Effect effect, TimeSpan wait, string why, CancellationToken cancel) =>
        ChangeAsync(
            effect,
            (_, row) => Task.FromResult(GiveBack(row, wait, why)),
            cancel);

    /// <summary>
    /// Gives a claim back after a failure that no answer of the remote explains, each time for longer. One that keeps failing is given up: people are
    /// told, and what waits for it goes on.
    /// </summary>
    public Task BrokenAsync(Effect effect, string why, CancellationToken cancel) =>
        ChangeAsync(
            effect,
            async (db, row) =>
            {
                if (row.LeaseUntil is null) return false; // settled or given back by what handled the failure
                var failures = await db.EffectAttempts.CountAsync(a => a.EffectId == row.Id && a.Action == Broken, cancel) + 1;
                if (failures < GiveUpAfter)
                {
                    GiveBack(row, TimeSpan.FromSeconds(30) * failures, why);
                }
                else
                {
                    var arrived = row.State == EffectState.Sent ? " Whether it arrived is not known: look at the ticket." : "";
                    var wiped = row.Before is { } before && Json.Read<BeforeImage>(before).Wiped;
                    if (wiped) (await db.ConnectionOfAsync(row, cancel)).CustomFields = CustomFieldMode.Unrestored;
                    var lost = wiped ? CustomFieldTrial.NotPutBack : "";
                    await RefuseAsync(db, row, EffectState.Dead, $"{lost}Given up after {failures} failures: {why}{arrived}", ticketMissing: false, cancel);
                }

                await db.NoteAttemptsAsync([(row.Id, new Attempt(clock.GetUtcNow(), Broken, why, TimeSpan.Zero))], cancel);
                return true;
            },
            cancel);

    /// <summary>Refused for good; when a right of ours is missing, until that is there.</summary>
    public Task RejectAsync(Effect effect, ConnectorRejectedException refusal, CancellationToken cancel) =>
        ChangeAsync(
            effect,
            async (db, row) =>
            {
                row.ForRight = refusal.Kind == RejectionKind.Permission;
                await RefuseAsync(db, row, EffectState.Rejected, refusal.Message, ticketMissing: false, cancel);
                return true;
            },
            cancel);

    /// <summary>Refused for good. With <paramref name="ticketMissing"/> the ticket is read again, so that people are told when it is gone.</summary>
    public Task RejectAsync(Effect effect, EffectState state, string why, CancellationToken cancel, bool ticketMissing = false) =>
        ChangeAsync(
            effect,
            async (db, row) =>
            {
                await RefuseAsync(db, row, state, why, ticketMissing, cancel);
                return true;
            },
            cancel);

    /// <summary>Takes refused fields out of a joint write: each becomes a refused effect of its own, the rest is sent again at once.</summary>
    public Task SplitAsync(Effect effect, FieldWrite write, IReadOnlyList<string> refused, bool knownToBeRefused, string why, CancellationToken cancel) =>
        ChangeAsync(
            effect,
            async (db, row) =>
            {
                var link = await db.LinkOfAsync(row, cancel);
                var writer = new EffectWriter(db, link, ids, clock.GetUtcNow());
                foreach (var field in refused)
                {
                    var alone = write.Only([field]);
                    var key = $"{row.IdemKey}:{field}";
                    if (knownToBeRefused) writer.AddRejected(key, alone, row.AlertId, why);
                    else writer.Add(EffectKind.Field, key, alone, row.AlertId);
                    if (knownToBeRefused) await attachment.RefusedAsync(db, row, why, cancel);
                }

                row.Payload = Json.Write(write.Only([.. write.Set.Keys.Except(refused)]));
                SendAgain(db, row);
                await db.RaiseWriteMarkAsync(row, cancel);
                await WakeAfterDoubtAsync(db, row, cancel);
                return true;
            },
            cancel);

    /// <summary>
    /// A partial write left custom fields of others empty: whole arrays from now on, and every loss is a decided row that people see. Said once per write;
    /// the effect stays in doubt until what is to be put back is there.
    /// </summary>
    public Task WipedAsync(Effect effect, IReadOnlyList<CustomFieldValue> lost, bool restores, CancellationToken cancel) =>
        ChangeAsync(
            effect,
            async (db, row) =>
            {
                var image = Json.Read<BeforeImage>(row.Before!);
                if (image.Wiped) return false;
                row.Before = Json.Write(image with { Wiped = true });
                (await db.ConnectionOfAsync(row, cancel)).CustomFields = CustomFieldMode.Whole;
                var decision = restores
                    ? "Emptied together with our write, which had left it out; put back unless somebody has filled it since."
                    : "Found empty after our write, which had left it out; whether that or a person emptied it cannot be told, so it is left as it is.";
                var now = clock.GetUtcNow();
                foreach (var field in lost)
                {
                    db.Conflicts.Add(new Conflict
                    {
                        Id = ids.NewId(),
                        LinkId = row.LinkId,
                        Field = $"custom field {field.Caption}",
                        BaseValue = field.Value,
                        HubValue = field.Value,
                        RemoteValue = null,
                        Decision = decision,
                        At = now,
                    });
                }

                var names = string.Join(", ", lost.Select(field => field.Caption));
                var message = restores ? $"Custom fields emptied by our write are put back: {names}." : $"Custom fields found empty after our write: {names}.";
                const string Why = "The ticket system wiped the custom fields that the write left out. From now on this connection sends all of them with every write.";
                await attachment.TellAsync(db, row, "conflict", message, restores ? Why : decision, cancel);
                db.LogConnectionEvent(row.ConnectionId, "custom-fields", row.RemoteId, $"Ticket {row.RemoteId}: {message} {Why}", image.Body, null, now);
                return true;
            },
            cancel);

    /// <summary>
    /// Leaves out marker fields that the ticket does not carry any more: each becomes a refused effect with its fix, one finding tells of all,
    /// and the rest is sent at once, to be probed by what it writes.
    /// </summary>
    public Task LeaveOutMissingAsync(Effect effect, FieldWrite write, IReadOnlyList<string> missing, CancellationToken cancel) =>
        ChangeAsync(
            effect,
            async (db, row) =>
            {
                var why = await attachment.MarkersMissingAsync(db, row, missing, cancel);
                if (missing.Count == write.Set.Count)
                {
                    db.Settle(row, EffectState.Rejected, why, clock.GetUtcNow());
                    await db.RaiseWriteMarkAsync(row, cancel);
                    return true;
                }

                var link = await db.LinkOfAsync(row, cancel);
                var writer = new EffectWriter(db, link, ids, clock.GetUtcNow());
                foreach (var field in missing) writer.AddRejected($"{row.IdemKey}:{field}", write.Only([field]), row.AlertId, why);
                row.Payload = Json.Write(write.Only([.. write.Set.Keys.Except(missing)]));
                SendAgain(db, row);
                await db.RaiseWriteMarkAsync(row, cancel);
                return true;
            },
            cancel);

    /// <summary>Learns how custom fields behave without settling the effect.</summary>
    public Task LearnAsync(Guid connectionId, CustomFieldMode mode, CancellationToken cancel) =>
        store.WriteAsync(
            async db =>
            {
                var connection = await db.Connections.SingleAsync(c => c.Id == connectionId, cancel);
                connection.CustomFields = mode;
            },
            cancel);

    /// <summary>Writes down an attempt, as evidence for people.</summary>
    public Task NoteAttemptAsync(Effect effect, string action, string outcome, TimeSpan took, CancellationToken cancel) =>
        store.WriteAsync(db => db.NoteAttemptsAsync([(effect.Id, new Attempt(clock.GetUtcNow(), action, outcome, took))], cancel), cancel);

    private async Task RefuseAsync(HubDb db, Effect row, EffectState state, string why, bool ticketMissing, CancellationToken cancel)
    {
        db.Settle(row, state, why, clock.GetUtcNow());
        await db.RaiseWriteMarkAsync(row, cancel);
        await attachment.RefusedAsync(db, row, why, cancel);
        await db.WakeAsync(row.ConnectionId, RecordTypes.Ticket, row.RemoteId, clock.GetUtcNow(), "refused", needsRead: ticketMissing, cancel: cancel);
    }

    /// <summary>A note that stands on the ticket with a text from before an edit is changed now, unless a later edit waits to do so.</summary>
    private async Task EditAfterAsync(HubDb db, Effect row, ChildPair pair, CancellationToken cancel)
    {
        var note = Json.Read<NoteWrite>(row.Payload);
        if (pair.Text is not { } shown || NoteMark.SameText(shown, note.Text) || !note.MayStandAs(shown)) return;
        if ((await db.UnsettledEditsAsync(row, cancel)).Exists(edit => Json.Read<NoteEditWrite>(edit.Payload).NoteId == note.NoteId)) return;
        new EffectWriter(db, await db.LinkOfAsync(row, cancel), ids, clock.GetUtcNow())
            .Add(EffectKind.NoteEdit, $"{row.IdemKey}:edit:{row.Epoch}", new NoteEditWrite(note.NoteId, note.Marker, note.Text), row.AlertId);
    }

    private bool GiveBack(Effect row, TimeSpan wait, string why)
    {
        if (row.LeaseUntil is null) return false;
        if (row.State == EffectState.Claimed) row.State = EffectState.Retry;
        row.NotBefore = clock.GetUtcNow() + wait;
        row.LeaseUntil = null;
        row.Error = why;
        return true;
    }

    private async Task<bool> ChangeAsync(Effect claimed, Func<HubDb, Effect, Task<bool>> change, CancellationToken cancel) =>
        await store.WriteAsync(async db => await db.HeldAsync(claimed, cancel) is { } row && await change(db, row), cancel);

    /// <summary>Brings what was read into the mirror; true when it came too late to count, so that the record must be read again.</summary>
    private async Task<bool> IsStaleAsync(HubDb db, Effect row, Observation read, CancellationToken cancel) =>
        (await book.ApplyAsync(db, row.ConnectionId, [read], cancel))[0].Outcome == ObservationOutcome.Stale;

    /// <summary>Nothing of its link was planned while the write was on its way; what was read meanwhile must not wait until one is accepted.</summary>
    private async Task WakeAfterDoubtAsync(HubDb db, Effect row, CancellationToken cancel)
    {
        if (row.Kind is EffectKind.Transition or EffectKind.Field)
            await db.WakeAsync(row.ConnectionId, RecordTypes.Ticket, row.RemoteId, clock.GetUtcNow(), "in doubt no more", cancel: cancel);
    }

    private void SendAgain(HubDb db, Effect row)
    {
        row.State = EffectState.Pending;
        row.NotBefore = clock.GetUtcNow();
        row.LeaseUntil = null;
        db.Hints.Add(WorkHint.Effects);
    }
}
