using System.Globalization;
using Deskbridge.Core.Common;
using Deskbridge.Core.Data;
using Npgsql;

namespace Deskbridge.Backups;

/// <summary>
/// Restores a dump in one transaction: the former tables move into a schema of their own, the dump is read, and the mark of a restore is written. Cut off anywhere,
/// the database is what it was. Meanwhile no hub starts on it, for each waits for its turn to look at the schema.
/// </summary>
internal sealed class PostgresRestore(HubDatabase place, DataFolder folder, PostgresTools tools, RestoreMark mark, RandomIds ids, TimeProvider clock) : IDatabaseRestore
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan LookAgain = TimeSpan.FromMilliseconds(200);

    public string Part => PostgresDump.Name;

    public async Task<FormerData?> RunAsync(string file, BackupArchive archive, CancellationToken cancel)
    {
        var staged = Path.Combine(folder.Root, "restoring");
        var (dump, before, script, after) = (staged + ".dump", staged + "-before.sql", staged + ".sql", staged + "-after.sql");
        string[] all = [dump, before, script, after];
        Remove(all);
        try
        {
            await archive.ExtractAsync(Part, dump, cancel);
            await DataFolder.Private(script, FileMode.CreateNew).DisposeAsync();
            await tools.RunAsync("pg_restore", ["--no-owner", "--no-privileges", $"--file={script}", dump], cancel);
            await RefuseOthersAsync(cancel);
            await using var turn = await MigrationTurn.TakeAsync(place, cancel);
            var aside = $"before_restore_{clock.GetUtcNow().ToString("yyyyMMdd_HHmmss", CultureInfo.InvariantCulture)}_{ids.NewMarker()[..4]}";
            var former = await HasTablesAsync(cancel);
            await DataFolder.WritePrivateAsync(before, former ? MoveAside(aside) : "", cancel);
            await DataFolder.WritePrivateAsync(after, Mark(archive.Manifest), cancel);
            await tools.RunAsync("psql", ["--no-psqlrc", "--quiet", "--single-transaction", "--set=ON_ERROR_STOP=1", $"--file={before}", $"--file={script}", $"--file={after}"], cancel);
            return former ? new FormerData($"the schema {aside} of the database; DROP SCHEMA {aside} CASCADE takes it away") : null;
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException or NpgsqlException)
        {
            throw new BackupRefusedException($"The backup could not be restored into {place}: {failure.Message} Nothing was changed.");
        }
        finally
        {
            Remove(all);
        }
    }

    /// <summary>Every table with its indexes and sequences; the schema itself may belong to the server's administrator.</summary>
    private static string MoveAside(string aside) => $"""
        CREATE SCHEMA {aside};
        DO $$
        DECLARE t record;
        BEGIN
          FOR t IN SELECT tablename FROM pg_tables WHERE schemaname = 'public' LOOP
            EXECUTE format('ALTER TABLE public.%I SET SCHEMA {aside}', t.tablename);
          END LOOP;
        END $$;

        """;

    private string Mark(BackupManifest manifest) => string.Concat(mark.Settings(manifest).Select(setting =>
        $"INSERT INTO public.settings (\"Key\", \"Value\") VALUES ({Literal(setting.Key)}, {Literal(setting.Value)}) ON CONFLICT (\"Key\") DO UPDATE SET \"Value\" = EXCLUDED.\"Value\";\n"));

    private static string Literal(string text) => $"'{text.Replace("'", "''", StringComparison.Ordinal)}'";

    /// <summary>A hub has connections to its database, idle ones too; those of this process are given up first.</summary>
    private async Task RefuseOthersAsync(CancellationToken cancel)
    {
        await using (var pooled = new NpgsqlConnection(place.ConnectionString)) NpgsqlConnection.ClearPool(pooled);
        var end = clock.GetUtcNow() + Patience;
        while (await CountAsync("SELECT COUNT(*) FROM pg_stat_activity WHERE datname = current_database() AND backend_type = 'client backend' AND pid <> pg_backend_pid()", cancel) is > 0 and var others)
        {
            if (clock.GetUtcNow() > end)
                throw new BackupRefusedException($"{others} other connections use {place}. Stop every hub on it, and whatever else works there; its data cannot be replaced under them. Nothing was changed.");
            await Task.Delay(LookAgain, clock, cancel);
        }
    }

    private async Task<bool> HasTablesAsync(CancellationToken cancel) => await CountAsync("SELECT COUNT(*) FROM pg_tables WHERE schemaname = 'public'", cancel) > 0;

    private async Task<long> CountAsync(string query, CancellationToken cancel)
    {
        await using var connection = new NpgsqlConnection(new NpgsqlConnectionStringBuilder(place.ConnectionString) { Pooling = false }.ConnectionString);
        await connection.OpenAsync(cancel);
        await using var command = new NpgsqlCommand(query, connection);
        return (long)(await command.ExecuteScalarAsync(cancel))!;
    }

    private static void Remove(string[] files)
    {
        foreach (var file in files) File.Delete(file);
    }
}
