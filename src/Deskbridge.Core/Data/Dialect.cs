using System.Data.Common;
using System.Text;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;
using Microsoft.EntityFrameworkCore.Storage;
using Microsoft.EntityFrameworkCore.Storage.ValueConversion;

namespace Deskbridge.Core.Data;

/// <summary>The few places where SQLite and PostgreSQL differ.</summary>
internal static class Dialect
{
    private const string Claim = "for claim";

    extension(MigrationBuilder migrationBuilder)
    {
        /// <summary>True on PostgreSQL.</summary>
        public bool IsPostgres => migrationBuilder.ActiveProvider?.Contains("Npgsql", StringComparison.Ordinal) == true;

        /// <summary>Column type of an instant.</summary>
        public string Instant => migrationBuilder.IsPostgres ? "timestamp with time zone" : "INTEGER";
    }

    extension(ModelConfigurationBuilder model)
    {
        /// <summary>Instants are UTC, whole milliseconds on both databases.</summary>
        public void KeepInstants(bool sqlite)
        {
            if (sqlite) model.Properties<DateTimeOffset>().HaveConversion<UnixMillisecondsConverter>();
            else model.Properties<DateTimeOffset>().HaveConversion<UtcMillisecondsConverter>();
        }
    }

    extension(DbContextOptionsBuilder options)
    {
        /// <summary>Opens this database.</summary>
        /// <param name="database">Which.</param>
        /// <param name="history">Table of the applied migrations; null for EF's own name.</param>
        public DbContextOptionsBuilder UseHub(HubDatabase database, string? history = null) => database.IsPostgres
            ? options.UseNpgsql(database.ConnectionString, npgsql => npgsql.MigrationsHistoryTable(history ?? "__EFMigrationsHistory")).AddInterceptors(new PostgresCommands())
            : options
                .UseSqlite(database.ConnectionString, sqlite => OneStatement(sqlite).MigrationsHistoryTable(history ?? "__EFMigrationsHistory"))
                .ReplaceService<IDatabase, PreparedRows>()
                .AddInterceptors(new DurableCommits(), new KeptStatements());

        /// <summary>Speaks SQLite as the hub does, on a connection that is somebody else's to open and to make durable.</summary>
        public DbContextOptionsBuilder UseHub(SqliteConnection connection) => options
            .UseSqlite(connection, sqlite => OneStatement(sqlite))
            .ReplaceService<IDatabase, PreparedRows>()
            .AddInterceptors(new KeptStatements());
    }

    extension<T>(IQueryable<T> rows)
    {
        /// <summary>On PostgreSQL the rows are locked until the transaction ends, and rows that another holds are passed over. SQLite has one writer at a time.</summary>
        public IQueryable<T> ForClaim() => rows.TagWith(Claim);
    }

    /// <summary>However many ids are asked for, the text of the query stays the same, and EF keeps it.</summary>
    private static SqliteDbContextOptionsBuilder OneStatement(SqliteDbContextOptionsBuilder sqlite) => sqlite.UseParameterizedCollectionMode(ParameterTranslationMode.Parameter);

    /// <summary>A commit that was answered survives power loss: SQLite in WAL mode needs synchronous = FULL for that.</summary>
    private sealed class DurableCommits : DbConnectionInterceptor
    {
        public override void ConnectionOpened(DbConnection connection, ConnectionEndEventData eventData)
        {
            using var command = connection.CreateCommand();
            command.CommandText = "PRAGMA synchronous = FULL";
            command.ExecuteNonQuery();
        }

        public override async Task ConnectionOpenedAsync(
            DbConnection connection, ConnectionEndEventData eventData, CancellationToken cancellationToken = default)
        {
            await using var command = connection.CreateCommand();
            command.CommandText = "PRAGMA synchronous = FULL";
            await command.ExecuteNonQueryAsync(cancellationToken);
        }
    }

    /// <summary>Adds the row locks, and keeps text storable: PostgreSQL refuses U+0000 and half surrogate pairs, which SQLite takes.</summary>
    private sealed class PostgresCommands : DbCommandInterceptor
    {
        public override InterceptionResult<DbDataReader> ReaderExecuting(DbCommand command, CommandEventData eventData, InterceptionResult<DbDataReader> result)
        {
            Prepare(command);
            return result;
        }

        public override ValueTask<InterceptionResult<DbDataReader>> ReaderExecutingAsync(
            DbCommand command, CommandEventData eventData, InterceptionResult<DbDataReader> result, CancellationToken cancellationToken = default)
        {
            Prepare(command);
            return ValueTask.FromResult(result);
        }

        public override ValueTask<InterceptionResult<int>> NonQueryExecutingAsync(
            DbCommand command, CommandEventData eventData, InterceptionResult<int> result, CancellationToken cancellationToken = default)
        {
            Prepare(command);
            return ValueTask.FromResult(result);
        }

        private static void Prepare(DbCommand command)
        {
            if (command.CommandText.StartsWith($"-- {Claim}", StringComparison.Ordinal)) command.CommandText += "\nFOR UPDATE SKIP LOCKED";
            foreach (DbParameter parameter in command.Parameters)
            {
                if (parameter.Value is string text) parameter.Value = Storable(text);
            }
        }

        private static string Storable(string text)
        {
            if (text.AsSpan().ContainsAnyInRange('\ud800', '\udfff')) text = Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(text));
            return text.Contains('\0', StringComparison.Ordinal) ? text.Replace('\0', '\ufffd') : text;
        }
    }
}

/// <summary>SQLite has no timestamp type; UTC milliseconds sort and compare correctly.</summary>
internal sealed class UnixMillisecondsConverter() : ValueConverter<DateTimeOffset, long>(
    instant => instant.ToUnixTimeMilliseconds(),
    milliseconds => DateTimeOffset.FromUnixTimeMilliseconds(milliseconds));

/// <summary>PostgreSQL takes UTC only and would keep microseconds; whole milliseconds are what both databases give back.</summary>
internal sealed class UtcMillisecondsConverter() : ValueConverter<DateTimeOffset, DateTimeOffset>(
    instant => DateTimeOffset.FromUnixTimeMilliseconds(instant.ToUnixTimeMilliseconds()),
    stored => stored);
