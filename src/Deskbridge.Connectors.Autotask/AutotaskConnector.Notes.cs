using System.Globalization;
using System.Text.Json;

namespace Deskbridge.Connectors.Autotask;

internal sealed partial class AutotaskConnector : ITicketNotes
{
    private const int LongestTitle = 250;
    private TicketSchema? _noteTypes;

    public async Task<IReadOnlyList<RemoteNote>> ReadNotesAsync(string ticketId, CancellationToken cancel)
    {
        var id = AutotaskMap.Number(ticketId);
        return [.. (await ReadNotesAsync([id], cancel))[id]];
    }

    /// <summary>The notes of many tickets, oldest first.</summary>
    private async Task<ILookup<long, RemoteNote>> ReadNotesAsync(IReadOnlyList<long> tickets, CancellationToken cancel)
    {
        var notes = await _client.ListAsync("TicketNotes", new AutotaskQuery([AutotaskQuery.In("ticketID", tickets)]), AutotaskJson.Default.NoteDto, cancel);
        var authors = await _words.NamesAsync("Resources", notes.Select(note => note.CreatorResourceID).OfType<long>(), cancel);
        return notes.Select(note => (Ticket: note.TicketID ?? 0, Note: AutotaskMap.ToNote(note, AuthorOf(note, authors))))
            .OrderBy(one => one.Note.CreatedAt).ThenBy(one => AutotaskMap.Number(one.Note.Id)).ToLookup(one => one.Ticket, one => one.Note);
    }

    /// <summary>Notes are plain text and tell nobody by mail (reference 4.2). The title is the first line, as lists of notes show it.</summary>
    public async Task<RemoteNote> AddNoteAsync(string ticketId, NoteDraft draft, CancellationToken cancel)
    {
        var note = new NoteDto
        {
            Title = TitleOf(draft.Text),
            Description = draft.Text,
            NoteType = await NoteTypeAsync(cancel),
            Publish = draft.Flags.HasFlag(NoteFlags.Discussion) ? 1 : _options.Publish == NotePublish.CoManaged ? 4 : 2,
        };
        var id = await _client.CreateAsync($"{Tickets}/{Number(ticketId)}/Notes", JsonSerializer.SerializeToUtf8Bytes(note, AutotaskJson.Default.NoteDto), cancel);
        return await AfterWriteAsync(() => ReadNoteAsync(ticketId, id, cancel));
    }

    public async Task<RemoteNote> EditNoteAsync(string ticketId, string noteId, string text, CancellationToken cancel)
    {
        var id = AutotaskMap.Number(noteId);
        if (await ReadNoteAsync(ticketId, id, cancel) is null) throw new ConnectorNotFoundException($"Ticket {ticketId} has no note {noteId}.");
        var edit = new NoteDto { Id = id, Title = TitleOf(text), Description = text };
        await _client.UpdateAsync($"{Tickets}/{Number(ticketId)}/Notes", JsonSerializer.SerializeToUtf8Bytes(edit, AutotaskJson.Default.NoteDto), cancel);
        return await AfterWriteAsync(() => ReadNoteAsync(ticketId, id, cancel));
    }

    private async Task<RemoteNote?> ReadNoteAsync(string ticketId, long id, CancellationToken cancel)
    {
        if (await _client.ItemAsync($"{Tickets}/{Number(ticketId)}/Notes/{id.ToString(CultureInfo.InvariantCulture)}", cancel) is not { } record) return null;
        var note = AutotaskClient.Read(record, AutotaskJson.Default.NoteDto);
        return AutotaskMap.ToNote(note, AuthorOf(note, await _words.NamesAsync("Resources", note.CreatorResourceID is { } author ? [author] : [], cancel)));
    }

    /// <summary>The type that the settings name; one that is not there must not keep a note back.</summary>
    private async Task<int> NoteTypeAsync(CancellationToken cancel)
    {
        const int TaskNotes = 3;
        var wanted = _options.NoteType.Trim();
        if (int.TryParse(wanted, NumberStyles.None, CultureInfo.InvariantCulture, out var number)) return number;
        _noteTypes ??= TicketSchema.Of(await _client.GetAsync("TicketNotes/entityInformation/fields", AutotaskJson.Default.FieldListDto, cancel), new FieldListDto([]));
        return (int?)_noteTypes.Find("noteType", wanted)?.Value ?? TaskNotes;
    }

    private static string? AuthorOf(NoteDto note, IReadOnlyDictionary<long, string> names) =>
        note.CreatorResourceID is { } author && names.TryGetValue(author, out var name) ? name : note.CreatedByContactID is not null ? "the customer" : null;

    private static string TitleOf(string text)
    {
        var line = text.Split('\n', 2)[0].Trim();
        return line.Length == 0 ? "Note" : line.Length <= LongestTitle ? line : line[..(char.IsHighSurrogate(line[LongestTitle - 1]) ? LongestTitle - 1 : LongestTitle)];
    }
}
