namespace Deskbridge.Core.Connections;

/// <summary>How long a connection is left alone after failures. Pure.</summary>
internal static class Breaker
{
    /// <summary>Failures in a row that open it; a refusal of the credentials opens it at once, and is counted apart.</summary>
    public const int Threshold = 5;

    private static readonly TimeSpan Shortest = TimeSpan.FromSeconds(15);

    /// <summary>While nothing is read nobody is paged, so a remote that is away is tried every minute: one call is no burden.</summary>
    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(1);

    /// <summary>Wrong credentials mend slowly, and some systems lock an account that is refused too often.</summary>
    private static readonly TimeSpan LongestRefused = TimeSpan.FromMinutes(5);

    /// <summary>
    /// The pause before the next try: doubling from 15 s to a minute (refused credentials: to 5), with up to a fifth of jitter. Null while it stays closed.
    /// What fails while it is open was under way before and counts for nothing, or a few calls side by side would make a minute of refusals last five.
    /// </summary>
    /// <param name="failuresInARow">This one included.</param>
    /// <param name="refusalsInARow">How often in a row the remote did not know our credentials, this time included; 0 when this is another failure.</param>
    /// <param name="random">In [0, 1).</param>
    public static TimeSpan? PauseAfter(int failuresInARow, int refusalsInARow, double random)
    {
        var refused = refusalsInARow > 0;
        var openings = refused ? refusalsInARow - 1 : failuresInARow - Threshold;
        if (openings < 0) return null;
        var pause = Math.Min((refused ? LongestRefused : Longest).TotalSeconds, Shortest.TotalSeconds * Math.Pow(2, Math.Min(openings, 10)));
        return TimeSpan.FromSeconds(pause * (1 + random / 5));
    }
}
