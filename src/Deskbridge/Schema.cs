using Deskbridge.Access;
using Deskbridge.Core.Data;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;

namespace Deskbridge;

/// <summary>The database's version: brought up to this program's, or refused when it is newer.</summary>
internal static class Schema
{
    public static async Task MigrateAsync(this IServiceProvider services, DataFolder folder, CancellationToken cancel)
    {
        try
        {
            // SQLite gives the files beside it (-wal, -shm) the rights that the database has.
            DataFolder.MakePrivate(folder.Database);
            await services.RefuseNewerAsync(folder, cancel);
            await services.MigrateHubAsync(cancel);
            await services.MigrateAccessAsync(cancel);
        }
        catch (Exception failure) when (failure is SqliteException or IOException or UnauthorizedAccessException)
        {
            throw new StartRefusedException($"The database {folder.Database} cannot be used: {failure.Message.TrimEnd('.')}. {Fix(failure)}");
        }
    }

    /// <summary>By SQLite's primary result codes (sqlite.org/rescode.html).</summary>
    private static string Fix(Exception failure) => (failure as SqliteException)?.SqliteErrorCode switch
    {
        5 or 6 => "Another program holds it; end that program and start again.",
        11 or 26 => "It is damaged, or no database of Deskbridge; restore the folder from a backup, or name another folder with --data.",
        10 or 13 => "The disk is full or broken; free space or mend it and start again.",
        _ => "See that it is a file which the user running this may read and write, or name another folder with --data.",
    };

    /// <summary>Only looks.</summary>
    /// <exception cref="StartRefusedException">A newer Deskbridge wrote the database.</exception>
    public static async Task RefuseNewerAsync(this IServiceProvider services, DataFolder folder, CancellationToken cancel)
    {
        await using var hub = await services.GetRequiredService<IDbContextFactory<HubDb>>().CreateDbContextAsync(cancel);
        await using var access = await services.GetRequiredService<IDbContextFactory<AccessDb>>().CreateDbContextAsync(cancel);
        foreach (var db in new DbContext[] { hub, access })
        {
            var unknown = (await db.Database.GetAppliedMigrationsAsync(cancel)).Except(db.Database.GetMigrations(), StringComparer.Ordinal).FirstOrDefault();
            if (unknown is null) continue;
            throw new StartRefusedException(
                $"The database {folder.Database} was written by a newer Deskbridge: it has the change '{unknown}', which this version does not know. Start the newer version, or restore a backup made with this one.");
        }
    }
}
