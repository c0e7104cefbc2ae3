using System.Runtime.CompilerServices;
using Deskbridge.Access;
using Deskbridge.Core.Common;
using Deskbridge.Core.Connections;
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
        var stored = await StoredAsync(services, cancel);

        var database = services.GetRequiredService<HubDatabase>();
        var (haveKeys, trouble) = database.IsPostgres ? await RingAsync(services, cancel) : (HasFiles(folder), null);
        if (trouble is not null)
        {
            yield return Finding.Failed(Area, "Master key", trouble, "Give every hub on the database the same key.");
            yield break;
        }

        var lost = stored.Where(secret => !haveKeys || !Decrypts(services.GetRequiredService<ISecretProtector>(), secret.Sealed)).ToList();
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

    private static async Task<List<StoredSecret>> StoredAsync(IServiceProvider services, CancellationToken cancel)
    {
        var catalog = services.GetRequiredService<ConnectorCatalog>();
        return await services.GetRequiredService<HubStore>().ReadAsync(
            async db =>
            {
                var secrets = new List<StoredSecret>();
                foreach (var row in await db.Connections.Where(c => c.State != ConnectionState.Removed && c.Secrets != "").OrderBy(c => c.Name).ToListAsync(cancel))
                    secrets.Add(new($"Connection {row.Name}: {Names(catalog, row)}", row.Secrets, "on the connection's settings page"));
                foreach (var row in await db.Channels.Where(c => c.Secret != "").Join(db.People, c => c.PersonId, p => p.Id, (c, p) => new { c.Name, Owner = p.Name, c.Secret }).ToListAsync(cancel))
                    secrets.Add(new($"Channel {row.Name} of {row.Owner}", row.Secret, "on the channel"));
                foreach (var row in await db.Settings.Where(s => s.Key == SettingKeys.SmtpPassword && s.Value != "").ToListAsync(cancel))
                    secrets.Add(new("Password of the mail server", row.Value, "under Settings"));
                return secrets;
            },
            cancel);
    }

    private static string Names(ConnectorCatalog catalog, Connection row) => catalog.Find(row.Kind) is { } type
        ? string.Join(", ", SettingProperty.Of(type.OptionsType).Where(setting => setting.Kind == SettingKind.Secret).Select(setting => setting.Setting.Label))
        : "its secrets";

    private static bool Decrypts(ISecretProtector protector, string text)
    {
        try
        {
            protector.Unprotect(text);
            return true;
        }
        catch (InvalidOperationException)
        {
            return false;
        }
    }

    private sealed record StoredSecret(string Name, string Sealed, string Where);
}
