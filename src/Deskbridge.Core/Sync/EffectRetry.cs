using Deskbridge.Connectors;

namespace Deskbridge.Core.Sync;

/// <summary>How long to wait before a failed effect is tried again.</summary>
internal static class EffectRetry
{
    /// <summary>What the remote asked for, else 2 s doubled per attempt, at most 5 minutes.</summary>
    public static TimeSpan Wait(ConnectorException failure, int attempts) =>
        failure is ConnectorThrottledException throttled
            ? throttled.RetryAfter
            : TimeSpan.FromSeconds(Math.Min(300, 2 * Math.Pow(2, Math.Min(attempts, 8))));
}
