using System.Net;
using System.Net.Sockets;

namespace Deskbridge.Simulation.Crash;

/// <summary>Where one hub lives: its data folder and its port, the same for every start, since the callbacks' address must not change.</summary>
internal sealed record Place(string Data, int Port)
{
    public Uri Url => new($"http://127.0.0.1:{Port}/");

    public static Place In(string folder)
    {
        using var probe = new TcpListener(IPAddress.Loopback, 0);
        probe.Start();
        return new Place(folder, ((IPEndPoint)probe.LocalEndpoint).Port);
    }

    /// <summary>The id under which the hub claims work.</summary>
    public async Task<Guid> NodeAsync() => Guid.Parse(await File.ReadAllTextAsync(Path.Combine(Data, "node.id")));
}
