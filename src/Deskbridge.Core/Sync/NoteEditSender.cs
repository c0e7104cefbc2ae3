using System.Diagnostics;
using Deskbridge.Connectors;
using Deskbridge.Core.Common;
using Deskbridge.Core.Data;
using Microsoft.EntityFrameworkCore;

namespace Deskbridge.Core.Sync;

/// <summary>
/// Changes the text of a ticket note of ours. It is read first, and when in doubt: the text itself says whether the edit arrived, and one
/// that somebody else wrote stays (decision 0046).
/// </summary>
internal sealed class NoteEditSender(EffectLedger ledger, FailedSend failed, HubStore store, SyncSafeties safeties, Failpoints failpoints, TimeProvider clock)
{
    private const string Gone = "The note was deleted on the ticket, so its text cannot be changed there. Here the new text stands; if the ticket should have it, add a new note.";

    /// <summary>Works on one claimed edit.</summary>
    public async Task SendAsync(Effect effect, ITicketNotes notes, CancellationToken cancel)
    {
        var watch = Stopwatch.StartNew();
        var edit = Json.Read<NoteEditWrite>(effect.Payload);
        var (remoteId, agreed) = await AgreedAsync(effect, edit, cancel);
        var listed = await notes.ReadNotesAsync(effect.RemoteId, cancel);
        var shown = listed.FirstOrDefault(note => note.Id == remoteId) ?? safeties.NoteProbe.Find(listed, edit.Marker);
        failpoints.Pass(effect.State == EffectState.Sent ? "effect.probe-read" : "effect.read");
        if (shown is null)
        {
            await MissingAsync(effect, edit, isKnown: remoteId is not null, cancel);
            return;
        }

        var before = await WasOursAsync(effect, edit, shown.Text, cancel) ? shown.Text : agreed;
        var verdict = safeties.NoteEdits.Judge(edit.Text, before, shown.Text);
        if (effect.State == EffectState.Sent) await ledger.NoteAttemptAsync(effect, "probe", Words(verdict), watch.Elapsed, cancel);
        switch (verdict)
        {
            case NoteEditVerdict.There:
                await ConfirmAsync(effect, edit, shown, cancel);
                break;
            case NoteEditVerdict.Theirs:
                await ledger.KeepTheirNoteAsync(effect, edit, agreed, shown.Text, cancel);
                break;
            case NoteEditVerdict.Unchanged when effect.State == EffectState.Sent:
                await ledger.RetryAsync(effect, TimeSpan.Zero, "It had not arrived; it is sent again.", cancel);
                break;
            default:
                await WriteAsync(effect, edit, shown.Id, notes, watch, cancel);
                break;
        }
    }

    private async Task WriteAsync(Effect effect, NoteEditWrite edit, string noteId, ITicketNotes notes, Stopwatch watch, CancellationToken cancel)
    {
        if (await ledger.MarkSentAsync(effect, null, cancel) == SentMark.Lost) return;
        try
        {
            var answer = await notes.EditNoteAsync(effect.RemoteId, noteId, edit.Text, cancel);
            failpoints.Pass("note-edit.answered");
            await ledger.NoteAttemptAsync(effect, "send", "Accepted.", watch.Elapsed, cancel);
            if (NoteMark.SameText(answer.Text, edit.Text)) await ConfirmAsync(effect, edit, answer, cancel);
            else await ledger.RejectAsync(effect, EffectState.Rejected, "The ticket system answered success, but the note does not have the new text. Compare it on the ticket.", cancel);
        }
        catch (ConnectorNotFoundException)
        {
            await ledger.RejectAsync(effect, EffectState.Rejected, Gone, cancel, ticketMissing: true);
        }
        catch (ConnectorException raw)
        {
            await failed.AnswerAsync(effect, raw, watch.Elapsed, cancel);
        }
    }

    private Task ConfirmAsync(Effect effect, NoteEditWrite edit, RemoteNote shown, CancellationToken cancel) => ledger.ConfirmObjectAsync(
        effect, shown.Id,
        new ChildPair { LinkId = effect.LinkId, Kind = ChildPair.Note, Marker = edit.Marker, HubId = edit.NoteId, RemoteId = shown.Id, Text = shown.Text },
        "Note on the ticket changed.", cancel);

    /// <summary>A list may lag behind, so one that is not there is looked for once more. One that never reached the ticket takes the new text along, if it is ever sent.</summary>
    private async Task MissingAsync(Effect effect, NoteEditWrite edit, bool isKnown, CancellationToken cancel)
    {
        var now = clock.GetUtcNow();
        var reads = effect.NotFoundProbes + 1;
        if (!isKnown && await ledger.CarryAsync(effect, edit, cancel)) return;
        if (safeties.Settle.BelievesAbsence(effect.CreatedAt, now, reads)) await ledger.RejectAsync(effect, EffectState.Rejected, Gone, cancel);
        else await ledger.DoubtAsync(effect, SettleGuard.NextLook(effect.CreatedAt, now), "The note is not listed on the ticket (yet).", reads, cancel);
    }

    /// <summary>The note's remote id and the text both sides agreed on, as far as they are known.</summary>
    private Task<(string? RemoteId, string? Text)> AgreedAsync(Effect effect, NoteEditWrite edit, CancellationToken cancel) => store.ReadAsync<(string?, string?)>(
        async db =>
        {
            if (await db.ChildPairs.FirstOrDefaultAsync(pair => pair.LinkId == effect.LinkId && pair.Kind == ChildPair.Note && pair.Marker == edit.Marker, cancel) is { } known) return (known.RemoteId, known.Text);
            var key = NoteWrite.KeyOf(edit.NoteId);
            return await db.Effects.FirstOrDefaultAsync(row => row.IdemKey == key, cancel) is { } added ? (null, Json.Read<NoteWrite>(added.Payload).Text) : (null, null);
        },
        cancel);

    /// <summary>Whether the ticket shows an earlier edit of ours that was overtaken here, and arrived after it had been given up for lost.</summary>
    private Task<bool> WasOursAsync(Effect effect, NoteEditWrite edit, string shown, CancellationToken cancel) => store.ReadAsync(
        async db =>
        {
            var sent = await db.Effects.Where(row => row.LinkId == effect.LinkId && row.Kind == EffectKind.NoteEdit && row.Seq < effect.Seq && row.State == EffectState.Superseded && row.SentAt != null).ToListAsync(cancel);
            return sent.Select(row => Json.Read<NoteEditWrite>(row.Payload)).Any(earlier => earlier.NoteId == edit.NoteId && NoteMark.SameText(earlier.Text, shown));
        },
        cancel);

    private static string Words(NoteEditVerdict verdict) => verdict switch
    {
        NoteEditVerdict.There => "Found: it had arrived.",
        NoteEditVerdict.Unchanged => "The note still has its earlier text.",
        _ => "The note has another text by now.",
    };
}
