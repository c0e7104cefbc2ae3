using Deskbridge.Connectors;

namespace Deskbridge.Core.Connections;

/// <summary>
/// One connection's share of calls: a token bucket in which lower classes wait while higher ones wait, and leave a reserve for them
/// (engine.md §8). Pages to people never pass it. A call that would have to wait long is refused as throttled, so that its
/// caller's lease does not run out while it queues.
/// </summary>
internal sealed class CallBudget : ICallGate, IDisposable
{
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan LongestWaitOfWrites = TimeSpan.FromSeconds(5);

    /// <summary>Per class, the share of the bucket that it leaves to higher ones.</summary>
    private static readonly double[] Reserves = [0, 0.05, 0.2, 0.4];

    private readonly Lock _gate = new();
    private readonly LinkedList<Waiter>[] _waiting = [new(), new(), new(), new()];
    private readonly CallCounter[] _counters;
    private readonly CallCounter _throttled;
    private readonly TimeProvider _clock;
    private readonly Action<CallOutcome>? _told;
    private double _capacity;
    private double _perSecond;
    private readonly ITimer _timer;
    private double _tokens;
    private long _refilledAt;
    private long _heldAt;
    private TimeSpan _heldFor;
    private long _forbiddenAt;

    /// <summary>Starts with a full bucket: a tenth of a minute's calls.</summary>
    /// <param name="callsPerMinute">The share.</param>
    /// <param name="clock">The clock.</param>
    /// <param name="told">Told of every call.</param>
    public CallBudget(int callsPerMinute, TimeProvider clock, Action<CallOutcome>? told = null)
    {
        _clock = clock;
        _told = told;
        (_capacity, _perSecond) = Rate(callsPerMinute);
        _tokens = _capacity;
        _refilledAt = clock.GetTimestamp();
        _counters = [new(clock), new(clock), new(clock), new(clock)];
        _throttled = new(clock);
        _timer = clock.CreateTimer(static budget => ((CallBudget)budget!).Pump(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <inheritdoc/>
    public void Dispose() => _timer.Dispose();

    /// <inheritdoc/>
    /// <exception cref="ConnectorThrottledException">The call would have to wait too long; it was not made.</exception>
    public async ValueTask EnterAsync(CallClass callClass, CancellationToken cancel)
    {
        cancel.ThrowIfCancellationRequested();
        Waiter waiter;
        lock (_gate)
        {
            Refill();
            if (WaitBeforeNext(callClass) is { } wait && wait > Limit(callClass))
            {
                var why = $"The remote asked for a pause or the connection's share of calls is used up; the next call may be made in {Math.Ceiling(wait.TotalSeconds)} seconds.";
                throw new ConnectorThrottledException(why, wait) { NotAsked = true };
            }

            if (HigherOrSameWaits(callClass) is false && TryTake(callClass)) return;
            waiter = new Waiter(callClass);
            _waiting[(int)callClass].AddLast(waiter);
            ArmTimer();
        }

        await using var registration = cancel.Register(() => GiveUp(waiter, cancel));
        await waiter.Entered.Task;
    }

    /// <inheritdoc/>
    public void Report(CallOutcome outcome)
    {
        _told?.Invoke(outcome);
        if (outcome.Status == 403) Volatile.Write(ref _forbiddenAt, _clock.GetUtcNow().UtcTicks);
        if (outcome.Status != 429) return;
        lock (_gate)
        {
            _throttled.Add();
            var asked = outcome.RetryAfter ?? TimeSpan.FromSeconds(30);
            if (asked > Held) (_heldAt, _heldFor) = (_clock.GetTimestamp(), asked);
            ArmTimer();
        }
    }

    /// <summary>When the remote last refused a call for want of a right, since this hub started; the earliest instant when it never did.</summary>
    public DateTimeOffset ForbiddenAt => new(Volatile.Read(ref _forbiddenAt), TimeSpan.Zero);

    /// <summary>Another number of calls from now on; what was saved up is kept as far as the new bucket holds it.</summary>
    public void SetRate(int callsPerMinute)
    {
        lock (_gate)
        {
            Refill();
            (_capacity, _perSecond) = Rate(callsPerMinute);
            _tokens = Math.Min(_tokens, _capacity);
            ArmTimer();
        }
    }

    /// <summary>What the health page shows.</summary>
    public CallUsage Usage()
    {
        lock (_gate)
        {
            return new CallUsage(
                [.. Enum.GetValues<CallClass>().Select(c => new ClassUsage(c, _counters[(int)c].LastMinute, _counters[(int)c].LastHour, _waiting[(int)c].Count))],
                _throttled.LastHour,
                Held > TimeSpan.Zero ? _clock.GetUtcNow() + Held : null);
        }
    }

    /// <summary>What is left of the pause that the remote asked for. Counted without the wall clock, which may be set.</summary>
    private TimeSpan Held => _heldFor > TimeSpan.Zero && _heldFor - _clock.GetElapsedTime(_heldAt) is { } left && left > TimeSpan.Zero ? left : TimeSpan.Zero;

    private static (double Capacity, double PerSecond) Rate(int callsPerMinute) => (Math.Max(1, callsPerMinute / 10.0), callsPerMinute / 60.0);

    private static TimeSpan Limit(CallClass callClass) => callClass == CallClass.Writes ? LongestWaitOfWrites : LongestWait;

    private void Pump()
    {
        lock (_gate)
        {
            Refill();
            foreach (var queue in _waiting)
            {
                while (queue.First is { } first && TryTake(first.Value.Class))
                {
                    queue.RemoveFirst();
                    first.Value.Entered.TrySetResult();
                }

                if (queue.Count > 0) break;
            }

            ArmTimer();
        }
    }

    private void GiveUp(Waiter waiter, CancellationToken cancel)
    {
        lock (_gate)
        {
            _waiting[(int)waiter.Class].Remove(waiter);
            waiter.Entered.TrySetCanceled(cancel);
            ArmTimer();
        }
    }

    private void Refill()
    {
        var now = _clock.GetTimestamp();
        _tokens = Math.Min(_capacity, _tokens + _clock.GetElapsedTime(_refilledAt, now).TotalSeconds * _perSecond);
        _refilledAt = now;
    }

    /// <summary>A 429 counts for the whole account, so it holds calls of every class.</summary>
    private bool TryTake(CallClass callClass)
    {
        if (Held > TimeSpan.Zero || _tokens < Needed(callClass)) return false;
        _tokens--;
        _counters[(int)callClass].Add();
        return true;
    }

    private double Needed(CallClass callClass) => 1 + Reserves[(int)callClass] * (_capacity - 1);

    private bool HigherOrSameWaits(CallClass callClass)
    {
        for (var i = 0; i <= (int)callClass; i++)
        {
            if (_waiting[i].Count > 0) return true;
        }

        return false;
    }

    /// <summary>Null when the call may be made at once; otherwise how long those before it and the bucket will take.</summary>
    private TimeSpan? WaitBeforeNext(CallClass callClass)
    {
        var ahead = 0;
        for (var i = 0; i <= (int)callClass; i++) ahead += _waiting[i].Count;
        var lacking = Needed(callClass) + ahead - _tokens;
        var held = Held;
        var bucket = lacking > 0 ? TimeSpan.FromSeconds(lacking / _perSecond) : TimeSpan.Zero;
        var wait = held > bucket ? held : bucket;
        return wait > TimeSpan.Zero ? wait : null;
    }

    private void ArmTimer()
    {
        foreach (var queue in _waiting)
        {
            if (queue.First is not { } first) continue;
            var lacking = Math.Max(0, Needed(first.Value.Class) - _tokens);
            var bucket = TimeSpan.FromMilliseconds(Math.Ceiling(lacking / _perSecond * 1000));
            var held = Held;
            var due = held > bucket ? held : bucket;
            _timer.Change(due > TimeSpan.Zero ? due : TimeSpan.FromMilliseconds(1), Timeout.InfiniteTimeSpan);
            return;
        }
    }

    private sealed class Waiter(CallClass callClass)
    {
        public CallClass Class { get; } = callClass;

        public TaskCompletionSource Entered { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}

/// <summary>What a connection's budget was used for.</summary>
/// <param name="Classes">Per class.</param>
/// <param name="ThrottledLastHour">How often the remote answered 429.</param>
/// <param name="HeldUntil">The end of the pause that the remote asked for; null when there is none.</param>
internal sealed record CallUsage(IReadOnlyList<ClassUsage> Classes, int ThrottledLastHour, DateTimeOffset? HeldUntil);

/// <summary>One class's part of the budget.</summary>
/// <param name="Class">The class.</param>
/// <param name="LastMinute">Calls in the last 60 seconds.</param>
/// <param name="LastHour">Calls in the last 60 minutes.</param>
/// <param name="Waiting">Calls held back now.</param>
internal sealed record ClassUsage(CallClass Class, int LastMinute, int LastHour, int Waiting);
