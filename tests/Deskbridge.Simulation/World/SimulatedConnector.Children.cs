using System.Text;
using Deskbridge.Connectors;
using Deskbridge.Core.Common;

namespace Deskbridge.Simulation.World;

/// <content>Notes, schedule, lists, details and callbacks.</content>
internal sealed partial class SimulatedConnector : ITicketNotes, ITicketDocuments, ISchedulesMembers, IReadsBoards, IReadsMembers, IReadsTicketDetails, IReceivesCallbacks
{
    public Task<IReadOnlyList<RemoteNote>> ReadNotesAsync(string ticketId, CancellationToken cancel) =>
        CallAsync("notes", ticketId, writes: false, () => Task.FromResult<IReadOnlyList<RemoteNote>>([.. (psa.Notes.GetValueOrDefault(ticketId) ?? []).Where(note => note.CreatedAt <= psa.Now - psa.NotesLag)]), cancel);

    public Task<RemoteNote> AddNoteAsync(string ticketId, NoteDraft draft, CancellationToken cancel) => CallAsync(
        "add-note", ticketId, writes: true,
        async () =>
        {
            var effect = psa.EffectBehind is { } look ? await look(context.ConnectionId, ticketId, "note") : null;
            if (psa.Find(ticketId) is not { } ticket) throw new ConnectorNotFoundException($"Ticket {ticketId} does not exist.");
            var note = new RemoteNote(psa.NextChildId(), draft.Text, "deskbridge", null, psa.Now, draft.Flags);
            if (!psa.Notes.TryGetValue(ticketId, out var notes)) psa.Notes[ticketId] = notes = [];
            notes.Add(note);
            psa.Commit(ticket, EntryKind.NoteAdded, "deskbridge", new Entry(EntryKind.NoteAdded, clock.GetUtcNow(), ticketId) { Detail = draft.Text, ConnectionId = context.ConnectionId, Effect = effect });
            return note;
        },
        cancel);

    public Task<RemoteNote> EditNoteAsync(string ticketId, string noteId, string text, CancellationToken cancel) => CallAsync(
        "edit-note", ticketId, writes: true,
        async () =>
        {
            var effect = psa.EffectBehind is { } look ? await look(context.ConnectionId, ticketId, "note-edit") : null;
            if (psa.Find(ticketId) is not { } ticket || psa.NoteOf(ticketId, noteId) is null) throw new ConnectorNotFoundException($"Note {noteId} does not exist.");
            var note = psa.EditNote(ticketId, noteId, text);
            psa.Commit(ticket, EntryKind.NoteEdited, "deskbridge", new Entry(EntryKind.NoteEdited, clock.GetUtcNow(), ticketId) { Detail = text, ConnectionId = context.ConnectionId, Effect = effect });
            return note;
        },
        cancel);

    public bool TakesDocuments => true;

    public Task<IReadOnlyList<RemoteDocument>> ReadDocumentsAsync(string ticketId, CancellationToken cancel) =>
        CallAsync("documents", ticketId, writes: false, () => Task.FromResult<IReadOnlyList<RemoteDocument>>([.. psa.Documents.GetValueOrDefault(ticketId) ?? []]), cancel);

    public Task<RemoteDocument> AddDocumentAsync(string ticketId, DocumentDraft draft, CancellationToken cancel) => CallAsync(
        "add-document", ticketId, writes: true,
        async () =>
        {
            var effect = psa.EffectBehind is { } look ? await look(context.ConnectionId, ticketId, "document") : null;
            if (psa.Find(ticketId) is null) throw new ConnectorNotFoundException($"Ticket {ticketId} does not exist.");
            var document = new RemoteDocument(psa.NextChildId(), draft.Title, draft.FileName, draft.Content.Length);
            if (!psa.Documents.TryGetValue(ticketId, out var documents)) psa.Documents[ticketId] = documents = [];
            documents.Add(document);
            psa.Oracle.Add(new Entry(EntryKind.DocumentAdded, clock.GetUtcNow(), ticketId) { Detail = draft.Title, ConnectionId = context.ConnectionId, Effect = effect });
            return document;
        },
        cancel);

