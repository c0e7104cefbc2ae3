using Deskbridge.Core.Alerting;
using Microsoft.EntityFrameworkCore;
using Xunit;

namespace Deskbridge.Core.Tests.Alerting;

public sealed class AddAlertNoteTests
{
    [Theory]
    [InlineData("  Replaced the fan.\r\nAll good.  ", "Replaced the fan.\nAll good.")]
    [InlineData("サーバー室は暑い 🔥", "サーバー室は暑い 🔥")]
    [InlineData("غرفة الخادم\u0000 ساخنة", "غرفة الخادم ساخنة")]
    public async Task Note_OfAnyScript_IsKeptAndWakesTheTicket(string entered, string kept)
    {
        await using var world = await PagerWorld.StartAsync();
        var alert = await world.RaiseAsync();

        var result = await world.Test.Get<AddAlertNote>().RunAsync(alert.Id, world.Mia, entered, null, default);

        var note = await world.Test.ReadAsync(db => db.AlertNotes.SingleAsync());
        Assert.Equal(kept, note.Text);
        Assert.Equal((result.Value.Marker, world.Mia.Name, false), (note.Marker, note.Author, note.Planned));
        Assert.Equal(10, note.Marker.Length);
        Assert.Equal(1, await world.Test.ReadAsync(db => db.Wakes.CountAsync()));
        Assert.Contains("note", await world.TimelineAsync(alert));
        Assert.Equal(alert.Title, await world.Test.ReadAsync(db => db.Audit.Where(row => row.Action == "alert.note").Select(row => row.Subject).SingleAsync()));
    }

    [Fact]
    public async Task Note_SentAgainWithItsKey_IsWrittenOnce()
    {
        await using var world = await PagerWorld.StartAsync();
        var alert = await world.RaiseAsync();
        var add = world.Test.Get<AddAlertNote>();

        var first = await add.RunAsync(alert.Id, world.Mia, "On my way", "k1", default);
        var again = await add.RunAsync(alert.Id, world.Mia, "On my way", "k1", default);
        var other = await add.RunAsync(alert.Id, world.Mia, "Something else", "k1", default);

        Assert.Equal(first.Value.Id, again.Value.Id);
        Assert.Equal(new NoteKeyReused(), other.Failure);
        Assert.Equal(1, await world.Test.ReadAsync(db => db.AlertNotes.CountAsync()));
    }

    [Fact]
    public async Task Note_EmptyOrTooLong_IsRefusedWithTheReason()
    {
        await using var world = await PagerWorld.StartAsync();
        var alert = await world.RaiseAsync();
        var add = world.Test.Get<AddAlertNote>();

        Assert.Equal(new NoteEmpty(), (await add.RunAsync(alert.Id, world.Mia, " \n ", null, default)).Failure);
        Assert.Equal(new NoteTooLong(60_001), (await add.RunAsync(alert.Id, world.Mia, new string('x', 60_001), null, default)).Failure);
        Assert.Null((await add.RunAsync(alert.Id, world.Mia, new string('x', 60_000), null, default)).Failure);
    }

    [Fact]
    public async Task Note_OnAClosedAlert_IsAllowed()
    {
        await using var world = await PagerWorld.StartAsync();
        var alert = await world.RaiseAsync();
        await world.Test.Get<CloseAlert>().RunAsync(alert.Id, world.Mia, default);

        Assert.Null((await world.Test.Get<AddAlertNote>().RunAsync(alert.Id, world.Mia, "Root cause found", null, default)).Failure);
    }
}
