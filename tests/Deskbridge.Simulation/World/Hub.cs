using Deskbridge.Connectors;
using Deskbridge.Core.Alerting;
using Deskbridge.Core.Alerting.Paging;
using Deskbridge.Core.Common;
using Deskbridge.Core.Connections;
using Deskbridge.Core.Connections.Runs;
using Deskbridge.Core.Data;
using Deskbridge.Core.Operations;
using Deskbridge.Core.Sync;
using Deskbridge.Testing;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace Deskbridge.Simulation.World;

/// <summary>One life of the hub: a container on the database. The next life gets a new one on the same database.</summary>
internal sealed class Hub : IAsyncDisposable
{
    private readonly ServiceProvider _services;

    private Hub(ServiceProvider services) => _services = services;

    public HubStore Store => Get<HubStore>();

    public static async Task<Hub> StartAsync(SimulatedWorld world)
    {
        var services = new ServiceCollection();
        services.AddLogging();
        services.AddSingleton<TimeProvider>(world.Time);
        services.AddSingleton<IConfiguration>(new ConfigurationBuilder().Build());
        services.AddSingleton<ISecretProtector, TestSecrets>();
        services.AddHubData(HubDatabase.Sqlite("simulated")); // the contexts of the next line come before it
        services.AddSingleton(world.Database.Contexts);
        services.AddHubConnections();
        services.AddAlerting();
        services.AddSync();
        services.AddTicketAlerts();
        services.AddSingleton(Options.Create(new AlertingOptions { PagesAtOnce = 8 }));
        services.AddSingleton(Options.Create(new ConnectionsOptions { CallsPerMinute = world.CallsPerMinute, RuleChangeLimit = 1 }));
        services.AddSingleton(new SyncOptions { Parallelism = 1 });
        services.AddSingleton(new PageRush(new Leisure()));
        services.AddSingleton(world.Ids);
        services.AddSingleton(world.Crashes.Failpoints);
        services.RemoveAll<IPageCarrier>();
        services.AddSingleton<IPageCarrier>(world.Phone);
        foreach (var remote in world.Remotes) services.AddSingleton<IConnectorType>(remote.Psa);
        world.Composition?.Invoke(services);

        var hub = new Hub(services.BuildServiceProvider());
        await hub.Get<ConnectionMonitor>().LoadAsync(default);
        return hub;
    }

    public T Get<T>()
        where T : notnull => _services.GetRequiredService<T>();

    public T Make<T>(params object[] parts) => ActivatorUtilities.CreateInstance<T>(_services, parts);

    public Task<T> ReadAsync<T>(Func<HubDb, Task<T>> read) => Store.ReadAsync(read, default);

    /// <summary>Does a long piece of work on a connection. It is written down first: one that is not there counts as stopped.</summary>
    public async Task RunAsync(IRun kind, ConnectionRun run, string personName, CancellationToken cancel)
    {
        await Store.WriteAsync(
            db =>
            {
                db.ConnectionRuns.Add(run);
                return Task.CompletedTask;
            },
            cancel);
        await kind.RunAsync(new RunScope(run, new RunRequest(Adopt: true), personName, Store), cancel);
    }

    public ValueTask DisposeAsync() => _services.DisposeAsync();
}
