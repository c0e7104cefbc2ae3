using Deskbridge.Core.Connections;

namespace Deskbridge.Simulation.World;

/// <summary>One remote system and the connection to it.</summary>
internal sealed record Remote(SimulatedPsa Psa, Connection Connection)
{
    public Guid Id => Connection.Id;
}
