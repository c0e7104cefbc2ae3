using Deskbridge.Core.Data;
using Microsoft.Extensions.Options;

namespace Deskbridge.Backups;

/// <summary>Wires backup and restore. Needs the database, sign-in and Quartz.</summary>
internal static class BackupsModule
{
    extension(IServiceCollection services)
    {
        public IServiceCollection AddBackups(HubDatabase database)
        {
            services.AddOptions<BackupsOptions>().BindConfiguration("Backups").ValidateOnStart();
            services.AddSingleton<IValidateOptions<BackupsOptions>, BackupsOptionsValidator>();
            services.AddSingleton<RestoreMark>();
            if (database.IsPostgres)
            {
                services.AddSingleton<PostgresTools>();
                services.AddSingleton<IDatabaseDump, PostgresDump>();
                services.AddSingleton<IDatabaseRestore, PostgresRestore>();
            }
            else
            {
                services.AddSingleton<IDatabaseDump, SqliteDump>();
                services.AddSingleton<IDatabaseRestore, SqliteRestore>();
                services.AddHostedService<BackupSchedule>(); // whoever runs PostgreSQL backs it up on a schedule of theirs
            }

            services.AddSingleton<TakeBackup>();
            services.AddSingleton<RestoreBackup>();
            services.AddSingleton<BackupFolder>();
            services.AddTransient<BackupJob>();
            return services;
        }
    }
}
