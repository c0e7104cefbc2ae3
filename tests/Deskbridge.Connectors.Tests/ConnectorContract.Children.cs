using Xunit;

namespace Deskbridge.Connectors.Tests;

/// <content>What hangs on a ticket: notes, schedule entries, details.</content>
public abstract partial class ConnectorContract
{
    [Fact]
    public async Task Notes_Added_AreListedOldestFirstWithTheirTextAndFlags()
    {
        await using var remote = await StartAsync();
        var id = (await remote.CreateTicketsAsync(1))[0];
        using var connector = remote.Connect();
        var notes = (ITicketNotes)connector;
        var before = (await notes.ReadNotesAsync(id, Cancel)).Count;

        var first = await notes.AddNoteAsync(id, new("First \"line\"\nsecond line: žluťoučký 日本 🚒", NoteFlags.Internal, null), Cancel);
        await notes.AddNoteAsync(id, new("Second", NoteFlags.Discussion | NoteFlags.Resolution, null), Cancel);
        var read = (await notes.ReadNotesAsync(id, Cancel)).Skip(before).ToList();

        Assert.Equal("First \"line\"\nsecond line: žluťoučký 日本 🚒", read[0].Text.ReplaceLineEndings("\n"));
        Assert.Equal("Second", read[1].Text);
        Assert.Equal(first.Id, read[0].Id);
        Assert.Equal([NoteFlags.Internal, NoteFlags.Discussion | NoteFlags.Resolution], read.Select(note => note.Flags));
    }

    [Fact]
    public async Task Note_Edited_KeepsItsFlagsAndPlace_AndOneThatIsGoneIsNotFound()
    {
        await using var remote = await StartAsync();
        var id = (await remote.CreateTicketsAsync(1))[0];
        using var connector = remote.Connect();
        var notes = (ITicketNotes)connector;
        var first = await notes.AddNoteAsync(id, new("First\n\nMia via Deskbridge #e30jxw8zsq", NoteFlags.Resolution, null), Cancel);
        var second = await notes.AddNoteAsync(id, new("Second", NoteFlags.Internal, null), Cancel);

        var edited = await notes.EditNoteAsync(id, first.Id, "Zweite Fassung 🚒\n\nMia via Deskbridge #e30jxw8zsq", Cancel);
        var read = await notes.ReadNotesAsync(id, Cancel);

        Assert.Equal("Zweite Fassung 🚒\n\nMia via Deskbridge #e30jxw8zsq", edited.Text.ReplaceLineEndings("\n"));
        Assert.Equal((edited, second), (read[^2], read[^1]));
        Assert.Equal((first.Id, first.CreatedAt, NoteFlags.Resolution), (edited.Id, edited.CreatedAt, edited.Flags));
        await Assert.ThrowsAsync<ConnectorNotFoundException>(() => notes.EditNoteAsync(id, "2147483000", "Nobody's", Cancel));
    }

    [Fact]
    public async Task Documents_Added_AreListedWithTitleNameAndSize()
    {
        await using var remote = await StartAsync();
        var ids = await remote.CreateTicketsAsync(2);
        using var connector = remote.Connect();
        var documents = (ITicketDocuments)connector;
        byte[] bytes = [0xFF, 0xD8, 0, 10, 13, 45, 45, .. "\r\n--boundary--\r\n"u8];

        var photo = await documents.AddDocumentAsync(ids[0], new("Straße 日本 \"x\" (Mia via Deskbridge #e30jxw8zsq)", "Straße 日本.jpg", bytes), Cancel);
        await documents.AddDocumentAsync(ids[0], new("Second", "photo.jpg", new byte[3]), Cancel);
        await documents.AddDocumentAsync(ids[0], new("Third", "photo.jpg", new byte[3]), Cancel);

        var listed = await documents.ReadDocumentsAsync(ids[0], Cancel);
        Assert.Equal(["Straße 日本 \"x\" (Mia via Deskbridge #e30jxw8zsq)", "Second", "Third"], listed.Select(document => document.Title));
        Assert.Equal(photo, listed[0]);
        Assert.Equal(("Straße 日本.jpg", bytes.Length), (photo.FileName, photo.Size));
        Assert.Empty(await documents.ReadDocumentsAsync(ids[1], Cancel));
    }

    [Fact]
    public async Task Schedule_MemberAdded_IsListedOpen()
    {
        await using var remote = await StartAsync();
        var id = (await remote.CreateTicketsAsync(1))[0];
        using var connector = remote.Connect();
        var member = (await ((IReadsMembers)connector).ReadMembersAsync(Cancel))[0];

        var added = await ((ISchedulesMembers)connector).AddScheduleAsync(id, member.Id, Cancel);

        Assert.Contains(added, await ((ISchedulesMembers)connector).ReadScheduleAsync(id, Cancel));
        Assert.Equal(member.Id, added.MemberId);
        Assert.False(added.Worked);
    }

    [Fact]
    public async Task Schedule_Ended_IsNotListedAnyMore_HoweverOften()
    {
        await using var remote = await StartAsync();
        var id = (await remote.CreateTicketsAsync(1))[0];
        using var connector = remote.Connect();
        var schedule = (ISchedulesMembers)connector;
        var members = await ((IReadsMembers)connector).ReadMembersAsync(Cancel);
        var (ended, other) = (await schedule.AddScheduleAsync(id, members[0].Id, Cancel), await schedule.AddScheduleAsync(id, members[1].Id, Cancel));

        for (var i = 0; i < 2; i++) await schedule.EndScheduleAsync(id, ended.Id, Cancel);

        Assert.Equal([other.Id], (await schedule.ReadScheduleAsync(id, Cancel)).Select(entry => entry.Id));
    }

    [Fact]
    public async Task Details_Wanted_AreReadWithoutProblems()
    {
        await using var remote = await StartAsync();
        var id = (await remote.CreateTicketsAsync(1))[0];
        using var connector = remote.Connect();
        var ticket = await Reader(connector).ReadTicketAsync(id, Cancel);

        var details = await ((IReadsTicketDetails)connector).ReadDetailsAsync(ticket!, Cancel);

        Assert.Empty(details.Problems);
        Assert.NotNull(details.Notes);
        Assert.Contains(details.Items, item => item.Group == "Company");
        Assert.NotEmpty(((IReadsTicketDetails)connector).DetailsInBody(ticket!));
    }
}
