using Deskbridge.Core.Alerting;
using Deskbridge.Core.Connections;
using Deskbridge.Simulation.World;
using Microsoft.EntityFrameworkCore;

namespace Deskbridge.Simulation.Checks;

/// <summary>Silence is an alarm (engine.md §6.12): judged whenever the hub has looked for it.</summary>
internal static class SilenceCheckers
{
    private static readonly TimeSpan SilenceAfter = new ConnectionsOptions().SilenceAfter;

    public static async Task<IEnumerable<Violation>> JudgeAsync(SimulatedWorld world)
    {
        var since = world.Time.GetUtcNow() - SilenceAfter;
        var untold = await world.Hub.ReadAsync(db =>
            (from connection in db.Connections
             join health in db.ConnectionHealth on connection.Id equals health.ConnectionId
             where connection.State == ConnectionState.Active && health.FailingSince <= since
                 && !db.Alerts.Any(alert => alert.ConnectionId == connection.Id && alert.LinkId == null && alert.Status != AlertStatus.Closed && alert.Title.Contains("cannot be read"))
             select connection.Name).ToListAsync());
        return untold.Select(name => new Violation("silence", $"{name} could not be read for {SilenceAfter.TotalMinutes:0} minutes and nobody was told"));
    }
}
