using System.Globalization;
using Deskbridge.Core.Connections;
using Deskbridge.Core.Data;
using Microsoft.EntityFrameworkCore;

namespace Deskbridge.Tests.Stories;

/// <summary>What a hub was at when a story failed, in words: what is told of it once, by a machine that nobody can look at, must suffice.</summary>
internal static class StoryState
{
    private const int LastEvents = 12;
    private const int Longest = 300;

    /// <summary>A line for each thing that pages, reads and writes wait for or come from.</summary>
    public static async Task<string> OfAsync(StoryWorld world)
    {
        try
        {
            return await ReadAsync(world);
        }
        catch (Exception failure)
        {
            return $"The state of the hub cannot be told: {failure.Message}";
        }
    }

    private static Task<string> ReadAsync(StoryWorld world) => world.Get<HubStore>().ReadAsync(
        async db =>
        {
            var now = world.Clock.GetUtcNow();
            var soon = now.AddMinutes(10); // most wakes are of tickets that grow too old
            var isOpen = world.Get<ConnectionMonitor>().IsOpen(world.ConnectionId, now);
            var lines = new List<string> { $"The hub at {At(now)}, with {world.Get<HubStore>().RepeatedWrites} writes repeated:" };
            foreach (var health in await db.ConnectionHealth.ToListAsync())
                lines.Add($"connection: last read {At(health.LastReadAt)}, last callback {At(health.LastCallbackAt)}, failing since {At(health.FailingSince)} ({health.FailuresInARow}), breaker {(isOpen ? "open" : "closed")} and in the row until {At(health.BreakerOpenUntil)}. {health.Failure}");
            foreach (var cursor in await db.Cursors.ToListAsync())
                lines.Add($"cursor {cursor.Stream}: {At(cursor.MarkTime)}, complete {At(cursor.LastCompleteAt)}");
            foreach (var wake in await db.Wakes.Where(wake => wake.DueAt < soon).OrderBy(wake => wake.DueAt).Take(LastEvents).ToListAsync())
                lines.Add($"wake {wake.RemoteId}: due {At(wake.DueAt)}, leased until {At(wake.LeaseUntil)}, attempts {wake.Attempts}, version {wake.Version}, {wake.Reasons}{(wake.NeedsRead ? $", to be read as of {At(wake.WantedUpdatedAt)}" : "")}");
            foreach (var alert in await db.Alerts.OrderByDescending(alert => alert.RaisedAt).Take(LastEvents).ToListAsync())
                lines.Add($"alert of {alert.TicketRemoteId}: {alert.Status} since {At(alert.ChangedAt)}, raised {At(alert.RaisedAt)}, \"{alert.Title}\"");
            foreach (var page in await db.Pages.OrderByDescending(page => page.DueAt).Take(LastEvents).ToListAsync())
                lines.Add($"page of episode {page.Episode}: {page.State}, due {At(page.DueAt)}, leased until {At(page.LeaseUntil)}, attempts {page.Attempts}. {page.Error}");
            foreach (var effect in await db.Effects.OrderByDescending(effect => effect.CreatedAt).Take(LastEvents).ToListAsync())
                lines.Add($"write {effect.Kind} to {effect.RemoteId}: {effect.State}, not before {At(effect.NotBefore)}, attempts {effect.Attempts}. {effect.Error}");
            foreach (var entry in (await db.ConnectionEvents.OrderByDescending(entry => entry.At).Take(LastEvents).ToListAsync()).AsEnumerable().Reverse())
                lines.Add($"event {At(entry.At)} {entry.Kind} {entry.RemoteId}: {entry.Message}");
            return string.Join('\n', lines.Select(line => (line.Length > Longest ? line[..Longest] : line).TrimEnd()));
        },
        default);

    private static string At(DateTimeOffset? instant) => instant?.ToString("HH:mm:ss.fff", CultureInfo.InvariantCulture) ?? "-";
}
