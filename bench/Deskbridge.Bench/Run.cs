namespace Deskbridge.Bench;

/// <summary>What every scenario is given.</summary>
/// <param name="Program">The published hub's executable.</param>
/// <param name="Folder">Where data may be put; it is removed at the end.</param>
/// <param name="Tickets">How many tickets come at once.</param>
/// <param name="WarmUp">How many tickets come before anything is measured.</param>
/// <param name="Seconds">How long a trickle or an idle phase lasts.</param>
/// <param name="PerSecond">How many tickets a second trickle.</param>
internal sealed record Run(string Program, DirectoryInfo Folder, int Tickets, int WarmUp, int Seconds, int PerSecond)
{
    private int _folders;

    public string NewFolder(string name) => Folder.CreateSubdirectory($"{++_folders}-{name}").FullName;
}

/// <summary>A fresh sandbox, a receiver and a hub that is installed and waits.</summary>
internal sealed class World : IAsyncDisposable
{
    private const int MostAtOnce = 10_000;
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);

    private readonly Func<Task<HubUnderTest>> _start;

    private World(Sandbox sandbox, Receiver receiver, HubUnderTest hub, Func<Task<HubUnderTest>> start) => (Sandbox, Receiver, Hub, _start) = (sandbox, receiver, hub, start);

    public Sandbox Sandbox { get; }

    public Receiver Receiver { get; }

    public HubUnderTest Hub { get; private set; }

    /// <summary>Starts and installs.</summary>
    /// <param name="run">The bench.</param>
    /// <param name="setup">How the hub runs.</param>
    /// <param name="before">Tickets that are there already when the connection is installed.</param>
    public static async Task<World> StartAsync(Run run, HubSetup setup, int before = 0)
    {
        var sandbox = await Sandbox.StartAsync(run.Program, run.NewFolder("sandbox"));
        for (var made = 0; made < before; made += MostAtOnce) await sandbox.AddAsync(Math.Min(MostAtOnce, before - made));
        if (before > 0) await sandbox.FirstTicketAsync(); // its first list of so many takes longer than a hub waits
        var receiver = await Receiver.StartAsync();
        var data = run.NewFolder("hub");
        Task<HubUnderTest> StartHubAsync() => HubUnderTest.StartAsync(run.Program, data, setup);
        var world = new World(sandbox, receiver, await StartHubAsync(), StartHubAsync);
        try
        {
            await world.Hub.PrepareAsync(run.Program, data, sandbox, receiver.Url, setup);
            return world;
        }
        catch
        {
            await world.DisposeAsync();
            throw;
        }
    }

    /// <summary>
    /// Tickets before the measuring begins; returns when all are notified and their markers are written. One of them is acknowledged: by that
    /// a connection learns how custom fields are written, as it does on its first day.
    /// </summary>
    public async Task WarmUpAsync(int count)
    {
        var calls = new CallCount(Sandbox);
        await calls.ReadAsync();
        await Sandbox.AddAsync("First ticket of the day");
        await Receiver.WaitAsync(1, Patience);
        await calls.WaitAsync("writes", 1, Patience);
        await Hub.AcknowledgeOneAsync();
        await calls.WaitAsync("writes", 3, Patience);
        await calls.ResetAsync();
        Receiver.Take();
        await Sandbox.AddAsync(count);
        if (!await Receiver.WaitAsync(count, Patience)) throw new InvalidOperationException($"Only {Receiver.Count} of {count} warm-up tickets were notified.");
        await calls.WaitAsync("writes", count, Patience);
        await Task.Delay(TimeSpan.FromSeconds(2));
        Receiver.Take();
    }

    /// <summary>Ends the hub and starts it again on its data.</summary>
    public async Task RestartHubAsync()
    {
        await Hub.DisposeAsync();
        Hub = await _start();
    }

    public async ValueTask DisposeAsync()
    {
        await Hub.DisposeAsync();
        await Receiver.DisposeAsync();
        await Sandbox.DisposeAsync();
    }
}

/// <summary>Counts what reached the simulated PSA from now on.</summary>
internal sealed class CallCount(Sandbox sandbox)
{
    private long _after;

    public Dictionary<string, int> Kinds { get; } = [];

    /// <summary>When the last write arrived, on the sandbox's clock, which is this machine's.</summary>
    public DateTimeOffset LastWrite { get; private set; }

    public int Total => Kinds.Values.Sum();

    /// <summary>Everything up to now does not count.</summary>
    public async Task ResetAsync()
    {
        await ReadAsync();
        Kinds.Clear();
    }

    public async Task ReadAsync()
    {
        var (calls, last) = await sandbox.CallsAsync(_after);
        _after = last;
        foreach (var call in calls)
        {
            Kinds[call.Kind] = Kinds.GetValueOrDefault(call.Kind) + 1;
            if (call.Kind == "writes") LastWrite = call.At;
        }
    }

    /// <summary>Waits until there were so many of a kind; answers whether there were in time.</summary>
    public async Task<bool> WaitAsync(string kind, int count, TimeSpan within)
    {
        var began = TimeProvider.System.GetTimestamp();
        while (true)
        {
            await ReadAsync();
            if (Kinds.GetValueOrDefault(kind) >= count) return true;
            if (TimeProvider.System.GetElapsedTime(began) > within) return false;
            if (!Console.IsErrorRedirected) await Console.Error.WriteAsync($"\r   ... {this}   ");
            await Task.Delay(1000);
        }
    }

    /// <summary>Waits until no call of a kind came for a while.</summary>
    public async Task WaitQuietAsync(string kind, TimeSpan within)
    {
        var began = TimeProvider.System.GetTimestamp();
        int before;
        do
        {
            before = Kinds.GetValueOrDefault(kind);
            await Task.Delay(TimeSpan.FromSeconds(3));
            await ReadAsync();
        }
        while (Kinds.GetValueOrDefault(kind) != before && TimeProvider.System.GetElapsedTime(began) < within);
    }

    public override string ToString() => $"{Total} ({string.Join(", ", Kinds.OrderByDescending(k => k.Value).Select(k => $"{k.Value} {k.Key}"))})";
}
