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
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);

    private World(Sandbox sandbox, Receiver receiver, HubUnderTest hub) => (Sandbox, Receiver, Hub) = (sandbox, receiver, hub);

    public Sandbox Sandbox { get; }

    public Receiver Receiver { get; }

    public HubUnderTest Hub { get; }

    public static async Task<World> StartAsync(Run run, HubSetup setup)
    {
        var sandbox = await Sandbox.StartAsync(run.Program, run.NewFolder("sandbox"));
        var receiver = await Receiver.StartAsync();
        var data = run.NewFolder("hub");
        var hub = await HubUnderTest.StartAsync(run.Program, data, setup);
        await hub.PrepareAsync(run.Program, data, sandbox, receiver.Url, setup);
        return new World(sandbox, receiver, hub);
    }

    /// <summary>Tickets before the measuring begins; returns when all are notified and, with a hub, their markers are written.</summary>
    public async Task WarmUpAsync(int count)
    {
        var calls = new CallCount(Sandbox);
        await calls.ReadAsync();
        await Sandbox.AddAsync(count);
        if (!await Receiver.WaitAsync(count, Patience)) throw new InvalidOperationException($"Only {Receiver.Count} of {count} warm-up tickets were notified.");
        await calls.WaitAsync("writes", count, Patience);
        await Task.Delay(TimeSpan.FromSeconds(2));
        Receiver.Take();
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
            await Console.Error.WriteAsync($"\r   ... {this}   ");
            await Task.Delay(1000);
        }
    }

    public override string ToString() => $"{Total} ({string.Join(", ", Kinds.OrderByDescending(k => k.Value).Select(k => $"{k.Value} {k.Key}"))})";
}
