using Deskbridge.Core.Data;
using Microsoft.EntityFrameworkCore;

namespace Deskbridge.Core.Alerting;

/// <summary>What is wrong with connections now: the hub's own alerts about them that are not closed.</summary>
internal sealed class ConnectionFindings(HubStore store)
{
    /// <summary>Those of one connection, oldest first.</summary>
    public async Task<IReadOnlyList<ConnectionFinding>> ReadAsync(Guid connectionId, CancellationToken cancel) =>
        [.. (await ReadAsync(db => db.Alerts.Where(alert => alert.ConnectionId == connectionId), cancel)).Select(named => named.Finding)];

    /// <summary>Those of every connection, oldest first.</summary>
    public Task<List<NamedFinding>> ReadAllAsync(CancellationToken cancel) => ReadAsync(static db => db.Alerts, cancel);

    private Task<List<NamedFinding>> ReadAsync(Func<HubDb, IQueryable<Alert>> among, CancellationToken cancel) =>
        store.ReadAsync(
            db => (from alert in among(db)
                   where alert.LinkId == null && alert.Status != AlertStatus.Closed
                   join connection in db.Connections on alert.ConnectionId equals connection.Id
                   orderby alert.RaisedAt
                   select new NamedFinding(
                       connection.Name,
                       new ConnectionFinding(alert.Id, alert.Cause ?? "", alert.Title, alert.Text, alert.RaisedAt, alert.Cause == MarkerFinding.Cause))).ToListAsync(cancel),
            cancel);
}

/// <summary>Something that is wrong with a connection.</summary>
/// <param name="AlertId">The alert that tells of it.</param>
/// <param name="Cause">What it is about, for programs.</param>
/// <param name="Title">In a line.</param>
/// <param name="Text">What happened and what to do.</param>
/// <param name="Since">When it was first seen.</param>
/// <param name="Repairable">Install mends it.</param>
internal sealed record ConnectionFinding(Guid AlertId, string Cause, string Title, string Text, DateTimeOffset Since, bool Repairable);

/// <summary>A finding and the name of its connection.</summary>
internal sealed record NamedFinding(string Connection, ConnectionFinding Finding);
