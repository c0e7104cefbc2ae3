using System.Globalization;
using Deskbridge.Core.Common;
using Deskbridge.Core.Data;
using Microsoft.Data.Sqlite;

namespace Deskbridge.Backups;

/// <summary>Unpacks and checks the copy beside the former SQLite database, then lets them change places; the former is kept.</summary>
internal sealed class SqliteRestore(HubDatabase place, RestoreMark mark, RandomIds ids, Failpoints failpoints, TimeProvider clock) : IDatabaseRestore
{
    public string Part => SqliteDump.Name;

    public async Task<FormerData?> RunAsync(string file, BackupArchive archive, CancellationToken cancel)
    {
        var database = place.File!;
        try
        {
            var staged = RestoreJournal.Stage(database);
            await archive.ExtractAsync(Part, staged, cancel);
            await MarkAsync(file, staged, archive.Manifest, cancel);
            failpoints.Pass("restore.staged");
            var aside = $"before-restore-{clock.GetUtcNow().ToString("yyyyMMdd-HHmmss", CultureInfo.InvariantCulture)}-{ids.NewMarker()[..4]}";
            var former = File.Exists(database);
            SqliteConnection.ClearAllPools(); // a kept connection would go on with the former file
            await RestoreJournal.BeginAsync(database, aside, cancel);
            failpoints.Pass("restore.begun");
            RestoreJournal.Finish(database, failpoints.Pass);
            return former ? new FormerData(Path.Combine(Path.GetDirectoryName(database)!, aside)) : null;
        }
        catch (Exception failure) when (failure is IOException or SqliteException or UnauthorizedAccessException)
        {
            RestoreJournal.Forget(database);
            throw new BackupRefusedException($"The backup could not be unpacked beside {database}: {failure.Message} Nothing was changed.");
        }
        catch (BackupRefusedException)
        {
            RestoreJournal.Forget(database);
            throw;
        }
    }

    /// <summary>Looks whether the copy holds together and is what its manifest says, and writes into it that it was restored.</summary>
    private async Task MarkAsync(string file, string staged, BackupManifest manifest, CancellationToken cancel)
    {
        await using var db = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = staged, Mode = SqliteOpenMode.ReadWrite, Pooling = false }.ToString());
        await db.OpenAsync(cancel);
        if (await CopiedDatabase.DamageAsync(db, cancel) is { } damage) throw new BackupRefusedException($"The database in {file} is damaged: {damage} Use another backup.");
        if (!(await CopiedDatabase.SchemaAsync(db, cancel)).SequenceEqual(manifest.Schema, StringComparer.Ordinal))
            throw new BackupRefusedException($"The database in {file} is not the one that its manifest describes. Use another backup.");
        await CopiedDatabase.SetAsync(db, mark.Settings(manifest), cancel);
    }
}
