using Deskbridge.Core.Common;
using Deskbridge.Core.Connections;
using Deskbridge.Core.Data;
using Microsoft.EntityFrameworkCore;

namespace Deskbridge.Access;

/// <summary>Every secret in the database, and which of them the present keys cannot decrypt: those must be entered again.</summary>
internal sealed class StoredSecrets(HubStore store, ConnectorCatalog catalog, ISecretProtector protector)
{
    public Task<List<StoredSecret>> ListAsync(CancellationToken cancel) => store.ReadAsync(
        async db =>
        {
            var secrets = new List<StoredSecret>();
            foreach (var row in await db.Connections.Where(c => c.State != ConnectionState.Removed && c.Secrets != "").OrderBy(c => c.Name).ToListAsync(cancel))
                secrets.Add(new($"Connection {row.Name}: {Names(row)}", row.Secrets, "on the connection's settings page", $"/connections/{row.Id}/settings", OfConnection: true));
            foreach (var row in await db.Channels.Where(c => c.Secret != "").Join(db.People, c => c.PersonId, p => p.Id, (c, p) => new { c.Name, Owner = p.Name, c.PersonId, c.Secret }).ToListAsync(cancel))
                secrets.Add(new($"Channel {row.Name} of {row.Owner}", row.Secret, "on the channel", $"/people/{row.PersonId}"));
            foreach (var row in await db.Settings.Where(s => s.Key == SettingKeys.SmtpPassword && s.Value != "").ToListAsync(cancel))
                secrets.Add(new("Password of the mail server", row.Value, "under Settings", "/settings"));
            return secrets;
        },
        cancel);

    /// <summary>Those that cannot be decrypted.</summary>
    public async Task<IReadOnlyList<StoredSecret>> LostAsync(CancellationToken cancel) => [.. (await ListAsync(cancel)).Where(secret => !CanBeRead(secret))];

    public bool CanBeRead(StoredSecret secret)
    {
        try
        {
            protector.Unprotect(secret.Sealed);
            return true;
        }
        catch (InvalidOperationException)
        {
            return false;
        }
    }

    private string Names(Connection row) => catalog.Find(row.Kind) is { } type
        ? string.Join(", ", SettingProperty.Of(type.OptionsType).Where(setting => setting.Kind == SettingKind.Secret).Select(setting => setting.Setting.Label))
        : "its secrets";
}

/// <summary>A secret as it lies in the database.</summary>
/// <param name="Name">Whose it is.</param>
/// <param name="Sealed">Encrypted.</param>
/// <param name="Where">Where it is entered, after "enter it".</param>
/// <param name="Page">That page.</param>
/// <param name="OfConnection">It belongs to a connection, which says so itself.</param>
internal sealed record StoredSecret(string Name, string Sealed, string Where, string Page, bool OfConnection = false);
