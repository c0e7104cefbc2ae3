using System.Collections.Concurrent;
using Deskbridge.Connectors;
using Deskbridge.Core.Common;
using Deskbridge.Core.Data;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging;

namespace Deskbridge.Core.Connections;

/// <summary>
/// Records how connections are doing and opens the breaker of one that fails. Only failures that concern the whole connection
/// count (network, credentials, throttling); a refused value says that the remote is there, and a call that our own budget held back says nothing.
/// </summary>
internal sealed partial class ConnectionMonitor(HubStore store, RandomIds random, TimeProvider clock, ILogger<ConnectionMonitor> logger)
{
    private readonly ConcurrentDictionary<Guid, DateTimeOffset> _openUntil = new();

    /// <summary>Breakers whose pause holds whatever else the remote does: it asked for it, or it does not know our credentials.</summary>
    private readonly ConcurrentDictionary<Guid, bool> _firm = new();

    /// <summary>How often in a row the credentials were refused. Forgotten by a restart, after which asking soon is right.</summary>
    private readonly ConcurrentDictionary<Guid, int> _refusals = new();

    /// <summary>Learns which breakers are open: at the start, and what other hubs found since.</summary>
    public async Task LoadAsync(CancellationToken cancel)
    {
        var open = await store.ReadAsync(
            db => db.ConnectionHealth.Where(row => row.BreakerOpenUntil != null).Select(row => new { row.ConnectionId, row.BreakerOpenUntil }).ToListAsync(cancel), cancel);
        foreach (var row in open)
        {
            if (!_openUntil.ContainsKey(row.ConnectionId)) _firm[row.ConnectionId] = true; // found elsewhere, and why is not known here
            _openUntil[row.ConnectionId] = row.BreakerOpenUntil!.Value;
        }

        foreach (var closed in _openUntil.Keys.Except(open.Select(row => row.ConnectionId)).ToList()) _openUntil.TryRemove(closed, out _);
    }

    /// <summary>True while no read or write should be tried. After the pause calls pass again, and the first failure opens it for longer.</summary>
    public bool IsOpen(Guid connectionId, DateTimeOffset now) => _openUntil.TryGetValue(connectionId, out var until) && now < until;

    /// <summary>
    /// The remote spoke by itself (a verified callback), so it is there again: what waits for the end of a pause goes on at once. The next
    /// failure opens the breaker for longer all the same.
    /// </summary>
    public async Task SpokeAsync(Guid connectionId, CancellationToken cancel)
    {
        if (!IsOpen(connectionId, clock.GetUtcNow()) || _firm.ContainsKey(connectionId)) return;
        await ChangeAsync(connectionId, health => health.BreakerOpenUntil = null, cancel);
    }

    /// <summary>A poll read to the end.</summary>
    /// <param name="connectionId">The connection.</param>
    /// <param name="clockOffset">The remote's clock minus ours, when an answer told it.</param>
    /// <param name="changes">How many changes it found that had been made just now.</param>
    /// <param name="cancel">Gives up.</param>
    /// <returns>Whether callbacks are taken for lost since this poll.</returns>
    public async Task<bool> SucceededAsync(Guid connectionId, TimeSpan? clockOffset, int changes, CancellationToken cancel)
    {
        var now = clock.GetUtcNow();
        var silent = false;
        var failedSince = await ChangeAsync(
            connectionId,
            health =>
            {
                var since = health.FailingSince;
                health.LastReadAt = now;
                health.FailingSince = null;
                Heal(health);
                if (clockOffset is { } offset) health.ClockOffsetMs = (long)offset.TotalMilliseconds;
                silent = CallbackWatch.Found(health, changes, now);
                return since;
            },
            cancel);
        _firm.TryRemove(connectionId, out _);
        _refusals.TryRemove(connectionId, out _);
        if (failedSince is { } began) LogReadAgain(logger, await NameAsync(connectionId, cancel), connectionId, (now - began).TotalSeconds);
        return silent;
    }

    /// <inheritdoc cref="SucceededAsync(Guid, TimeSpan?, int, CancellationToken)"/>
    public Task SucceededAsync(Guid connectionId, CancellationToken cancel) => SucceededAsync(connectionId, null, 0, cancel);

