using Deskbridge.Connectors;

namespace Deskbridge.Testing;

/// <content>Notes, details, members, boards and schedule.</content>
internal sealed partial class FakePsaConnector : ITicketNotes, ITicketDocuments, IReadsTicketDetails, IReadsMembers, IReadsBoards, ISchedulesMembers
{
    public async Task<IReadOnlyList<RemoteNote>> ReadNotesAsync(string ticketId, CancellationToken cancel)
    {
        await CallAsync("notes", ticketId, cancel);
        var notes = psa.Notes.GetOrAdd(ticketId, static _ => []);
        lock (notes) return [.. notes];
    }

    public async Task<RemoteNote> AddNoteAsync(string ticketId, NoteDraft draft, CancellationToken cancel)
    {
        await CallAsync("add-note", ticketId, cancel);
        if (psa.Find(ticketId) is null) throw new ConnectorNotFoundException($"Ticket {ticketId} does not exist.");
        var note = new RemoteNote(psa.NextChildId(), draft.Text, draft.MemberId is null ? "deskbridge" : $"Member {draft.MemberId}", draft.MemberId, psa.Now, draft.Flags);
        var notes = psa.Notes.GetOrAdd(ticketId, static _ => []);
        lock (notes) notes.Add(note);
        psa.Edit(ticketId, ticket => ticket, by: "deskbridge");
        Wrote("add-note", ticketId);
        return note;
    }

    public async Task<RemoteNote> EditNoteAsync(string ticketId, string noteId, string text, CancellationToken cancel)
    {
        await CallAsync("edit-note", ticketId, cancel);
        var edited = psa.EditNote(ticketId, noteId, text) ?? throw new ConnectorNotFoundException($"Note {noteId} does not exist.");
        Wrote("edit-note", $"{ticketId} {noteId}");
        return edited;
    }

    public bool TakesDocuments => psa.TakesDocuments;

    public async Task<IReadOnlyList<RemoteDocument>> ReadDocumentsAsync(string ticketId, CancellationToken cancel)
    {
        await CallAsync("documents", ticketId, cancel);
        return [.. psa.Documents.Where(document => document.Ticket == ticketId).Select(document => document.Stored)];
    }

    public async Task<RemoteDocument> AddDocumentAsync(string ticketId, DocumentDraft draft, CancellationToken cancel)
    {
        await CallAsync("add-document", ticketId, cancel);
        var stored = new RemoteDocument(psa.NextChildId(), draft.Title[..Math.Min(draft.Title.Length, psa.LongestTitle)], draft.FileName, draft.Content.Length);
        psa.Documents.Enqueue((ticketId, stored, draft.Content.ToArray()));
        Wrote("add-document", ticketId);
        return stored;
    }

    public async Task<TicketDetails> ReadDetailsAsync(RemoteTicket ticket, CancellationToken cancel)
    {
        await CallAsync("details", ticket.Id, cancel);
        var notes = psa.Notes.GetOrAdd(ticket.Id, static _ => []);
        lock (notes) return new TicketDetails([.. DetailsInBody(ticket), new("Company", "Phone", "+44 20 7946 0000")], [.. notes], []);
    }

    public IReadOnlyList<TicketDetail> DetailsInBody(RemoteTicket ticket) => [new("Ticket", "Company", ticket.Company?.Name ?? "")];

    public async Task<IReadOnlyList<RemoteMember>> ReadMembersAsync(CancellationToken cancel)
    {
        await CallAsync("members", "", cancel);
        return [.. psa.Members.Where(member => member.Active)];
    }

    public async Task<IReadOnlyList<RemoteMember>> ReadAllMembersAsync(CancellationToken cancel)
    {
        await CallAsync("members", "", cancel);
        return [.. psa.Members];
    }

    public async Task<IReadOnlyList<RemoteRef>> ReadBoardsAsync(CancellationToken cancel)
    {
        await CallAsync("boards", "", cancel);
        return [new(FakePsa.Board, "Service")];
    }

    public async Task<IReadOnlyList<RemoteStatus>> ReadStatusesAsync(string boardId, CancellationToken cancel)
    {
        await CallAsync("statuses", boardId, cancel);
        return [.. FakePsa.Statuses.Where(status => !psa.LackingStatuses.Contains(status.Id))];
    }

    public async Task<IReadOnlyList<RemoteScheduleEntry>> ReadScheduleAsync(string ticketId, CancellationToken cancel)
    {
        await CallAsync("schedule", ticketId, cancel);
        var entries = psa.Schedules.GetOrAdd(ticketId, static _ => []);
        lock (entries) return [.. entries.Where(entry => !entry.Done)];
    }

    public async Task<RemoteScheduleEntry> AddScheduleAsync(string ticketId, string memberId, CancellationToken cancel)
    {
        await CallAsync("add-schedule", ticketId, cancel);
        var entry = new RemoteScheduleEntry(psa.NextChildId(), memberId, Done: false);
        var entries = psa.Schedules.GetOrAdd(ticketId, static _ => []);
        lock (entries) entries.Add(entry);
        Wrote("add-schedule", $"{ticketId} {memberId}");
        return entry;
    }

    public async Task EndScheduleAsync(string ticketId, string entryId, CancellationToken cancel)
    {
        await CallAsync("end-schedule", ticketId, cancel);
        var entries = psa.Schedules.GetOrAdd(ticketId, static _ => []);
        lock (entries)
        {
            for (var i = 0; i < entries.Count; i++)
            {
                if (entries[i].Id == entryId) entries[i] = entries[i] with { Done = true };
            }
        }

        Wrote("end-schedule", $"{ticketId} {entryId}");
    }
}
