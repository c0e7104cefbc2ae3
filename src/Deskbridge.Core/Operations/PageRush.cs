namespace Deskbridge.Core.Operations;

/// <summary>
/// Many tickets came at once and more pages wait than go out at a time. What only trails them (writes to tickets, details) steps back then, so that
/// processor and disk are theirs (engine.md §5), but for seconds only: a pager that waits for a slow provider holds up nothing.
/// </summary>
/// <param name="clock">Real time, whatever clock the hub is given: what is short in a rush is processor and disk.</param>
internal sealed class PageRush(TimeProvider clock)
{
    /// <summary>A rush is over when nobody has seen it for so long.</summary>
    private static readonly TimeSpan Over = TimeSpan.FromMilliseconds(300);

    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(50);

    private static readonly TimeSpan Moment = TimeSpan.FromMilliseconds(5);

    /// <summary>The longest that others step back for one rush.</summary>
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(10);

    private readonly Lock _gate = new();
    private long? _began;
    private long _seen;

    /// <summary>There is more to come: a full pass over due pages, a full page of a poll.</summary>
    public void Saw()
    {
        lock (_gate)
        {
            var now = clock.GetTimestamp();
            if (_began is null || clock.GetElapsedTime(_seen, now) > Over) _began = now;
            _seen = now;
        }
    }

    /// <summary>Waits while a rush is on, though not for ever.</summary>
    public async Task StepBackAsync(CancellationToken cancel)
    {
        while (IsOn()) await Task.Delay(Look, clock, cancel);
    }

    /// <summary>During a rush it pays to wait a moment for others to share a transaction with.</summary>
    public Task LingerAsync() => IsOn() ? Task.Delay(Moment, clock) : Task.CompletedTask;

    private bool IsOn()
    {
        lock (_gate)
        {
            return _began is { } began && clock.GetElapsedTime(_seen) <= Over && clock.GetElapsedTime(began) <= Longest;
        }
    }
}
