using Deskbridge.Access;
using Deskbridge.Backups;
using Deskbridge.Configuration;
using Deskbridge.Connectors.Autotask;
using Deskbridge.Connectors.ConnectWise;
using Deskbridge.Core.Alerting;
using Deskbridge.Core.Connections;
using Deskbridge.Core.Data;
using Deskbridge.Core.Directory;
using Deskbridge.Core.Nodes;
using Deskbridge.Core.Operations;
using Deskbridge.Core.Sync;
using Deskbridge.Features.Heartbeat;
using Deskbridge.Features.Settings;

namespace Deskbridge;

/// <summary>Everything of a hub but its pages and its API: what a running hub and the commands on its data have in common.</summary>
internal static class HubParts
{
    extension(IServiceCollection services)
    {
        public IServiceCollection AddHubParts(DataFolder folder, HubDatabase database, TimeProvider clock)
        {
            var node = NodeFile.Read(folder, database);
            services.AddSingleton(clock);
            services.AddSingleton(node);
            services.AddSingleton(folder);
            services.AddHubData(database);
            services.AddDirectory();
            services.AddAlerting();
            services.AddHubConnections(database, node);
            services.AddNodes(database);
            services.AddSync();
            services.AddTicketAlerts();
            services.AddConnectWise();
            services.AddAutotask();
            services.AddAccess(folder, database);
            services.AddSingleton<SettingsStore>();
            services.AddSingleton<HeartbeatSettings>();
            services.AddSingleton<TwilioSettings>();
            services.AddRetention();
            services.AddBackups(database);
            services.AddConfigurationFiles();
            return services;
        }
    }
}
