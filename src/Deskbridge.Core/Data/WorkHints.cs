using System.Collections.Concurrent;

namespace Deskbridge.Core.Data;

/// <summary>In-process signals from committed transactions to the pumps. Losing one costs a tick, never data.</summary>
internal sealed class WorkHints
{
    private readonly ConcurrentDictionary<WorkHint, SemaphoreSlim> _signals = new();

    /// <summary>Told of every hint of this process, to pass it to others; null while it is alone.</summary>
    public Action<WorkHint>? PassOn { get; set; }

    /// <summary>Signals that a queue has work.</summary>
    public void Raise(IReadOnlyCollection<WorkHint> hints)
    {
        RaiseHere(hints);
        if (PassOn is not { } passOn) return;
        foreach (var hint in hints) passOn(hint);
    }

    /// <summary>Signals it in this process only.</summary>
    public void RaiseHere(IEnumerable<WorkHint> hints)
    {
        foreach (var hint in hints)
        {
            var signal = Signal(hint);
            if (signal.CurrentCount == 0) signal.Release();
        }
    }

    /// <summary>Waits for a signal, or until the time has passed.</summary>
    public async Task WaitAsync(WorkHint hint, TimeSpan atMost, TimeProvider clock, CancellationToken cancel)
    {
        using var woken = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        var tick = Task.Delay(atMost, clock, woken.Token);
        var signal = Signal(hint).WaitAsync(woken.Token);
        await Task.WhenAny(tick, signal);
        await woken.CancelAsync();
        cancel.ThrowIfCancellationRequested();
    }

    private SemaphoreSlim Signal(WorkHint hint) => _signals.GetOrAdd(hint, static _ => new SemaphoreSlim(0));
}
