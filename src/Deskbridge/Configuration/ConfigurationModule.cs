namespace Deskbridge.Configuration;

/// <summary>Wires configuration as files. Needs the whole hub.</summary>
internal static class ConfigurationModule
{
    extension(IServiceCollection services)
    {
        public IServiceCollection AddConfigurationFiles()
        {
            services.AddSingleton<ExportConfiguration>();
            services.AddSingleton<InstallConnection>();
            services.AddScoped<PlanSettings>();
            services.AddScoped<PlanHeartbeat>();
            services.AddScoped<PlanTwilio>();
            services.AddScoped<PlanPeople>();
            services.AddScoped<PlanChannels>();
            services.AddScoped<PlanTeams>();
            services.AddScoped<PlanEscalation>();
            services.AddScoped<PlanIntake>();
            services.AddScoped<PlanMembers>();
            services.AddScoped<PlanConnections>();
            services.AddScoped<ImportConfiguration>();
            return services;
        }
    }
}
