namespace Deskbridge.Core.Connections;

/// <summary>Counts events of the last minute and the last hour in two rings. Not thread-safe: its owner locks.</summary>
internal sealed class CallCounter(TimeProvider clock)
{
    private readonly (long Slot, int Count)[] _seconds = new (long, int)[60];
    private readonly (long Slot, int Count)[] _minutes = new (long, int)[60];

    /// <summary>Events of the last 60 seconds.</summary>
    public int LastMinute => Sum(_seconds, Second);

    /// <summary>Events of the last 60 minutes.</summary>
    public int LastHour => Sum(_minutes, Second / 60);

    private long Second => clock.GetUtcNow().ToUnixTimeSeconds();

    /// <summary>Counts one event now.</summary>
    public void Add()
    {
        Add(_seconds, Second);
        Add(_minutes, Second / 60);
    }

    private static void Add((long Slot, int Count)[] ring, long slot)
    {
        ref var place = ref ring[slot % ring.Length];
        place = place.Slot == slot ? (slot, place.Count + 1) : (slot, 1);
    }

    private static int Sum((long Slot, int Count)[] ring, long now) => ring.Where(place => place.Slot > now - ring.Length && place.Slot <= now).Sum(place => place.Count);
}
