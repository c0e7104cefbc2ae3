namespace Deskbridge.Simulation.Crash;

/// <summary>One of several hubs on a database: a process that is started, killed and held up while its neighbours go on.</summary>
internal sealed class Node(string program, CrashWorld world, int number) : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    /// <summary>The shortest claims that the settings allow, so that being held up past them takes no minutes.</summary>
    private static readonly Dictionary<string, string> Settings = new(StringComparer.Ordinal)
    {
        ["Connections__PollInterval"] = "00:00:05",
        ["Connections__CallsPerMinute"] = "60000",
        ["Sync__EffectLease"] = "00:00:10",
        ["Sync__SendMargin"] = "00:00:05",
        ["Sync__WakeLease"] = "00:00:05",
        ["Alerting__PageTimeout"] = "00:00:03",
        ["Alerting__PageLease"] = "00:00:06",
        ["DOTNET_TC_CallCountingDelayMs"] = "64", // what .NET does by itself (hexadecimal milliseconds): unlike the lives of the kill tests, these are long enough to profit from it
    };

    /// <summary>Longer than any of those claims lasts.</summary>
    public static readonly TimeSpan PastItsLeases = TimeSpan.FromSeconds(12);

    private readonly List<string> _said = [];
    private HubProcess? _process;

    public int Number => number;

    /// <summary>The id under which it claims work; known once it has started.</summary>
    public Guid Id { get; private set; }

    /// <summary>Whether a load balancer would send it anything.</summary>
    public bool Answers { get; private set; }

    /// <summary>What it said, over all its lives.</summary>
    public string Said => string.Join('\n', [.. _said, _process?.Said ?? ""]);

    public async Task StartAsync()
    {
        _process = HubProcess.Start(program, world.Start(number), null, Settings);
        await Task.WhenAny(_process.Listening, Task.Delay(Patience));
        if (!_process.Listening.IsCompleted) throw new TimeoutException($"Hub {number + 1} did not answer within {Patience.TotalSeconds} seconds of its start. It said:\n{_process.Said}");
        Id = await world.Places[number].NodeAsync();
        Answers = true;
    }

    public async Task KillAsync()
    {
        Answers = false;
        await _process!.KillAsync();
        _said.Add(_process.Said);
        await _process.DisposeAsync();
        _process = null;
    }

    /// <summary>Holds it up until everything it had claimed may have been taken over, and lets it go on with what it was in the middle of.</summary>
    /// <returns>What was asked for while it stood still.</returns>
    public async Task<T> FreezePastItsLeasesAsync<T>(Func<Task<T>> asked)
    {
        Answers = false;
        await _process!.FreezeAsync();
        var answer = await asked();
        await Task.Delay(PastItsLeases);
        await _process.ThawAsync();
        Answers = true;
        return answer;
    }

    /// <summary>Its exit code, when it stops by itself.</summary>
    public Task<int?> ExitAsync(TimeSpan within) => _process!.ExitAsync(within);

    public async ValueTask DisposeAsync()
    {
        if (_process is not null) await _process.DisposeAsync();
    }
}
