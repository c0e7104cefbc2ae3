using Deskbridge.Core.Alerting.Paging;
using Deskbridge.Core.Data;
using Microsoft.EntityFrameworkCore;

namespace Deskbridge.Core.Alerting.Teams;

/// <summary>Alerts that were raised while their connection had no team, and so paged nobody.</summary>
internal sealed class AlertsWithoutTeam(PagePlanner pages)
{
    /// <summary>Gives those that are not closed to the team that their connection has now; open ones page. Part of the caller's transaction.</summary>
    public async Task GiveAsync(HubDb db, Guid connectionId, Guid teamId, DateTimeOffset now, CancellationToken cancel)
    {
        var alerts = await db.Alerts.Where(a => a.ConnectionId == connectionId && a.TeamId == null && a.Status != AlertStatus.Closed).ToListAsync(cancel);
        foreach (var alert in alerts) alert.TeamId = teamId;
        if (alerts.Count > 0) await pages.PageUnattendedAsync(db, teamId, now, cancel);
    }
}
