using System.Data.Common;
using System.Runtime.CompilerServices;
using Deskbridge.Access;
using Deskbridge.Core.Data;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;

namespace Deskbridge.Doctor;

/// <summary>The database file: does it open, take writes, hold together, and fit this program?</summary>
internal static class DatabaseChecks
{
    /// <summary>The name under which a database is reported whose tables an older version made.</summary>
    public const string OlderSchema = "Older version";

    private const string Area = "Database";
    private const long LargestLog = 256_000_000;
    private const string Restore = "Stop the hub and restore the folder from a backup; keep a copy of the broken files.";

    public static async IAsyncEnumerable<Finding> RunAsync(
        IServiceProvider services, TimeProvider clock, [EnumeratorCancellation] CancellationToken cancel)
    {
        var database = services.GetRequiredService<HubDatabase>();
        if (database.File is { } file && !File.Exists(file))
        {
            yield return Finding.Failed(Area, "File", $"{file} does not exist: no hub was ever started here.", "Name the hub's data folder with --data, or start one with 'deskbridge serve'.");
            yield break;
        }

        await using var db = await services.GetRequiredService<IDbContextFactory<HubDb>>().CreateDbContextAsync(cancel);
        await using var access = await services.GetRequiredService<IDbContextFactory<AccessDb>>().CreateDbContextAsync(cancel);
        if (database.IsPostgres)
        {
            await foreach (var finding in PostgresChecks.RunAsync(database, db, clock, cancel))
            {
                yield return finding;
                if (finding.Outcome == Outcome.Failed) yield break;
            }

            yield return await TryAsync("Version", Restore, () => VersionAsync([db, access], cancel));
            yield break;
        }

        var opened = await TryAsync("File", Restore, () => OpenAsync(db, database.File!, cancel));
        yield return opened;
        if (opened.Outcome == Outcome.Failed) yield break;
        yield return Log(database.File!);
        yield return await TryAsync("Integrity", Restore, () => IntegrityAsync(db, cancel));
        yield return await TryAsync("Version", Restore, () => VersionAsync([db, access], cancel));
    }

    private static async Task<Finding> TryAsync(string name, string fix, Func<Task<Finding>> check)
    {
        try
        {
            return await check();
        }
        catch (DbException failure)
        {
            return Finding.Failed(Area, name, StorageTrouble.Describe(failure) ?? failure.Message, fix);
        }
    }

    /// <summary>Takes the right to write and gives it back unused: a read-only or locked file says so.</summary>
    private static async Task<Finding> OpenAsync(HubDb db, string path, CancellationToken cancel)
    {
        await db.Database.OpenConnectionAsync(cancel);
        try
        {
            await db.Database.ExecuteSqlRawAsync("BEGIN IMMEDIATE", cancel);
            await db.Database.ExecuteSqlRawAsync("ROLLBACK", cancel);
        }
        catch (SqliteException failure) when (failure.SqliteErrorCode is 5 or 6 or 8)
        {
            return Finding.Failed(
                Area, "File", $"{path} does not take writes: {failure.Message}",
                failure.SqliteErrorCode == 8
                    ? $"Give the user who runs the hub the right to write the file (you are {Environment.UserName})."
                    : "Another program holds the database. End it, or restart the hub.");
        }

        var log = new FileInfo(path + "-wal");
        var size = new FileInfo(path).Length + (log.Exists ? log.Length : 0);
        return Finding.Well(Area, "File", $"Opens and takes writes, {FolderChecks.Size(size)}.");
    }

    /// <summary>SQLite folds its log into the file when nobody reads an older state any more; a log that only grows has a reader that never ends.</summary>
    private static Finding Log(string path)
    {
        var size = new FileInfo(path + "-wal") is { Exists: true } log ? log.Length : 0;
        return size < LargestLog
            ? Finding.Well(Area, "Log", $"The write-ahead log has {FolderChecks.Size(size)}.")
            : Finding.Warning(Area, "Log", $"The write-ahead log has grown to {FolderChecks.Size(size)}: something reads the database and does not end.", "End other programs that have hub.db open, then restart the hub.");
    }

    private static async Task<Finding> IntegrityAsync(HubDb db, CancellationToken cancel)
    {
        await using var command = db.Database.GetDbConnection().CreateCommand();
        command.CommandText = "PRAGMA quick_check(3)";
        var answer = new List<string>();
        await using var rows = await command.ExecuteReaderAsync(cancel);
        while (await rows.ReadAsync(cancel)) answer.Add(rows.GetString(0));
        return answer is ["ok"]
            ? Finding.Well(Area, "Integrity", "The quick check found nothing.")
            : Finding.Failed(Area, "Integrity", $"The database is damaged: {string.Join("; ", answer)}", Restore);
    }

    private static async Task<Finding> VersionAsync(IReadOnlyList<DbContext> contexts, CancellationToken cancel)
    {
        var (pending, last) = (0, "");
        foreach (var db in contexts)
        {
            var (known, applied) = (db.Database.GetMigrations().ToList(), (await db.Database.GetAppliedMigrationsAsync(cancel)).ToList());
            if (applied.Except(known, StringComparer.Ordinal).FirstOrDefault() is { } unknown)
            {
                return Finding.Failed(
                    Area, "Version", $"A newer Deskbridge wrote this database: it has the change '{unknown}', which this version does not know.",
                    "Run the newer version, or restore a backup made with this one.");
            }

            pending += known.Except(applied, StringComparer.Ordinal).Count();
            if (last.Length == 0) last = applied.LastOrDefault() ?? "";
        }

        return pending == 0
            ? Finding.Well(Area, "Version", $"The schema is this program's ({last}).")
            : Finding.Warning(
                Area, OlderSchema, $"An older Deskbridge wrote this database; {pending} changes of this version are missing.",
                "Start the hub once with this version: it brings the database up to date. Make a backup first.");
    }
}
