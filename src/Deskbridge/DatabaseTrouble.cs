using System.Net.Sockets;
using Deskbridge.Core.Data;
using Npgsql;

namespace Deskbridge;

/// <summary>Says why PostgreSQL does not let the hub in, and what to do. Neither address nor message holds a password.</summary>
internal static class DatabaseTrouble
{
    /// <summary>The oldest server that is tested for.</summary>
    private const int OldestMajor = 13;

    /// <summary>Reads what the person typed, or takes the file in the data folder.</summary>
    /// <exception cref="StartRefusedException">It cannot be read.</exception>
    public static HubDatabase Read(string? typed, DataFolder folder)
    {
        if (string.IsNullOrWhiteSpace(typed)) return HubDatabase.Sqlite(folder.Database);
        try
        {
            return DatabaseAddress.Parse(typed);
        }
        catch (FormatException wrong)
        {
            throw new StartRefusedException(wrong.Message);
        }
    }

    /// <summary>Tries to come in, so that everything after it may rely on the database.</summary>
    /// <exception cref="StartRefusedException">The server cannot be reached or used.</exception>
    public static async Task CheckAsync(HubDatabase database, CancellationToken cancel)
    {
        if (!database.IsPostgres) return;
        await using var connection = new NpgsqlConnection(database.ConnectionString);
        try
        {
            await connection.OpenAsync(cancel);
        }
        catch (Exception failure) when (failure is NpgsqlException or SocketException or TimeoutException or ArgumentException or IOException)
        {
            throw new StartRefusedException(Explain(database, failure));
        }

        if (connection.PostgreSqlVersion.Major < OldestMajor)
            throw new StartRefusedException($"The server of the database {database} is PostgreSQL {connection.PostgreSqlVersion}; Deskbridge needs {OldestMajor} or later.");
        if (!string.Equals(connection.PostgresParameters.GetValueOrDefault("server_encoding"), "UTF8", StringComparison.OrdinalIgnoreCase))
            throw new StartRefusedException($"The database {database} is not encoded as UTF8, so it cannot hold every ticket. Make one with: CREATE DATABASE name ENCODING 'UTF8' TEMPLATE template0.");
    }

    /// <summary>One sentence of cause and one of cure.</summary>
    public static string Explain(HubDatabase database, Exception failure)
    {
        for (var inner = failure; inner is not null; inner = inner.InnerException)
        {
            switch (inner)
            {
                case PostgresException refused:
                    return $"The database {database} refused the hub: {Refusal(refused, database)}";
                case SocketException { SocketErrorCode: SocketError.HostNotFound or SocketError.NoData or SocketError.TryAgain }:
                    return $"The server of the database {database} is not known by that name. Check the host in --database.";
                case SocketException socket:
                    return $"The server of the database {database} cannot be reached: {socket.Message}. Check host and port, that PostgreSQL runs and listens there, and firewalls between.";
                case TimeoutException:
                    return $"The server of the database {database} did not answer in time. Check host and port, and firewalls between.";
                case System.Security.Authentication.AuthenticationException certificate:
                    return $"The certificate of the database server was not accepted: {certificate.Message} Name its authority with sslrootcert, or check the host name.";
            }
        }

        return $"The database {database} cannot be used: {failure.Message}";
    }

    private static string Refusal(PostgresException refused, HubDatabase database) => refused.SqlState switch
    {
        PostgresErrorCodes.InvalidPassword => "user name or password is wrong. Check both in --database.",
        PostgresErrorCodes.InvalidAuthorizationSpecification => $"{refused.MessageText}. Check the user name, and the server's pg_hba.conf for this host.",
        PostgresErrorCodes.InvalidCatalogName => "it does not exist. Make it with: CREATE DATABASE name OWNER user ENCODING 'UTF8' TEMPLATE template0.",
        PostgresErrorCodes.InsufficientPrivilege => $"{refused.MessageText}. Make the hub's user the owner: ALTER DATABASE name OWNER TO user, and GRANT ALL ON SCHEMA public TO user.",
        PostgresErrorCodes.CannotConnectNow => "the server is starting up or shutting down. Start the hub again in a moment.",
        PostgresErrorCodes.TooManyConnections => "it has no connection left. Raise max_connections on the server, or lower 'Maximum Pool Size' in --database.",
        PostgresErrorCodes.ReadOnlySqlTransaction => "it is read-only, a standby perhaps. Name the primary server.",
        _ => $"{refused.MessageText} (PostgreSQL {refused.SqlState}).",
    };
}
