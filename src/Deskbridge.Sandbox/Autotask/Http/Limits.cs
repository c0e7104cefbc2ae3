using System.Text.Json.Nodes;

namespace Deskbridge.Sandbox.Autotask.Http;

/// <summary>What Autotask allows (reference 1.4): so many requests in any 60 minutes, and three at a time for each object.</summary>
internal sealed class Limits(SandboxClock clock, AutotaskSettings settings)
{
    private static readonly TimeSpan Timeframe = TimeSpan.FromMinutes(60);

    private readonly Lock _gate = new();
    private readonly Queue<DateTimeOffset> _requests = new();
    private readonly Dictionary<string, int> _running = new(StringComparer.OrdinalIgnoreCase);

    public JsonObject Information()
    {
        lock (_gate)
        {
            return new JsonObject
            {
                ["externalRequestThreshold"] = settings.Current.Threshold,
                ["requestThresholdTimeframe"] = (int)Timeframe.TotalMinutes,
                ["currentTimeframeRequestCount"] = Used(),
            };
        }
    }

    /// <summary>Counts a request.</summary>
    /// <returns>How long it is held back.</returns>
    /// <exception cref="Refusal">429: the threshold of the last 60 minutes is used up.</exception>
    public TimeSpan Take()
    {
        lock (_gate)
        {
            var used = Used();
            if (used >= settings.Current.Threshold) throw new Refusal(429, "The API request threshold for the database has been exceeded. Try again later.");
            _requests.Enqueue(clock.Now);
            if (!settings.Current.LatencyTiers || used * 2 < settings.Current.Threshold) return TimeSpan.Zero;
            return used * 4 < settings.Current.Threshold * 3 ? TimeSpan.FromSeconds(0.5) : TimeSpan.FromSeconds(1);
        }
    }

    /// <summary>Holds one of an object's three places until it is disposed.</summary>
    /// <exception cref="Refusal">429: all are taken.</exception>
    public IDisposable Enter(string target)
    {
        lock (_gate)
        {
            var running = _running.GetValueOrDefault(target);
            if (settings.Current.ThreadLimit is > 0 and var most && running >= most)
                throw new Refusal(429, $"The Autotask API thread threshold of {most} threads has been exceeded. Itgenatr005");
            _running[target] = running + 1;
        }

        return new Place(() =>
        {
            lock (_gate) _running[target]--;
        });
    }

    private int Used()
    {
        var start = clock.Now - Timeframe;
        while (_requests.TryPeek(out var oldest) && oldest <= start) _requests.Dequeue();
        return _requests.Count + settings.Current.OtherRequests;
    }

    private sealed class Place(Action leave) : IDisposable
    {
        public void Dispose() => leave();
    }
}
