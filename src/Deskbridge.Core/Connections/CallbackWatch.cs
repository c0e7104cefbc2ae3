namespace Deskbridge.Core.Connections;

/// <summary>
/// Compares what polling finds with the callbacks that come (engine.md §9): one change found before its callback is nothing, several over
/// some minutes without any callback are. Any callback ends it. Pure.
/// </summary>
internal static class CallbackWatch
{
    /// <summary>A change that polling finds later than this was not found late because of a callback: the hub, or the remote, was away.</summary>
    public static TimeSpan Young { get; } = TimeSpan.FromMinutes(2);

    private const int Fewest = 3;
    private static readonly TimeSpan KeepsOn = TimeSpan.FromMinutes(2);

    /// <summary>Polling found young changes.</summary>
    /// <param name="health">The connection's health; changed.</param>
    /// <param name="changes">How many.</param>
    /// <param name="now">The instant.</param>
    /// <returns>Whether callbacks are taken for lost from now on.</returns>
    public static bool Found(ConnectionHealth health, int changes, DateTimeOffset now)
    {
        if (changes == 0 || health.CallbacksDueSince is not { } due || now - due < Young) return false;
        if (health.LastCallbackAt is { } told && now - told < Young) return false; // they come: one of these may only be later than the poll
        health.Untold += changes;
        health.UntoldSince ??= now;
        if (health.CallbacksSilentSince is not null || health.Untold < Fewest || now - health.UntoldSince < KeepsOn) return false;
        health.CallbacksSilentSince = now;
        return true;
    }

    /// <summary>The remote has, or has not, our address to call.</summary>
    public static void Subscribed(ConnectionHealth health, bool has, bool changed, DateTimeOffset now)
    {
        if (!has)
        {
            (health.CallbacksDueSince, health.Untold, health.UntoldSince, health.CallbacksSilentSince) = (null, 0, null, null);
            return;
        }

        health.CallbacksDueSince = changed ? now : health.CallbacksDueSince ?? now;
        if (changed && health.CallbacksSilentSince is null) (health.Untold, health.UntoldSince) = (0, null);
    }
}
