using Deskbridge.Core.Data;
using Npgsql;
using Quartz;

namespace Deskbridge.Core.Connections;

/// <summary>Where Quartz keeps the schedules.</summary>
internal static class SharedSchedules
{
    /// <summary>How long after its last sign of life a hub counts as dead: two missed ones and a little.</summary>
    private static readonly TimeSpan CheckIn = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(4);

    extension(IQuartzBuilder quartz)
    {
        /// <summary>In memory for a hub that is alone; in the database for hubs that share one, where each job then runs in one of them.</summary>
        public void KeepSchedules(HubDatabase? database, ThisNode? node)
        {
            if (database is not { IsPostgres: true } || node is null)
            {
                quartz.UseInMemoryStore(_ => { });
                return;
            }

            quartz.ConfigureScheduler(scheduler =>
            {
                scheduler.InstanceName = "deskbridge";
                scheduler.InstanceId = node.Id.ToString("N"); // the same after a restart: a hub takes up its own at once
                scheduler.IdleWaitTime = TimeSpan.FromSeconds(5);
            });
            quartz.UsePersistentStore(store =>
            {
                store.ConfigureStore(tables => tables.StoreJobDataAsStrings = true);
                store.ProvisionSchema();
                store.UsePostgres(NpgsqlFactory.Instance, database.ConnectionString);
                store.UseClustering(cluster => (cluster.CheckinInterval, cluster.CheckinMisfireThreshold) = (CheckIn, Patience));
            });
        }
    }
}
