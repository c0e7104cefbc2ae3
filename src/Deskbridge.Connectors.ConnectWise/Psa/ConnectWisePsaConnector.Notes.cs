namespace Deskbridge.Connectors.ConnectWise.Psa;

internal sealed partial class ConnectWisePsaConnector : ITicketNotes
{
    public async Task<IReadOnlyList<RemoteNote>> ReadNotesAsync(string ticketId, CancellationToken cancel)
    {
        var notes = await _client.ListAsync($"{TicketPath(ticketId)}/notes", PsaJson.Default.NoteDto, cancel);
        return [.. notes.Select(PsaMap.ToNote).OrderBy(note => note.CreatedAt).ThenBy(note => PsaMap.Number(note.Id))];
    }

    public async Task<RemoteNote> AddNoteAsync(string ticketId, NoteDraft draft, CancellationToken cancel)
    {
        // A note without any flag would become a discussion, which the customer sees.
        var flags = draft.Flags == NoteFlags.None ? NoteFlags.Internal : draft.Flags;
        var note = new NoteDto
        {
            Text = draft.Text,
            DetailDescriptionFlag = flags.HasFlag(NoteFlags.Discussion),
            InternalAnalysisFlag = flags.HasFlag(NoteFlags.Internal),
            ResolutionFlag = flags.HasFlag(NoteFlags.Resolution),
            Member = draft.MemberId is { } member ? new(PsaMap.Number(member)) : null,
        };
        var stored = await _client.PostAsync($"{TicketPath(ticketId)}/notes", note, PsaJson.Default.NoteDto, cancel);
        return PsaMap.ToNote(PsaClient.Read(stored, PsaJson.Default.NoteDto));
    }

    public async Task<RemoteNote> EditNoteAsync(string ticketId, string noteId, string text, CancellationToken cancel)
    {
        var stored = await _client.PatchAsync($"{TicketPath(ticketId)}/notes/{PsaMap.Number(PsaMap.Number(noteId))}", new PatchDocument().Value("text", text), cancel);
        return PsaMap.ToNote(PsaClient.Read(stored, PsaJson.Default.NoteDto));
    }
}
