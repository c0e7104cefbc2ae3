using Deskbridge.Core.Data;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.Extensions.DependencyInjection;

namespace Deskbridge.Simulation.World;

/// <summary>
/// The database of a simulated world: SQLite in memory on one connection that outlives every hub. The hub's own file, pool and
/// durability settings would only cost time here; that a commit survives the process is what the kill tests are for.
/// </summary>
internal sealed class SimulatedDatabase : IAsyncDisposable
{
    private static readonly Lazy<Task<SqliteConnection>> Empty = new(MigrateEmptyAsync);

    private readonly SqliteConnection _connection;

    private SimulatedDatabase(SqliteConnection connection, IInterceptor watch, TimeProvider clock)
    {
        _connection = connection;
        var services = new ServiceCollection().AddSingleton(clock).BuildServiceProvider(); // the audit asks its context for the time
        Contexts = new Rented(new PooledDbContextFactory<HubDb>(
            (DbContextOptions<HubDb>)new DbContextOptionsBuilder<HubDb>().UseHub(connection).UseApplicationServiceProvider(services).AddInterceptors(watch).Options, poolSize: 8));
    }

    public IDbContextFactory<HubDb> Contexts { get; }

    public static async Task<SimulatedDatabase> CreateAsync(IInterceptor watch, TimeProvider clock)
    {
        var empty = await Empty.Value;
        var connection = await OpenAsync();
        lock (empty) empty.BackupDatabase(connection);
        return new SimulatedDatabase(connection, watch, clock);
    }

    /// <summary>A copy of the database as it is committed now.</summary>
    public async Task<SqliteConnection> CopyAsync()
    {
        var copy = await OpenAsync();
        _connection.BackupDatabase(copy);
        return copy;
    }

    /// <summary>Puts a copy in the place of the database.</summary>
    public void Become(SqliteConnection copy) => copy.BackupDatabase(_connection);

    public ValueTask DisposeAsync() => _connection.DisposeAsync();

    /// <summary>Contexts from a pool, which is a third cheaper. The pool does not know what ours collect for after a commit: it is emptied here.</summary>
    private sealed class Rented(PooledDbContextFactory<HubDb> pool) : IDbContextFactory<HubDb>
    {
        public HubDb CreateDbContext()
        {
            var db = pool.CreateDbContext();
            db.Hints.Clear();
            db.Counts.Clear();
            db.Notes.Clear();
            return db;
        }
    }

    private static async Task<SqliteConnection> OpenAsync()
    {
        var connection = new SqliteConnection("Data Source=:memory:");
        await connection.OpenAsync();
        return connection;
    }

    private static async Task<SqliteConnection> MigrateEmptyAsync()
    {
        var connection = await OpenAsync();
        await using var db = new HubDb(new DbContextOptionsBuilder<HubDb>().UseSqlite(connection).Options);
        await db.Database.MigrateAsync();
        return connection;
    }
}
