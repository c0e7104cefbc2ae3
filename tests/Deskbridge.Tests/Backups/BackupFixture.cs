using Deskbridge.Cli;
using Deskbridge.Core.Data;
using Deskbridge.Core.Directory;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace Deskbridge.Tests.Backups;

/// <summary>A folder for hubs and their backups.</summary>
internal sealed class BackupFixture : IAsyncDisposable
{
    private readonly DirectoryInfo _folder = System.IO.Directory.CreateTempSubdirectory("deskbridge-backup-");

    public string Folder => _folder.FullName;

    public string Data => Path.Combine(Folder, "data");

    public string Archive => Path.Combine(Folder, "hub.zip");

    /// <summary>Data with people of these names, backed up into <see cref="Archive"/>.</summary>
    public async Task<byte[]> BackedUpAsync(params string[] names)
    {
        await AddPeopleAsync(names);
        await BackUpAsync();
        return await File.ReadAllBytesAsync(Archive);
    }

    public async Task AddPeopleAsync(params string[] names)
    {
        await using var session = await DataSession.OpenOrMakeAsync(Data, null, "test", default);
        foreach (var name in names) await session.Services.GetRequiredService<CreatePerson>().RunAsync(new PersonDraft(name, $"{name}@example.com"), Deskbridge.Configuration.ImportActor.Person, default);
    }

    public async Task<IReadOnlyList<string>> PeopleAsync(string? data = null)
    {
        await using var session = await DataSession.OpenOrMakeAsync(data ?? Data, null, "test", default);
        return await session.Services.GetRequiredService<HubStore>().ReadAsync(db => db.People.OrderBy(person => person.Name).Select(person => person.Name).ToListAsync(), default);
    }

    public async Task<(int Code, string Told)> BackUpAsync(string? file = null)
    {
        await using var told = new StringWriter();
        return (await BackupCommand.RunAsync(Data, null, file ?? Archive, told, told, default), told.ToString());
    }

    public async Task<(int Code, string Told)> RestoreAsync(string? data = null, string? file = null)
    {
        await using var told = new StringWriter();
        return (await RestoreCommand.RunAsync(data ?? Data, null, file ?? Archive, told, told, default), told.ToString());
    }

    /// <summary>Every file below the data folder but locks and logs, with its content: what a refusal must leave as it was.</summary>
    public async Task<IReadOnlyDictionary<string, string>> FilesAsync()
    {
        await MoveLogIntoDatabaseAsync();
        return System.IO.Directory.EnumerateFiles(Data, "*", SearchOption.AllDirectories)
            .Where(file => !file.EndsWith(".lock", StringComparison.Ordinal) && !file.EndsWith("-shm", StringComparison.Ordinal) && !file.EndsWith("-wal", StringComparison.Ordinal))
            .ToDictionary(file => Path.GetRelativePath(Data, file), file => Convert.ToBase64String(System.Security.Cryptography.SHA256.HashData(File.ReadAllBytes(file))));
    }

    public async ValueTask DisposeAsync()
    {
        await using (var file = new Microsoft.Data.Sqlite.SqliteConnection(HubDatabase.Sqlite(Path.Combine(Data, "hub.db")).ConnectionString)) Microsoft.Data.Sqlite.SqliteConnection.ClearPool(file);
        _folder.Delete(recursive: true);
    }

    /// <summary>What was committed before stands in the database's own file, which SQLite would otherwise bring up to date whenever its last connection closes.</summary>
    private async Task MoveLogIntoDatabaseAsync()
    {
        await using var database = new Microsoft.Data.Sqlite.SqliteConnection($"Data Source={Path.Combine(Data, "hub.db")};Pooling=False");
        await database.OpenAsync();
        await using var checkpoint = database.CreateCommand();
        checkpoint.CommandText = "PRAGMA wal_checkpoint(TRUNCATE)";
        await checkpoint.ExecuteNonQueryAsync();
    }
}
