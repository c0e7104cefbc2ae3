using System.ComponentModel;
using System.Diagnostics;
using Deskbridge.Core.Data;
using Microsoft.Extensions.Options;
using Npgsql;

namespace Deskbridge.Backups;

/// <summary>The programs that come with PostgreSQL, run on the hub's database. The password goes through their environment: arguments are seen by everybody on the machine.</summary>
internal sealed class PostgresTools(HubDatabase database, IOptions<BackupsOptions> options)
{
    private const int LongestMessage = 1000;

    /// <summary>Runs one to its end.</summary>
    /// <exception cref="BackupRefusedException">It is missing, or failed; the message quotes it.</exception>
    public async Task RunAsync(string program, IReadOnlyList<string> arguments, CancellationToken cancel)
    {
        var folder = options.Value.PostgresTools;
        var start = new ProcessStartInfo(string.IsNullOrWhiteSpace(folder) ? program : Path.Combine(folder, program), arguments)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
        };
        foreach (var (name, value) in Environment(new NpgsqlConnectionStringBuilder(database.ConnectionString))) start.Environment[name] = value;
        using var process = Start(start, program);
        process.StandardInput.Close(); // it asks nobody for a password
        var said = Task.WhenAll(process.StandardOutput.ReadToEndAsync(cancel), process.StandardError.ReadToEndAsync(cancel));
        try
        {
            await process.WaitForExitAsync(cancel);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            throw;
        }

        if (process.ExitCode == 0) return;
        var message = string.Join(' ', (await said)[1].Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries));
        throw new BackupRefusedException(
            $"{program} failed: {(message.Length > LongestMessage ? message[..LongestMessage] + "…" : message)} It must be of the server's version or a newer one; the setting Backups__PostgresTools names the folder of another.");
    }

    private static Process Start(ProcessStartInfo start, string program)
    {
        try
        {
            return Process.Start(start)!;
        }
        catch (Win32Exception failure)
        {
            throw new BackupRefusedException(
                $"{program} of PostgreSQL cannot be run: {failure.Message}. Install it (Debian: postgresql-client), or name the folder it lies in with the setting Backups__PostgresTools.");
        }
    }

    /// <summary>A connection as libpq takes it (PostgreSQL documentation, chapter "libpq", environment variables).</summary>
    private static IEnumerable<(string Name, string Value)> Environment(NpgsqlConnectionStringBuilder connection)
    {
        (string Name, string? Value)[] all =
        [
            ("PGHOST", connection.Host), ("PGPORT", connection.Port.ToString(System.Globalization.CultureInfo.InvariantCulture)), ("PGUSER", connection.Username),
            ("PGPASSWORD", connection.Password), ("PGPASSFILE", connection.Passfile), ("PGDATABASE", connection.Database), ("PGSSLMODE", SslMode(connection.SslMode)),
            ("PGSSLROOTCERT", connection.RootCertificate), ("PGSSLCERT", connection.SslCertificate), ("PGSSLKEY", connection.SslKey), ("PGOPTIONS", connection.Options),
            ("PGAPPNAME", "Deskbridge backup"), ("PGCLIENTENCODING", "UTF8"),
        ];
        return all.Where(one => !string.IsNullOrEmpty(one.Value)).Select(one => (one.Name, one.Value!));
    }

    private static string SslMode(SslMode mode) => mode switch
    {
        Npgsql.SslMode.VerifyCA => "verify-ca",
        Npgsql.SslMode.VerifyFull => "verify-full",
        _ => mode.ToString().ToLowerInvariant(),
    };
}
