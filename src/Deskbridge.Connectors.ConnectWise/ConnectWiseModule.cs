using Deskbridge.Connectors.ConnectWise.Psa;
using Microsoft.Extensions.DependencyInjection;

namespace Deskbridge.Connectors.ConnectWise;

/// <summary>Registers the ConnectWise connectors.</summary>
public static class ConnectWiseModule
{
    extension(IServiceCollection services)
    {
        /// <summary>Adds ConnectWise PSA to the connector types.</summary>
        public IServiceCollection AddConnectWise() => services.AddSingleton<IConnectorType, ConnectWisePsaType>();
    }
}
