using System.Data.Common;
using Deskbridge.Access;
using Microsoft.Data.Sqlite;

namespace Deskbridge.Backups;

/// <summary>Questions to a copy of the database, which may be of another version: plain SQL instead of entities.</summary>
internal static class CopiedDatabase
{
    /// <summary>What SQLite finds wrong with it; null when it holds together.</summary>
    public static async Task<string?> DamageAsync(SqliteConnection db, CancellationToken cancel)
    {
        var found = await ListAsync(db, "PRAGMA quick_check(3)", cancel);
        return found is ["ok"] ? null : string.Join("; ", found) + ".";
    }

    /// <summary>Every change of the schema that it has.</summary>
    public static async Task<List<string>> SchemaAsync(DbConnection db, CancellationToken cancel) =>
    [
        .. await ListAsync(db, "SELECT \"MigrationId\" FROM \"__EFMigrationsHistory\" ORDER BY 1", cancel),
        .. (await ListAsync(db, $"SELECT \"MigrationId\" FROM \"{AccessDb.HistoryTable}\" ORDER BY 1", cancel)).Select(OfAccess),
    ];

    /// <summary>A change of sign-in's own tables, told apart from those of the hub.</summary>
    public static string OfAccess(string change) => "access/" + change;

    /// <summary>A setting of the hub; null when it has none.</summary>
    public static async Task<string?> SettingAsync(DbConnection db, string key, CancellationToken cancel)
    {
        await using var command = db.CreateCommand();
        command.CommandText = "SELECT \"Value\" FROM settings WHERE \"Key\" = @key";
        var name = command.CreateParameter();
        (name.ParameterName, name.Value) = ("key", key);
        command.Parameters.Add(name);
        return await command.ExecuteScalarAsync(cancel) as string;
    }

    /// <summary>Writes settings of the hub, all of them or none.</summary>
    public static async Task SetAsync(SqliteConnection db, IReadOnlyDictionary<string, string> settings, CancellationToken cancel)
    {
        await using var transaction = (SqliteTransaction)await db.BeginTransactionAsync(cancel);
        foreach (var (key, value) in settings)
        {
            await using var command = db.CreateCommand();
            command.Transaction = transaction;
            command.CommandText = "INSERT OR REPLACE INTO settings (\"Key\", \"Value\") VALUES ($key, $value)";
            command.Parameters.AddWithValue("$key", key);
            command.Parameters.AddWithValue("$value", value);
            await command.ExecuteNonQueryAsync(cancel);
        }

        await transaction.CommitAsync(cancel);
    }

    private static async Task<List<string>> ListAsync(DbConnection db, string sql, CancellationToken cancel)
    {
        await using var command = db.CreateCommand();
        command.CommandText = sql;
        await using var rows = await command.ExecuteReaderAsync(cancel);
        var list = new List<string>();
        while (await rows.ReadAsync(cancel)) list.Add(rows.GetString(0));
        return list;
    }
}
