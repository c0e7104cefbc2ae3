using Deskbridge.Testing;

namespace Deskbridge.Tests.RemoteFaults;

/// <summary>The worlds of one lane of faults: one for each system, in which one fault is tried after the other. What lasts, or fails, has a world of its own.</summary>
public sealed class FaultWorlds : IAsyncDisposable
{
    private readonly Dictionary<Vendor, FaultWorld> _worlds = [];

    public async ValueTask DisposeAsync()
    {
        foreach (var world in _worlds.Values) await world.DisposeAsync();
    }

    /// <summary>The whole course of one fault.</summary>
    internal async Task RunAsync(IReadOnlyList<RemoteFault> faults, string name, Vendor vendor)
    {
        var fault = faults.Single(fault => fault.Fault == name);
        if (fault.Lasts || !_worlds.Remove(vendor, out var world)) world = await FaultWorld.StartAsync(vendor);
        var usable = false;
        try
        {
            await world.PrepareAsync(fault.Work);
            await fault.Strike(world);
            await world.DoAsync(fault.Work);
            foreach (var sign in fault.Signs) await world.SeeAsync(sign);
            await world.HealAsync();
            await world.EndsWellAsync(fault);
            usable = !fault.Lasts && !_worlds.ContainsKey(vendor);
        }
        finally
        {
            if (usable) _worlds[vendor] = world;
            else await world.DisposeAsync();
        }
    }
}
