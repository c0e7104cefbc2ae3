using Deskbridge.Cli;
using Deskbridge.Core.Data;
using Microsoft.Extensions.DependencyInjection;

namespace Deskbridge.Tests.Configuration;

/// <summary>A data folder and a configuration file beside it.</summary>
internal sealed class ConfigurationFixture : IDisposable
{
    private readonly DirectoryInfo _folder = System.IO.Directory.CreateTempSubdirectory("deskbridge-configuration-");

    public string Data => Path.Combine(_folder.FullName, "data");

    public string File => Path.Combine(_folder.FullName, "hub.yaml");

    /// <summary>Puts a file beside the configuration, for a reference.</summary>
    public void Secret(string name, string text) => System.IO.File.WriteAllText(Path.Combine(_folder.FullName, name), text);

    public async Task<(int Code, string Told)> ImportAsync(string yaml, bool dryRun = false)
    {
        await System.IO.File.WriteAllTextAsync(File, yaml);
        await using var told = new StringWriter();
        return (await ImportCommand.RunAsync(Data, File, dryRun, told, default), told.ToString());
    }

    public async Task<string> ExportAsync()
    {
        await using var told = new StringWriter();
        await ExportCommand.RunAsync(Data, null, told, default);
        return told.ToString();
    }

    /// <summary>Reads what the database holds now.</summary>
    public async Task<T> ReadAsync<T>(Func<HubDb, Task<T>> read)
    {
        await using var session = await DataSession.OpenAsync(Data, "test", default);
        return await session.Services.GetRequiredService<HubStore>().ReadAsync(read, default);
    }

    public void Dispose() => _folder.Delete(recursive: true);
}
