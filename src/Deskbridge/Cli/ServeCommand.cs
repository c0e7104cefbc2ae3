using System.CommandLine;
using Deskbridge.Access;

namespace Deskbridge.Cli;

/// <summary><c>deskbridge serve</c>: runs the hub.</summary>
internal static class ServeCommand
{
    public const string Name = "serve";

    public static Command Create()
    {
        var data = CommonOptions.Data("./data");
        var database = CommonOptions.Database();
        var port = CommonOptions.Port("--port", 5080, "Port of the pages and the API");
        var listen = new Option<string>("--listen")
        {
            Description = "Address to listen on; '*' for every one of this machine",
            HelpName = "ADDR",
            DefaultValueFactory = _ => "127.0.0.1",
        };
        var import = new Option<string?>("--import") { Description = "YAML file to import at every start, as 'deskbridge import' does", HelpName = "FILE" };
        var lostKey = new Option<bool>("--lost-key") { Description = "The encryption key of the PostgreSQL database is lost: give up the stored secrets and make new keys" };
        var noPages = new Option<bool>("--no-pages") { Description = "Engine, callbacks and API only, for a node that nobody opens in a browser" };
        var logs = CommonOptions.Logs();
        var command = new Command(Name, "Run the hub") { data, database, port, listen, logs, import, lostKey, noPages };
        command.SetAction((parsed, cancel) => RunAsync(
            new HubOptions
            {
                Data = parsed.GetRequiredValue(data),
                Database = parsed.GetValue(database),
                LostKey = parsed.GetValue(lostKey),
                Port = parsed.GetRequiredValue(port),
                Listen = parsed.GetRequiredValue(listen),
                Pages = !parsed.GetValue(noPages),
                LogFormat = parsed.GetValue(logs),
            },
            parsed.GetValue(import),
            cancel));
        return command;
    }

    private static async Task<int> RunAsync(HubOptions options, string? import, CancellationToken cancel)
    {
        var source = import is null ? null : await ConfigurationSource.ReadAsync(import, cancel);
        await using var hub = await Hub.StartAsync(options, cancel);
        Console.WriteLine($"Deskbridge is at {hub.Address}");
        await LostSecretsText.WriteAsync(await hub.Services.GetRequiredService<StoredSecrets>().LostAsync(cancel), Console.Out);

        // A slip in the file must not keep the pager from running: it is told, and the hub goes on as it was.
        if (source is not null && await source.ImportAsync(hub.Services, dryRun: false, Console.Out, cancel) != ExitCodes.Done)
            await Console.Error.WriteLineAsync($"{import} was not imported as a whole; the hub runs with what it has.");
        if (await hub.Services.GetRequiredService<SetupCode>().CurrentAsync(cancel) is { } code)
        {
            Console.WriteLine();
            Console.WriteLine($"  No administrator yet. Open {new Uri(hub.Address, "setup")} and enter this code:");
            Console.WriteLine();
            Console.WriteLine($"      {code}");
            Console.WriteLine();
        }

        await hub.WaitAsync(cancel);
        return ExitCodes.Done;
    }
}
