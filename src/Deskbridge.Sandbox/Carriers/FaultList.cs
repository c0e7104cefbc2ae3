namespace Deskbridge.Sandbox.Carriers;

/// <summary>What to do at one point: wait, then strike (when there is something to strike with).</summary>
internal readonly record struct FaultVerdict(TimeSpan Delay, Fault? Strike);

/// <summary>The faults in force. Order matters: of several that fit, the oldest strikes.</summary>
internal sealed class FaultList
{
    private readonly Lock _gate = new();
    private readonly List<Fault> _faults = [];
    private int _lastId;

    public IReadOnlyList<Fault> All
    {
        get { lock (_gate) return [.. _faults]; }
    }

    public Fault Add(Fault fault)
    {
        lock (_gate)
        {
            var added = fault with { Id = ++_lastId, Hits = 0, Stage = fault.EffectiveStage };
            _faults.Add(added);
            return added;
        }
    }

    public bool Remove(int id)
    {
        lock (_gate) return _faults.RemoveAll(fault => fault.Id == id) > 0;
    }

    public void Clear()
    {
        lock (_gate) _faults.Clear();
    }

    /// <summary>Uses up one strike of every delay that fits, and of the first other fault that fits.</summary>
    public FaultVerdict Take(Carrier carrier, FaultStage stage, FaultMoment moment, params IEnumerable<string> concerned)
    {
        lock (_gate)
        {
            var delay = TimeSpan.Zero;
            Fault? strike = null;
            foreach (var fault in _faults.ToArray())
            {
                if (fault.Carrier != carrier || fault.EffectiveStage != stage || fault.Moment != moment) continue;
                if (fault.Only is { } only && !concerned.Contains(only, StringComparer.OrdinalIgnoreCase)) continue;
                if (fault.Kind == FaultKind.Delay) delay += TimeSpan.FromMilliseconds(fault.DelayMilliseconds ?? 0);
                else if (strike is null) strike = fault;
                else continue;
                UseUp(fault);
            }
            return new FaultVerdict(delay, strike);
        }
    }

    private void UseUp(Fault fault)
    {
        var index = _faults.FindIndex(other => other.Id == fault.Id);
        if (fault.Times == 1) _faults.RemoveAt(index);
        else _faults[index] = fault with { Times = fault.Times - 1, Hits = fault.Hits + 1 };
    }
}
