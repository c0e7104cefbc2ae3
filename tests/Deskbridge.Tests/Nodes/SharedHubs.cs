using Deskbridge.Connectors;
using Deskbridge.Testing;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace Deskbridge.Tests.Nodes;

/// <summary>Two real hubs on one PostgreSQL database, each with a data folder of its own, and a PSA in memory behind both.</summary>
public sealed class SharedHubs : IAsyncLifetime
{
    private readonly DirectoryInfo _folder = System.IO.Directory.CreateTempSubdirectory("deskbridge-nodes-");

    public FakePsa Psa { get; } = new(TimeProvider.System);

    internal TestDatabase Database { get; private set; } = null!;

    internal Hub One { get; private set; } = null!;

    internal Hub Two { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        Database = await TestDatabase.PostgresAsync();
        One = await StartAsync("one");
        System.IO.Directory.CreateDirectory(Path.Combine(_folder.FullName, "two"));
        File.Copy(Path.Combine(_folder.FullName, "one", "master.key"), Path.Combine(_folder.FullName, "two", "master.key"));
        Two = await StartAsync("two");
    }

    public async ValueTask DisposeAsync()
    {
        await Two.DisposeAsync();
        await One.DisposeAsync();
        await Database.DisposeAsync();
        _folder.Delete(recursive: true);
    }

    /// <summary>One more hub, or one of these again.</summary>
    internal Task<Hub> StartAsync(string name) => Hub.StartAsync(
        new HubOptions
        {
            Data = Path.Combine(_folder.FullName, name),
            Database = Database.Address,
            Port = 0,
            Services = services => services.AddSingleton<IConnectorType>(Psa),
        },
        default);
}
