using Deskbridge.Core.Audit;
using Deskbridge.Core.Common;
using Deskbridge.Core.Operations;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Deskbridge.Core.Data;

/// <summary>Wires the database.</summary>
public static class DataModule
{
    extension(IServiceCollection services)
    {
        /// <summary>Adds the hub's database.</summary>
        public IServiceCollection AddHubData(HubDatabase database)
        {
            services.AddSingleton(database);
            services.AddPooledDbContextFactory<HubDb>(options => options.UseHub(database));
            services.AddSingleton<HubStore>();
            services.AddSingleton<AuditLog>();
            if (database.IsPostgres) services.AddSingleton<IHubWriter, SerializableWriter>();
            else services.AddSingleton<IHubWriter, GatedWriter>();
            services.AddSingleton<AbandonedClaims>();
            services.AddSingleton<WorkHints>();
            services.AddSingleton<AfterCommit>();
            services.AddSingleton<HubMetrics>();
            services.AddSingleton<PumpWatch>();
            services.AddSingleton(_ => new PageRush(TimeProvider.System));
            services.AddSingleton<WriterProbe>();
            services.TryAddSingleton(TimeProvider.System);
            services.TryAddSingleton(_ => new ThisNode(new RandomIds().NewId(), Environment.MachineName, Alone: !database.IsPostgres));
            services.AddSingleton<RandomIds>(_ => new RandomIds());
            services.AddSingleton(_ => Failpoints.None);
            return services;
        }
    }

    /// <summary>Brings the database up to this version's schema. On PostgreSQL the caller holds the <see cref="MigrationTurn"/>.</summary>
    /// <param name="services">The built container.</param>
    /// <param name="cancel">Gives up.</param>
    public static async Task MigrateHubAsync(this IServiceProvider services, CancellationToken cancel)
    {
        await using var db = await services.GetRequiredService<IDbContextFactory<HubDb>>().CreateDbContextAsync(cancel);
        await MigrationTurn.MigrateAsync(db, cancel);
        if (db.Database.IsSqlite()) await db.Database.ExecuteSqlRawAsync("PRAGMA journal_mode = WAL", cancel);
    }
}
