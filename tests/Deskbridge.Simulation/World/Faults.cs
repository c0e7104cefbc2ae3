using Deskbridge.Connectors;

namespace Deskbridge.Simulation.World;

/// <summary>What can go wrong with one call.</summary>
internal enum Fault
{
    None,

    /// <summary>429 with a Retry-After.</summary>
    Throttled,

    /// <summary>5xx, nothing happened.</summary>
    ErrorBefore,

    /// <summary>5xx, but it was committed.</summary>
    ErrorAfter,

    /// <summary>The connection is cut after the commit.</summary>
    Cut,
}

/// <summary>Decides the fate of each call: first what a scenario asked for by name, then chance.</summary>
internal sealed class Faults(Random random)
{
    private readonly Dictionary<string, Queue<Fault>> _asked = [];

    /// <summary>Share of calls that fail by chance; 0 in scenarios and after the healing.</summary>
    public double Share { get; set; }

    /// <summary>The next calls of this operation end so.</summary>
    public void Next(string operation, params Fault[] faults)
    {
        if (!_asked.TryGetValue(operation, out var queue)) _asked[operation] = queue = new();
        foreach (var fault in faults) queue.Enqueue(fault);
    }

    public void Heal()
    {
        Share = 0;
        _asked.Clear();
    }

    public Fault Draw(string operation, bool writes)
    {
        if (_asked.TryGetValue(operation, out var queue) && queue.TryDequeue(out var asked)) return asked;
        if (Share == 0 || random.NextDouble() >= Share) return Fault.None;
        return writes ? (Fault)random.Next(1, 5) : (Fault)random.Next(1, 3);
    }

    /// <summary>The exception a client makes of it; null when the call goes well.</summary>
    public static ConnectorException? ToException(Fault fault, bool writes) => fault switch
    {
        Fault.Throttled => new ConnectorThrottledException("429 Too Many Requests", TimeSpan.FromSeconds(7)),
        Fault.ErrorBefore or Fault.ErrorAfter => new ConnectorUnavailableException("500 Internal Server Error", mayHaveBeenApplied: writes),
        Fault.Cut => new ConnectorUnavailableException("The connection was cut.", mayHaveBeenApplied: writes),
        _ => null,
    };
}
