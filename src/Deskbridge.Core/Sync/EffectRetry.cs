using Deskbridge.Connectors;

namespace Deskbridge.Core.Sync;

/// <summary>How a failed attempt to send is dealt with: as what, and how long to wait.</summary>
internal static class EffectRetry
{
    /// <summary>Tries after which an answer that nobody explains is taken for a refusal; the waits between them add up to 18 minutes.</summary>
    private const int Patience = 10;

    /// <summary>The failure of an attempt to send as it is dealt with: what goes on being refused by something between is refused.</summary>
    public static ConnectorException Judge(ConnectorException failure, int attempts) =>
        failure is ConnectorUnavailableException { Unexplained: true } && attempts >= Patience
            ? new ConnectorRejectedException($"{failure.Message} It was tried {attempts + 1} times. Whether it arrived is not known: look at the ticket.")
            : failure;

    /// <summary>How long a write that may have arrived is left alone before it is looked for: not at all, but for an answer that goes on refusing it at once.</summary>
    public static TimeSpan BeforeProbe(ConnectorException failure, int attempts) =>
        failure is ConnectorUnavailableException { Unexplained: true } ? Wait(failure, attempts) : TimeSpan.FromSeconds(1);

    /// <summary>What the remote asked for, else 2 s doubled per attempt, at most 5 minutes.</summary>
    public static TimeSpan Wait(ConnectorException failure, int attempts) =>
        failure is ConnectorThrottledException throttled
            ? throttled.RetryAfter
            : TimeSpan.FromSeconds(Math.Min(300, 2 * Math.Pow(2, Math.Min(attempts, 8))));
}
