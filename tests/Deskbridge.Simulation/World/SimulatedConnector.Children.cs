using System.Text;
using Deskbridge.Connectors;
using Deskbridge.Core.Common;

namespace Deskbridge.Simulation.World;

/// <content>Notes, lists, details and callbacks.</content>
internal abstract partial class SimulatedConnector : ITicketNotes, IReadsBoards, IReadsMembers, IReadsTicketDetails, IReceivesCallbacks
{
    public Task<IReadOnlyList<RemoteNote>> ReadNotesAsync(string ticketId, CancellationToken cancel) =>
        CallAsync("notes", ticketId, writes: false, () => Task.FromResult<IReadOnlyList<RemoteNote>>([.. (psa.Notes.GetValueOrDefault(ticketId) ?? []).Where(note => note.CreatedAt <= psa.Now - psa.NotesLag)]), cancel);

    public virtual Task<RemoteNote> AddNoteAsync(string ticketId, NoteDraft draft, CancellationToken cancel) => CallAsync(
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

    public virtual Task<RemoteNote> EditNoteAsync(string ticketId, string noteId, string text, CancellationToken cancel) => CallAsync(
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

    public virtual bool SameStatuses => false;

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
