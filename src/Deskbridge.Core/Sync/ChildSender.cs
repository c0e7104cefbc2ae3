using System.Diagnostics;
using Deskbridge.Connectors;
using Deskbridge.Core.Common;
using Deskbridge.Core.Connections;
using Deskbridge.Core.Data;
using Microsoft.EntityFrameworkCore;

namespace Deskbridge.Core.Sync;

/// <summary>Sends what must count singly: notes and schedule entries. Looks for its object before it ever sends a second time.</summary>
internal sealed class ChildSender(EffectLedger ledger, HubStore store, NoteEditSender edits, FailedSend failed, SyncSafeties safeties, Failpoints failpoints, TimeProvider clock)
{
    /// <summary>How long an object in doubt is left alone when we may not look for it: a right returns when a person gives it.</summary>
    private static readonly TimeSpan UntilWeMayLook = TimeSpan.FromMinutes(5);

    /// <summary>Works on one claimed effect.</summary>
    public async Task SendAsync(Effect effect, LiveConnection live, CancellationToken cancel)
    {
        try
        {
            await WorkAsync(effect, live, cancel);
        }
        catch (ConnectorRejectedException refusal)
        {
            // A refusal to send is settled where it is sent, so this is one to look. It concerns this kind of object, not the connection.
            await ledger.NoteAttemptAsync(effect, "probe", refusal.Message, TimeSpan.Zero, cancel);
            if (effect.State == EffectState.Sent) await ledger.DoubtAsync(effect, UntilWeMayLook, $"Whether it arrived cannot be found out: {refusal.Message}", effect.NotFoundProbes, cancel);
            else await ledger.RejectAsync(effect, refusal, cancel);
        }
    }

    private async Task WorkAsync(Effect effect, LiveConnection live, CancellationToken cancel)
    {
        if (effect.Kind == EffectKind.Schedule && live.Connector is ISchedulesMembers members && Json.Read<ScheduleWrite>(effect.Payload) is { Ends: { } ended } end)
        {
            await EndAsync(effect, end.MemberId, ended, members, cancel);
            return;
        }

        if (effect.Kind == EffectKind.NoteEdit && live.Connector is ITicketNotes editor)
        {
            await edits.SendAsync(effect, editor, cancel);
            return;
        }

        IChild? child = effect.Kind switch
        {
            EffectKind.Note when live.Connector is ITicketNotes notes => new NoteChild(Json.Read<NoteWrite>(effect.Payload), effect, notes, safeties.NoteProbe),
            EffectKind.Document when live.Connector is ITicketDocuments { TakesDocuments: true } documents => new DocumentChild(Json.Read<DocumentWrite>(effect.Payload), effect, documents, safeties.DocumentProbe, store),
            EffectKind.Schedule when live.Connector is ISchedulesMembers schedule => new ScheduleChild(Json.Read<ScheduleWrite>(effect.Payload), effect, schedule, safeties.ScheduleProbe),
            _ => null,
        };
        if (child is null) await ledger.RejectAsync(effect, EffectState.Rejected, $"{live.Connection.Name} cannot do this ({effect.Kind}).", cancel);
        else if (effect.State == EffectState.Sent) await ProbeAsync(effect, child, cancel);
        else await CreateAsync(effect, child, cancel);
    }

    private async Task ProbeAsync(Effect effect, IChild child, CancellationToken cancel)
    {
        var watch = Stopwatch.StartNew();
        var found = await child.FindAsync(cancel);
        failpoints.Pass("effect.probe-read");
        await ledger.NoteAttemptAsync(effect, "probe", found is null ? "Not there (yet)." : "Found: it had arrived.", watch.Elapsed, cancel);
        if (found is not null)
        {
            await ledger.ConfirmObjectAsync(effect, found, child.Pair(found), child.Confirmation, cancel);
            return;
        }

        var reads = effect.NotFoundProbes + 1;
        var sentAt = effect.SentAt ?? effect.CreatedAt;
        var now = clock.GetUtcNow();
        if (!safeties.Settle.BelievesAbsence(sentAt, now, reads))
            await ledger.DoubtAsync(effect, SettleGuard.NextLook(sentAt, now), "Not found yet.", reads, cancel);
        else if (await child.GivenUpAsync(cancel) is { } why)
            await ledger.RejectAsync(effect, EffectState.Rejected, why, cancel);
        else
            await ledger.RetryAsync(effect, TimeSpan.Zero, "It had not arrived; it is sent again.", cancel);
    }

