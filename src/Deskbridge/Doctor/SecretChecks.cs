using System.Runtime.CompilerServices;
using Deskbridge.Access;
using Deskbridge.Core.Data;
using Microsoft.EntityFrameworkCore;

namespace Deskbridge.Doctor;

/// <summary>Whether every stored secret can still be decrypted with the keys in the data folder.</summary>
internal static class SecretChecks
{
    private const string Area = "Encryption keys";

    public static async IAsyncEnumerable<Finding> RunAsync(
        IServiceProvider services, DataFolder folder, [EnumeratorCancellation] CancellationToken cancel)
    {
        var secrets = services.GetRequiredService<StoredSecrets>();
        var stored = await secrets.ListAsync(cancel);

        var database = services.GetRequiredService<HubDatabase>();
        var (haveKeys, trouble) = database.IsPostgres ? await RingAsync(services, cancel) : (HasFiles(folder), null);
        if (trouble is not null)
        {
            yield return Finding.Failed(Area, "Master key", trouble, "Give every hub on the database the same key.");
            yield break;
        }

        var lost = stored.Where(secret => !haveKeys || !secrets.CanBeRead(secret)).ToList();
        if (lost.Count == 0)
        {
            yield return haveKeys || stored.Count > 0
                ? Finding.Well(Area, "Secrets", $"All {stored.Count} stored secrets can be decrypted.")
                : Finding.Warning(Area, "Secrets", $"{(database.IsPostgres ? "The database" : folder.Keys)} holds no key yet; nothing is encrypted so far.", "Nothing to do: the hub makes a key when it starts.");
            yield break;
        }

        foreach (var secret in lost)
        {
            yield return Finding.Failed(
                Area, secret.Name, "Cannot be decrypted: the key that encrypted it is missing or unreadable.",
                $"Put {(database.IsPostgres ? "the table access_keys" : folder.Keys)} back from a backup, or enter the secret again {secret.Where}.");
        }
    }

    /// <summary>Without this look the framework would make the directory.</summary>
    private static bool HasFiles(DataFolder folder) => Directory.Exists(folder.Keys) && Directory.EnumerateFiles(folder.Keys, "*.xml").Any();

    private static async Task<(bool HaveKeys, string? Trouble)> RingAsync(IServiceProvider services, CancellationToken cancel)
    {
        await using var db = await services.GetRequiredService<IDbContextFactory<AccessDb>>().CreateDbContextAsync(cancel);
        if (!await db.Keys.AnyAsync(cancel)) return (false, null);
        try
        {
            await services.GetRequiredService<MasterKey>().LoadAsync(mayMake: false, cancel);
            return (true, null);
        }
        catch (StartRefusedException missing)
        {
            return (true, missing.Message);
        }
    }
}
