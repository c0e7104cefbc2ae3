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
        await notes.AddNoteAsync(id, new("Second", remote.OpenNote, null), Cancel);
        var read = (await notes.ReadNotesAsync(id, Cancel)).Skip(before).ToList();

        Assert.Equal("First \"line\"\nsecond line: žluťoučký 日本 🚒", read[0].Text.ReplaceLineEndings("\n"));
        Assert.Equal("Second", read[1].Text);
        Assert.Equal(first.Id, read[0].Id);
        Assert.Equal([NoteFlags.Internal, remote.OpenNote], read.Select(note => note.Flags));
    }

    [Fact]
    public async Task Note_Edited_KeepsItsFlagsAndPlace_AndOneThatIsGoneIsNotFound()
    {
        await using var remote = await StartAsync();
        var id = (await remote.CreateTicketsAsync(1))[0];
        using var connector = remote.Connect();
        var notes = (ITicketNotes)connector;
        var first = await notes.AddNoteAsync(id, new("First\n\nMia via Deskbridge #e30jxw8zsq", remote.OpenNote, null), Cancel);
        var second = await notes.AddNoteAsync(id, new("Second", NoteFlags.Internal, null), Cancel);

        var edited = await notes.EditNoteAsync(id, first.Id, "Zweite Fassung 🚒\n\nMia via Deskbridge #e30jxw8zsq", Cancel);
        var read = await notes.ReadNotesAsync(id, Cancel);

        Assert.Equal("Zweite Fassung 🚒\n\nMia via Deskbridge #e30jxw8zsq", edited.Text.ReplaceLineEndings("\n"));
        Assert.Equal((edited, second), (read[^2], read[^1]));
        Assert.Equal((first.Id, first.CreatedAt, remote.OpenNote), (edited.Id, edited.CreatedAt, edited.Flags));
        await Assert.ThrowsAsync<ConnectorNotFoundException>(() => notes.EditNoteAsync(id, "2147483000", "Nobody's", Cancel));
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
