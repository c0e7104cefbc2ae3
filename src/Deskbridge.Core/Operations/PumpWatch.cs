namespace Deskbridge.Core.Operations;

/// <summary>
/// Knows whether the loops that do the hub's work still turn. Each tells when it begins a round or has finished a piece of one; a loop that
/// was not heard of for longer than any honest piece takes is stuck. Measured without the wall clock, so that setting it alarms nobody.
/// </summary>
internal sealed class PumpWatch
{
    private readonly long[] _beats;
    private readonly TimeProvider _clock;

    public PumpWatch(TimeProvider clock)
    {
        _clock = clock;
        _beats = [.. Enum.GetValues<Pump>().Select(_ => clock.GetTimestamp())];
    }

    /// <summary>The loop turns.</summary>
    public void Beat(Pump pump) => Volatile.Write(ref _beats[(int)pump], _clock.GetTimestamp());

    /// <summary>Every loop.</summary>
    public IReadOnlyList<PumpState> States() =>
        [.. Enum.GetValues<Pump>().Select(pump => new PumpState(pump, _clock.GetElapsedTime(Volatile.Read(ref _beats[(int)pump])), Patience(pump)))];

    /// <summary>Longer than the longest piece of work: a call that waits for its budget and then for its answer, an attempt to page.</summary>
    private static TimeSpan Patience(Pump pump) => pump == Pump.Pages ? TimeSpan.FromSeconds(90) : TimeSpan.FromMinutes(4);
}

/// <summary>The loops of a hub.</summary>
internal enum Pump
{
    /// <summary>Looks at tickets that were woken.</summary>
    Tickets,

    /// <summary>Sends writes to remote systems.</summary>
    Writes,

    /// <summary>Reads the details beside tickets.</summary>
    Details,

    /// <summary>Pages people.</summary>
    Pages,

    /// <summary>Starts recurring work.</summary>
    Clock,
}

/// <summary>How a loop is doing.</summary>
/// <param name="Pump">The loop.</param>
/// <param name="SinceBeat">How long ago it was heard of.</param>
/// <param name="Patience">How long that may be.</param>
internal sealed record PumpState(Pump Pump, TimeSpan SinceBeat, TimeSpan Patience)
{
    /// <summary>It does nothing any more; only a restart mends that.</summary>
    public bool Stuck => SinceBeat > Patience;

    /// <summary>Its work, for people.</summary>
    public string Work => Pump switch
    {
        Pump.Tickets => "looking at tickets",
        Pump.Writes => "writing to ticket systems",
        Pump.Details => "reading ticket details",
        Pump.Pages => "paging people",
        _ => "starting recurring work",
    };
}
