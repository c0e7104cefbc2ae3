using Deskbridge.Core.Common;
using Deskbridge.Core.Connections;
using Deskbridge.Core.Data;
using Microsoft.EntityFrameworkCore;

namespace Deskbridge.Access;

/// <summary>Every secret in the database, and which of them the present keys cannot decrypt: those must be entered again.</summary>
internal sealed class StoredSecrets(HubStore store, IDbContextFactory<AccessDb> contexts, ConnectorCatalog catalog, ISecretProtector protector)
{
    private static readonly Dictionary<string, string> Settings = new(StringComparer.Ordinal)
    {
        [SettingKeys.SmtpPassword] = "Password of the mail server",
        [SettingKeys.TwilioToken] = "Auth token of Twilio",
        [SettingKeys.HeartbeatUrl] = "Heartbeat address",
    };

    /// <summary>Every secret that a person entered, with the place where they enter it again.</summary>
    public async Task<List<StoredSecret>> ListAsync(CancellationToken cancel)
    {
        await using var access = await contexts.CreateDbContextAsync(cancel);
        var authenticators = await access.Authenticators.AsNoTracking().ToDictionaryAsync(row => row.PersonId, row => row.Secret, cancel);
        return await store.ReadAsync(
            async db =>
            {
                var secrets = new List<StoredSecret>();
                foreach (var row in await db.Connections.Where(c => c.State != ConnectionState.Removed && c.Secrets != "").OrderBy(c => c.Name).ToListAsync(cancel))
                    secrets.Add(new($"Connection {row.Name}: {Names(row)}", row.Secrets, "on the connection's settings page", $"/connections/{row.Id}/settings", OfConnection: true));
                foreach (var row in await db.Channels.Where(c => c.Secret != "").Join(db.People, c => c.PersonId, p => p.Id, (c, p) => new { c.Name, Owner = p.Name, c.PersonId, c.Secret }).ToListAsync(cancel))
                    secrets.Add(new($"Channel {row.Name} of {row.Owner}", row.Secret, "on the channel", $"/people/{row.PersonId}"));
                foreach (var row in await db.TeamIntakes.Join(db.Teams, i => i.TeamId, t => t.Id, (i, t) => new { t.Name, i.TeamId, i.Secret, i.MailgunKey }).OrderBy(i => i.Name).ToListAsync(cancel))
                {
                    secrets.Add(new($"Addresses for mails and callouts of {row.Name}", row.Secret, "by making new ones on the team's page", $"/duty/teams/{row.TeamId}/intake"));
                    if (row.MailgunKey.Length > 0) secrets.Add(new($"Mailgun signing key of {row.Name}", row.MailgunKey, "on the team's page", $"/duty/teams/{row.TeamId}/intake"));
                }

                foreach (var row in await db.Settings.Where(s => Settings.Keys.Contains(s.Key) && s.Value != "").OrderBy(s => s.Key).ToListAsync(cancel))
                    secrets.Add(new(Settings[row.Key], row.Value, "under Settings", "/settings"));
                foreach (var person in await db.People.Where(p => authenticators.Keys.Contains(p.Id)).OrderBy(p => p.Name).ToListAsync(cancel))
                    secrets.Add(new($"Second factor of {person.Name}", authenticators[person.Id], "by taking it away under People and enrolling anew", $"/people/{person.Id}"));
                return secrets;
            },
            cancel);
    }

    /// <summary>Those that cannot be decrypted.</summary>
    public async Task<IReadOnlyList<StoredSecret>> LostAsync(CancellationToken cancel) => [.. (await ListAsync(cancel)).Where(secret => !CanBeRead(secret))];

    public bool CanBeRead(StoredSecret secret) => CanBeRead(secret.Sealed);

    private bool CanBeRead(string stored)
    {
        try
        {
            protector.Unprotect(stored);
            return true;
        }
        catch (InvalidOperationException)
        {
            return false;
        }
    }

    /// <summary>Encrypts everything anew with the newest key: all of it or nothing. Answers how many secrets there were.</summary>
    /// <exception cref="InvalidOperationException">A secret cannot be decrypted; nothing was changed.</exception>
    public async Task<int> EncryptAnewAsync(CancellationToken cancel)
    {
        string Anew(string stored) => protector.Protect(protector.Unprotect(stored));
        var count = await store.WriteAsync(
            async db =>
            {
                var connections = await db.Connections.Where(c => c.Secrets != "" && c.State != ConnectionState.Removed).ToListAsync(cancel);
                foreach (var row in connections) row.Secrets = Anew(row.Secrets);
                var channels = await db.Channels.Where(c => c.Secret != "").ToListAsync(cancel);
                foreach (var row in channels) row.Secret = Anew(row.Secret);
                var settings = await db.Settings.Where(s => Settings.Keys.Contains(s.Key) && s.Value != "").ToListAsync(cancel);
                foreach (var row in settings) row.Value = Anew(row.Value);
                var intakes = await db.TeamIntakes.ToListAsync(cancel);
                foreach (var row in intakes) (row.Secret, row.MailgunKey) = (Anew(row.Secret), Anew(row.MailgunKey));
                return connections.Count + channels.Count + settings.Count + intakes.Count;
            },
            cancel);
        await using var access = await contexts.CreateDbContextAsync(cancel);
        var authenticators = await access.Authenticators.ToListAsync(cancel);
        foreach (var row in authenticators) row.Secret = Anew(row.Secret);
        foreach (var reply in await access.Replies.Where(reply => reply.Body != "").ToListAsync(cancel))
        {
            if (CanBeRead(reply.Body)) reply.Body = Anew(reply.Body);
            else access.Replies.Remove(reply); // nobody could have been given it again
        }

        await access.SaveChangesAsync(cancel);
        return count + authenticators.Count;
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
