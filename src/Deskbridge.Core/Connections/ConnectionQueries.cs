using System.Text.Json.Nodes;
using Deskbridge.Core.Data;
using Microsoft.EntityFrameworkCore;

namespace Deskbridge.Core.Connections;

/// <summary>A connection as people and the API see it; secrets are left out.</summary>
/// <param name="Id">Id.</param>
/// <param name="Kind">Connector kind.</param>
/// <param name="KindName">The product's name; the kind when this build lacks the connector.</param>
/// <param name="Name">Name.</param>
/// <param name="Description">Free text.</param>
/// <param name="TeamId">The team its alerts go to.</param>
/// <param name="State">Where it stands.</param>
/// <param name="CreatedAt">When it was created.</param>
/// <param name="InstalledAt">When it went live.</param>
/// <param name="RuleChangeHeld">A changed rule waits for a person's word.</param>
/// <param name="CustomFields">How custom fields may be written, as far as it was learnt.</param>
/// <param name="Health">How it is doing.</param>
/// <param name="Fields">The settings form with present values.</param>
/// <param name="Settings">The settings as JSON.</param>
/// <param name="SecretsLost">The stored secrets cannot be decrypted and must be entered again.</param>
internal sealed record ConnectionView(
    Guid Id,
    string Kind,
    string KindName,
    string Name,
    string Description,
    Guid? TeamId,
    ConnectionState State,
    DateTimeOffset CreatedAt,
    DateTimeOffset? InstalledAt,
    bool RuleChangeHeld,
    CustomFieldMode CustomFields,
    ConnectionHealth Health,
    IReadOnlyList<FormField> Fields,
    JsonObject Settings,
    bool SecretsLost);

/// <summary>Lists and shows connections.</summary>
internal sealed class ConnectionQueries(ConnectorCatalog catalog, StoredSettings stored, HubStore store)
{
    /// <summary>All connections by name, removed ones last or left out.</summary>
    public async Task<IReadOnlyList<ConnectionView>> ListAsync(bool withRemoved, CancellationToken cancel)
    {
        var rows = await store.ReadAsync(
            db => (from connection in db.Connections
                   where withRemoved || connection.State != ConnectionState.Removed
                   join health in db.ConnectionHealth on connection.Id equals health.ConnectionId into found
                   from health in found.DefaultIfEmpty()
                   orderby connection.State == ConnectionState.Removed, connection.Name
                   select new { connection, health }).ToListAsync(cancel),
            cancel);
        return [.. rows.Select(row => View(row.connection, row.health))];
    }

    /// <summary>One connection, or null.</summary>
    public async Task<ConnectionView?> FindAsync(Guid id, CancellationToken cancel)
    {
        var (connection, health) = await store.ReadAsync(
            async db => (await db.Connections.SingleOrDefaultAsync(row => row.Id == id, cancel), await db.ConnectionHealth.SingleOrDefaultAsync(row => row.ConnectionId == id, cancel)),
            cancel);
        return connection is null ? null : View(connection, health);
    }

    /// <summary>Names of other connections to the same system that run, for one that does not yet; installing it must be confirmed.</summary>
    public Task<IReadOnlyList<string>> RunningTwinsAsync(Guid id, CancellationToken cancel) =>
        store.ReadAsync<IReadOnlyList<string>>(
            async db => await db.Connections.SingleOrDefaultAsync(row => row.Id == id, cancel) is { State: ConnectionState.Draft or ConnectionState.Disabled } connection
                ? await ConnectionRules.RunningTwinsAsync(db, connection, cancel)
                : [],
            cancel);

    /// <summary>Names of other connections that run on the same system as this one, which runs too: what matches the rules of both pages twice.</summary>
    public Task<IReadOnlyList<string>> BesideAsync(Guid id, CancellationToken cancel) =>
        store.ReadAsync<IReadOnlyList<string>>(
            async db => await db.Connections.SingleOrDefaultAsync(row => row.Id == id, cancel) is { State: ConnectionState.Active or ConnectionState.Paused } connection
                ? await ConnectionRules.RunningTwinsAsync(db, connection, cancel)
                : [],
            cancel);

    private ConnectionView View(Connection connection, ConnectionHealth? health)
    {
        var lost = false;
        object? options = null;
        if (catalog.Find(connection.Kind) is { } type)
        {
            try
            {
                options = stored.Read(connection, type);
            }
            catch (InvalidOperationException)
            {
                lost = true;
                options = StoredSettings.ReadWithoutSecrets(connection, type);
            }
        }

        return new ConnectionView(
            connection.Id, connection.Kind, catalog.Find(connection.Kind)?.Name ?? connection.Kind, connection.Name, connection.Description, connection.TeamId,
            connection.State, connection.CreatedAt, connection.InstalledAt, connection.HeldRuleVersionId is not null, connection.CustomFields,
            health ?? new ConnectionHealth { ConnectionId = connection.Id },
            options is null ? [] : ConnectionForm.Draw(options), options is null ? [] : ConnectionForm.ToJson(options), lost);
    }
}
