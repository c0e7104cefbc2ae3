using System.Collections.Concurrent;
using Deskbridge.Connectors;
using Deskbridge.Core.Common;
using Deskbridge.Core.Data;
using Deskbridge.Core.Directory;

namespace Deskbridge.Core.Connections;

/// <summary>Puts a connection's second key in the place of the first, once it has proved itself; the first is dropped.</summary>
internal sealed class SwitchKeys(ConnectorCatalog catalog, StoredSettings stored, ConnectorPool pool, HubStore store, ConnectionChanges changes, TimeProvider clock)
{
    /// <summary>How long after the first refusal the first key is tried once more.</summary>
    public static readonly TimeSpan TriedAgainAfter = TimeSpan.FromMinutes(3);

    /// <summary>Per connection, since when its first key was refused when it was refused again: that one is tried no more.</summary>
    private readonly ConcurrentDictionary<Guid, DateTimeOffset> _refusedAgain = new();

    private readonly Turns _turns = new();

    /// <summary>Switches on an administrator's word.</summary>
    public async Task<Failure?> RunAsync(Guid connectionId, Person by, CancellationToken cancel)
    {
        if (by.Role != PersonRole.Admin) return new OnlyAdministrators();
        try
        {
            return await SwitchAsync(connectionId, $"{by.Name} put the second key in the place of the first, which was dropped.", cancel);
        }
        catch (ConnectorException failure)
        {
            return new RemoteNotAsked(failure.Message);
        }
    }

    /// <summary>
    /// Switches when the remote refused the first key twice, minutes apart: one refusal may be the remote's own mistake, and a dropped key
    /// cannot be read again. It is tried no more often than that, for some systems lock an account for a key that is refused.
    /// </summary>
    public async Task LookAsync(Guid connectionId, CancellationToken cancel)
    {
        using var turn = await _turns.TakeAsync(connectionId, cancel);
        try
        {
            if (await pool.FindAsync(connectionId, cancel) is not { Connector: IHoldsTwoKeys { SecondKeySince: { } since } keys } || clock.GetUtcNow() - since < TriedAgainAfter) return;
            var isNews = !_refusedAgain.TryGetValue(connectionId, out var known) || known != since;
            if (isNews && await keys.TryFirstKeyAgainAsync(cancel))
            {
                await TellAsync(connectionId, "The remote refused the first key and takes it again, so it is used as before; the second stays beside it.", cancel);
                return;
            }

            _refusedAgain[connectionId] = since;
            var failed = await SwitchAsync(connectionId, "The remote refuses the first key, asked twice, and takes the second, which is in its place now; the first was dropped.", cancel);
            if (isNews && failed is not null) await TellAsync(connectionId, $"The remote refuses the first key, asked twice, and the second cannot take its place yet: {failed.Message}", cancel);
        }
        catch (ConnectorException)
        {
            // Tried again within a minute; calls go on with the second key.
        }
    }

    private Task TellAsync(Guid connectionId, string told, CancellationToken cancel) => store.WriteAsync(
        db =>
        {
            db.LogConnectionEvent(connectionId, "keys", null, told, null, null, clock.GetUtcNow(), warn: true);
            return Task.CompletedTask;
        },
        cancel);

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