    /// <summary>A call failed.</summary>
    /// <param name="connectionId">The connection.</param>
    /// <param name="failure">How.</param>
    /// <param name="what">What was tried, for people: "Reading changed tickets".</param>
    /// <param name="cancel">Gives up.</param>
    /// <param name="all">Nothing can be read while it fails so, whatever the reason; it may still not be one to make no calls.</param>
    public async Task FailedAsync(Guid connectionId, ConnectorException failure, string what, CancellationToken cancel, bool all = false)
    {
        if (failure is ConnectorThrottledException { NotAsked: true }) return;
        var now = clock.GetUtcNow();
        var message = $"{what}: {failure.Message}";
        var (isNews, refusals) = await store.WriteAsync(
            async db =>
            {
                var health = await HealthAsync(db, connectionId, cancel);
                var changed = health.Failure != message;
                if (changed) db.LogConnectionEvent(connectionId, "failure", null, message, null, null, now);
                health.Failure = message;
                if (all || ConcernsConnection(failure)) health.FailingSince ??= now;
                if (!ConcernsConnection(failure)) return (changed, null);
                if (failure is ConnectorThrottledException { RetryAfter: var wait } && health.BreakerOpenUntil < now + wait) health.BreakerOpenUntil = now + wait;
                if (health.BreakerOpenUntil > now) return (changed, null);
                health.FailuresInARow++;
                var refused = failure is ConnectorCredentialsException ? _refusals.GetValueOrDefault(connectionId) + 1 : 0;
                if (PauseAfter(health.FailuresInARow, refused, failure) is { } pause) health.BreakerOpenUntil = now + pause;
                return (changed, (int?)refused);
            },
            cancel);
        if (refusals is { } inARow) _refusals[connectionId] = inARow;
        if (failure is ConnectorThrottledException or ConnectorCredentialsException) _firm[connectionId] = true;
        await RememberAsync(connectionId, cancel);
        if (isNews) LogFailing(logger, await NameAsync(connectionId, cancel), connectionId, message);
    }

    [LoggerMessage(3021, LogLevel.Warning, "Connection '{Name}' ({Connection}) fails. {Failure}")]
    private static partial void LogFailing(ILogger logger, string? name, Guid connection, string failure);

    [LoggerMessage(3022, LogLevel.Information, "Connection '{Name}' ({Connection}) is read again after {Seconds:0} seconds of failures")]
    private static partial void LogReadAgain(ILogger logger, string? name, Guid connection, double seconds);

    private Task<string?> NameAsync(Guid connectionId, CancellationToken cancel) =>
        store.ReadAsync<string?>(db => db.Connections.Where(row => row.Id == connectionId).Select(row => row.Name).SingleOrDefaultAsync(cancel), cancel);

    /// <summary>A write that something between refuses may be refused for what it holds; others must not wait for it. A read holds nothing.</summary>
    private static bool ConcernsConnection(ConnectorException failure) => failure
        is ConnectorUnavailableException and not ConnectorUnavailableException { Unexplained: true, MayHaveBeenApplied: true }
        or ConnectorCredentialsException or ConnectorThrottledException or ConnectorRejectedException { Kind: RejectionKind.Permission, Field: null };

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

    private TimeSpan? PauseAfter(int failures, int refusals, ConnectorException failure)
    {
        var pause = Breaker.PauseAfter(failures, refusals, random.NextDouble());
        return failure is ConnectorThrottledException { RetryAfter: var wait } && pause is { } own && wait > own ? wait : pause;
    }

    private async Task<DateTimeOffset?> ChangeAsync(Guid id, Func<ConnectionHealth, DateTimeOffset?> change, CancellationToken cancel)
    {
        var told = await store.WriteAsync(async db => change(await HealthAsync(db, id, cancel)), cancel);
        await RememberAsync(id, cancel);
        return told;
    }

    private async Task RememberAsync(Guid id, CancellationToken cancel)
    {
        var until = await store.ReadAsync(db => db.ConnectionHealth.Where(row => row.ConnectionId == id).Select(row => row.BreakerOpenUntil).SingleOrDefaultAsync(cancel), cancel);
        if (until is { } open) _openUntil[id] = open;
        else _openUntil.TryRemove(id, out _);
    }
}
