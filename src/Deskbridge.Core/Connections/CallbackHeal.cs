using System.Collections.Concurrent;
using Deskbridge.Connectors;
using Deskbridge.Core.Data;
using Microsoft.EntityFrameworkCore;

namespace Deskbridge.Core.Connections;

/// <summary>Keeps the remote's callback subscriptions as they should be (engine.md §9). Without callbacks polling goes on; they only make it faster.</summary>
internal sealed class CallbackHeal(ConnectorPool pool, ConnectionMonitor monitor, HubStore store, TimeProvider clock)
{
    /// <summary>The path under the public address at which a connection's callbacks come in; the host maps it.</summary>
    public const string Path = "/callbacks/";

    /// <summary>Connections whose last check did not come to its end.</summary>
    private readonly ConcurrentDictionary<Guid, bool> _unchecked = new();

    /// <summary>Checks once more what could not be checked when its turn was: a remote that was away for a minute must not be without callbacks for a quarter of an hour.</summary>
    public Task RetryAsync(Guid connectionId, CancellationToken cancel) =>
        _unchecked.TryRemove(connectionId, out _) ? HealAsync(connectionId, cancel) : Task.CompletedTask;

    /// <summary>Checks and mends the subscriptions of one connection; records and answers what was found, null when there is nothing to check now.</summary>
    /// <param name="connectionId">The connection.</param>
    /// <param name="cancel">Gives up.</param>
    /// <param name="anew">No callback comes though tickets change (<see cref="CallbackWatch"/>): what is there is taken away first, whatever state the remote shows it in.</param>
    public async Task<string?> HealAsync(Guid connectionId, CancellationToken cancel, bool anew = false)
    {
        if (await pool.FindAsync(connectionId, cancel) is not { Connector: IReceivesCallbacks receiver } live) return null;
        if (monitor.IsOpen(connectionId, clock.GetUtcNow()))
        {
            _unchecked[connectionId] = true;
            return null;
        }

        using var callClass = CallClassScope.Use(CallClass.Sweeps);
        var (url, problem) = await AddressAsync(live.Connection, cancel);
        if (url is null)
        {
            return await RecordAsync(connectionId, problem!, cancel, subscribed: false);
        }

        try
        {
            if (anew) await RemoveAsync(live, cancel);
            var report = await receiver.EnsureSubscriptionsAsync(url, cancel);
            var changed = anew || report.Added + report.Removed + report.Reactivated > 0;
            return await RecordAsync(connectionId, anew ? "Made anew: polling found changes, and no callback told of them." : Describe(report), cancel, changed, subscribed: true, warn: anew);
        }
        catch (ConnectorException failure)
        {
            _unchecked[connectionId] = true;
            return await RecordAsync(connectionId, $"{(anew ? "No callback comes, and the subscription could not be made anew" : "The subscriptions could not be checked")}: {failure.Message}", cancel, changed: anew, warn: anew);
        }
    }

    /// <summary>The same for every active connection, when the hub's public address changed.</summary>
    public async Task HealAllAsync(CancellationToken cancel)
    {
        var active = await store.ReadAsync(db => db.Connections.Where(row => row.State == ConnectionState.Active).Select(row => row.Id).ToListAsync(cancel), cancel);
        foreach (var id in active) await HealAsync(id, cancel);
    }

    /// <summary>Removes the subscriptions of one connection; answers what happened, in words.</summary>
    public static async Task<string> RemoveAsync(LiveConnection live, CancellationToken cancel)
    {
        if (live.Connector is not IReceivesCallbacks receiver) return "This kind of connection has none.";
        var removed = await receiver.RemoveSubscriptionsAsync(Path + live.Connection.CallbackToken, cancel);
        return $"Subscriptions removed: {removed}.";
    }

    /// <summary>The address that the remote calls, or why there is none.</summary>
    public async Task<(Uri? Url, string? Problem)> AddressAsync(Connection connection, CancellationToken cancel)
    {
        var text = await store.ReadAsync(db => db.Settings.Where(setting => setting.Key == SettingKeys.PublicUrl).Select(setting => setting.Value).SingleOrDefaultAsync(cancel), cancel);
        if (string.IsNullOrWhiteSpace(text))
        {
            return (null, "No callbacks: the hub's public address is not set. Enter it under Settings; until then changes are found by polling.");
        }

        if (!Uri.TryCreate(text.TrimEnd('/'), UriKind.Absolute, out var root) || (root.Scheme != Uri.UriSchemeHttps && !(root.Scheme == Uri.UriSchemeHttp && root.IsLoopback)))
        {
            return (null, $"No callbacks: the public address '{text}' is not https. Enter an https address under Settings; until then changes are found by polling.");
        }

        return (new Uri(root.GetLeftPart(UriPartial.Authority) + Path + connection.CallbackToken), null);
    }

    private static string Describe(SubscriptionReport report) => (report.Added, report.Removed, report.Reactivated) switch
    {
        (0, 0, 0) => $"In order; subscriptions: {report.Kept}.",
        var (added, removed, reactivated) => $"Mended: {added} added, {removed} removed, {reactivated} switched on again, {report.Kept} kept.",
    };

    /// <summary>Told in the event log when it is news, not every quarter of an hour.</summary>
    /// <param name="id">The connection.</param>
    /// <param name="text">What was found.</param>
    /// <param name="cancel">Gives up.</param>
    /// <param name="changed">Something was mended.</param>
    /// <param name="subscribed">Whether the remote has our address to call; null when that is not known.</param>
    /// <param name="warn">The hub's own log says it too.</param>
    private Task<string> RecordAsync(Guid id, string text, CancellationToken cancel, bool changed = false, bool? subscribed = null, bool warn = false) =>
        store.WriteAsync(
            async db =>
            {
                var health = await db.ConnectionHealth.FindAsync([id], cancel) ?? db.ConnectionHealth.Add(new ConnectionHealth { ConnectionId = id }).Entity;
                if (changed || health.Callbacks != text) db.LogConnectionEvent(id, "subscriptions", null, text, null, null, clock.GetUtcNow(), warn: warn);
                if (subscribed is { } has) CallbackWatch.Subscribed(health, has, changed, clock.GetUtcNow());
                health.Callbacks = text;
                return text;
            },
            cancel);
}
