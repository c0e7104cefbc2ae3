using Deskbridge.Core.Data;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Npgsql;

namespace Deskbridge.Testing;

/// <summary>
/// A hub's database of its own, gone with its disposal: a SQLite file, or a database of the PostgreSQL cluster that <c>tests/with-postgres</c>
/// named. The tests are the same.
/// </summary>
public sealed class TestDatabase : IAsyncDisposable
{
    private static readonly Lazy<Task<TestDatabase>> Template = new(MigrateTemplateAsync);
    private static int _count;

    private readonly string? _created;

    private TestDatabase(HubDatabase database, string? created) => (Database, _created) = (database, created);

    /// <summary>Whether the tests run on PostgreSQL.</summary>
    public static bool OnPostgres => PostgresCluster.Named is not null;

    public HubDatabase Database { get; }

    /// <summary>What a person would give as <c>--database</c>; null for the SQLite file in the data folder.</summary>
    public string? Address => Database.IsPostgres ? Database.ConnectionString : null;

    /// <summary>An empty one.</summary>
    /// <param name="folder">Where a SQLite file is made.</param>
    public static Task<TestDatabase> EmptyAsync(string folder) => OnPostgres ? CreateAsync(null) : Task.FromResult(Sqlite(folder));

    /// <summary>An empty SQLite file, for what only SQLite does.</summary>
    /// <param name="folder">Where it is made.</param>
    public static TestDatabase Sqlite(string folder) => new(HubDatabase.Sqlite(Path.Combine(folder, "hub.db")), null);

    /// <summary>An empty PostgreSQL database, for what only PostgreSQL does.</summary>
    public static Task<TestDatabase> PostgresAsync() => CreateAsync(null);

    /// <summary>One with the hub's tables.</summary>
    /// <param name="folder">Where a SQLite file is made.</param>
    public static async Task<TestDatabase> MigratedAsync(string folder)
    {
        return OnPostgres ? await CreateAsync((await Template.Value)._created) : await MigratedSqliteAsync(folder);
    }

    /// <summary>A SQLite file with the hub's tables, for what only SQLite does.</summary>
    /// <param name="folder">Where it is made.</param>
    public static async Task<TestDatabase> MigratedSqliteAsync(string folder)
    {
        var made = Sqlite(Directory.CreateDirectory(folder).FullName);
        await File.WriteAllBytesAsync(made.Database.File!, await TestStore.EmptyDatabaseAsync());
        if (!OperatingSystem.IsWindows()) File.SetUnixFileMode(made.Database.File!, UnixFileMode.UserRead | UnixFileMode.UserWrite); // as the hub makes it
        return made;
    }

    public async ValueTask DisposeAsync()
    {
        if (_created is null)
        {
            await using var file = new SqliteConnection(Database.ConnectionString);
            SqliteConnection.ClearPool(file);
            return;
        }

        await ClearAsync();
        await ExecuteAsync($"DROP DATABASE IF EXISTS {_created} WITH (FORCE)");
    }

    /// <summary>Runs a statement beside the hub.</summary>
    public async Task ChangeAsync(string statement)
    {
        if (_created is null)
        {
            await using var file = new SqliteConnection($"{Database.ConnectionString};Pooling=False");
            await file.OpenAsync();
            await using var change = file.CreateCommand();
            change.CommandText = statement;
            await change.ExecuteNonQueryAsync();
            return;
        }

        await ExecuteAsync(statement, _created);
    }

    /// <summary>Every column of a context's tables as <c>table.column type [not null]</c>, sorted.</summary>
    public static async Task<IReadOnlyList<string>> ColumnsAsync(DbContext db)
    {
        var columns = new List<string>();
        foreach (var table in db.Model.GetEntityTypes().Select(entity => entity.GetTableName()!))
        {
            var query = db.Database.IsSqlite()
                ? $"SELECT '{table}.' || name || ' ' || lower(type) || CASE WHEN \"notnull\" = 1 THEN ' not null' ELSE '' END AS \"Value\" FROM pragma_table_info('{table}')"
                : $"SELECT '{table}.' || attname || ' ' || format_type(atttypid, atttypmod) || CASE WHEN attnotnull THEN ' not null' ELSE '' END AS \"Value\" FROM pg_attribute WHERE attrelid = to_regclass('{table}') AND attnum > 0 AND NOT attisdropped";
            columns.AddRange(await db.Database.SqlQueryRaw<string>(query).ToListAsync());
        }

        return [.. columns.Order(StringComparer.Ordinal)];
    }

    private static async Task<TestDatabase> CreateAsync(string? template)
    {
        var name = $"t{Environment.ProcessId}_{Interlocked.Increment(ref _count)}";
        await ExecuteAsync($"CREATE DATABASE {name} TEMPLATE {template ?? "template1"}");
        var settings = new NpgsqlConnectionStringBuilder(await PostgresCluster.ConnectionAsync()) { Database = name, MaxPoolSize = 20 };
        return new TestDatabase(HubDatabase.Postgres(settings), name);
    }

    private static async Task<TestDatabase> MigrateTemplateAsync()
    {
        var made = await CreateAsync(null);
        await TestStore.MigrateAsync(made.Database);
        await made.ClearAsync();
        return made;
    }

    private async Task ClearAsync()
    {
        await using var connection = new NpgsqlConnection(Database.ConnectionString);
        NpgsqlConnection.ClearPool(connection);
    }

    private static async Task ExecuteAsync(string statement, string? database = null)
    {
        var settings = new NpgsqlConnectionStringBuilder(await PostgresCluster.ConnectionAsync()) { Pooling = false };
        if (database is not null) settings.Database = database;
        await using var connection = new NpgsqlConnection(settings.ConnectionString);
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(statement, connection);
        await command.ExecuteNonQueryAsync();
    }
}
