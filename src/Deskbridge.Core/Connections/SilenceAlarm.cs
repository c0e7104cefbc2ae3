using System.Collections.Concurrent;
using Deskbridge.Core.Alerting;
using Deskbridge.Core.Data;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace Deskbridge.Core.Connections;

/// <summary>Silence is an alarm (engine.md §6.12): an active connection that has read nothing for too long raises one alert of the hub's own, closed when reading works again.</summary>
internal class SilenceAlarm(HubAlerts alerts, HubStore store, IOptions<ConnectionsOptions> options, TimeProvider clock)
{
    internal const string Cause = "cannot-read";

    /// <summary>Since when this process sees each connection active: time spent paused, or the hub spent switched off, is no silence.</summary>
    private readonly ConcurrentDictionary<Guid, DateTimeOffset> _watchedSince = new();

    /// <summary>Connections whose alert is known to be open, so that it is raised once and cleared once.</summary>
    private readonly ConcurrentDictionary<Guid, bool> _alarmed = new();

    /// <summary>Looks at every connection once.</summary>
    public virtual async Task CheckAsync(CancellationToken cancel)
    {
        var now = clock.GetUtcNow();
        var rows = await store.ReadAsync(
            db => (from connection in db.Connections
                   join health in db.ConnectionHealth on connection.Id equals health.ConnectionId
                   select new { connection.Id, connection.Name, connection.State, health.LastReadAt, health.FailingSince, health.Failure }).ToListAsync(cancel),
            cancel);
        foreach (var row in rows)
        {
            if (row.State != ConnectionState.Active)
            {
                _watchedSince.TryRemove(row.Id, out _);
                await ClearAsync(row.Id, "The connection is not active.", now, cancel);
                continue;
            }

            var watched = _watchedSince.AddOrUpdate(row.Id, now, (_, since) => since < now ? since : now); // the clock may have been set back
            var readAt = row.LastReadAt > watched ? row.LastReadAt.Value : watched;
            var silentSince = row.FailingSince < readAt ? row.FailingSince.Value : readAt;
            if (now - silentSince < options.Value.SilenceAfter) await ClearAsync(row.Id, "Reading works again.", now, cancel);
            else await RaiseAsync(row.Id, row.Name, silentSince, row.Failure, now, cancel);
        }
    }

    private async Task RaiseAsync(Guid id, string name, DateTimeOffset since, string? failure, DateTimeOffset now, CancellationToken cancel)
    {
        if (_alarmed.TryGetValue(id, out var open) && open) return;
        var why = failure ?? "No read came to its end.";
        await store.WriteAsync(
            db => alerts.RaiseAsync(db, id, Cause, $"'{name}' cannot be read", $"Nothing was read since {since:yyyy-MM-dd HH:mm} UTC. {why} Tickets raise no alerts until this is mended; the connection's page tells more.", now, cancel),
            cancel);
        _alarmed[id] = true;
    }

    /// <summary>The first look after a start clears what an earlier process left open.</summary>
    private async Task ClearAsync(Guid id, string why, DateTimeOffset now, CancellationToken cancel)
    {
        if (_alarmed.TryGetValue(id, out var open) && !open) return;
        await store.WriteAsync(db => alerts.ClearAsync(db, id, Cause, why, now, cancel), cancel);
        _alarmed[id] = false;
    }
}
