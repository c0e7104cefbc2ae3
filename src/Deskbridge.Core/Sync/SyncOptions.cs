namespace Deskbridge.Core.Sync;

/// <summary>How the engine's passes run.</summary>
internal sealed class SyncOptions
{
    /// <summary>How many tickets, and how many effects, one pass works on at a time. Default 16; a simulation that must replay takes 1.</summary>
    public int Parallelism { get; init; } = 16;
}
