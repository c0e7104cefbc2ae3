using System.Data.Common;
using Npgsql;

namespace Deskbridge.Core.Data;

/// <summary>Reads what a person typed as the address of a database. No message repeats what was typed: it may hold a password.</summary>
public static class DatabaseAddress
{
    private const string Shapes = "Give the path of a SQLite file, 'postgres://user:password@host:5432/database' or 'Host=...;Database=...;Username=...;Password=...'.";

    /// <summary>What libpq calls a parameter of the URL, and what Npgsql calls it.</summary>
    private static readonly Dictionary<string, string> LibpqNames = new(StringComparer.OrdinalIgnoreCase)
    {
        ["sslmode"] = "SSL Mode",
        ["sslrootcert"] = "Root Certificate",
        ["sslcert"] = "SSL Certificate",
        ["sslkey"] = "SSL Key",
        ["connect_timeout"] = "Timeout",
        ["application_name"] = "Application Name",
        ["passfile"] = "Passfile",
        ["options"] = "Options",
        ["host"] = "Host",
    };

    /// <summary>Reads a path, a <c>postgres://</c> URL or a list of <c>Key=value;</c>.</summary>
    /// <exception cref="FormatException">It is none of them; the message says what is wrong and how it should look.</exception>
    public static HubDatabase Parse(string text)
    {
        text = text.Trim();
        if (text.Length == 0) throw new FormatException($"The database is empty. {Shapes}");
        var scheme = text.IndexOf("://", StringComparison.Ordinal);
        if (scheme > 0) return HubDatabase.Postgres(Checked(FromUrl(text, text[..scheme].ToLowerInvariant())));
        return LooksLikeSettings(text) ? HubDatabase.Postgres(Checked(FromSettings(text))) : SqliteFile(text);
    }

    private static bool LooksLikeSettings(string text)
    {
        if (Path.IsPathRooted(text) || text[0] is '.' or '~') return false;
        var equals = text.IndexOf('=', StringComparison.Ordinal);
        return equals > 0 && text[..equals].All(c => char.IsLetter(c) || c is ' ' or '_');
    }

    private static HubDatabase SqliteFile(string path)
    {
        var database = HubDatabase.Sqlite(path);
        if (System.IO.Directory.Exists(database.File)) throw new FormatException($"The database {database.File} is a folder. {Shapes}");
        if (!System.IO.Directory.Exists(Path.GetDirectoryName(database.File))) throw new FormatException($"The folder of the database {database.File} does not exist. Make it, or name another file.");
        return database;
    }

    private static NpgsqlConnectionStringBuilder FromUrl(string text, string scheme)
    {
        if (scheme is not ("postgres" or "postgresql")) throw new FormatException($"The database address begins with '{scheme}://', which is not known. {Shapes}");
        if (!Uri.TryCreate(text, UriKind.Absolute, out var url))
        {
            throw new FormatException(
                $"The database address cannot be read. Characters such as @ : / # ? % in a user name or password are written as %40 %3A %2F %23 %3F %25. {Shapes}");
        }

        var settings = new NpgsqlConnectionStringBuilder { Host = url.Host, Database = Uri.UnescapeDataString(url.AbsolutePath.TrimStart('/')) };
        if (!url.IsDefaultPort && url.Port > 0) settings.Port = url.Port;
        var account = url.UserInfo.Split(':', 2);
        if (account[0].Length > 0) settings.Username = Uri.UnescapeDataString(account[0]);
        if (account.Length == 2) settings.Password = Uri.UnescapeDataString(account[1]);
        foreach (var pair in url.Query.TrimStart('?').Split('&', StringSplitOptions.RemoveEmptyEntries))
        {
            var parts = pair.Split('=', 2);
            var name = Uri.UnescapeDataString(parts[0]);
            var value = Uri.UnescapeDataString(parts.Length == 2 ? parts[1] : "");
            if (string.Equals(name, "sslmode", StringComparison.OrdinalIgnoreCase)) value = value.Replace("-", "", StringComparison.Ordinal);
            Set(settings, LibpqNames.GetValueOrDefault(name, name), value);
        }

        return settings;
    }

    private static NpgsqlConnectionStringBuilder FromSettings(string text)
    {
        var settings = new NpgsqlConnectionStringBuilder();
        var pairs = new DbConnectionStringBuilder();
        try
        {
            pairs.ConnectionString = text;
        }
        catch (ArgumentException failure)
        {
            throw new FormatException($"The database settings cannot be read: between two semicolons there must be one Key=value, and a value that holds ; or = stands in double quotes. {Shapes}", failure);
        }

        foreach (string key in pairs.Keys) Set(settings, key, (string)pairs[key]);
        return settings;
    }

    private static void Set(NpgsqlConnectionStringBuilder settings, string key, string value)
    {
        if (!settings.ContainsKey(key)) throw new FormatException($"The database setting '{key}' is not known. {Shapes}");
        try
        {
            settings[key] = value;
        }
        catch (Exception failure) when (failure is ArgumentException or FormatException or InvalidCastException or OverflowException)
        {
            throw new FormatException($"The value of the database setting '{key}' is not one that it takes. See docs/operations/postgresql.md.", failure);
        }
    }

    private static NpgsqlConnectionStringBuilder Checked(NpgsqlConnectionStringBuilder settings)
    {
        if (string.IsNullOrWhiteSpace(settings.Host)) throw new FormatException($"The database address names no host. {Shapes}");
        if (string.IsNullOrWhiteSpace(settings.Database)) throw new FormatException($"The database address names no database. {Shapes}");
        return settings;
    }
}
