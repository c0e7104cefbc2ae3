using System.CommandLine;
using Deskbridge.Access;
using Deskbridge.Core.Data;
using Microsoft.AspNetCore.DataProtection.KeyManagement;

namespace Deskbridge.Cli;

/// <summary><c>deskbridge rotate-keys</c>: makes a new key and encrypts every stored secret with it.</summary>
internal static class RotateKeysCommand
{
    private const string Name = "rotate-keys";
    private static readonly TimeSpan Lifetime = TimeSpan.FromDays(90);

    public static Command Create()
    {
        var data = CommonOptions.Data("./data");
        var database = CommonOptions.Database();
        var revoke = new Option<bool>("--revoke-old") { Description = "Make the old keys worthless: sessions end, and backups made before open only with the keys of their time" };
        var command = new Command(Name, "Make a new encryption key and encrypt every stored secret with it; the hub must be stopped") { data, database, revoke };
        command.SetAction((parsed, cancel) => RunAsync(parsed.GetRequiredValue(data), parsed.GetValue(database), parsed.GetValue(revoke), Console.Out, cancel));
        return command;
    }

    internal static async Task<int> RunAsync(string data, string? database, bool revokeOld, TextWriter to, CancellationToken cancel)
    {
        // The first session makes the key, the second one finds it: a running ring of keys does not look for new ones. Interrupted anywhere,
        // what is stored is readable, for no key is revoked before everything is encrypted with the new one.
        DateTimeOffset made;
        await using (var before = await OpenAsync(data, database, cancel))
        {
            if (await UnreadableAsync(before, cancel) is { Count: > 0 } lost)
            {
                foreach (var secret in lost) await Console.Error.WriteLineAsync($"{secret.Name} cannot be decrypted. Put its key back into keys/, or enter the secret again {secret.Where}.");
                await Console.Error.WriteLineAsync("Nothing was changed.");
                return ExitCodes.Failed;
            }

            made = before.Services.GetRequiredService<TimeProvider>().GetUtcNow();
            before.Services.GetRequiredService<IKeyManager>().CreateNewKey(made, made + Lifetime);
        }

        await using var after = await OpenAsync(data, database, cancel);
        var count = await after.Services.GetRequiredService<StoredSecrets>().EncryptAnewAsync(cancel);
        await to.WriteLineAsync($"{count} secrets are encrypted with a new key. {Keep(after)}");
        if (!revokeOld) return ExitCodes.Done;
        var keys = after.Services.GetRequiredService<IKeyManager>();
        var newest = keys.GetAllKeys().MaxBy(key => key.CreationDate)!;
        foreach (var key in keys.GetAllKeys().Where(key => key.KeyId != newest.KeyId && !key.IsRevoked)) keys.RevokeKey(key.KeyId, "rotate-keys --revoke-old");
        await to.WriteLineAsync("The old keys are revoked: everybody signs in again.");
        return ExitCodes.Done;
    }

    private static async Task<DataSession> OpenAsync(string data, string? database, CancellationToken cancel)
    {
        var session = await DataSession.OpenAsync(data, database, Name, cancel);
        if (!session.BesideHub) return session;
        await session.DisposeAsync();
        throw new StartRefusedException($"A hub runs on {Path.GetFullPath(data)}; it would go on with the old key. Stop it, rotate, and start it again.");
    }

    private static string Keep(DataSession session) => session.Services.GetRequiredService<HubDatabase>().IsPostgres
        ? "It lies in the database, encrypted with the master key."
        : $"It lies in {session.Folder.Keys}: keep a copy of that folder apart from the backups.";

    private static async Task<List<StoredSecret>> UnreadableAsync(DataSession session, CancellationToken cancel)
    {
        var secrets = session.Services.GetRequiredService<StoredSecrets>();
        return (await secrets.ListAsync(cancel)).FindAll(secret => !secrets.CanBeRead(secret));
    }
}
