using Microsoft.Data.Sqlite;
using Npgsql;

namespace Deskbridge.Core.Data;

/// <summary>What is wrong with the database when it fails, in words that lead to the fix. Result codes: https://sqlite.org/rescode.html.</summary>
internal static class StorageTrouble
{
    /// <summary>The cause and the fix; null when the failure is none of the database's.</summary>
    public static string? Describe(Exception failure)
    {
        for (var inner = failure; inner is not null; inner = inner.InnerException!)
        {
            if (inner is SqliteException sqlite) return Describe(sqlite);
            if (inner is PostgresException refused) return Describe(refused);
            if (inner is NpgsqlException gone) return $"The database server does not answer: {gone.Message} See that PostgreSQL runs and can be reached; the hub goes on by itself.";
        }

        return null;
    }

    private static string Describe(PostgresException failure) => failure.SqlState switch
    {
        PostgresErrorCodes.DiskFull => "The disk under the database server is full. Free space there; the hub goes on by itself.",
        PostgresErrorCodes.ReadOnlySqlTransaction => "The database server takes no writes, it is a standby perhaps. Name the primary server.",
        PostgresErrorCodes.AdminShutdown or PostgresErrorCodes.CrashShutdown or PostgresErrorCodes.CannotConnectNow => "The database server is starting up or shutting down. The hub goes on by itself.",
        PostgresErrorCodes.TooManyConnections => "The database server has no connection left. Raise max_connections there.",
        _ => $"The database refuses: {failure.MessageText} (PostgreSQL {failure.SqlState}).",
    };

    private static string Describe(SqliteException failure) => failure.SqliteErrorCode switch
    {
        5 or 6 => "Another program holds the database file locked, a backup tool or a second hub perhaps. End it, or let it finish.",
        8 => "The database file or its folder cannot be written. Give the user who runs the hub the right to write both, and see that the disk is not mounted read-only.",
        10 => $"The disk under the database reports errors ({failure.Message.TrimEnd('.')}). See the system's log; when the disk is well again, restart the hub.",
        11 or 26 => "The database file is damaged. Stop the hub, keep a copy of the file, and restore a backup.",
        13 => "The disk under the database is full. Free space; the hub goes on by itself.",
        14 => "The database file cannot be opened. See that it and its folder exist and that the user who runs the hub may read and write both.",
        _ => $"The database refuses: {failure.Message}",
    };
}
