using System.Net;
using Deskbridge.Backups;
using Deskbridge.Core.Directory;
using Deskbridge.Testing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Xunit;

namespace Deskbridge.Tests.Backups;

public sealed class BackupFolderTests : IAsyncLifetime
{
    private readonly HubHost _host = new() { OnSqlite = true };

    public ValueTask InitializeAsync() => _host.InitializeAsync();

    public ValueTask DisposeAsync() => _host.DisposeAsync();

    [Fact]
    public async Task Backups_AreTakenWhenDue_AndOnlyTheLastAreKept()
    {
        var time = new ManualTime();
        var folder = System.IO.Directory.CreateTempSubdirectory("deskbridge-backups-");
        await File.WriteAllTextAsync(Path.Combine(folder.FullName, "deskbridge-notes.zip"), "mine", TestContext.Current.CancellationToken);
        using var backups = Folder(folder.FullName, time, new BackupsOptions { Every = TimeSpan.FromHours(12), Keep = 3 });

        Assert.NotNull(await backups.TakeWhenDueAsync(default));
        time.Advance(TimeSpan.FromHours(11));
        Assert.Null(await backups.TakeWhenDueAsync(default));
        for (var i = 0; i < 5; i++)
        {
            time.Advance(TimeSpan.FromHours(12));
            Assert.NotNull(await backups.TakeWhenDueAsync(default));
        }

        Assert.Equal(3, backups.List().Count);
        Assert.Equal(time.GetUtcNow(), backups.List()[0].TakenAt);
        Assert.Equal(4, System.IO.Directory.EnumerateFiles(folder.FullName).Count());
        folder.Delete(recursive: true);
    }

    [Fact]
    public async Task Schedule_SetToZero_TakesNone()
    {
        using var backups = Folder("/nowhere", new ManualTime(), new BackupsOptions { Every = TimeSpan.Zero });

        Assert.Null(await backups.TakeWhenDueAsync(default));
    }

    [Fact]
    public async Task Folder_ThatCannotBeMade_IsTold()
    {
        using var backups = Folder("/proc/nowhere", new ManualTime(), new BackupsOptions());

        await Assert.ThrowsAsync<BackupRefusedException>(() => backups.TakeAsync(default));

        Assert.Contains("/proc/nowhere", backups.Failure, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Administrator_TakesListsAndDownloads_NobodyElseDoes()
    {
        using var admin = await _host.ProgramAsync(PersonRole.Admin);
        using var dispatcher = await _host.ProgramAsync(PersonRole.Dispatcher);

        var made = await Visitor.JsonAsync(await admin.PostJsonAsync("/api/v1/backups", new { }));
        var name = made["name"]!.ToString();

        Assert.Contains(name, (await Visitor.JsonAsync(await admin.GetAsync("/api/v1/backups"))).ToJsonString(), StringComparison.Ordinal);
        var bytes = await (await admin.GetAsync($"/api/v1/backups/{name}")).Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken);
        Assert.Equal(made["bytes"]!.GetValue<long>(), bytes.Length);
        Assert.Equal(HttpStatusCode.NotFound, (await admin.GetAsync("/api/v1/backups/..%2Fhub.db")).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await admin.GetAsync("/api/v1/backups/hub.db")).StatusCode);
        Assert.Equal(HttpStatusCode.Forbidden, (await dispatcher.GetAsync("/api/v1/backups")).StatusCode);
        Assert.Equal(HttpStatusCode.Forbidden, (await dispatcher.GetAsync($"/api/v1/backups/{name}")).StatusCode);
    }

    [Fact]
    public async Task Page_TakesABackup_AndShowsIt()
    {
        using var admin = await _host.SignedInAsync(PersonRole.Admin);
        using var viewer = await _host.SignedInAsync(PersonRole.Viewer);

        await admin.PostFormAsync("/backups", []);
        var page = await admin.ReadAsync("/backups");

        Assert.Contains("is taken", page, StringComparison.Ordinal);
        Assert.Contains("deskbridge-", page, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.Forbidden, (await viewer.GetAsync("/backups")).StatusCode);
    }

    private BackupFolder Folder(string path, TimeProvider time, BackupsOptions options)
    {
        options.Folder = path;
        var take = new TakeBackup(_host.Services.GetRequiredService<IDatabaseDump>(), Core.Common.Failpoints.None, time);
        return new BackupFolder(_host.Services.GetRequiredService<DataFolder>(), take, Options.Create(options), time);
    }
}
