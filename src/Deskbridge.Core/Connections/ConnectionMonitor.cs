using System.Collections.Concurrent;
using Deskbridge.Connectors;
using Deskbridge.Core.Common;
using Deskbridge.Core.Data;
using Microsoft.EntityFrameworkCore;

namespace Deskbridge.Core.Connections;

/// <summary>
/// Records how connections are doing and opens the breaker of one that fails. Only failures that concern the whole connection
/// count (network, credentials, throttling); a refused value says that the remote is there.
/// </summary>
internal sealed class ConnectionMonitor(HubStore store, RandomIds random, TimeProvider clock)
{
    private readonly ConcurrentDictionary<Guid, DateTimeOffset> _openUntil = new();

    /// <summary>Remembers the breakers that were open when the process ended.</summary>
    public async Task LoadAsync(CancellationToken cancel)
    {
        var open = await store.ReadAsync(
            db => db.ConnectionHealth.Where(row => row.BreakerOpenUntil != null).Select(row => new { row.ConnectionId, row.BreakerOpenUntil }).ToListAsync(cancel), cancel);
        foreach (var row in open) _openUntil[row.ConnectionId] = row.BreakerOpenUntil!.Value;
    }

    /// <summary>True while no read or write should be tried. After the pause calls pass again, and the first failure opens it for longer.</summary>
    public bool IsOpen(Guid connectionId, DateTimeOffset now) => _openUntil.TryGetValue(connectionId, out var until) && now < until;

    /// <summary>A poll read to the end.</summary>
    /// <param name="connectionId">The connection.</param>
    /// <param name="clockOffset">The remote's clock minus ours, when an answer told it.</param>
    /// <param name="cancel">Gives up.</param>
    public async Task SucceededAsync(Guid connectionId, TimeSpan? clockOffset, CancellationToken cancel)
    {
        var now = clock.GetUtcNow();
        await ChangeAsync(
            connectionId,
            health =>
            {
                health.LastReadAt = now;
                health.FailingSince = null;
                Heal(health);
                if (clockOffset is { } offset) health.ClockOffsetMs = (long)offset.TotalMilliseconds;
            },
            cancel);
    }

    /// <inheritdoc cref="SucceededAsync(Guid, TimeSpan?, CancellationToken)"/>
    public Task SucceededAsync(Guid connectionId, CancellationToken cancel) => SucceededAsync(connectionId, null, cancel);

    /// <summary>A call failed.</summary>
    /// <param name="connectionId">The connection.</param>
    /// <param name="failure">How.</param>
    /// <param name="what">What was tried, for people: "Reading changed tickets".</param>
    /// <param name="cancel">Gives up.</param>
    public async Task FailedAsync(Guid connectionId, ConnectorException failure, string what, CancellationToken cancel)
    {
        var now = clock.GetUtcNow();
        await store.WriteAsync(
            async db =>
            {
                var health = await HealthAsync(db, connectionId, cancel);
                var message = $"{what}: {failure.Message}";
                if (health.Failure != message) db.LogConnectionEvent(connectionId, "failure", null, message, null, null, now);
                health.Failure = message;
                if (!ConcernsConnection(failure)) return;
                health.FailingSince ??= now;
                health.FailuresInARow++;
                if (PauseAfter(health, failure) is not { } pause) return;
                health.BreakerOpenUntil = now + pause;
            },
            cancel);
        await RememberAsync(connectionId, cancel);
    }

    private static bool ConcernsConnection(ConnectorException failure) => failure
        is ConnectorUnavailableException or ConnectorCredentialsException or ConnectorThrottledException or ConnectorRejectedException { Kind: RejectionKind.Permission, Field: null };

    private static void Heal(ConnectionHealth health)
    {
        health.Failure = null;
        health.FailuresInARow = 0;
        health.BreakerOpenUntil = null;
    }

    private static async Task<ConnectionHealth> HealthAsync(HubDb db, Guid id, CancellationToken cancel)
    {
        if (await db.ConnectionHealth.FindAsync([id], cancel) is { } health) return health;
        return db.ConnectionHealth.Add(new ConnectionHealth { ConnectionId = id }).Entity;
    }

    private TimeSpan? PauseAfter(ConnectionHealth health, ConnectorException failure)
    {
        var pause = Breaker.PauseAfter(health.FailuresInARow, failure is ConnectorCredentialsException, random.NextDouble());
        return failure is ConnectorThrottledException { RetryAfter: var wait } && pause is { } own && wait > own ? wait : pause;
    }

    private async Task ChangeAsync(Guid id, Action<ConnectionHealth> change, CancellationToken cancel)
    {
        await store.WriteAsync(async db => change(await HealthAsync(db, id, cancel)), cancel);
        await RememberAsync(id, cancel);
    }

    private async Task RememberAsync(Guid id, CancellationToken cancel)
    {
        var until = await store.ReadAsync(db => db.ConnectionHealth.Where(row => row.ConnectionId == id).Select(row => row.BreakerOpenUntil).SingleOrDefaultAsync(cancel), cancel);
        if (until is { } open) _openUntil[id] = open;
        else _openUntil.TryRemove(id, out _);
    }
}
