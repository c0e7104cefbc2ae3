using System.Globalization;
using System.Text.Json.Nodes;

namespace Deskbridge.Sandbox.ConnectWisePsa.Http;

/// <summary>Counts calls in windows of a minute.</summary>
internal sealed class RateLimit(SandboxClock clock, Settings settings)
{
    private readonly Lock _gate = new();
    private DateTimeOffset _window;
    private int _used;

    public void Take()
    {
        if (settings.Current.RateLimitPerMinute is not (> 0 and var allowed)) return;
        lock (_gate)
        {
            var now = clock.Now;
            if (now - _window >= TimeSpan.FromMinutes(1) || now < _window)
            {
                _window = now;
                _used = 0;
            }

            if (++_used > allowed) throw new Throttled((int)Math.Ceiling((_window.AddMinutes(1) - now).TotalSeconds));
        }
    }
}

/// <summary>A 429 (reference 1.5); its body has <c>error</c> where others have <c>code</c>.</summary>
internal sealed class Throttled(int? retryAfter) : Exception
{
    public PsaAnswer Answer() => new(429, new JsonObject
    {
        ["error"] = "ConnectWiseAPI",
        ["message"] = $"Too many requests. Please try again in {retryAfter ?? 30} seconds.",
    })
    {
        Headers = retryAfter is { } seconds ? [("Retry-After", seconds.ToString(CultureInfo.InvariantCulture))] : [],
    };
}
