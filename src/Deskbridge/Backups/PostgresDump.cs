using System.Data;
using Deskbridge.Core.Data;
using Npgsql;

namespace Deskbridge.Backups;

/// <summary>Copies a PostgreSQL database with <c>pg_dump</c>, in the snapshot in which its schema was read: one instant, whatever is written meanwhile.</summary>
internal sealed class PostgresDump(HubDatabase database, PostgresTools tools) : IDatabaseDump
{
    /// <summary>Name of the dump in the archive.</summary>
    public const string Name = "hub.dump";

    public string Part => Name;

    public async Task<DumpedDatabase> WriteAsync(string file, CancellationToken cancel)
    {
        await DataFolder.Private(file, FileMode.Create).DisposeAsync();
        try
        {
            await using var connection = new NpgsqlConnection(database.ConnectionString);
            await connection.OpenAsync(cancel);
            await using var transaction = await connection.BeginTransactionAsync(IsolationLevel.RepeatableRead, cancel);
            // This transaction says nothing while pg_dump reads what it saw; it holds no lock that anybody waits for.
            await using var patient = new NpgsqlCommand("SET LOCAL idle_in_transaction_session_timeout = 0", connection, transaction);
            await patient.ExecuteNonQueryAsync(cancel);
            await using var command = new NpgsqlCommand("SELECT pg_export_snapshot()", connection, transaction);
            var snapshot = (string)(await command.ExecuteScalarAsync(cancel))!;
            var dumped = new DumpedDatabase(await CopiedDatabase.SchemaAsync(connection, cancel), await CopiedDatabase.SettingAsync(connection, SettingKeys.InstanceId, cancel));
            await tools.RunAsync("pg_dump", ["--format=custom", "--no-owner", "--no-privileges", "--exclude-schema=before_restore_*", $"--snapshot={snapshot}", $"--file={file}"], cancel);
            return dumped;
        }
        catch (NpgsqlException failure)
        {
            throw new BackupRefusedException($"{database} cannot be read: {failure.Message}");
        }
    }
}
