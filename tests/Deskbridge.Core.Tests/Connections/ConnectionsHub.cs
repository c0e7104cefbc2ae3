using Deskbridge.Connectors;
using Deskbridge.Core.Alerting;
using Deskbridge.Core.Connections;
using Deskbridge.Core.Connections.Runs;
using Deskbridge.Core.Directory;
using Deskbridge.Core.Sync;
using Deskbridge.Testing;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Hosting.Internal;
using Microsoft.Extensions.Logging;

namespace Deskbridge.Core.Tests.Connections;

/// <summary>A hub with one fake PSA; nothing runs by itself.</summary>
internal sealed class ConnectionsHub : IAsyncDisposable
{
    private ConnectionsHub(TestStore store, FakePsa psa) => (Store, Psa) = (store, psa);

    public TestStore Store { get; }

    public FakePsa Psa { get; }

    public Person Admin { get; } = Build.Person("Ada Root", PersonRole.Admin);

    public static async Task<ConnectionsHub> CreateAsync(TimeProvider? clock = null, KeptLog? log = null)
    {
        var time = new ManualTime();
        var psa = new FakePsa(clock ?? time);
        var store = await TestStore.CreateAsync(
            services =>
            {
                services.AddSingleton<IConfiguration>(new ConfigurationBuilder().Build());
                services.AddSingleton(clock ?? time);
                services.AddSingleton<IHostApplicationLifetime, ApplicationLifetime>();
                services.AddSingleton<IConnectorType>(psa);
                if (log is not null) services.AddLogging(logging => logging.AddProvider(log));
                services.AddHubConnections().AddSync().AddAlerting().AddTicketAlerts();
            },
            time);
        var hub = new ConnectionsHub(store, psa);
        await store.AddAsync(hub.Admin);
        return hub;
    }

    public static Dictionary<string, string[]> Form(string url = "https://psa.example.test", string key = "s3cret-key") => new(StringComparer.Ordinal)
    {
        ["Url"] = [url],
        ["ApiKey"] = [key],
        ["Hours"] = ["360"],
        ["OwnerAssignment"] = ["OnAcknowledge"],
        ["Flows"] = ["TicketAcknowledges", "TicketCloses", "AcknowledgeUpdates", "CloseUpdates", "TicketReopens", "UnacknowledgeUpdates"],
        ["NoteFlags"] = ["Internal"],
    };

    public async Task<Guid> AddConnectionAsync(string name = "Main", string url = "https://psa.example.test")
    {
        var saved = await Store.Get<CreateConnection>().RunAsync(Psa.Kind, new ConnectionDraft { Name = name, Form = Form(url) }, Admin, default);
        return saved.Id ?? throw new InvalidOperationException(saved.Failure!.Message);
    }

    public async Task<RunView> RunAsync(Guid connectionId, ConnectionRunKind kind, RunRequest? request = null)
    {
        var runs = Store.Get<ConnectionRuns>();
        var started = await runs.StartAsync(connectionId, kind, Admin, request ?? new RunRequest(), default);
        if (started.RunId is not { } id) throw new InvalidOperationException(started.Failure!.Message);
        await runs.WaitAsync(id, default);
        return (await runs.FindAsync(id, default))!;
    }

    public async Task<Guid> InstallAsync()
    {
        var id = await AddConnectionAsync();
        var run = await RunAsync(id, ConnectionRunKind.Install);
        if (run.Run.State != RunState.Succeeded) throw new InvalidOperationException(run.Run.Summary);
        return id;
    }

    /// <summary>Plans every ticket that is woken and due.</summary>
    public async Task WorkAsync()
    {
        while (await Store.Get<TicketWorker>().RunOnceAsync(default) > 0)
        {
        }
    }

    /// <summary>A poll, and what follows from it.</summary>
    public async Task PollAsync(Guid connectionId)
    {
        await Store.Get<TicketPoller>().PollAsync(connectionId, default);
        await WorkAsync();
    }

    /// <summary>A poll some time later.</summary>
    public Task PollLaterAsync(Guid connectionId)
    {
        Store.Time.Advance(TimeSpan.FromSeconds(20));
        return PollAsync(connectionId);
    }

    /// <summary>An installed connection with one open alert, a minute old, and nothing left to do.</summary>
    public async Task<(Guid Connection, string Ticket)> RaisedAsync()
    {
        var connection = await InstallAsync();
        Store.Time.Advance(TimeSpan.FromSeconds(30));
        var ticket = Psa.Add("Server room too warm").Id;
        await PollAsync(connection);
        await SettleAsync();
        Store.Time.Advance(TimeSpan.FromMinutes(1));
        return (connection, ticket);
    }

    /// <summary>Plans and writes until little is left to do; the clock goes on.</summary>
    public async Task SettleAsync()
    {
        for (var pass = 0; pass < 8; pass++)
        {
            await WorkAsync();
            await Store.Get<EffectSender>().RunOnceAsync(default);
            Store.Time.Advance(TimeSpan.FromSeconds(2));
        }
    }

    public Task<Connection> ReadAsync(Guid id) => Store.ReadAsync(db => db.Connections.SingleAsync(row => row.Id == id));

    public ValueTask DisposeAsync() => Store.DisposeAsync();
}
