using Deskbridge.Core.Alerting;
using Deskbridge.Core.Alerting.Teams;
using Deskbridge.Core.Connections;
using Deskbridge.Core.Data;
using Deskbridge.Features.Connections;
using Deskbridge.Features.Settings;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace Deskbridge.Features.Health;

/// <summary>Looks at everything that must work for a page to reach somebody, and says what does not.</summary>
internal sealed class HealthOverview(
    HubHealth health, HubStore store, HubDatabase location, DataFolder folder, ConnectionQueries connections, ConnectionQueues queues, TeamQueries teams, SettingsStore settings,
    IOptions<ConnectionsOptions> options, TimeProvider clock)
{
    private static readonly TimeSpan Late = TimeSpan.FromMinutes(2);

    public async Task<HealthPicture> ReadAsync(CancellationToken cancel)
    {
        var now = clock.GetUtcNow();
        var database = await DatabaseAsync(cancel);
        var known = await connections.ListAsync(withRemoved: false, cancel);
        var waiting = await queues.OfAllAsync(cancel);
        var pager = await PagerAsync(now, cancel);
        var everyTeam = await teams.ListAsync(cancel);
        var stored = await settings.ReadAsync(cancel);
        return new HealthPicture(
            database,
            [.. known.Select(connection => (connection, waiting.GetValueOrDefault(connection.Id) ?? ConnectionQueue.Empty))],
            pager,
            [.. Database(database), .. Pager(pager), .. known.SelectMany(connection => Of(connection, waiting.GetValueOrDefault(connection.Id), now)), .. Duty(known, everyTeam), .. stored.Missing().Select(missing => new HealthProblem(false, missing, "Open settings", "/settings"))]);
    }

    private async Task<DatabasePicture> DatabaseAsync(CancellationToken cancel)
    {
        var size = await SizeAsync(cancel);
        var free = new DriveInfo(folder.Root).AvailableFreeSpace;
        var began = clock.GetTimestamp();
        var probe = await health.ProbeAsync(cancel);
        return new DatabasePicture(probe.Status == HealthStatus.Ok, clock.GetElapsedTime(began), size, free);
    }

    private async Task<long> SizeAsync(CancellationToken cancel)
    {
        if (location.File is { } path) return new FileInfo(path) is { Exists: true } file ? file.Length : 0;
        return await store.ReadAsync(db => db.Database.SqlQueryRaw<long>("SELECT pg_database_size(current_database()) AS \"Value\"").SingleAsync(cancel), cancel);
    }

    private Task<PagerHealth> PagerAsync(DateTimeOffset now, CancellationToken cancel) =>
        store.ReadAsync(
            async db =>
            {
                var day = now - TimeSpan.FromDays(1);
                return new PagerHealth(
                    await db.Pages.CountAsync(page => page.State == PageState.Pending || page.State == PageState.Sending, cancel),
                    await db.Pages.CountAsync(page => page.State == PageState.Pending && page.DueAt < now - Late, cancel),
                    await db.Pages.CountAsync(page => page.State == PageState.Accepted && page.CreatedAt >= day, cancel),
                    await db.Pages.CountAsync(page => page.State == PageState.Failed && page.CreatedAt >= day, cancel),
                    await db.Alerts.CountAsync(alert => alert.Unattended && alert.Status == AlertStatus.Open, cancel));
            },
            cancel);

    private static IEnumerable<HealthProblem> Database(DatabasePicture database)
    {
        if (!database.Writable) yield return new(true, "The database takes no writes: nothing can be recorded, so nobody is paged. 'deskbridge doctor' on the server says why.", null, null);
        if (database.FreeBytes < 500L * 1024 * 1024) yield return new(true, $"Only {database.FreeBytes / 1024 / 1024} MB are free where the data folder is. Make room before the database stops.", null, null);
    }

    private static IEnumerable<HealthProblem> Pager(PagerHealth pager)
    {
        if (pager.Late > 0) yield return new(true, $"{pager.Late} pages are more than two minutes late. Look at the pages of the open alerts for the provider's answers.", "Open alerts", "/alerts");
        if (pager.Unattended > 0) yield return new(true, $"{pager.Unattended} open alerts could page nobody. They page as soon as somebody with a channel punches in.", "Open duty", "/duty");
        if (pager.FailedToday > 0) yield return new(false, $"{pager.FailedToday} pages failed for good in the last 24 hours. The alerts say why; test the channels they went by.", "Open alerts", "/alerts?status=all");
    }

    private IEnumerable<HealthProblem> Of(ConnectionView connection, ConnectionQueue? queue, DateTimeOffset now)
    {
        var at = $"/connections/{connection.Id}";
        if (connection.SecretsLost) yield return new(true, $"{connection.Name}: the stored secrets cannot be read. Enter them again.", "Enter them", at + "/settings");
        if (connection.State != ConnectionState.Active) yield break;
        if (connection.Health.Failure is { } failure) yield return new(connection.Health.FailingSince is not null, $"{connection.Name}: {failure}", "Open the connection", at);
        else if (connection.Health.LastReadAt is { } read && now - read > options.Value.SilenceAfter)
            yield return new(true, $"{connection.Name}: nothing was read since {ConnectionFace.Minutes(now - read)} minutes. Run Test to see why.", "Open the connection", at);
        if (connection.RuleChangeHeld) yield return new(false, $"{connection.Name}: changed rules wait for a confirmation.", "Look at the change", at);
        if (queue is { Missing: > 0 and var missing }) yield return new(false, $"{connection.Name}: {missing} ticket(s) are not found any more. Say whether they were deleted.", "Look at them", at);
        if (queue?.OldestSince is { } oldest && now - oldest > options.Value.SilenceAfter)
            yield return new(true, $"{connection.Name}: {queue.Tickets} tickets wait, the oldest since {ConnectionFace.Minutes(now - oldest)} minutes.", "Open the connection", at);
    }

    private static IEnumerable<HealthProblem> Duty(IReadOnlyList<ConnectionView> known, IReadOnlyList<TeamView> teams)
    {
        foreach (var connection in known.Where(connection => connection is { State: ConnectionState.Active, TeamId: null }))
            yield return new(true, $"{connection.Name}: no team is chosen, so its alerts page nobody but the administrators.", "Choose a team", $"/connections/{connection.Id}/settings");
        foreach (var team in teams.Where(team => known.Any(connection => connection.State == ConnectionState.Active && connection.TeamId == team.Id)))
        {
            if (team.Members.All(member => member.OnDutySince is null)) yield return new(true, $"{team.Name}: nobody is on duty.", "Open duty", "/duty");
            foreach (var member in team.Members.Where(member => member.OnDutySince is not null && member.Channels == 0))
                yield return new(true, $"{team.Name}: {member.Name} is on duty without a channel and cannot be paged.", "Open duty", "/duty");
        }
    }
}

/// <summary>How the hub is doing.</summary>
internal sealed record HealthPicture(
    DatabasePicture Database, IReadOnlyList<(ConnectionView Connection, ConnectionQueue Queue)> Connections, PagerHealth Pager, IReadOnlyList<HealthProblem> Problems);

/// <summary>The database: whether it takes writes, how long one took, its size and the free space beside it in bytes.</summary>
internal sealed record DatabasePicture(bool Writable, TimeSpan WriteTook, long Bytes, long FreeBytes);

/// <summary>Pages: waiting now, of them late, accepted and failed in the last 24 hours, and open alerts that could page nobody.</summary>
internal sealed record PagerHealth(int Waiting, int Late, int AcceptedToday, int FailedToday, int Unattended);

/// <summary>What is wrong, and where it is mended.</summary>
internal sealed record HealthProblem(bool Grave, string Message, string? Fix, string? FixAt);
