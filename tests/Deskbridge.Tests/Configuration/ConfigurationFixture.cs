using Deskbridge.Cli;
using Deskbridge.Core.Data;
using Deskbridge.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace Deskbridge.Tests.Configuration;

/// <summary>A data folder and a configuration file beside it.</summary>
internal sealed class ConfigurationFixture : IAsyncDisposable
{
    private readonly DirectoryInfo _folder = System.IO.Directory.CreateTempSubdirectory("deskbridge-configuration-");

    private TestDatabase? _database;

    public string Data => Path.Combine(_folder.FullName, "data");

    public string File => Path.Combine(_folder.FullName, "hub.yaml");

    /// <summary>Puts a file beside the configuration, for a reference.</summary>
    public void Secret(string name, string text) => System.IO.File.WriteAllText(Path.Combine(_folder.FullName, name), text);

    public async Task<(int Code, string Told)> ImportAsync(string yaml, bool dryRun = false)
    {
        await System.IO.File.WriteAllTextAsync(File, yaml);
        await using var told = new StringWriter();
        return (await ImportCommand.RunAsync(Data, await AddressAsync(), File, dryRun, told, default), told.ToString());
    }

    /// <summary>What an export to standard output writes, which no file or a dash asks for.</summary>
    public async Task<string> ExportAsync(string? file = null)
    {
        await using var told = new StringWriter();
        await ExportCommand.RunAsync(Data, await AddressAsync(), file, told, default);
        return told.ToString();
    }

    /// <summary>Reads what the database holds now.</summary>
    public async Task<T> ReadAsync<T>(Func<HubDb, Task<T>> read)
    {
        await using var session = await OpenAsync();
        return await session.Services.GetRequiredService<HubStore>().ReadAsync(read, default);
    }

    /// <summary>The hub's parts, as a command has them.</summary>
    public async Task<DataSession> OpenAsync() => await DataSession.OpenAsync(Data, await AddressAsync(), "test", default);

    public async ValueTask DisposeAsync()
    {
        if (_database is not null) await _database.DisposeAsync();
        _folder.Delete(recursive: true);
    }

    /// <summary>The database, as <c>--database</c> names it.</summary>
    public async Task<string?> AddressAsync() => (_database ??= await TestDatabase.EmptyAsync(Data)).Address;
}
