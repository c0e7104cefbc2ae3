namespace Deskbridge.Simulation.World;

/// <summary>
/// A clock on which every look comes a minute after the one before. Who waits a moment for company in a rush (<c>PageRush</c>) waits in real time,
/// and goes on on another thread; a simulated world has one thread, and its database one connection.
/// </summary>
internal sealed class Leisure : TimeProvider
{
    private long _now;

    public override long GetTimestamp() => Interlocked.Add(ref _now, TimestampFrequency * 60);
}
