using Deskbridge.Connectors;
using Deskbridge.Core.Common;
using Deskbridge.Core.Data;
using Microsoft.EntityFrameworkCore;

namespace Deskbridge.Core.Connections.Rights;

/// <summary>
/// Looks at the rights again when the remote refused something for want of one, so that the missing cell is named before anybody
/// searches, and while one is missing, so that its return is seen.
/// </summary>
internal sealed class RightsWatch(ConnectorPool pool, RightsBook book, CallBudgets budgets, HubStore store, TimeProvider clock)
{
    private static readonly TimeSpan NotMoreOften = TimeSpan.FromMinutes(5);

    /// <summary>Looks at one active connection, if there is reason to. A remote that cannot be asked now is asked the next time.</summary>
    public async Task LookAsync(Guid connectionId, CancellationToken cancel)
    {
        if (await pool.FindAsync(connectionId, cancel) is not { Connector: IProbesRights } live) return;
        var kept = await store.ReadAsync(db => db.ConnectionAccess.SingleOrDefaultAsync(row => row.ConnectionId == connectionId, cancel), cancel);
        if (kept is not null && clock.GetUtcNow() - kept.CheckedAt < NotMoreOften) return;
        if (kept is not null && live.Connector is ITellsVersion { Version: { Length: > 0 } now } && Json.Read<RightsReport>(kept.Rights).Version is { Length: > 0 } was && now != was)
        {
            await UpdatedAsync(live.Connection, was, now, cancel);
            return;
        }

        var refused = budgets.Of(connectionId).ForbiddenAt > (kept?.CheckedAt ?? DateTimeOffset.MinValue);
        if (refused || (kept is not null && RightsBook.Lacks(Json.Read<RightsReport>(kept.Rights)).Length > 0)) await book.CheckAsync(connectionId, goOn: false, cancel);
    }

    /// <summary>Another release may write custom fields differently and guard other things: both are found out anew.</summary>
    private async Task UpdatedAsync(Connection connection, string was, string now, CancellationToken cancel)
    {
        if (await book.CheckAsync(connection.Id, goOn: false, cancel) is not null) return;
        await store.WriteAsync(
            async db =>
            {
                if (await db.Connections.FindAsync([connection.Id], cancel) is not { } row) return;
                if (row.CustomFields != CustomFieldMode.Unrestored) row.CustomFields = CustomFieldMode.Untested;
                db.LogConnectionEvent(
                    connection.Id, "version", null, $"The remote was updated from {was} to {now}. The rights were looked at again, and the next write of custom fields is a trial.", null, null, clock.GetUtcNow());
            },
            cancel);
    }
}