    private async Task CreateAsync(Effect effect, IChild child, CancellationToken cancel)
    {
        var watch = Stopwatch.StartNew();
        if (child.LooksFirst && await child.FindAsync(cancel) is { } there)
        {
            await ledger.ConfirmObjectAsync(effect, there, child.Pair(there), child.Confirmation, cancel);
            return;
        }

        if (await ledger.MarkSentAsync(effect, null, cancel) == SentMark.Lost) return;
        try
        {
            var id = await child.AddAsync(cancel);
            failpoints.Pass(effect.Kind switch { EffectKind.Note => "note.answered", EffectKind.Document => "document.answered", _ => "schedule.answered" });
            await ledger.NoteAttemptAsync(effect, "send", "Accepted.", watch.Elapsed, cancel);
            await ledger.ConfirmObjectAsync(effect, id, child.Pair(id), child.Confirmation, cancel);
        }
        catch (ConnectorException raw)
        {
            await failed.AnswerAsync(effect, raw, watch.Elapsed, cancel);
        }
    }

    /// <summary>
    /// An entry is read before it is ended, and one that somebody worked on stays (decision 0044). What is not open any more is ended,
    /// whoever did it; ending it twice is ending it once, so one in doubt that is still open is simply ended again.
    /// </summary>
    private async Task EndAsync(Effect effect, string memberId, string entryId, ISchedulesMembers schedule, CancellationToken cancel)
    {
        const string Ended = "Schedule entry ended.";
        var watch = Stopwatch.StartNew();
        var open = (await schedule.ReadScheduleAsync(effect.RemoteId, cancel)).FirstOrDefault(entry => entry.Id == entryId && !entry.Done);
        if (effect.State == EffectState.Sent)
        {
            failpoints.Pass("effect.probe-read");
            await ledger.NoteAttemptAsync(effect, "probe", open is null ? "It had arrived." : "It had not arrived.", watch.Elapsed, cancel);
        }

        if (open is null)
        {
            await ledger.ConfirmObjectAsync(effect, entryId, null, Ended, cancel);
            return;
        }

        if (open.Worked || open.MemberId != memberId)
        {
            await ledger.LeaveAsync(effect, "The schedule entry stays: somebody worked on it since the hub added it.", cancel);
            return;
        }

        if (effect.State == EffectState.Sent)
        {
            await ledger.RetryAsync(effect, TimeSpan.Zero, "It had not arrived; it is sent again.", cancel);
            return;
        }

        if (await ledger.MarkSentAsync(effect, null, cancel) == SentMark.Lost) return;
        try
        {
            await schedule.EndScheduleAsync(effect.RemoteId, entryId, cancel);
            failpoints.Pass("schedule.answered");
            await ledger.NoteAttemptAsync(effect, "send", "Accepted.", watch.Elapsed, cancel);
            await ledger.ConfirmObjectAsync(effect, entryId, null, Ended, cancel);
        }
        catch (ConnectorException raw)
        {
            await failed.AnswerAsync(effect, raw, watch.Elapsed, cancel);
        }
    }

    /// <summary>One object to create, and how to find it.</summary>
    private interface IChild
    {
        bool LooksFirst { get; }

        string Confirmation { get; }

        /// <summary>Why it is not sent again though it had not arrived; null when it is.</summary>
        Task<string?> GivenUpAsync(CancellationToken cancel) => Task.FromResult<string?>(null);

        Task<string?> FindAsync(CancellationToken cancel);

        Task<string> AddAsync(CancellationToken cancel);

        ChildPair Pair(string remoteId);
    }

    private sealed class NoteChild(NoteWrite note, Effect effect, ITicketNotes notes, NoteProbe probe) : IChild
    {
        /// <summary>As the remote stored it: it may have its own way with line ends and characters.</summary>
        private string _stored = note.Text;

        public bool LooksFirst => effect.Attempts > 0;

        public string Confirmation => "Note added to the ticket.";

