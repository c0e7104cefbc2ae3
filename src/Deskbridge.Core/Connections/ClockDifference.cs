using System.Globalization;
using Deskbridge.Connectors;

namespace Deskbridge.Core.Connections;

/// <summary>How far a remote's clock may be from this machine's, and what it means when it is further. Pure.</summary>
internal static class ClockDifference
{
    private static readonly TimeSpan MayDiffer = TimeSpan.FromSeconds(60);

    /// <summary>The difference as a line of a test.</summary>
    /// <param name="ahead">How far the remote is ahead.</param>
    public static ProbeCheck Check(TimeSpan ahead)
    {
        var seconds = Math.Abs(ahead.TotalSeconds).ToString("0", CultureInfo.InvariantCulture);
        return ahead.Duration() <= MayDiffer
            ? new("Clock", ProbeOutcome.Passed, "This machine's clock agrees with the remote's.")
            : new(
                "Clock", ProbeOutcome.Warning, $"The remote's clock is {seconds} seconds {(ahead > TimeSpan.Zero ? "ahead of" : "behind")} this machine's. The hub reckons with it, but times shown differ.",
                "Let this machine set its clock by NTP (timedatectl set-ntp true); when it does already, the remote's is wrong.");
    }
}
