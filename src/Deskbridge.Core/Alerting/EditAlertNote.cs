using Deskbridge.Core.Common;
using Deskbridge.Core.Connections;
using Deskbridge.Core.Data;
using Deskbridge.Core.Directory;
using Deskbridge.Core.Sync;
using Microsoft.EntityFrameworkCore;

namespace Deskbridge.Core.Alerting;

/// <summary>
/// Gives a note another text, here and on the ticket. What it said before stays in the timeline. If somebody changed it on the ticket first,
/// theirs stays there and the timeline says so.
/// </summary>
internal sealed class EditAlertNote(HubStore store, RandomIds ids, TimeProvider clock, Failpoints failpoints)
{
    /// <summary>Edits it. The text it already has is no edit, whatever version was seen: an answer that was lost may be asked for again.</summary>
    /// <param name="alertId">The alert; it may be closed.</param>
    /// <param name="noteId">Its note.</param>
    /// <param name="seen">The version that the person saw.</param>
    /// <param name="text">The new text; white space at both ends is dropped.</param>
    /// <param name="by">Who wrote the note, or an administrator.</param>
    /// <param name="cancel">Gives up.</param>
    public async Task<Result<AlertNote>> RunAsync(Guid alertId, Guid noteId, int seen, string text, Person by, CancellationToken cancel)
    {
        if (by.Role == PersonRole.Viewer) return new ViewersOnlyLook(by.Name);
        var clean = AddAlertNote.Clean(text);
        if (clean.Length == 0) return new NoteEmpty();
        if (clean.Length > AddAlertNote.MaxLength) return new NoteTooLong(clean.Length);
        var result = await store.WriteAsync(db => EditAsync(db, alertId, noteId, seen, clean, by, cancel), cancel);
        if (result.Failure is null) failpoints.Pass("action.after-commit");
        return result;
    }

    private async Task<Result<AlertNote>> EditAsync(HubDb db, Guid alertId, Guid noteId, int seen, string text, Person by, CancellationToken cancel)
    {
        if (await db.Alerts.FindAsync([alertId], cancel) is not { } alert) return new AlertNotFound(alertId);
        if (await db.AlertNotes.FindAsync([noteId], cancel) is not { } note || note.AlertId != alertId) return new NoteNotFound(noteId);
        if (!AlertNote.MayBeEdited(note.PersonId, by)) return new NoteOfAnother(note.Author);
        if (note.Text == text) return note;
        if (note.Version != seen) return new NoteEditedMeanwhile(note.Text);

        var now = clock.GetUtcNow();
        var before = note.Text;
        (note.Text, note.EditedAt) = (text, now);
        note.Version++;
        db.AddEvent(alert, "note-edited", by.Id == note.PersonId ? $"{by.Name} edited their note." : $"{by.Name} edited the note of {note.Author}.", $"It said before:\n{before}", by.Id, now);
        var onTicket = await PlanAsync(db, alert, note, now, cancel);
        await db.LogAlertEventAsync(alert, "note-edited", $"{by.Name} edited a note of \"{alert.Title}\".", onTicket, now, cancel);
        await db.SaveChangesAsync(cancel);
        failpoints.Pass("action.before-commit");
        return note;
    }

    /// <summary>What is to be done about the note on the ticket. Answers it in words.</summary>
    private async Task<string> PlanAsync(HubDb db, Alert alert, AlertNote note, DateTimeOffset now, CancellationToken cancel)
    {
        const string Here = "→ stays in the hub: the note is on no ticket";
        if (alert.LinkId is not { } linkId || await db.Links.FindAsync([linkId], cancel) is not { } link) return Here;
        if (!note.Planned) return "→ the note goes to the ticket with this text";
        if (link.State == LinkState.Tombstoned || await db.Connections.FindAsync([link.ConnectionId], cancel) is not { State: not ConnectionState.Removed }) return Here;

        var whole = NoteMark.Sign(note.Text, note.Author, note.Marker);
        var key = NoteWrite.KeyOf(note.Id);
        var added = await db.Effects.FirstOrDefaultAsync(effect => effect.IdemKey == key, cancel);
        if (added is not null && await CarriesAsync(db, added, whole, now, cancel)) return "→ the note goes to the ticket with this text";
        if (added is null or { State: EffectState.Superseded } && await db.ChildPairs.FindAsync([link.Id, ChildPair.Note, note.Marker], cancel) is null) return Here;
        var writer = new EffectWriter(db, link, ids, now);
        await writer.SupersedeEditsAsync(note.Id, cancel);
        writer.Add(EffectKind.NoteEdit, $"note-edit:{note.Id:N}:{note.Version}", new NoteEditWrite(note.Id, note.Marker, whole), alert.Id);
        return $"→ the note #{note.Marker} on the ticket is changed, unless somebody changed it there";
    }

    /// <summary>A note that never left takes the new text along, and one that was refused is tried again with it; a sender that holds it finds its claim gone.</summary>
    private static async Task<bool> CarriesAsync(HubDb db, Effect added, string text, DateTimeOffset now, CancellationToken cancel)
    {
        var neverSent = added.Attempts == 0 && EffectStates.Unsettled.Contains(added.State);
        if (!neverSent && added.State != EffectState.Rejected) return false;
        added.Payload = Json.Write(Json.Read<NoteWrite>(added.Payload).Edited(text, added.SentAt is not null));
        if (neverSent) (added.State, added.LeaseUntil) = (EffectState.Pending, null);
        else await db.GoOnAsync(added, "the note was edited", now, cancel);
        return true;
    }
}