        public async Task<string?> FindAsync(CancellationToken cancel)
        {
            if (probe.Find(await notes.ReadNotesAsync(effect.RemoteId, cancel), note.Marker) is not { } found) return null;
            if (note.MayStandAs(found.Text)) _stored = found.Text; // any other text is somebody's, and must not count as agreed
            return found.Id;
        }

        public async Task<string> AddAsync(CancellationToken cancel)
        {
            var added = await notes.AddNoteAsync(effect.RemoteId, new NoteDraft(note.Text, (NoteFlags)note.Flags, note.MemberId), cancel);
            _stored = added.Text;
            return added.Id;
        }

        public ChildPair Pair(string remoteId) =>
            new() { LinkId = effect.LinkId, Kind = ChildPair.Note, Marker = note.Marker, HubId = note.NoteId, RemoteId = remoteId, Text = _stored };
    }

    private sealed class DocumentChild(DocumentWrite file, Effect effect, ITicketDocuments documents, DocumentProbe probe, HubStore store) : IChild
    {
        /// <summary>Uploads that failed in the same way and did not arrive, after which a person is asked: the way may be too slow for the file.</summary>
        private const int MostUploads = 5;

        private bool _unmarked;

        public bool LooksFirst => effect.Attempts > 0;

        public string Confirmation => $"File \"{file.FileName}\" attached to the ticket.{(_unmarked ? " Its title there lacks the hub's mark: the ticket system changed the title." : "")}";

        public async Task<string?> GivenUpAsync(CancellationToken cancel)
        {
            var sends = await store.ReadAsync(
                db => db.EffectAttempts.Where(attempt => attempt.EffectId == effect.Id && attempt.Action == "send").OrderBy(attempt => attempt.Number).Select(attempt => attempt.Outcome).ToListAsync(cancel), cancel);
            var inVain = sends.Count(outcome => outcome == sends[^1]);
            if (inVain < MostUploads) return null;
            var size = await store.ReadAsync(db => db.FileContents.Where(row => row.FileId == file.FileId).Select(row => (long)row.Bytes.Length).SingleOrDefaultAsync(cancel), cancel);
            return $"\"{file.FileName}\" ({FileSize.Words(size)}) was sent {inVain} times and did not arrive. {sends[^1]} The way to the ticket system may be too slow for a file of this size: attach a smaller one, or try this one again when the way is faster.";
        }

        public async Task<string?> FindAsync(CancellationToken cancel) => probe.Find(await documents.ReadDocumentsAsync(effect.RemoteId, cancel), file.Marker)?.Id;

        public async Task<string> AddAsync(CancellationToken cancel)
        {
            var content = await store.ReadAsync(db => db.FileContents.SingleOrDefaultAsync(row => row.FileId == file.FileId, cancel), cancel)
                ?? throw new ConnectorRejectedException($"The hub does not have the content of \"{file.FileName}\" any more. Attach it again.");
            var added = await documents.AddDocumentAsync(effect.RemoteId, new DocumentDraft(file.Title, file.FileName, content.Bytes), cancel);
            _unmarked = probe.Find([added], file.Marker) is null;
            return added.Id;
        }

        public ChildPair Pair(string remoteId) =>
            new() { LinkId = effect.LinkId, Kind = ChildPair.Document, Marker = file.Marker, HubId = file.FileId, RemoteId = remoteId };
    }

    private sealed class ScheduleChild(ScheduleWrite entry, Effect effect, ISchedulesMembers schedule, ScheduleProbe probe) : IChild
    {
        public bool LooksFirst => true;

        public string Confirmation => "Member scheduled on the ticket.";

        public async Task<string?> FindAsync(CancellationToken cancel) =>
            probe.Find(await schedule.ReadScheduleAsync(effect.RemoteId, cancel), entry.MemberId)?.Id;

        public async Task<string> AddAsync(CancellationToken cancel) => (await schedule.AddScheduleAsync(effect.RemoteId, entry.MemberId, cancel)).Id;

        public ChildPair Pair(string remoteId) =>
            new() { LinkId = effect.LinkId, Kind = "schedule", Marker = $"{entry.MemberId}:{remoteId}", HubId = effect.Id, RemoteId = remoteId };
    }
}
