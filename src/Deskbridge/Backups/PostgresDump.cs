using Deskbridge.Core.Data;

namespace Deskbridge.Backups;

/// <summary>A PostgreSQL database is backed up by its own tools.</summary>
internal sealed class PostgresDump(HubDatabase database) : IDatabaseDump
{
    public string Part => "hub.dump";

    public Task<DumpedDatabase> WriteAsync(string file, CancellationToken cancel) =>
        throw new BackupRefusedException($"{database} is a PostgreSQL database; back it up with pg_dump --format=custom, and keep a copy of master.key from the data folder somewhere else.");
}
