using System.Data.Common;
using Deskbridge.Core.Data;
using Microsoft.EntityFrameworkCore;

namespace Deskbridge.Core.Operations;

/// <summary>How many rows each table has and how much they hold. Counting a large SQLite file takes a while, so it is done beside, when somebody looks, and remembered for an hour.</summary>
internal sealed class TableSizes(IDbContextFactory<HubDb> contexts, TimeProvider clock)
{
    private static readonly TimeSpan KeptFor = TimeSpan.FromHours(1);
    private readonly Lock _gate = new();
    private Task _counting = Task.CompletedTask;
    private TableCount? _last;

    /// <summary>The last count, at once; null before the first. When it is old, or there is none, a new one begins.</summary>
    public TableCount? Look()
    {
        lock (_gate)
        {
            if (_counting.IsCompleted && (_last is null || clock.GetUtcNow() - _last.At > KeptFor)) _counting = Task.Run(TryAsync);
            return _last;
        }
    }

    /// <summary>Counts every table of the database, those of sign-in too; largest first.</summary>
    public async Task<TableCount> CountAsync(CancellationToken cancel)
    {
        await using var db = await contexts.CreateDbContextAsync(cancel);
        await db.Database.OpenConnectionAsync(cancel);
        var connection = db.Database.GetDbConnection();
        var tables = db.Database.IsSqlite() ? await SqliteAsync(connection, cancel) : await PostgresAsync(connection, cancel);
        return _last = new TableCount(clock.GetUtcNow(), [.. tables.OrderByDescending(table => table.Bytes).ThenBy(table => table.Name, StringComparer.Ordinal)]);
    }

    private async Task TryAsync()
    {
        try
        {
            await CountAsync(CancellationToken.None);
        }
        catch (Exception failure) when (StorageTrouble.Describe(failure) is not null)
        {
            // The page tells that the database fails; the next look tries again.
        }
    }

    /// <summary>The content without indexes and gaps: this SQLite is built without the table that knows pages.</summary>
    private static async Task<List<TableSize>> SqliteAsync(DbConnection connection, CancellationToken cancel)
    {
        var columns = await RowsAsync(
            connection,
            "SELECT t.name, c.name FROM sqlite_schema t JOIN pragma_table_info(t.name) c WHERE t.type = 'table' AND t.name NOT LIKE 'sqlite\\_%' ESCAPE '\\'",
            row => (Table: row.GetString(0), Column: row.GetString(1)), cancel);
        var sizes = new List<TableSize>();
        foreach (var table in columns.GroupBy(row => row.Table, row => row.Column, StringComparer.Ordinal))
        {
            var bytes = string.Join(" + ", table.Select(column => $"COALESCE(octet_length(\"{column}\"), 0)"));
            sizes.AddRange(await RowsAsync(connection, $"SELECT COUNT(*), COALESCE(SUM({bytes}), 0) FROM \"{table.Key}\"", row => new TableSize(table.Key, row.GetInt64(0), row.GetInt64(1)), cancel));
        }

        return sizes;
    }

    /// <summary>With indexes; rows as the server last estimated them, for it counts slowly.</summary>
    private static Task<List<TableSize>> PostgresAsync(DbConnection connection, CancellationToken cancel) => RowsAsync(
        connection,
        "SELECT relname::text, n_live_tup, pg_total_relation_size(relid) FROM pg_stat_user_tables WHERE schemaname = current_schema()",
        row => new TableSize(row.GetString(0), row.GetInt64(1), row.GetInt64(2)), cancel);

    private static async Task<List<T>> RowsAsync<T>(DbConnection connection, string query, Func<DbDataReader, T> read, CancellationToken cancel)
    {
        await using var command = connection.CreateCommand();
        command.CommandText = query;
        await using var reader = await command.ExecuteReaderAsync(cancel);
        var rows = new List<T>();
        while (await reader.ReadAsync(cancel)) rows.Add(read(reader));
        return rows;
    }
}

/// <summary>A count of all tables.</summary>
/// <param name="At">When.</param>
/// <param name="Tables">Largest first.</param>
internal sealed record TableCount(DateTimeOffset At, IReadOnlyList<TableSize> Tables);

/// <summary>A table.</summary>
/// <param name="Name">Its name in the database.</param>
/// <param name="Rows">How many rows.</param>
/// <param name="Bytes">How much they hold: SQLite the content, PostgreSQL with indexes.</param>
internal sealed record TableSize(string Name, long Rows, long Bytes);
