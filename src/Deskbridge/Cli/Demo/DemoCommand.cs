using System.CommandLine;

namespace Deskbridge.Cli.Demo;

/// <summary><c>deskbridge demo</c>: hub and sandbox together on loopback, set up and on duty.</summary>
internal static class DemoCommand
{
    public const string Name = "demo";

    public static Command Create()
    {
        var data = CommonOptions.Data("./data/demo");
        var database = CommonOptions.Database();
        var port = CommonOptions.Port("--port", 5080, "Port of the hub");
        var sandboxPort = CommonOptions.Port("--sandbox-port", 5090, "Port of the simulated systems");
        var quiet = new Option<bool>("--no-traffic") { Description = "No technician who opens and closes tickets" };
        var command = new Command(Name, "Run the hub together with simulated remote systems, set up and ready to click") { data, database, port, sandboxPort, quiet };
        command.SetAction((parsed, cancel) => RunAsync(
            parsed.GetRequiredValue(data), parsed.GetValue(database), parsed.GetRequiredValue(port), parsed.GetRequiredValue(sandboxPort), !parsed.GetValue(quiet), cancel));
        return command;
    }

    private static async Task<int> RunAsync(string data, string? database, int port, int sandboxPort, bool traffic, CancellationToken cancel)
    {
        var folder = DataFolder.Open(data);
        SandboxChild? started = null;
        try
        {
            DemoFile? before = null;
            var options = new HubOptions
            {
                Data = data,
                Database = database,
                Port = port,
                FolderTaken = async taken =>
                {
                    before = await DemoFile.TakeAwayAsync(taken, cancel);
                    Console.WriteLine("Starting the sandbox ...");
                    started = await SandboxChild.StartAsync(Path.Combine(taken.Root, "sandbox"), sandboxPort, cancel); // before the hub, whose connection reads it as soon as it runs
                },
            };
            await using var hub = await Hub.StartAsync(options, cancel);
            return await RunAsync(hub, started!, folder, before, traffic, cancel);
        }
        finally
        {
            if (started is not null) await started.DisposeAsync();
        }
    }

    private static async Task<int> RunAsync(Hub hub, SandboxChild sandbox, DataFolder folder, DemoFile? before, bool traffic, CancellationToken cancel)
    {
        Console.WriteLine("Setting up the connection ...");
        var url = SandboxDescription.Origin(hub.Address);
        var account = await SetUpAsync(hub, sandbox.Description, url, before, cancel);
        await DemoFile.Of(url, account, sandbox.Description, DemoSetup.Topic).WriteAsync(folder, cancel);
        Console.WriteLine(Greeting(url, account, sandbox.Description, folder));

        using var ending = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        using var technician = new TechnicianTraffic(sandbox.Description, TimeProvider.System);
        var working = traffic ? technician.RunAsync(ending.Token) : Task.CompletedTask;
        var hubEnd = hub.WaitAsync(ending.Token);
        var sandboxEnd = sandbox.EndAsync(ending.Token);
        var first = await Task.WhenAny(hubEnd, sandboxEnd);
        await ending.CancelAsync();
        await DemoFile.TakeAwayAsync(folder, CancellationToken.None); // what it describes answers no more
        await working.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (first == hubEnd || cancel.IsCancellationRequested) return ExitCodes.Done;
        await Console.Error.WriteLineAsync("The sandbox ended by itself, so the demo ends too. Start it again; nothing is lost.");
        return ExitCodes.Failed;
    }

    private static async Task<DemoAccount> SetUpAsync(Hub hub, SandboxDescription sandbox, string url, DemoFile? before, CancellationToken cancel)
    {
        await using var scope = hub.Services.CreateAsyncScope();
        return await new DemoSetup(scope.ServiceProvider, sandbox, Console.WriteLine).RunAsync(url, before, cancel);
    }

    private static string Greeting(string url, DemoAccount account, SandboxDescription sandbox, DataFolder folder) => $"""

        The demo is ready.

          Deskbridge        {url}
            sign in with    {account.Email}
            password        {account.Password}
          Technician page   {sandbox.Url}/
            open a ticket there and it pages Dana, who is on duty
          Dana's phone      {sandbox.NtfyUrl}/
            her pushes, chats and mails; as JSON: {sandbox.NtfyUrl}/{DemoSetup.Topic}/json?poll=1

          For programs      {DemoFile.PathIn(folder)}

        Ctrl+C ends everything. The data stays in {folder.Root}; the next start goes on with it.
        """;
}
