using Deskbridge.Core.Alerting;
using Deskbridge.Core.Directory;
using Deskbridge.Core.Tests.Connections;
using Deskbridge.Testing;
using Microsoft.EntityFrameworkCore;
using Xunit;

namespace Deskbridge.Core.Tests.Alerting;

public sealed class AddAlertFileTests
{
    private readonly Person _mia = Build.Person("Mia Chen", email: "mia.chen@example.test");

    [Theory]
    [InlineData("photo.jpg", "photo.jpg")]
    [InlineData("C:\\Users\\mia\\photo.jpg", "photo.jpg")]
    [InlineData("../../etc/passwd", "passwd")]
    [InlineData("サーバー室 🔥.png", "サーバー室 🔥.png")]
    [InlineData("a<b>:c\"d|e?f*g.txt", "abcdefg.txt")]
    [InlineData("gnp.\u202Eexe", "gnp.exe")]
    [InlineData("line\r\nbreak\u0000.txt", "linebreak.txt")]
    [InlineData("  .hidden. ", "hidden")]
    [InlineData("..", "file")]
    [InlineData("/", "file")]
    [InlineData("", "file")]
    [InlineData(null, "file")]
    public void Name_AsItWasSent_IsFitForAnyFileSystem(string? given, string kept) => Assert.Equal(kept, AlertFile.CleanName(given));

    [Fact]
    public void Name_ThatIsTooLong_KeepsItsEnding_AndNoHalfCharacter()
    {
        Assert.Equal(new string('x', 96) + ".jpg", AlertFile.CleanName(new string('x', 300) + ".jpg"));
        Assert.Equal(new string('x', 95) + ".jpg", AlertFile.CleanName(new string('x', 95) + "🔥🔥.jpg"));
        Assert.Equal(100, AlertFile.CleanName("x." + new string('y', 300)).Length);
    }

    [Fact]
    public async Task File_IsStored_WithItsBytes_ATimelineLineAndAnAuditRow()
    {
        await using var hub = await ConnectionsHub.CreateAsync();
        var alert = await RaiseAsync(hub);

        var file = (await hub.Store.Get<AddAlertFile>().RunAsync(alert.Id, "C:\\photo.jpg", [1, 2, 3], _mia, null, default)).Value;

        Assert.Equal(("photo.jpg", 3L, "039058c6f2c0cb492c533b0a4d14ef77cc0f78abccced5287d84a1a2011cfb81"), (file.Name, file.Size, file.Hash));
        Assert.Equal([1, 2, 3], await hub.Store.ReadAsync(db => db.FileContents.Select(content => content.Bytes).SingleAsync()));
        Assert.Equal("Mia Chen attached \"photo.jpg\" (3 bytes).", await hub.Store.ReadAsync(db => db.AlertEvents.Where(line => line.Kind == "file").Select(line => line.Message).SingleAsync()));
        Assert.Equal(1, await hub.Store.ReadAsync(db => db.Audit.CountAsync(row => row.Action == "alert.file")));
    }

    [Fact]
    public async Task File_SentAgainWithItsKey_IsStoredOnce()
    {
        await using var hub = await ConnectionsHub.CreateAsync();
        var alert = await RaiseAsync(hub);
        var add = hub.Store.Get<AddAlertFile>();

        var first = await add.RunAsync(alert.Id, "photo.jpg", [1, 2, 3], _mia, "k1", default);
        var again = await add.RunAsync(alert.Id, "photo.jpg", [1, 2, 3], _mia, "k1", default);
        var other = await add.RunAsync(alert.Id, "photo.jpg", [1, 2, 4], _mia, "k1", default);

        Assert.Equal(first.Value.Id, again.Value.Id);
        Assert.Equal(new FileKeyReused(), other.Failure);
        Assert.Equal(1, await hub.Store.ReadAsync(db => db.FileContents.CountAsync()));
    }

    [Fact]
    public async Task File_ThatMayNotBe_IsRefusedWithTheReason_AndNothingIsStored()
    {
        await using var hub = await ConnectionsHub.CreateAsync();
        var alert = await RaiseAsync(hub);
        var add = hub.Store.Get<AddAlertFile>();
        var viewer = Build.Person("Vera View", PersonRole.Viewer);

        Assert.Equal(new FileEmpty(), (await add.RunAsync(alert.Id, "x", [], _mia, null, default)).Failure);
        Assert.Equal("The file has 10 MB; at most 10 MB can be attached. Make it smaller, for example with a lower resolution.", (await add.RunAsync(alert.Id, "x", new byte[10 * 1024 * 1024 + 1], _mia, null, default)).Failure?.Message);
        Assert.Equal(new ViewersOnlyLook("Vera View"), (await add.RunAsync(alert.Id, "x", [1], viewer, null, default)).Failure);
        Assert.Equal(new AlertNotFound(viewer.Id), (await add.RunAsync(viewer.Id, "x", [1], _mia, null, default)).Failure);
        Assert.Equal(0, await hub.Store.ReadAsync(db => db.FileContents.CountAsync()));
    }

    private async Task<Alert> RaiseAsync(ConnectionsHub hub)
    {
        await hub.Store.AddAsync(_mia);
        await hub.RaisedAsync();
        return await hub.Store.ReadAsync(db => db.Alerts.SingleAsync());
    }
}