    public Task<IReadOnlyList<RemoteScheduleEntry>> ReadScheduleAsync(string ticketId, CancellationToken cancel) =>
        CallAsync("schedule", ticketId, writes: false, () => Task.FromResult<IReadOnlyList<RemoteScheduleEntry>>([.. (psa.Schedules.GetValueOrDefault(ticketId) ?? []).Where(entry => !entry.Done)]), cancel);

    public Task<RemoteScheduleEntry> AddScheduleAsync(string ticketId, string memberId, CancellationToken cancel) => CallAsync(
        "add-schedule", ticketId, writes: true,
        async () =>
        {
            var effect = psa.EffectBehind is { } look ? await look(context.ConnectionId, ticketId, "schedule") : null;
            if (psa.Find(ticketId) is null) throw new ConnectorNotFoundException($"Ticket {ticketId} does not exist.");
            var entry = new RemoteScheduleEntry(psa.NextChildId(), memberId, Done: false);
            if (!psa.Schedules.TryGetValue(ticketId, out var entries)) psa.Schedules[ticketId] = entries = [];
            entries.Add(entry);
            psa.Oracle.Add(new Entry(EntryKind.Scheduled, clock.GetUtcNow(), ticketId) { Detail = memberId, ConnectionId = context.ConnectionId, Effect = effect });
            return entry;
        },
        cancel);

    public Task EndScheduleAsync(string ticketId, string entryId, CancellationToken cancel) => CallAsync(
        "end-schedule", ticketId, writes: true,
        async () =>
        {
            var effect = psa.EffectBehind is { } look ? await look(context.ConnectionId, ticketId, "schedule") : null;
            var entries = psa.Schedules.GetValueOrDefault(ticketId) ?? [];
            var place = entries.FindIndex(entry => entry.Id == entryId);
            if (place < 0) throw new ConnectorNotFoundException($"Schedule entry {entryId} does not exist.");
            entries[place] = entries[place] with { Done = true };
            psa.Oracle.Add(new Entry(EntryKind.Unscheduled, clock.GetUtcNow(), ticketId) { Detail = entries[place].MemberId, ConnectionId = context.ConnectionId, Effect = effect });
            return true;
        },
        cancel);

    public Task<IReadOnlyList<RemoteRef>> ReadBoardsAsync(CancellationToken cancel) =>
        CallAsync("boards", "", writes: false, () => Task.FromResult<IReadOnlyList<RemoteRef>>([.. psa.Boards.Keys.Select(id => new RemoteRef(id, $"Board {id}"))]), cancel);

    public Task<IReadOnlyList<RemoteStatus>> ReadStatusesAsync(string boardId, CancellationToken cancel) =>
        CallAsync("statuses", "", writes: false, () => Task.FromResult<IReadOnlyList<RemoteStatus>>([.. psa.Boards[boardId]]), cancel);

    public Task<IReadOnlyList<RemoteMember>> ReadMembersAsync(CancellationToken cancel) =>
        CallAsync("members", "", writes: false, () => Task.FromResult<IReadOnlyList<RemoteMember>>([.. psa.Members]), cancel);

    public Task<TicketDetails> ReadDetailsAsync(RemoteTicket ticket, CancellationToken cancel) =>
        CallAsync("details", ticket.Id, writes: false, () => Task.FromResult(new TicketDetails(DetailsInBody(ticket), null, [])), cancel);

    public IReadOnlyList<TicketDetail> DetailsInBody(RemoteTicket ticket) => [new("Ticket", "Board", ticket.Board?.Name ?? "")];

    /// <summary>The verifier believes whatever comes: signatures are the connector contract's business.</summary>
    public Task<CallbackVerdict> VerifyAsync(CallbackRequest request, CancellationToken cancel)
    {
        var body = Json.Read<CallbackText>(Encoding.UTF8.GetString(request.Body.Span));
        return Task.FromResult<CallbackVerdict>(new CallbackVerdict.Accepted(body.Key, RecordTypes.Ticket, body.TicketId, "updated", body.UpdatedAt));
    }

    public Task<SubscriptionReport> EnsureSubscriptionsAsync(Uri callbackUrl, CancellationToken cancel) => Task.FromResult(new SubscriptionReport(0, 0, 0, 1));

    public Task<int> RemoveSubscriptionsAsync(string callbackPath, CancellationToken cancel) => Task.FromResult(0);
}

/// <summary>A callback's body.</summary>
internal sealed record CallbackText(string Key, string TicketId, DateTimeOffset UpdatedAt);
