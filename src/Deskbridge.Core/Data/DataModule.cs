using System.Data.Common;
using Deskbridge.Core.Common;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Microsoft.Extensions.DependencyInjection;

namespace Deskbridge.Core.Data;

/// <summary>Wires the database.</summary>
public static class DataModule
{
    extension(IServiceCollection services)
    {
        /// <summary>Adds the hub's SQLite database.</summary>
        /// <param name="file">Path of the database file; its folder must exist.</param>
        public IServiceCollection AddHubData(string file)
        {
            services.AddDbContextFactory<HubDb>(options => options
                .UseSqlite(ConnectionString(file))
                .AddInterceptors(new DurableCommits()));
            services.AddSingleton<HubStore>();
            services.AddSingleton<IHubWriter, GatedWriter>();
            services.AddSingleton<AbandonedClaims>();
            services.AddSingleton<WorkHints>();
            services.AddSingleton<RandomIds>(_ => new RandomIds());
            services.AddSingleton(_ => Failpoints.None);
            return services;
        }
    }

    /// <summary>Brings the database up to this version's schema.</summary>
    /// <param name="services">The built container.</param>
    /// <param name="cancel">Gives up.</param>
    public static async Task MigrateHubAsync(this IServiceProvider services, CancellationToken cancel)
    {
        await using var db = await services.GetRequiredService<IDbContextFactory<HubDb>>().CreateDbContextAsync(cancel);
        await db.Database.MigrateAsync(cancel);
        if (db.Database.IsSqlite()) await db.Database.ExecuteSqlRawAsync("PRAGMA journal_mode = WAL", cancel);
    }

    private static string ConnectionString(string file) => new SqliteConnectionStringBuilder
    {
        DataSource = file,
        ForeignKeys = false,
        DefaultTimeout = 30,
    }.ToString();

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
}
