using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Npgsql;

namespace Deskbridge.Core.Data;

/// <summary>One hub at a time changes the schema: the others wait here and then find it done. The lock ends with the connection, however its holder ends.</summary>
internal sealed class MigrationTurn : IAsyncDisposable
{
    private const long Key = 0x4465736b_62726467;

    /// <summary>Text is compared and sorted by its bytes, as SQLite does, whatever the language of the database.</summary>
    private const string KeepTextBinary = """
        DO $$
        DECLARE c record;
        BEGIN
          FOR c IN
            SELECT a.attrelid::regclass AS tab, a.attname, format_type(a.atttypid, a.atttypmod) AS typ
            FROM pg_attribute a JOIN pg_class t ON t.oid = a.attrelid
            WHERE t.relnamespace = current_schema()::regnamespace AND t.relkind = 'r' AND a.attnum > 0 AND NOT a.attisdropped
              AND a.attcollation NOT IN (0, 'pg_catalog."C"'::regcollation) AND t.relname NOT LIKE 'qrtz%'
          LOOP
            EXECUTE format('ALTER TABLE %s ALTER COLUMN %I TYPE %s COLLATE "C"', c.tab, c.attname, c.typ);
          END LOOP;
        END $$
        """;

    private readonly NpgsqlConnection? _connection;

    private MigrationTurn(NpgsqlConnection? connection) => _connection = connection;

    /// <summary>Waits for the turn. On SQLite the lease on the data folder is the turn.</summary>
    public static async Task<MigrationTurn> TakeAsync(HubDatabase database, CancellationToken cancel)
    {
        if (!database.IsPostgres) return new MigrationTurn(null);
        var connection = new NpgsqlConnection(new NpgsqlConnectionStringBuilder(database.ConnectionString) { Pooling = false, CommandTimeout = 0 }.ConnectionString);
        try
        {
            await connection.OpenAsync(cancel);
            await using var command = new NpgsqlCommand("SELECT pg_advisory_lock($1)", connection) { Parameters = { new NpgsqlParameter<long> { TypedValue = Key } } };
            await command.ExecuteNonQueryAsync(cancel);
            return new MigrationTurn(connection);
        }
        catch
        {
            await connection.DisposeAsync();
            throw;
        }
    }

    public ValueTask DisposeAsync() => _connection?.DisposeAsync() ?? ValueTask.CompletedTask;

    /// <summary>Applies the migrations of one context.</summary>
    internal static async Task MigrateAsync(DbContext db, CancellationToken cancel)
    {
        if (db.Database.GetDbConnection() is SqliteConnection { DataSource: { Length: > 0 } file } && file != ":memory:" && !File.Exists(file)) await File.Create(file).DisposeAsync();

        if ((await db.Database.GetPendingMigrationsAsync(cancel)).Any())
        {
            // EF's lock on SQLite is a row: a hub that was killed while it migrated would keep every later one waiting. The folder's lease is ours.
            if (db.Database.IsSqlite()) await db.Database.ExecuteSqlRawAsync("DROP TABLE IF EXISTS \"__EFMigrationsLock\"", cancel);
            await db.Database.MigrateAsync(cancel);
        }
        else if (db.Database.IsSqlite())
        {
            await db.Database.ExecuteSqlRawAsync("PRAGMA user_version = 0", cancel); // a file that cannot be written is refused now, not at the first alert
        }

        // Also when nothing was pending: a hub that was killed between the two left this undone.
        if (db.Database.GetDbConnection() is not NpgsqlConnection postgres) return;
        await db.Database.ExecuteSqlRawAsync(KeepTextBinary, cancel);
        NpgsqlConnection.ClearPool(postgres); // what was prepared before the columns changed would be refused
    }
}
