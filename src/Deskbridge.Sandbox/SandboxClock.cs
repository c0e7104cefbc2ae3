namespace Deskbridge.Sandbox;

/// <summary>The simulated system's clock: the real one plus a skew that a test can set.</summary>
internal sealed class SandboxClock(TimeProvider time, Settings settings)
{
    public TimeProvider Time { get; } = time;

    /// <summary>The simulated time.</summary>
    public DateTimeOffset Now => Time.GetUtcNow().AddSeconds(settings.Current.ClockSkewSeconds);
}
