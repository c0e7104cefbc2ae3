using Microsoft.EntityFrameworkCore.Migrations;
using Microsoft.EntityFrameworkCore.Storage.ValueConversion;

namespace Deskbridge.Core.Data;

/// <summary>The few places where SQLite and PostgreSQL differ.</summary>
internal static class Dialect
{
    extension(MigrationBuilder migrationBuilder)
    {
        /// <summary>True on PostgreSQL.</summary>
        public bool IsPostgres => migrationBuilder.ActiveProvider?.Contains("Npgsql", StringComparison.Ordinal) == true;

        /// <summary>Column type of an instant.</summary>
        public string Instant => migrationBuilder.IsPostgres ? "timestamp with time zone" : "INTEGER";
    }
}

/// <summary>SQLite has no timestamp type; UTC milliseconds sort and compare correctly.</summary>
internal sealed class UnixMillisecondsConverter() : ValueConverter<DateTimeOffset, long>(
    instant => instant.ToUnixTimeMilliseconds(),
    milliseconds => DateTimeOffset.FromUnixTimeMilliseconds(milliseconds));
