using System.CommandLine;
using Deskbridge.Cli.Demo;
using Deskbridge.Core.Audit;
using Deskbridge.Core.Data;

namespace Deskbridge.Cli;

/// <summary>The commands of <c>deskbridge</c>.</summary>
internal static class CommandLine
{
    /// <summary>What is under way may end: longer than the host waits for it (30 s), and shorter than the service unit does. The library's own two seconds would cut it off.</summary>
    private static readonly TimeSpan LongestEnd = TimeSpan.FromSeconds(50);

    public static async Task<int> RunAsync(string[] args)
    {
        var root = new RootCommand("Deskbridge keeps tickets in step with your PSA, both ways, and pages whoever is on duty.")
        {
            ServeCommand.Create(),
            DemoCommand.Create(),
            DoctorCommand.Create(),
            BackupCommand.Create(),
            RestoreCommand.Create(),
            ExportCommand.Create(),
            ImportCommand.Create(),
            RotateKeysCommand.Create(),
            TokenCommand.Create(),
            InviteCommand.Create(),
            AuditCommand.Create(),
            DeliverCommand.Create(),
            SandboxCommand.Create(),
        };
        var parsed = root.Parse(args.Length == 0 ? ["serve"] : args);
        if (parsed.Errors.Count > 0)
        {
            foreach (var error in parsed.Errors) await Console.Error.WriteLineAsync(error.Message);
            await Console.Error.WriteLineAsync("'deskbridge --help' lists the commands, 'deskbridge COMMAND --help' their options.");
            return parsed.CommandResult.Command.Name == DeliverCommand.Name ? DeliverCommand.Usage : ExitCodes.Usage;
        }

        // What a hub does is its own; what another command changes is on whoever typed it.
        var command = parsed.CommandResult.Command.Name;
        if (command is not (ServeCommand.Name or DemoCommand.Name)) Actor.Set(Actor.CommandLine($"deskbridge {command}"));
        try
        {
            return await parsed.InvokeAsync(new InvocationConfiguration { EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = LongestEnd });
        }
        catch (StartRefusedException refused)
        {
            await Console.Error.WriteLineAsync(refused.Message);
            return ExitCodes.CannotStart;
        }
        catch (Exception failure) when (StorageTrouble.Describe(failure) is { } trouble)
        {
            await Console.Error.WriteLineAsync(trouble);
            return ExitCodes.Failed;
        }
        catch (OperationCanceledException)
        {
            return ExitCodes.Cancelled;
        }
    }
}

/// <summary>What the process answers to its caller.</summary>
internal static class ExitCodes
{
    public const int Done = 0;

    /// <summary>The command ran and its result is bad: a check failed, a person was not found.</summary>
    public const int Failed = 1;

    /// <summary>The command line makes no sense.</summary>
    public const int Usage = 2;

    /// <summary>Port in use, folder not writable, database too new, another hub on the folder.</summary>
    public const int CannotStart = 3;

    public const int Cancelled = 130;
}
