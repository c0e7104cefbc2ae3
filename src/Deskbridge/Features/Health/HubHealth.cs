using Deskbridge.Core.Alerting;
using Deskbridge.Core.Connections;
using Deskbridge.Core.Data;
using Deskbridge.Core.Sync;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace Deskbridge.Features.Health;

/// <summary>Says how the hub and every connection are doing. No call leaves the hub.</summary>
internal sealed class HubHealth(HubStore store, CallBudgets budgets, IOptions<ConnectionsOptions> options, TimeProvider clock)
{
    public async Task<HubHealthReport> ReadAsync(CancellationToken cancel)
    {
        var now = clock.GetUtcNow();
        var database = await ProbeAsync(cancel);
        var (connections, queues) = await store.ReadAsync(async db => (await ConnectionsAsync(db, now, cancel), await QueuesAsync(db, now, cancel)), cancel);
        var status = connections.Select(connection => connection.Status).Append(database.Status).Max();
        return new HubHealthReport(status, now, database, queues, connections);
    }

    /// <summary>A write that changes nothing: a full or read-only disk shows here.</summary>
    public async Task<DatabaseStatus> ProbeAsync(CancellationToken cancel)
    {
        try
        {
            await store.WriteAsync(db => db.Database.ExecuteSqlRawAsync("UPDATE settings SET \"Value\" = \"Value\" WHERE 1 = 0", cancel), cancel);
            return new DatabaseStatus(HealthStatus.Ok, "It takes writes.");
        }
        catch (Exception failure) when (failure is not OperationCanceledException)
        {
            return new DatabaseStatus(HealthStatus.Failing, "The database does not take writes. 'deskbridge doctor' says why.");
        }
    }

    private static async Task<QueueLengths> QueuesAsync(HubDb db, DateTimeOffset now, CancellationToken cancel) => new(
        await db.Wakes.CountAsync(wake => wake.DueAt <= now, cancel),
        await db.Effects.CountAsync(effect => EffectStates.Unsettled.Contains(effect.State), cancel),
        await db.Pages.CountAsync(page => (page.State == PageState.Pending && page.DueAt <= now) || page.State == PageState.Sending, cancel),
        await db.Tickets.CountAsync(ticket => ticket.DetailsWanted, cancel));

    private async Task<List<ConnectionHealthReport>> ConnectionsAsync(HubDb db, DateTimeOffset now, CancellationToken cancel)
    {
        var rows = await (
            from connection in db.Connections
            where connection.State != ConnectionState.Removed
            join health in db.ConnectionHealth on connection.Id equals health.ConnectionId into found
            from health in found.DefaultIfEmpty()
            orderby connection.Name
            select new { connection, health }).ToListAsync(cancel);
        var wakes = await db.Wakes.Where(wake => wake.DueAt <= now).GroupBy(wake => wake.ConnectionId)
            .Select(group => new { group.Key, Count = group.Count() }).ToDictionaryAsync(group => group.Key, group => group.Count, cancel);
        var effects = await db.Effects.Where(effect => EffectStates.Unsettled.Contains(effect.State)).GroupBy(effect => effect.ConnectionId)
            .Select(group => new { group.Key, Count = group.Count() }).ToDictionaryAsync(group => group.Key, group => group.Count, cancel);
        return rows.ConvertAll(row => Report(
            row.connection, row.health ?? new ConnectionHealth { ConnectionId = row.connection.Id },
            wakes.GetValueOrDefault(row.connection.Id), effects.GetValueOrDefault(row.connection.Id), now));
    }

    private ConnectionHealthReport Report(Connection connection, ConnectionHealth health, int wakes, int effects, DateTimeOffset now)
    {
        var active = connection.State == ConnectionState.Active;
        var lag = active && health.LastReadAt is { } read ? now - read : (TimeSpan?)null;
        var breakerOpen = health.BreakerOpenUntil > now;
        var status = !active ? HealthStatus.Ok
            : lag > options.Value.SilenceAfter || now - health.FailingSince > options.Value.SilenceAfter ? HealthStatus.Failing
            : breakerOpen || health.Failure is not null ? HealthStatus.Degraded
            : HealthStatus.Ok;
        return new ConnectionHealthReport(
            connection.Id, connection.Name, connection.Kind, connection.State, status,
            health.LastReadAt, health.LastWriteAt, health.LastCallbackAt, lag is { } behind ? Math.Round(behind.TotalSeconds, 1) : null,
            health.FailingSince, health.Failure, breakerOpen, breakerOpen ? health.BreakerOpenUntil : null,
            health.Callbacks, connection.HeldRuleVersionId is not null, wakes, effects, options.Value.CallsPerMinute, budgets.Of(connection.Id).Usage());
    }
}

/// <summary>How something is doing; the worst one counts.</summary>
internal enum HealthStatus
{
    Ok,

    /// <summary>It works, but something failed lately and is tried again.</summary>
    Degraded,

    /// <summary>It does not do its work.</summary>
    Failing,
}

/// <summary>How the hub is doing; <paramref name="Status"/> is the worst of the database and the active connections.</summary>
internal sealed record HubHealthReport(
    HealthStatus Status, DateTimeOffset At, DatabaseStatus Database, QueueLengths Queues, IReadOnlyList<ConnectionHealthReport> Connections);

internal sealed record DatabaseStatus(HealthStatus Status, string Message);

/// <summary>Work that waits: tickets to look at, writes not settled, pages due, details to read.</summary>
internal sealed record QueueLengths(int Wakes, int Effects, int Pages, int Details);

/// <summary>
/// How a connection is doing. <paramref name="LagSeconds"/> is how long ago the last read came to its end; null when it is not active or has not
/// read yet. <paramref name="CallsPerMinute"/> is the budget that <paramref name="Calls"/> use.
/// </summary>
internal sealed record ConnectionHealthReport(
    Guid Id, string Name, string Kind, ConnectionState State, HealthStatus Status,
    DateTimeOffset? LastReadAt, DateTimeOffset? LastWriteAt, DateTimeOffset? LastCallbackAt, double? LagSeconds,
    DateTimeOffset? FailingSince, string? Failure, bool BreakerOpen, DateTimeOffset? BreakerOpenUntil,
    string Callbacks, bool RuleChangeHeld, int Wakes, int Effects, int CallsPerMinute, CallUsage Calls);
