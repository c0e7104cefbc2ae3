namespace Deskbridge.Testing;

/// <summary>A clock that stands still until it is told to go on; timers fire inside <see cref="Advance"/>, in order of their instants.</summary>
public sealed class ManualTime(DateTimeOffset? start = null) : TimeProvider
{
    private readonly Lock _gate = new();
    private readonly List<Alarm> _alarms = [];
    private DateTimeOffset _now = start ?? new DateTimeOffset(2026, 3, 2, 8, 0, 0, TimeSpan.Zero);

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override DateTimeOffset GetUtcNow()
    {
        lock (_gate) return _now;
    }

    public override long GetTimestamp() => GetUtcNow().UtcTicks;

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var alarm = new Alarm(this, () => callback(state));
        alarm.Change(dueTime, period);
        return alarm;
    }

    /// <summary>Moves the clock on and fires what falls due on the way.</summary>
    public void Advance(TimeSpan by)
    {
        var end = GetUtcNow() + by;
        while (NextAlarm(end) is { } alarm) alarm.Fire();
        lock (_gate) _now = end;
    }

    /// <summary>Moves the clock on at one stroke, as for a machine that slept: what fell due on the way fires once, at the end.</summary>
    public void Jump(TimeSpan by)
    {
        List<Alarm> due;
        lock (_gate)
        {
            _now += by;
            due = [.. _alarms.Where(a => a.DueAt <= _now).OrderBy(a => a.DueAt)];
            foreach (var alarm in due)
            {
                if (alarm.Period > TimeSpan.Zero) alarm.DueAt = _now + alarm.Period;
                else _alarms.Remove(alarm);
            }
        }

        due.ForEach(alarm => alarm.Fire());
    }

    private Alarm? NextAlarm(DateTimeOffset end)
    {
        lock (_gate)
        {
            var next = _alarms.Where(a => a.DueAt <= end).MinBy(a => a.DueAt);
            if (next is null) return null;
            if (next.DueAt > _now) _now = next.DueAt;
            if (next.Period > TimeSpan.Zero) next.DueAt += next.Period;
            else _alarms.Remove(next);
            return next;
        }
    }

    private sealed class Alarm(ManualTime time, Action fire) : ITimer
    {
        public DateTimeOffset DueAt { get; set; }

        public TimeSpan Period { get; private set; }

        public void Fire() => fire();

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            lock (time._gate)
            {
                time._alarms.Remove(this);
                if (dueTime == Timeout.InfiniteTimeSpan) return true;
                Period = period;
                DueAt = time._now + dueTime;
                time._alarms.Add(this);
            }

            return true;
        }

        public void Dispose()
        {
            lock (time._gate) time._alarms.Remove(this);
        }

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
