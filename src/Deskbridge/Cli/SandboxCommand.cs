using System.CommandLine;
using System.Text.Json;
using Deskbridge.Cli.Demo;
using Deskbridge.Sandbox;

namespace Deskbridge.Cli;

/// <summary><c>deskbridge sandbox</c>: the simulated remote systems alone, for trying a client against them.</summary>
internal static class SandboxCommand
{
    /// <summary>Written by the demo to its child: the description goes to standard output as one line, and the end of standard input ends it.</summary>
    public const string ChildFlag = "--child";

    public static Command Create()
    {
        var data = CommonOptions.Data("./sandbox-data");
        var port = CommonOptions.Port("--port", 5090, "Port of the simulated systems over http");
        var strict = new Option<bool>("--no-plain-http-callbacks") { Description = "Refuse callbacks to plain http on loopback too, as the real system does" };
        var child = new Option<bool>(ChildFlag) { Hidden = true };
        var command = new Command("sandbox", "Run the simulated remote systems alone") { data, port, strict, child };
        command.SetAction((parsed, cancel) => RunAsync(
            parsed.GetRequiredValue(data), parsed.GetRequiredValue(port), !parsed.GetValue(strict), parsed.GetValue(child), cancel));
        return command;
    }

    private static async Task<int> RunAsync(string data, int port, bool plainHttpCallbacks, bool child, CancellationToken cancel)
    {
        var folder = DataFolder.Open(data);
        var file = Path.Combine(folder.Root, "sandbox.json");
        var before = await SandboxDescription.ReadAsync(file, cancel);
        await using var sandbox = await StartAsync(folder, port, plainHttpCallbacks, before, cancel);
        var description = SandboxDescription.Of(sandbox);
        await description.WriteAsync(file, cancel);
        if (child)
        {
            Console.WriteLine(JsonSerializer.Serialize(description));
            await Task.WhenAny(EndOfInputAsync(), Task.Delay(Timeout.Infinite, cancel));
            return ExitCodes.Done;
        }

        Console.WriteLine($"""
            The sandbox is running. Its keys are in {file}

              ConnectWise PSA   {description.Url}   (https: {description.HttpsUrl}, certificate authority: {description.CaFile})
              Autotask          {description.Url}{SandboxDescription.AutotaskPath}   (user {description.AutotaskUserName})
              Technician page   {description.Url}/
              ntfy              {description.NtfyUrl}
              Mail (SMTP)       {description.Smtp}
              Teams workflow    {description.TeamsUrl}
              Slack webhook     {description.SlackUrl}
              Twilio            {description.TwilioUrl}   (account {description.TwilioAccountSid}, number {description.TwilioNumber})
            """);
        await Task.WhenAny(Task.Delay(Timeout.Infinite, cancel));
        return ExitCodes.Done;
    }

    /// <summary>The ports of the last start are taken again, so that what was set up against this sandbox still fits.</summary>
    private static async Task<SandboxServer> StartAsync(DataFolder folder, int port, bool plainHttpCallbacks, SandboxDescription? before, CancellationToken cancel)
    {
        try
        {
            return await SandboxServer.StartAsync(
                new SandboxOptions
                {
                    DataFolder = folder.Root,
                    HttpPort = port,
                    HttpsPort = before is null ? 0 : new Uri(before.HttpsUrl).Port,
                    NtfyPort = before is null ? 0 : new Uri(before.NtfyUrl).Port,
                    SmtpPort = before is null ? 0 : before.SmtpPort,
                    AllowPlainHttpLoopbackCallbacks = plainHttpCallbacks,
                },
                TimeProvider.System,
                cancel);
        }
        catch (IOException failure)
        {
            throw new StartRefusedException($"The sandbox cannot start: {failure.Message} Name a free port or another folder.");
        }
    }

    private static async Task EndOfInputAsync()
    {
        using var input = Console.OpenStandardInput();
        var nothing = new byte[64];
        while (await input.ReadAsync(nothing) > 0)
        {
        }
    }
}
