namespace Deskbridge.Connectors.Autotask;

/// <summary>
/// The hourly limit, which all integrations of a database share (reference 1.4). What can wait is held back long before it is reached, so that
/// a noisy neighbour's calls do not cost tickets and their changes. Known from the last look at the counter, and our own calls since.
/// </summary>
/// <param name="most">Calls an hour, as the settings say; the remote's own figure counts when it is lower.</param>
/// <param name="clock">The hub's clock.</param>
internal sealed class SharedThreshold(int most, TimeProvider clock)
{
    private static readonly TimeSpan LookWhenQuiet = TimeSpan.FromMinutes(30);
    private static readonly TimeSpan LookWhenBusy = TimeSpan.FromMinutes(5);

    /// <summary>So many calls of our own are a reason to look again: other hubs and programs may have made as many.</summary>
    private const int LookAfter = 500;

    /// <summary>By class of call, the part of the limit at which it waits.</summary>
    private static readonly double[] Shares = [0.98, 0.98, 0.75, 0.5];

    private readonly Lock _gate = new();
    private int? _told;
    private int _used;
    private int _ours;
    private DateTimeOffset _lookedAt = DateTimeOffset.MinValue;

    private int Limit => Math.Min(most, _told ?? most);

    /// <summary>The part of the limit that is used, 0 to 1 and beyond.</summary>
    public double Used
    {
        get
        {
            lock (_gate) return (double)(_used + _ours) / Limit;
        }
    }

    /// <summary>Whether the counter should be looked at now. True once: the caller looks.</summary>
    public bool ShouldLook()
    {
        lock (_gate)
        {
            var now = clock.GetUtcNow();
            if (_ours < LookAfter && now - _lookedAt < (Used >= Shares[^1] ? LookWhenBusy : LookWhenQuiet)) return false;
            (_used, _ours) = (_used + _ours, 0);
            _lookedAt = now;
            return true;
        }
    }

    /// <summary>What the counter shows.</summary>
    public void Learn(ThresholdDto shown)
    {
        lock (_gate)
        {
            _told = shown.ExternalRequestThreshold > 0 ? shown.ExternalRequestThreshold : null;
            (_used, _ours, _lookedAt) = (shown.CurrentTimeframeRequestCount, 0, clock.GetUtcNow());
        }
    }

    /// <summary>Lets a call pass, or says that it has to wait.</summary>
    /// <exception cref="ConnectorThrottledException">It was not made.</exception>
    public void Enter(CallClass callClass)
    {
        lock (_gate)
        {
            if (Used < Shares[(int)callClass])
            {
                _ours++;
                return;
            }

            var wait = _lookedAt + LookWhenBusy - clock.GetUtcNow();
            throw new ConnectorThrottledException(
                $"{_used + _ours} of the {Limit} calls an hour that all integrations of this Autotask share are used; {(callClass > CallClass.Writes ? "what can wait is put off" : "nothing more is asked until it is looked at again")}.",
                wait > TimeSpan.FromSeconds(1) ? wait : TimeSpan.FromSeconds(1))
            { NotAsked = callClass > CallClass.Writes }; // that not even tickets can be read any more must be told
        }
    }
}
