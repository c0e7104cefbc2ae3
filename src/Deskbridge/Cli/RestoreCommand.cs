using System.CommandLine;
using Deskbridge.Access;
using Deskbridge.Backups;

namespace Deskbridge.Cli;

/// <summary><c>deskbridge restore</c>: puts a backup into a data folder on which no hub runs.</summary>
internal static class RestoreCommand
{
    public static Command Create()
    {
        var data = CommonOptions.Data("./data");
        var database = CommonOptions.Database();
        var file = new Argument<string>("file") { Description = "The archive that 'deskbridge backup' wrote" };
        var command = new Command("restore", "Put a backup into the data folder of a stopped hub; what was there is kept aside") { file, data, database };
        command.SetAction((parsed, cancel) => RunAsync(parsed.GetRequiredValue(data), parsed.GetValue(database), parsed.GetRequiredValue(file), Console.Out, Console.Error, cancel));
        return command;
    }

    internal static async Task<int> RunAsync(string data, string? database, string file, TextWriter to, TextWriter trouble, CancellationToken cancel)
    {
        BackupRestored restored;
        try
        {
            await using var session = await DataSession.OpenAloneAsync(data, database, "restore", cancel);
            restored = await session.Services.GetRequiredService<RestoreBackup>().RunAsync(file, cancel);
        }
        catch (BackupRefusedException refused)
        {
            await trouble.WriteLineAsync(refused.Message);
            return ExitCodes.Failed;
        }

        await to.WriteLineAsync($"Restored the data of {restored.Manifest.TakenAt:u}, taken by Deskbridge {restored.Manifest.Version}.");
        if (restored.Former is { } former) await to.WriteLineAsync($"What was there before is kept in {former.Place}.");
        await to.WriteLineAsync("""
            At its next start the hub looks at every ticket before it acts on it, and finds there what happened since.
            People, their passwords and tokens, settings and duty are as they were then: see who is on duty, and revoke again what was revoked since.
            """);
        await using var opened = await DataSession.OpenOrMakeAsync(data, database, "restore", cancel);
        await LostSecretsText.WriteAsync(await opened.Services.GetRequiredService<StoredSecrets>().LostAsync(cancel), to);
        return ExitCodes.Done;
    }
}

/// <summary>Names the secrets whose key is lost.</summary>
internal static class LostSecretsText
{
    public static async Task WriteAsync(IReadOnlyList<StoredSecret> lost, TextWriter to)
    {
        if (lost.Count == 0) return;
        await to.WriteLineAsync($"{(lost.Count == 1 ? "A stored secret" : $"{lost.Count} stored secrets")} cannot be decrypted, for the key is another one. Put the key back, or enter again:");
        foreach (var secret in lost) await to.WriteLineAsync($"  {secret.Name} ({secret.Where})");
        await to.WriteLineAsync("Everything else works.");
    }
}
