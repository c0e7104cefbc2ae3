using Deskbridge.Core.Common;
using Deskbridge.Core.Data;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Deskbridge.Testing;

/// <summary>A migrated hub database in a folder of its own, with the container around it; time is manual. Disposing it removes the folder.</summary>
public sealed class TestStore : IAsyncDisposable
{
    private static readonly Lazy<Task<byte[]>> Empty = new(MigrateEmptyAsync);

    private readonly DirectoryInfo _folder;
    private readonly ServiceProvider _services;

    private TestStore(DirectoryInfo folder, ManualTime time, Action<IServiceCollection>? more)
    {
        _folder = folder;
        Time = time;
        var services = new ServiceCollection();
        services.AddLogging(logging => logging.SetMinimumLevel(LogLevel.Warning));
        services.AddSingleton<TimeProvider>(time);
        services.AddSingleton<IConfiguration>(new ConfigurationBuilder().Build());
        services.AddSingleton<ISecretProtector, TestSecrets>();
        services.AddHubData(DatabaseFile);
        more?.Invoke(services);
        _services = services.BuildServiceProvider(new ServiceProviderOptions { ValidateOnBuild = true, ValidateScopes = true });
    }

    public ManualTime Time { get; }

    public IServiceProvider Services => _services;

    public string Folder => _folder.FullName;

    public string DatabaseFile => Path.Combine(_folder.FullName, "hub.db");

    internal HubStore Store => Get<HubStore>();

    /// <summary>Makes an empty store.</summary>
    /// <param name="more">Adds the modules under test.</param>
    /// <param name="time">The clock; a new one by default.</param>
    public static async Task<TestStore> CreateAsync(Action<IServiceCollection>? more = null, ManualTime? time = null)
    {
        var folder = Directory.CreateTempSubdirectory("deskbridge-test-");
        await File.WriteAllBytesAsync(Path.Combine(folder.FullName, "hub.db"), await Empty.Value);
        return new TestStore(folder, time ?? new ManualTime(), more);
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
        await using (var db = await Get<IDbContextFactory<HubDb>>().CreateDbContextAsync())
        {
            SqliteConnection.ClearPool((SqliteConnection)db.Database.GetDbConnection());
        }

        await _services.DisposeAsync();
        _folder.Delete(recursive: true);
    }

    /// <summary>Migrating takes longer than most tests; it is done once and the file is copied.</summary>
    private static async Task<byte[]> MigrateEmptyAsync()
    {
        var folder = Directory.CreateTempSubdirectory("deskbridge-empty-");
        var file = Path.Combine(folder.FullName, "hub.db");
        await using (var services = new ServiceCollection().AddHubData(file).BuildServiceProvider())
        {
            await services.MigrateHubAsync(default);
            await using var db = await services.GetRequiredService<IDbContextFactory<HubDb>>().CreateDbContextAsync();
            await db.Database.ExecuteSqlRawAsync("PRAGMA wal_checkpoint(TRUNCATE)");
            SqliteConnection.ClearPool((SqliteConnection)db.Database.GetDbConnection());
        }

        var bytes = await File.ReadAllBytesAsync(file);
        folder.Delete(recursive: true);
        return bytes;
    }
}
