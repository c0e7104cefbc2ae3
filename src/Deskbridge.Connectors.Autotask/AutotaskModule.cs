using Microsoft.Extensions.DependencyInjection;

namespace Deskbridge.Connectors.Autotask;

/// <summary>Registers the Autotask connector.</summary>
public static class AutotaskModule
{
    extension(IServiceCollection services)
    {
        /// <summary>Adds Autotask PSA to the connector types.</summary>
        public IServiceCollection AddAutotask() => services.AddSingleton<IConnectorType, AutotaskType>();
    }
}
