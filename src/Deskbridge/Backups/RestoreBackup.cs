using Deskbridge.Access;
using Deskbridge.Core.Data;
using Microsoft.EntityFrameworkCore;

namespace Deskbridge.Backups;

/// <summary>Puts a backup in the place of a database that no hub runs on. The archive is checked before anything is touched, and the former data is kept.</summary>
internal sealed class RestoreBackup(HubDatabase place, IDatabaseRestore restore, IDbContextFactory<HubDb> hub, IDbContextFactory<AccessDb> access)
{
    /// <summary>Restores. The caller holds the database.</summary>
    /// <exception cref="BackupRefusedException">The backup cannot be used; nothing was changed.</exception>
    public async Task<BackupRestored> RunAsync(string file, CancellationToken cancel)
    {
        using var archive = BackupArchive.Open(file);
        RefuseOtherKind(file, archive.Manifest);
        await RefuseNewerAsync(file, archive.Manifest, cancel);
        return new BackupRestored(archive.Manifest, await restore.RunAsync(file, archive, cancel));
    }

    private void RefuseOtherKind(string file, BackupManifest manifest)
    {
        if (!manifest.Parts.Any(part => part.Name is SqliteDump.Name or PostgresDump.Name) || manifest.Parts.Any(part => part.Name == restore.Part)) return;
        throw new BackupRefusedException(
            $"{file} is a backup of a {(place.IsPostgres ? "SQLite" : "PostgreSQL")} database, but {place} is a {(place.IsPostgres ? "PostgreSQL" : "SQLite")} one. Restore it into its own kind, named with --database.");
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
}

/// <summary>A backup that was restored.</summary>
/// <param name="Manifest">What it says of itself.</param>
/// <param name="Former">Where the former data is kept; null when there was none.</param>
internal sealed record BackupRestored(BackupManifest Manifest, FormerData? Former);
