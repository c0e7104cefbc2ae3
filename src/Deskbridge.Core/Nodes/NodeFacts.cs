using System.Reflection;

namespace Deskbridge.Core.Nodes;

/// <summary>What this hub can tell of itself.</summary>
internal sealed class NodeFacts(TimeProvider clock)
{
    private volatile int _others;

    public DateTimeOffset StartedAt { get; } = clock.GetUtcNow();

    /// <summary>Set when the hub listens.</summary>
    public string Address { get; set; } = "";

    public string Version { get; } = Assembly.GetEntryAssembly()?.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "";

    /// <summary>Hubs beside this one, as of the last beat.</summary>
    public int Others
    {
        get => _others;
        set => _others = value;
    }
}
