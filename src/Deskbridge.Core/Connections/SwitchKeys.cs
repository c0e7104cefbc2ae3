using Deskbridge.Connectors;
using Deskbridge.Core.Common;
using Deskbridge.Core.Data;
using Deskbridge.Core.Directory;

namespace Deskbridge.Core.Connections;

/// <summary>Puts a connection's second key in the place of the first, once it has proved itself; the first is dropped.</summary>
internal sealed class SwitchKeys(ConnectorCatalog catalog, StoredSettings stored, ConnectorPool pool, HubStore store, ConnectionChanges changes, TimeProvider clock)
{
    /// <summary>Switches on an administrator's word.</summary>
    /// <exception cref="ConnectorException">The remote could not be asked.</exception>
    public Task<Failure?> RunAsync(Guid connectionId, Person by, CancellationToken cancel) => by.Role == PersonRole.Admin
        ? SwitchAsync(connectionId, $"{by.Name} put the second key in the place of the first, which was dropped.", cancel)
        : Task.FromResult<Failure?>(new OnlyAdministrators());

    /// <summary>Switches when the remote refuses the first key already, so that it is tried no more.</summary>
    public async Task LookAsync(Guid connectionId, CancellationToken cancel)
    {
        try
        {
            if (await pool.FindAsync(connectionId, cancel) is { Connector: IHoldsTwoKeys { UsesSecondKey: true } })
                await SwitchAsync(connectionId, "The remote refuses the first key and takes the second, which is in its place now; the first was dropped.", cancel);
        }
        catch (ConnectorException)
        {
            // Tried again within a minute; calls go on with the second key.
        }
    }

    private async Task<Failure?> SwitchAsync(Guid connectionId, string told, CancellationToken cancel)
    {
        if (await pool.FindInAnyStateAsync(connectionId, cancel) is not { } live) return new ConnectionNotFound(connectionId);
        if (live.Connector is not IHoldsTwoKeys { HasSecondKey: true } keys) return new NoSecondKey(live.Connection.Name);
        if (await keys.TestSecondKeyAsync(cancel) is { Outcome: ProbeOutcome.Failed } failed) return new SecondKeyRefused($"{failed.Message} {failed.Fix}".Trim());
        var refused = await store.WriteAsync(
            async db =>
            {
                if (await db.Connections.FindAsync([connectionId], cancel) is not { } connection || catalog.Find(connection.Kind) is not { } type) return (Failure)new ConnectionNotFound(connectionId);
                if (connection.Version != live.Connection.Version) return new SecondKeyRefused("The settings were changed meanwhile. Look at them, and switch again.");
                var options = stored.Read(connection, type);
                type.PromoteSecondKey(options);
                stored.Write(connection, options);
                connection.Version++;
                db.LogConnectionEvent(connectionId, "keys", null, told, null, null, clock.GetUtcNow(), warn: true);
                return null;
            },
            cancel);
        if (refused is null) changes.Raise(connectionId);
        return refused;
    }
}
