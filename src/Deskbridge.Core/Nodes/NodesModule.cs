using Deskbridge.Core.Data;
using Microsoft.Extensions.DependencyInjection;

namespace Deskbridge.Core.Nodes;

/// <summary>Wires what hubs on one database know of each other. Needs connections.</summary>
public static class NodesModule
{
    extension(IServiceCollection services)
    {
        /// <summary>Adds it; on SQLite a hub is alone and only tells of itself.</summary>
        public IServiceCollection AddNodes(HubDatabase database)
        {
            services.AddSingleton<NodeFacts>();
            services.AddSingleton<NodeQueries>();
            if (!database.IsPostgres) return services;
            services.AddHostedService<NodeBeat>();
            services.AddHostedService<HintRelay>();
            return services;
        }
    }
}
