using Deskbridge.Core.Data;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;

namespace Deskbridge.Backups;

/// <summary>Copies the SQLite database of a hub, running or not: one transaction sees the whole of it at one instant, whatever is written meanwhile.</summary>
internal sealed class SqliteDump(IDbContextFactory<HubDb> contexts) : IDatabaseDump
{
    /// <summary>Name of the copy in the archive.</summary>
    public const string Name = "hub.db";

    public string Part => Name;

    public async Task<DumpedDatabase> WriteAsync(string file, CancellationToken cancel)
    {
        await DataFolder.Private(file, FileMode.Create).DisposeAsync();
        await using (var db = await contexts.CreateDbContextAsync(cancel)) await db.Database.ExecuteSqlAsync($"VACUUM INTO {file}", cancel);
        await using var copy = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = file, Mode = SqliteOpenMode.ReadOnly, Pooling = false }.ToString());
        await copy.OpenAsync(cancel);
        if (await CopiedDatabase.DamageAsync(copy, cancel) is { } damage)
            throw new BackupRefusedException($"The database is damaged, so a backup of it would be worth nothing: {damage} Run 'deskbridge doctor', and restore an older backup.");
        return new DumpedDatabase(await CopiedDatabase.SchemaAsync(copy, cancel), await CopiedDatabase.SettingAsync(copy, SettingKeys.InstanceId, cancel));
    }
}
