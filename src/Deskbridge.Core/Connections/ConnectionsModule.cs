using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace Deskbridge.Core.Connections;

/// <summary>Wires connections. Needs the hub's data, an <c>ISecretProtector</c> and the connector types.</summary>
public static class ConnectionsModule
{
    extension(IServiceCollection services)
    {
        /// <summary>Adds connections.</summary>
        public IServiceCollection AddHubConnections()
        {
            services.AddOptions<ConnectionsOptions>().BindConfiguration("Connections").ValidateOnStart();
            services.AddSingleton<IValidateOptions<ConnectionsOptions>, ConnectionsOptionsValidator>();
            services.TryAddSingleton(TimeProvider.System);
            services.AddSingleton<ConnectorCatalog>();
            services.AddSingleton<StoredSettings>();
            services.AddSingleton<ConnectionChanges>();
            services.AddSingleton<CallBudgets>();
            services.AddSingleton<ConnectorPool>();
            services.AddSingleton<ConnectionMonitor>();
            services.AddSingleton<ConnectionQueries>();
            services.AddSingleton<CreateConnection>();
            services.AddSingleton<ChangeConnection>();
            services.AddSingleton<SetConnectionState>();
            return services;
        }
    }
}
