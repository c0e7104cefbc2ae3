using Deskbridge.Cli;
using Deskbridge.Core.Data;
using Deskbridge.Core.Directory;
using Deskbridge.Testing;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace Deskbridge.Tests.Backups;

/// <summary>Backup and restore of a PostgreSQL database, by its own tools.</summary>
public sealed class PostgresBackupTests : IAsyncLifetime
{
    private readonly DirectoryInfo _folder = System.IO.Directory.CreateTempSubdirectory("deskbridge-pg-backup-");
    private TestDatabase _database = null!;

    private string Data => Path.Combine(_folder.FullName, "data");

    private string Archive => Path.Combine(_folder.FullName, "hub.zip");

    public async ValueTask InitializeAsync() => _database = await TestDatabase.PostgresAsync();

    public async ValueTask DisposeAsync()
    {
        await _database.DisposeAsync();
        _folder.Delete(recursive: true);
    }

    [Fact]
    public async Task Backup_OfARunningHub_Restored_IsTheDataOfThen_MarkedAsRestored()
    {
        string? id;
        await using (var hub = await StartAsync())
        {
            await AddPersonAsync("Mia");
            Assert.Equal((ExitCodes.Done, ""), Trouble(await BackUpAsync()));
            await AddPersonAsync("Later");
            id = await SettingAsync(hub, SettingKeys.InstanceId);
            await Assert.ThrowsAsync<StartRefusedException>(RestoreAsync);
        }

        var (code, told) = await RestoreAsync();

        Assert.True(code == ExitCodes.Done, told);
        Assert.Contains("before_restore_", told, StringComparison.Ordinal);
        Assert.Empty(_folder.EnumerateFiles("restoring*", SearchOption.AllDirectories));
        await using var restored = await StartAsync();
        Assert.Equal(["Mia"], await restored.Services.GetRequiredService<HubStore>().ReadAsync(db => db.People.Select(person => person.Name).ToListAsync(), default));
        Assert.True((await restored.Services.GetRequiredService<RestoredData>().LastAsync(default))!.TakenUp);
        Assert.NotEqual(id, await SettingAsync(restored, SettingKeys.InstanceId));
    }

    [Fact]
    public async Task HubWithAnotherFolder_OnTheDatabase_HoldsTheRestoreUp()
    {
        await using var hub = await StartAsync();
        await BackUpAsync();
        var elsewhere = Path.Combine(_folder.FullName, "elsewhere");
        System.IO.Directory.CreateDirectory(elsewhere);
        File.Copy(Path.Combine(Data, "master.key"), Path.Combine(elsewhere, "master.key"));

        var (code, told) = await RestoreAsync(elsewhere, _database.Address + ";Application Name=other");

        Assert.Equal(ExitCodes.Failed, code);
        Assert.Contains("Stop every hub", told, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Backup_OfTheOtherKind_IsRefused()
    {
        await using var sqlite = new BackupFixture();
        await sqlite.BackedUpAsync("Mia");

        var (code, told) = await RestoreAsync(file: sqlite.Archive);

        Assert.Equal(ExitCodes.Failed, code);
        Assert.Contains("backup of a SQLite database", told, StringComparison.Ordinal);
        await using (await StartAsync()) Assert.Equal((ExitCodes.Done, ""), Trouble(await BackUpAsync()));
        (code, told) = await sqlite.RestoreAsync(file: Archive);
        Assert.Equal(ExitCodes.Failed, code);
        Assert.Contains("backup of a PostgreSQL database", told, StringComparison.Ordinal);
    }

    [Fact]
    public async Task MissingTools_AreNamed_WithThePackageThatHasThem()
    {
        await using var hub = await Hub.StartAsync(new HubOptions { Data = Data, Database = _database.Address, Port = 0, Configuration = new Dictionary<string, string?> { ["Backups:PostgresTools"] = Data } }, default);

        var refused = await Assert.ThrowsAsync<Deskbridge.Backups.BackupRefusedException>(() => hub.Services.GetRequiredService<Deskbridge.Backups.TakeBackup>().RunAsync(Archive, default));

        Assert.Contains("postgresql-client", refused.Message, StringComparison.Ordinal);
        Assert.Empty(_folder.EnumerateFiles());
    }

    private static (int Code, string Told) Trouble((int Code, string Told) run) => run.Code == ExitCodes.Done ? (run.Code, "") : run;

    private Task<Hub> StartAsync() => Hub.StartAsync(new HubOptions { Data = Data, Database = _database.Address, Port = 0 }, default);

    private async Task AddPersonAsync(string name)
    {
        await using var session = await DataSession.OpenAsync(Data, _database.Address, "test", default);
        await session.Services.GetRequiredService<CreatePerson>().RunAsync(new PersonDraft(name, $"{name}@example.com"), Deskbridge.Configuration.ImportActor.Person, default);
    }

    private static Task<string?> SettingAsync(Hub hub, string key) =>
        hub.Services.GetRequiredService<HubStore>().ReadAsync(db => db.Settings.Where(row => row.Key == key).Select(row => (string?)row.Value).SingleOrDefaultAsync(), default);

    private async Task<(int Code, string Told)> BackUpAsync()
    {
        await using var told = new StringWriter();
        return (await BackupCommand.RunAsync(Data, _database.Address, Archive, told, told, default), told.ToString());
    }

    private Task<(int Code, string Told)> RestoreAsync() => RestoreAsync(Data);

    private async Task<(int Code, string Told)> RestoreAsync(string? data = null, string? database = null, string? file = null)
    {
        await using var told = new StringWriter();
        return (await RestoreCommand.RunAsync(data ?? Data, database ?? _database.Address, file ?? Archive, told, told, default), told.ToString());
    }
}
