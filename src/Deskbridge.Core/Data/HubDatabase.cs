using Microsoft.Data.Sqlite;
using Npgsql;

namespace Deskbridge.Core.Data;

/// <summary>Where the hub keeps everything: a SQLite file, or a PostgreSQL database that several hubs may share.</summary>
public sealed class HubDatabase
{
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

    /// <summary>A SQLite file; its folder must exist.</summary>
    public static HubDatabase Sqlite(string path)
    {
        var file = Path.GetFullPath(path);
        var builder = new SqliteConnectionStringBuilder { DataSource = file, ForeignKeys = false, DefaultTimeout = 30 };
        return new HubDatabase(isPostgres: false, builder.ToString(), file, file);
    }

    /// <summary>A PostgreSQL database.</summary>
    public static HubDatabase Postgres(NpgsqlConnectionStringBuilder connection)
    {
        connection.ApplicationName ??= "Deskbridge";
        return new HubDatabase(isPostgres: true, connection.ConnectionString, null, $"'{connection.Database}' on {connection.Host}:{connection.Port}");
    }
}
