using Deskbridge.Core.Common;
using Deskbridge.Core.Data;
using Microsoft.Data.Sqlite;

namespace Deskbridge.Simulation.World;

/// <content>Backup and restore: the database goes back in time, everything around it does not.</content>
internal sealed partial class SimulatedWorld
{
    /// <summary>How often the hub came back from a backup.</summary>
    public int Restores { get; private set; }

    /// <summary>Takes a backup of the database; the hub goes on.</summary>
    public async Task<SimulatedBackup> BackUpAsync() => new(await Database.CopyAsync(), Time.GetUtcNow());

    /// <summary>Throws the hub and its database away and starts another hub on the backup.</summary>
    public async Task RestoreAsync(SimulatedBackup backup)
    {
        Restores++;
        await RestartAsync();
        Database.Become(backup.Copy);
        await backup.Copy.DisposeAsync();
        await Hub.Store.WriteAsync(
            db =>
            {
                db.Settings.Add(new Setting { Key = SettingKeys.Restoration, Value = Json.Write(new Restoration(Time.GetUtcNow(), backup.TakenAt, TakenUp: false)) });
                return Task.CompletedTask;
            },
            default);
        await Hub.Get<AbandonedClaims>().ReleaseAsync(default);
        await Hub.Get<RestoredData>().TakeUpAsync(default);
        await Ledger.Shadow.LoadAsync(Hub);
    }
}

/// <summary>A copy of the database, good for one restore.</summary>
internal sealed record SimulatedBackup(SqliteConnection Copy, DateTimeOffset TakenAt);
