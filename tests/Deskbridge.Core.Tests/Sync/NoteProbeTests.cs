using Deskbridge.Connectors;
using Deskbridge.Core.Sync;
using Xunit;

namespace Deskbridge.Core.Tests.Sync;

/// <summary>Which of a ticket's notes is ours? By its mark only (decision 0035).</summary>
public sealed class NoteProbeTests
{
    private const string Marker = "e30jxw8zsq";
    private static readonly string Ours = NoteMark.Sign("Looking.", "Mia Chen", Marker);

    [Fact]
    public void NoteWithTheMarkInItsLastLine_IsFound_BeforeOneThatQuotesIt() =>
        Assert.Equal("2", Found(("1", $"> {Ours}\n\nThank you!"), ("2", Ours)));

    [Fact]
    public void NoteThatSomebodyWroteBelow_IsStillFound() => Assert.Equal("1", Found(("1", Ours + "\nDone since.")));

    [Fact]
    public void NoteOfTheSameText_WithAnotherMarkOrNone_IsNot() =>
        Assert.Null(Found(("1", NoteMark.Sign("Looking.", "Mia Chen", "aaaaaaaaaa")), ("2", "Looking.")));

    [Fact]
    public void Mark_OfASignedNote_ReadsAsItWasWritten() =>
        Assert.Equal(new NoteMark("Mia Chen", Marker, "Looking."), NoteMark.Read(Ours + "\r\n"));

    private static string? Found(params (string Id, string Text)[] notes) =>
        new NoteProbe().Find([.. notes.Select(note => new RemoteNote(note.Id, note.Text, null, null, default, NoteFlags.Internal))], Marker)?.Id;
}
