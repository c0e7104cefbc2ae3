using Deskbridge.Access;
using Deskbridge.Core.Data;
using Microsoft.EntityFrameworkCore;

namespace Deskbridge;

/// <summary>The database's version: brought up to this program's, or refused when it is newer.</summary>
internal static class Schema
{
    public static async Task MigrateAsync(this IServiceProvider services, DataFolder folder, CancellationToken cancel)
    {
        await services.RefuseNewerAsync(folder, cancel);
        await services.MigrateHubAsync(cancel);
        await services.MigrateAccessAsync(cancel);
    }

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
