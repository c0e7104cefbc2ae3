using System.CommandLine;
using Deskbridge.Backups;

namespace Deskbridge.Cli;

/// <summary><c>deskbridge backup</c>: one file with everything but the encryption key, also while the hub runs.</summary>
internal static class BackupCommand
{
    public static Command Create()
    {
        var data = CommonOptions.Data("./data");
        var database = CommonOptions.Database();
        var file = new Argument<string>("file") { Description = "The archive to write" };
        var command = new Command("backup", "Back the hub up into one file, without the encryption key; also while it runs") { file, data, database };
        command.SetAction((parsed, cancel) => RunAsync(parsed.GetRequiredValue(data), parsed.GetValue(database), parsed.GetRequiredValue(file), Console.Out, Console.Error, cancel));
        return command;
    }

    internal static async Task<int> RunAsync(string data, string? database, string file, TextWriter to, TextWriter trouble, CancellationToken cancel)
    {
        await using var session = await DataSession.OpenAsync(data, database, "backup", cancel);
        try
        {
            var taken = await session.Services.GetRequiredService<TakeBackup>().RunAsync(file, cancel);
            await to.WriteLineAsync($"""
                Backed up to {taken.File}: {taken.Bytes / 1024.0 / 1024:0.0} MB, {taken.Unpacked / 1024.0 / 1024:0.0} MB unpacked, as of {taken.TakenAt:u}.
                The encryption key is not in it. Keep a copy of {session.Folder.Keys} somewhere else, and again every three months: keys are added to it, never taken away.
                """);
            return ExitCodes.Done;
        }
        catch (BackupRefusedException refused)
        {
            await trouble.WriteLineAsync(refused.Message);
            return ExitCodes.Failed;
        }
    }
}
