using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Deskbridge.Core.Operations;

/// <summary>Wires what keeps the database small. Needs the database, connections and Quartz.</summary>
public static class OperationsModule
{
    extension(IServiceCollection services)
    {
        /// <summary>Adds retention and the sizes of tables; options come from the section <c>Retention</c>.</summary>
        public IServiceCollection AddRetention()
        {
            services.AddOptions<RetentionOptions>().BindConfiguration("Retention").ValidateOnStart();
            services.AddSingleton<IValidateOptions<RetentionOptions>, RetentionOptionsValidator>();
            services.AddSingleton<Retention>();
            services.AddSingleton<TableSizes>();
            services.AddTransient<RetentionJob>();
            services.AddHostedService<RetentionSchedule>();
            return services;
        }
    }
}
