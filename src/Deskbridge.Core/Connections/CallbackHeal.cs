using System.Collections.Concurrent;
using Deskbridge.Connectors;
using Deskbridge.Core.Data;
using Microsoft.EntityFrameworkCore;

namespace Deskbridge.Core.Connections;

/// <summary>Keeps the remote's callback subscriptions as they should be (engine.md §9). Without callbacks polling goes on; they only make it faster.</summary>
internal sealed class CallbackHeal(ConnectorPool pool, ConnectionMonitor monitor, HubStore store, ThisNode node, TimeProvider clock)
{
    /// <summary>The path under the public address at which a connection's callbacks come in; the host maps it.</summary>
    public const string Path = "/callbacks/";

    /// <summary>Longer than a check takes; a hub that dies in one holds the others up for no longer.</summary>
    private static readonly TimeSpan Hold = TimeSpan.FromMinutes(5);

    /// <summary>Install and the schedule may look at the same moment: the second waits, and finds everything in order.</summary>
    private readonly ConcurrentDictionary<Guid, SemaphoreSlim> _turns = new();

    /// <summary>Checks once more what could not be checked when its turn was: a remote that was away for a minute must not be without callbacks for a quarter of an hour.</summary>
    public async Task RetryAsync(Guid connectionId, CancellationToken cancel)
    {
        var due = await store.ReadAsync(db => db.ConnectionHealth.AnyAsync(health => health.ConnectionId == connectionId && (health.CallbacksUnchecked || health.CallbacksHeldUntil != null), cancel), cancel);
        if (due) await HealAsync(connectionId, cancel); // what is still held was begun and not written down: its hub may have died on the way
    }

    /// <summary>Somebody says that the subscriptions should be looked at: that is done within a minute, once however often it is said until then.</summary>
    /// <param name="connectionId">The connection.</param>
    /// <param name="why">What was said.</param>
    /// <param name="payload">How.</param>
    /// <param name="cancel">Gives up.</param>
    public Task WantAsync(Guid connectionId, string why, string payload, CancellationToken cancel) =>
        store.WriteAsync(
            async db =>
            {
                var health = await HealthAsync(db, connectionId, cancel);
                if (health.CallbacksUnchecked) return;
                health.CallbacksUnchecked = true;
                db.LogConnectionEvent(connectionId, "subscriptions", null, $"{why} They are looked at.", payload, null, clock.GetUtcNow());
            },
            cancel);

    /// <summary>Written with what makes a check necessary: whoever wanted it may die before it begins.</summary>
    public static async Task WantAsync(HubDb db, Guid connectionId, CancellationToken cancel) => (await HealthAsync(db, connectionId, cancel)).CallbacksUnchecked = true;

    /// <inheritdoc cref="WantAsync(HubDb, Guid, CancellationToken)"/>
    public static async Task WantAllAsync(HubDb db, CancellationToken cancel)
    {
        foreach (var id in await ActiveAsync(db, cancel)) await WantAsync(db, id, cancel);
    }

    /// <summary>Checks and mends the subscriptions of one connection; records and answers what was found, null when there is nothing to check now.</summary>
    /// <param name="connectionId">The connection.</param>
    /// <param name="cancel">Gives up.</param>
    /// <param name="anew">No callback comes though tickets change (<see cref="CallbackWatch"/>): what is there is taken away first, whatever state the remote shows it in.</param>
    public async Task<string?> HealAsync(Guid connectionId, CancellationToken cancel, bool anew = false)
    {
        if (await pool.FindAsync(connectionId, cancel) is not { Connector: IReceivesCallbacks receiver } live) return null;
        var turn = _turns.GetOrAdd(connectionId, static _ => new SemaphoreSlim(1, 1));
        await turn.WaitAsync(cancel);
        try
        {
            return await BeginAsync(connectionId, cancel) ? await HealAsync(live, receiver, anew, cancel) : null;
        }
        finally
        {
            turn.Release();
        }
    }

