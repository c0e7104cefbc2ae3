using System.Runtime.CompilerServices;
using Deskbridge.Core.Data;
using Microsoft.EntityFrameworkCore;

namespace Deskbridge.Doctor;

/// <summary>The PostgreSQL database: does it let us in, take writes, and keep our time?</summary>
internal static class PostgresChecks
{
    private const string Area = "Database";
    private static readonly TimeSpan FarOff = TimeSpan.FromSeconds(2);

    public static async IAsyncEnumerable<Finding> RunAsync(HubDatabase database, HubDb db, TimeProvider clock, [EnumeratorCancellation] CancellationToken cancel)
    {
        var opened = await OpenAsync(database, db, cancel);
        yield return opened;
        if (opened.Outcome != Outcome.Failed) yield return await ClockAsync(db, clock, cancel);
    }

    private static async Task<Finding> OpenAsync(HubDatabase database, HubDb db, CancellationToken cancel)
    {
        try
        {
            await DatabaseTrouble.CheckAsync(database, cancel);
        }
        catch (StartRefusedException refused)
        {
            return Finding.Failed(Area, "Server", refused.Message, "docs/operations/postgresql.md shows how a database for Deskbridge is made.");
        }

        var readOnly = (await db.Database.SqlQueryRaw<string>("SELECT current_setting('transaction_read_only') AS \"Value\"").ToListAsync(cancel))[0] == "on";
        if (readOnly) return Finding.Failed(Area, "Server", $"{database} takes no writes: it is read-only.", "Name the primary server, not a standby.");
        var size = (await db.Database.SqlQueryRaw<long>("SELECT pg_database_size(current_database()) AS \"Value\"").ToListAsync(cancel))[0];
        return Finding.Well(Area, "Server", $"{database} opens and takes writes, {FolderChecks.Size(size)}.");
    }

    /// <summary>Claims carry times, so hubs on one database must agree about the time.</summary>
    private static async Task<Finding> ClockAsync(HubDb db, TimeProvider clock, CancellationToken cancel)
    {
        var before = clock.GetUtcNow();
        var theirs = (await db.Database.SqlQueryRaw<DateTime>("SELECT clock_timestamp() AT TIME ZONE 'UTC' AS \"Value\"").ToListAsync(cancel))[0];
        var ours = before + ((clock.GetUtcNow() - before) / 2);
        var off = new DateTimeOffset(theirs, TimeSpan.Zero) - ours;
        return off.Duration() < FarOff
            ? Finding.Well(Area, "Clock", $"The server's clock and this machine's agree within {FarOff.TotalSeconds:0} seconds.")
            : Finding.Warning(Area, "Clock", $"The server's clock is {off.TotalSeconds:0} seconds away from this machine's.", "Let both keep time by NTP. Hubs that share the database must agree within seconds.");
    }
}
