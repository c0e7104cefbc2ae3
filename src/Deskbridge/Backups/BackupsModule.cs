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
            if (database.IsPostgres) services.AddSingleton<IDatabaseDump, PostgresDump>();
            else services.AddSingleton<IDatabaseDump, SqliteDump>();
            services.AddSingleton<TakeBackup>();
            services.AddSingleton<RestoreBackup>();
            services.AddSingleton<BackupFolder>();
            services.AddTransient<BackupJob>();
            if (!database.IsPostgres) services.AddHostedService<BackupSchedule>();
            return services;
        }
    }
}
