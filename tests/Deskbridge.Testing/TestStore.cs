using Deskbridge.Core.Common;
using Deskbridge.Core.Data;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Deskbridge.Testing;

/// <summary>A migrated hub database in a folder of its own, with the container around it; time is manual. Disposing it removes the folder.</summary>
public sealed class TestStore : IAsyncDisposable
{
    private static readonly Lazy<Task<byte[]>> Empty = new(MigrateEmptyAsync);

    private readonly DirectoryInfo _folder;
    private readonly TestDatabase _database;
    private readonly ServiceProvider _services;

    private TestStore(DirectoryInfo folder, TestDatabase database, ManualTime time, Action<IServiceCollection>? more)
    {
        (_folder, _database) = (folder, database);
        Time = time;
        var services = new ServiceCollection();
        services.AddLogging(logging => logging.SetMinimumLevel(LogLevel.Warning));
        services.AddSingleton<TimeProvider>(time);
        services.AddSingleton<IConfiguration>(new ConfigurationBuilder().Build());
        services.AddSingleton<ISecretProtector, TestSecrets>();
        services.AddHubData(database.Database);
        more?.Invoke(services);
        _services = services.BuildServiceProvider(new ServiceProviderOptions { ValidateOnBuild = true, ValidateScopes = true });
    }

    public ManualTime Time { get; }

    public IServiceProvider Services => _services;

    public string Folder => _folder.FullName;

    public HubDatabase Database => _database.Database;

    internal HubStore Store => Get<HubStore>();

    /// <summary>Makes an empty store.</summary>
    /// <param name="more">Adds the modules under test.</param>
    /// <param name="time">The clock; a new one by default.</param>
    public static async Task<TestStore> CreateAsync(Action<IServiceCollection>? more = null, ManualTime? time = null)
    {
        var folder = Directory.CreateTempSubdirectory("deskbridge-test-");
        return new TestStore(folder, await TestDatabase.MigratedAsync(folder.FullName), time ?? new ManualTime(), more);
    }

    /// <summary>Makes an empty store in a SQLite file, whatever the tests run on: for what only SQLite does.</summary>
    /// <param name="more">Adds the modules under test.</param>
    public static async Task<TestStore> CreateOnSqliteAsync(Action<IServiceCollection>? more = null)
    {
        var folder = Directory.CreateTempSubdirectory("deskbridge-test-");
        return new TestStore(folder, await TestDatabase.MigratedSqliteAsync(folder.FullName), new ManualTime(), more);
    }

    /// <summary>The bytes of a migrated, empty database file.</summary>
    public static Task<byte[]> EmptyDatabaseAsync() => Empty.Value;

    /// <summary>A service of the container.</summary>
    public T Get<T>()
        where T : notnull => _services.GetRequiredService<T>();

    /// <summary>Stores entities as they are.</summary>
    public Task AddAsync(params object[] entities) =>
        Store.WriteAsync(
            db =>
            {
                db.AddRange(entities);
                return Task.CompletedTask;
            },
            default);

    /// <summary>Reads; nothing is tracked.</summary>
    public Task<T> ReadAsync<T>(Func<HubDb, Task<T>> read) => Store.ReadAsync(read, default);

    public async ValueTask DisposeAsync()
    {
        await _services.DisposeAsync();
        await _database.DisposeAsync();
        _folder.Delete(recursive: true);
    }

    /// <summary>Makes the hub's tables.</summary>
    internal static async Task MigrateAsync(HubDatabase database)
    {
        await using var services = new ServiceCollection().AddHubData(database).BuildServiceProvider();
        await services.MigrateHubAsync(default);
    }

    /// <summary>Migrating takes longer than most tests; it is done once and the file is copied.</summary>
    private static async Task<byte[]> MigrateEmptyAsync()
    {
        var folder = Directory.CreateTempSubdirectory("deskbridge-empty-");
        var file = Path.Combine(folder.FullName, "hub.db");
        var database = HubDatabase.Sqlite(file);
        await MigrateAsync(database);
        await using (var connection = new SqliteConnection(database.ConnectionString))
        {
            await connection.OpenAsync();
            await using var checkpoint = connection.CreateCommand();
            checkpoint.CommandText = "PRAGMA wal_checkpoint(TRUNCATE)";
            await checkpoint.ExecuteNonQueryAsync();
            SqliteConnection.ClearPool(connection);
        }

        var bytes = await File.ReadAllBytesAsync(file);
        folder.Delete(recursive: true);
        return bytes;
    }
}
