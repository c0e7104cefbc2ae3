using Deskbridge.Core.Common;

namespace Deskbridge.Simulation.World;

/// <summary>The process died. It is a cancellation, so that no handler in the engine goes on working after its own death.</summary>
internal sealed class SimulatedCrash(string place, CancellationToken dead) : OperationCanceledException($"The process died at {place}.", dead);

/// <summary>Kills the hub at a named failpoint: by then every token is cancelled, and nothing more reaches the database.</summary>
internal sealed class CrashPoints : IDisposable
{
    private CancellationTokenSource _life = new();
    private string? _armed;

    public CrashPoints() => Failpoints = new Failpoints(Pass);

    public Failpoints Failpoints { get; }

    /// <summary>Cancelled when the present hub dies.</summary>
    public CancellationToken Life => _life.Token;

    public Dictionary<string, int> Reached { get; } = [];

    public int Deaths { get; private set; }

    /// <summary>The next pass of this place is the last thing the hub does.</summary>
    public void Arm(string? place) => _armed = place;

    /// <summary>A new hub begins to live.</summary>
    public void Renew()
    {
        _armed = null;
        _life.Dispose();
        _life = new CancellationTokenSource();
    }

    public void Dispose() => _life.Dispose();

    private void Pass(string name)
    {
        Reached[name] = Reached.GetValueOrDefault(name) + 1;
        if (_life.IsCancellationRequested) throw new SimulatedCrash(name, _life.Token);
        if (_armed != name) return;
        _armed = null;
        Deaths++;
        _life.Cancel();
        throw new SimulatedCrash(name, _life.Token);
    }
}