    /// <summary>One hub at a time: two would each make a subscription. What is not looked at now is looked at within a minute.</summary>
    private Task<bool> BeginAsync(Guid connectionId, CancellationToken cancel) =>
        store.WriteAsync(
            async db =>
            {
                var (health, now) = (await HealthAsync(db, connectionId, cancel), clock.GetUtcNow());
                var taken = health.CallbacksHeldUntil > now && health.CallbacksHeldBy != node.Id;
                health.CallbacksUnchecked = taken || monitor.IsOpen(connectionId, now);
                if (health.CallbacksUnchecked) return false;
                (health.CallbacksHeldBy, health.CallbacksHeldUntil) = (node.Id, now + Hold);
                return true;
            },
            cancel);

    private async Task<string> HealAsync(LiveConnection live, IReceivesCallbacks receiver, bool anew, CancellationToken cancel)
    {
        var connectionId = live.Id;
        using var callClass = CallClassScope.Use(CallClass.Tickets); // a few calls, which spare many: without callbacks a hub under load would never come to them
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
            return await RecordAsync(connectionId, anew ? "Made anew: polling found changes, and no callback told of them." : Describe(report), cancel, changed, subscribed: true, warn: anew, wasOff: report.Reactivated > 0);
        }
        catch (ConnectorException failure)
        {
            return await RecordAsync(connectionId, $"{(anew ? "No callback comes, and the subscription could not be made anew" : "The subscriptions could not be checked")}: {failure.Message}", cancel, changed: anew, warn: anew, failed: true);
        }
    }

    /// <summary>The same for every active connection, when the hub's public address changed.</summary>
    public async Task HealAllAsync(CancellationToken cancel)
    {
        foreach (var id in await store.ReadAsync(db => ActiveAsync(db, cancel), cancel)) await HealAsync(id, cancel);
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

    private static string Describe(SubscriptionReport report) => ((report.Added, report.Removed, report.Reactivated) switch
    {
        (0, 0, 0) => $"In order; subscriptions: {report.Kept}.",
        var (added, removed, reactivated) => $"Mended: {added} added, {removed} removed, {reactivated} switched on again, {report.Kept} kept.",
    }) + (report.Problem is { } problem ? " " + problem : "");

    private static Task<List<Guid>> ActiveAsync(HubDb db, CancellationToken cancel) =>
        db.Connections.Where(row => row.State == ConnectionState.Active).Select(row => row.Id).ToListAsync(cancel);

    private static async Task<ConnectionHealth> HealthAsync(HubDb db, Guid id, CancellationToken cancel) =>
        await db.ConnectionHealth.FindAsync([id], cancel) ?? db.ConnectionHealth.Add(new ConnectionHealth { ConnectionId = id }).Entity;

    /// <summary>Told in the event log when it is news, not every quarter of an hour.</summary>
    /// <param name="id">The connection.</param>
    /// <param name="text">What was found.</param>
    /// <param name="cancel">Gives up.</param>
    /// <param name="changed">Something was mended.</param>
    /// <param name="subscribed">Whether the remote has our address to call; null when that is not known.</param>
    /// <param name="warn">The hub's own log says it too.</param>
    /// <param name="wasOff">The remote had switched one off.</param>
    /// <param name="failed">It did not come to its end, and is tried again.</param>
    private Task<string> RecordAsync(Guid id, string text, CancellationToken cancel, bool changed = false, bool? subscribed = null, bool warn = false, bool wasOff = false, bool failed = false) =>
        store.WriteAsync(
            async db =>
            {
                var health = await HealthAsync(db, id, cancel);
                health.CallbacksHeldUntil = null;
                if (failed) health.CallbacksUnchecked = true;
                if (wasOff) health.CallbacksFoundOffAt = clock.GetUtcNow();
                if (changed || health.Callbacks != text) db.LogConnectionEvent(id, "subscriptions", null, text, null, null, clock.GetUtcNow(), warn: warn);
                if (subscribed is { } has) CallbackWatch.Subscribed(health, has, changed, clock.GetUtcNow());
                health.Callbacks = text;
                return text;
            },
            cancel);
}
