using System.Globalization;
using Deskbridge.Access;
using Deskbridge.Core.Common;
using Deskbridge.Core.Data;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;

namespace Deskbridge.Backups;

/// <summary>
/// Puts a backup in the place of a SQLite database that no hub runs on. The archive is checked and unpacked beside the former data first;
/// that is kept.
/// </summary>
internal sealed class RestoreBackup(HubDatabase place, IDbContextFactory<HubDb> hub, IDbContextFactory<AccessDb> access, RandomIds ids, Failpoints failpoints, TimeProvider clock)
{
    /// <summary>Restores. The caller holds the database.</summary>
    /// <exception cref="BackupRefusedException">The backup cannot be used; nothing was changed.</exception>
    public async Task<BackupRestored> RunAsync(string file, CancellationToken cancel)
    {
        var database = place.File ?? throw new BackupRefusedException($"{file} is a backup of a SQLite database; {place} is none.");
        using var archive = BackupArchive.Open(file);
        await RefuseNewerAsync(file, archive.Manifest, cancel);
        try
        {
            var staged = RestoreJournal.Stage(database);
            await archive.ExtractAsync(SqliteDump.Name, staged, cancel);
            await MarkAsync(file, staged, archive.Manifest, cancel);
            failpoints.Pass("restore.staged");
            var aside = $"before-restore-{clock.GetUtcNow().ToString("yyyyMMdd-HHmmss", CultureInfo.InvariantCulture)}-{ids.NewMarker()[..4]}";
            var former = File.Exists(database);
            SqliteConnection.ClearAllPools(); // a kept connection would go on with the former file
            await RestoreJournal.BeginAsync(database, aside, cancel);
            failpoints.Pass("restore.begun");
            RestoreJournal.Finish(database, failpoints.Pass);
            return new BackupRestored(archive.Manifest, former ? Path.Combine(Path.GetDirectoryName(database)!, aside) : null);
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

    private async Task RefuseNewerAsync(string file, BackupManifest manifest, CancellationToken cancel)
    {
        await using var core = await hub.CreateDbContextAsync(cancel);
        await using var signIn = await access.CreateDbContextAsync(cancel);
        var known = core.Database.GetMigrations().Concat(signIn.Database.GetMigrations().Select(CopiedDatabase.OfAccess)).ToHashSet(StringComparer.Ordinal);
        if (manifest.Schema.FirstOrDefault(change => !known.Contains(change)) is { } unknown)
        {
            throw new BackupRefusedException(
                $"{file} was taken by a newer Deskbridge ({manifest.Version}): it has the change '{unknown}', which this version does not know. Restore it with that version.");
        }
    }

    /// <summary>
    /// Looks whether the copy holds together and is what its manifest says, and writes into it that it was restored: the start that follows
    /// must know (engine.md §10), whatever happens in between.
    /// </summary>
    private async Task MarkAsync(string file, string staged, BackupManifest manifest, CancellationToken cancel)
    {
        await using var db = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = staged, Mode = SqliteOpenMode.ReadWrite, Pooling = false }.ToString());
        await db.OpenAsync(cancel);
        if (await CopiedDatabase.DamageAsync(db, cancel) is { } damage) throw new BackupRefusedException($"The database in {file} is damaged: {damage} Use another backup.");
        if (!(await CopiedDatabase.SchemaAsync(db, cancel)).SequenceEqual(manifest.Schema, StringComparer.Ordinal))
            throw new BackupRefusedException($"The database in {file} is not the one that its manifest describes. Use another backup.");
        await CopiedDatabase.SetAsync(
            db,
            new Dictionary<string, string>(StringComparer.Ordinal)
            {
                [SettingKeys.InstanceId] = ids.NewId().ToString(),
                [SettingKeys.Restoration] = Json.Write(new Restoration(clock.GetUtcNow(), manifest.TakenAt, TakenUp: false)),
            },
            cancel);
    }
}

/// <summary>A backup that was restored.</summary>
/// <param name="Manifest">What it says of itself.</param>
/// <param name="Aside">Where the former data is kept; null when there was none.</param>
internal sealed record BackupRestored(BackupManifest Manifest, string? Aside);
