using Deskbridge.Core.Data;
using Microsoft.EntityFrameworkCore;

namespace Deskbridge.Core.Alerting;

/// <summary>What is wrong with a connection now: the hub's own alerts about it that are not closed.</summary>
internal sealed class ConnectionFindings(HubStore store)
{
    /// <summary>Reads them, oldest first.</summary>
    public Task<List<ConnectionFinding>> ReadAsync(Guid connectionId, CancellationToken cancel) =>
        store.ReadAsync(
            db => db.Alerts
                .Where(alert => alert.ConnectionId == connectionId && alert.LinkId == null && alert.Status != AlertStatus.Closed)
                .OrderBy(alert => alert.RaisedAt)
                .Select(alert => new ConnectionFinding(alert.Id, alert.Cause ?? "", alert.Title, alert.Text, alert.RaisedAt, alert.Cause == MarkerFinding.Cause))
                .ToListAsync(cancel),
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
