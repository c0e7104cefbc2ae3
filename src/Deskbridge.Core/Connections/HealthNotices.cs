namespace Deskbridge.Core.Connections;

/// <summary>What the health of a connection tells beside its failures: nobody is paged for it, and it goes by itself. Pure.</summary>
internal static class HealthNotices
{
    /// <summary>So long after the last strange marker another program counts as at work.</summary>
    private static readonly TimeSpan MarkersCalm = TimeSpan.FromDays(1);

    /// <summary>So long a subscription that was switched off is told.</summary>
    private static readonly TimeSpan OffCalm = TimeSpan.FromDays(1);

    /// <summary>What is to be told now.</summary>
    /// <param name="health">The connection's health.</param>
    /// <param name="now">The instant.</param>
    public static IEnumerable<HealthNotice> Of(ConnectionHealth health, DateTimeOffset now)
    {
        if (health.CallbacksSilentSince is not null)
        {
            yield return new HealthNotice(
                "Callbacks", $"No callback comes: polling found {health.Untold} changes that none told of{(health.LastCallbackAt is { } last ? $", the last one came at {last:u}" : "")}. Subscription: {health.Callbacks} Until one comes, changes are found by polling.",
                "See that the remote system can reach the hub's public address: its name from outside, firewall, reverse proxy and certificate. This goes when the next callback comes.");
        }

        if (health.CallbacksFoundOffAt is { } off && now - off < OffCalm)
        {
            yield return new HealthNotice(
                "Callbacks", $"The ticket system had switched a subscription off, found at {off:u}. It is on again, and what was not told meanwhile was found by polling.",
                "That happens after many deliveries in a row that nobody took. See that the remote system can reach the hub's public address: its name from outside, firewall, reverse proxy and certificate. This goes after a day.");
        }

        if (MarkersMove(health, now))
        {
            yield return new HealthNotice(
                "Markers", $"Another program writes the marker fields, seen last at {health.MarkersMovedAt:u}. {health.MarkersMoved}",
                "Switch it off, such as SIGNL4's connector: with both at work tickets page twice. The hub goes by its own records meanwhile. This goes a day after the last such change.");
        }
    }

    /// <summary>Whether another program was seen to write markers lately.</summary>
    public static bool MarkersMove(ConnectionHealth health, DateTimeOffset now) => now - health.MarkersMovedAt < MarkersCalm;
}

/// <summary>Something that an administrator should see to.</summary>
/// <param name="About">What it is about, in a word.</param>
/// <param name="Message">What is seen.</param>
/// <param name="Fix">What to do.</param>
internal sealed record HealthNotice(string About, string Message, string Fix);
