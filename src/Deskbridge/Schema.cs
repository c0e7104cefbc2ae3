using Deskbridge.Access;
using Deskbridge.Core.Data;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Npgsql;

namespace Deskbridge;

/// <summary>The database's version: brought up to this program's, or refused when it is newer.</summary>
internal static class Schema
{
    /// <summary>Migrates, and makes the keys usable.</summary>
    /// <param name="services">The built container.</param>
    /// <param name="lostKey">See <see cref="HubOptions.LostKey"/>.</param>
    /// <param name="cancel">Gives up.</param>
    public static async Task MigrateAsync(this IServiceProvider services, bool lostKey, CancellationToken cancel)
    {
        var database = services.GetRequiredService<HubDatabase>();
        try
        {
            // SQLite gives the files beside it (-wal, -shm) the rights that the database has.
            if (database.File is { } file) DataFolder.MakePrivate(file);
            await using var turn = await MigrationTurn.TakeAsync(database, cancel);
            await services.RefuseNewerAsync(cancel);
            await services.MigrateHubAsync(cancel);
            await services.MigrateAccessAsync(cancel);
            await services.GetRequiredService<KeyRing>().OpenAsync(lostKey, cancel);
        }
        catch (NpgsqlException failure)
        {
            throw new StartRefusedException(DatabaseTrouble.Explain(database, failure));
        }
        catch (Exception failure) when (failure is SqliteException or IOException or UnauthorizedAccessException)
        {
            throw new StartRefusedException($"The database {database} cannot be used: {failure.Message.TrimEnd('.')}. {Fix(failure)}");
        }
    }

    /// <summary>By SQLite's primary result codes (sqlite.org/rescode.html).</summary>
    private static string Fix(Exception failure) => (failure as SqliteException)?.SqliteErrorCode switch
    {
        5 or 6 => "Another program holds it; end that program and start again.",
        11 or 26 => "It is damaged, or no database of Deskbridge; restore the folder from a backup, or name another folder with --data.",
        8 => "It cannot be written. Give the user running this the right to write the file and its folder, see that the disk is not mounted read-only, and start again.",
        10 or 13 => "The disk is full or broken; free space or mend it and start again.",
        _ => "See that it is a file which the user running this has the right to write, on a disk that is not mounted read-only, or name another folder with --data.",
    };

    /// <summary>Only looks.</summary>
    /// <exception cref="StartRefusedException">A newer Deskbridge wrote the database.</exception>
    public static async Task RefuseNewerAsync(this IServiceProvider services, CancellationToken cancel)
    {
        if (await services.UnknownChangeAsync(cancel) is not { } unknown) return;
        throw new StartRefusedException(
            $"The database {services.GetRequiredService<HubDatabase>()} was written by a newer Deskbridge: it has the change '{unknown}', which this version does not know. Start the newer version, or restore a backup made with this one.");
    }

    /// <summary>A change of the schema that this program does not know; null when it knows them all.</summary>
    public static async Task<string?> UnknownChangeAsync(this IServiceProvider services, CancellationToken cancel)
    {
        await using var hub = await services.GetRequiredService<IDbContextFactory<HubDb>>().CreateDbContextAsync(cancel);
        await using var access = await services.GetRequiredService<IDbContextFactory<AccessDb>>().CreateDbContextAsync(cancel);
        foreach (var db in new DbContext[] { hub, access })
        {
            if ((await db.Database.GetAppliedMigrationsAsync(cancel)).Except(db.Database.GetMigrations(), StringComparer.Ordinal).FirstOrDefault() is { } unknown) return unknown;
        }

        return null;
    }
}
