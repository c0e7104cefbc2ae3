using System.Globalization;
using Microsoft.Data.Sqlite;
using Npgsql;

namespace Deskbridge.Core.Data;

/// <summary>Where the hub keeps everything: a SQLite file, or a PostgreSQL database that several hubs may share.</summary>
public sealed class HubDatabase
{
    /// <summary>
    /// The server ends a transaction whose hub has said nothing for so long. A hub that stands still (a paused virtual machine) in the middle of
    /// one holds locks that the others, and their Quartz, wait for; this bounds how long.
    /// </summary>
    private static readonly TimeSpan LongestStandstill = TimeSpan.FromSeconds(8);

    /// <summary>
    /// What a session of the hub asks of the server, unless the connection string asks for something else. A serializable transaction that
    /// reads a whole table, as the planner likes to while tables are small, is refused for anything that others add to it; one that goes by
    /// an index only for what it looked for (<see href="https://www.postgresql.org/docs/current/transaction-iso.html#XACT-SERIALIZABLE"/>).
    /// </summary>
    private static readonly (string Name, string Value)[] SessionSettings =
    [
        ("idle_in_transaction_session_timeout", LongestStandstill.TotalMilliseconds.ToString(CultureInfo.InvariantCulture)),
        ("enable_seqscan", "off"),
        ("jit", "off"), // a table that has no index for a question looks endlessly dear without seqscan, and dear statements are compiled
    ];

    /// <summary>Statements kept prepared in each connection: there are some 150 on the main job's way.</summary>
    private const int PreparedStatements = 250;

    private HubDatabase(bool isPostgres, string connectionString, string? file, string name) =>
        (IsPostgres, ConnectionString, File, Name) = (isPostgres, connectionString, file, name);

    /// <summary>True for PostgreSQL.</summary>
    public bool IsPostgres { get; }

    /// <summary>What the provider takes. Holds a password.</summary>
    public string ConnectionString { get; }

    /// <summary>The SQLite file; null for PostgreSQL.</summary>
    public string? File { get; }

    /// <summary>What people are shown: never with a password.</summary>
    public string Name { get; }

    /// <inheritdoc/>
    public override string ToString() => Name;

    /// <summary>
    /// A SQLite file; its folder must exist. Only migrating makes the file: one that is removed under a running hub must be missed, not come back empty.
    /// </summary>
    public static HubDatabase Sqlite(string path)
    {
        var file = Path.GetFullPath(path);
        var builder = new SqliteConnectionStringBuilder { DataSource = file, Mode = SqliteOpenMode.ReadWrite, ForeignKeys = false, DefaultTimeout = 30 };
        return new HubDatabase(isPostgres: false, builder.ToString(), file, file);
    }

    /// <summary>A PostgreSQL database.</summary>
    public static HubDatabase Postgres(NpgsqlConnectionStringBuilder connection)
    {
        connection.ApplicationName ??= "Deskbridge";
        foreach (var (name, value) in SessionSettings.Where(setting => connection.Options?.Contains(setting.Name, StringComparison.Ordinal) != true))
        {
            connection.Options = $"{connection.Options} -c {name}={value}".TrimStart();
        }

        if (!connection.ShouldSerialize("Max Auto Prepare")) connection.MaxAutoPrepare = PreparedStatements;
        connection.NoResetOnClose = true; // the hub leaves nothing in a session; what it locks it frees itself
        return new HubDatabase(isPostgres: true, connection.ConnectionString, null, $"'{connection.Database}' on {connection.Host}:{connection.Port}");
    }
}
