using Deskbridge.Core.Common;
using Deskbridge.Core.Data;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;

namespace Deskbridge.Simulation.World;

/// <content>Backup and restore: the database goes back in time, everything around it does not.</content>
internal sealed partial class SimulatedWorld
{
    /// <summary>Takes a backup of the database; the hub goes on.</summary>
    public async Task<SimulatedBackup> BackUpAsync()
    {
        var copy = new SqliteConnection("Data Source=:memory:");
        await copy.OpenAsync();
        await using var db = await Hub.Get<IDbContextFactory<HubDb>>().CreateDbContextAsync();
        await db.Database.OpenConnectionAsync();
        ((SqliteConnection)db.Database.GetDbConnection()).BackupDatabase(copy);
        return new SimulatedBackup(copy, Time.GetUtcNow());
    }

    /// <summary>Throws the hub and its database away and starts another hub on the backup.</summary>
    public async Task RestoreAsync(SimulatedBackup backup)
    {
        await RestartAsync();
        await using (var db = await Hub.Get<IDbContextFactory<HubDb>>().CreateDbContextAsync())
        {
            await db.Database.OpenConnectionAsync();
            backup.Copy.BackupDatabase((SqliteConnection)db.Database.GetDbConnection());
        }

        await backup.Copy.DisposeAsync();
        await Hub.Store.WriteAsync(
            db =>
            {
                db.Settings.Add(new Setting { Key = SettingKeys.Restoration, Value = Json.Write(new Restoration(Time.GetUtcNow(), backup.TakenAt, TakenUp: false)) });
                return Task.CompletedTask;
            },
            default);
        await Hub.Get<RestoredData>().TakeUpAsync(default);
        await Hub.Get<AbandonedClaims>().ReleaseAsync(default);
    }
}

/// <summary>A copy of the database, good for one restore.</summary>
internal sealed record SimulatedBackup(SqliteConnection Copy, DateTimeOffset TakenAt);
