using Deskbridge.Core.Alerting;
using Deskbridge.Core.Alerting.Escalation;
using Deskbridge.Core.Alerting.Planning;
using Deskbridge.Core.Alerting.Teams;
using Deskbridge.Core.Connections;
using Deskbridge.Core.Connections.Rights;
using Deskbridge.Core.Connections.Rules;
using Deskbridge.Core.Data;
using Deskbridge.Core.Operations;
using Deskbridge.Features.Settings;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace Deskbridge.Features.Health;

/// <summary>Looks at everything that must work for a page to reach somebody: for the page, the API and the heartbeat alike. No call leaves the hub.</summary>
internal sealed class HubHealth(
    WriterProbe writer, PumpWatch pumps, HubStore store, HubDatabase location, DataFolder folder, ConnectionQueries connections, ConnectionQueues queues, RuleQueries rules, RightsBook rights, CallBudgets budgets,
    TeamQueries teams, SettingsStore settings, DataKeeping keeping, ConnectionFindings findings, TableSizes tables, IOptions<ConnectionsOptions> options, TimeProvider clock)
{
    private static readonly TimeSpan Late = TimeSpan.FromMinutes(2);

    /// <summary>Causes that the report judges itself, in words of its own.</summary>
    private static readonly string[] Judged = [SilenceAlarm.Cause, RefreshRules.UnusableCause, RefreshRules.HeldCause, AlertReconciler.MissingCause];

    /// <summary>Whether this hub can do its work, whatever the world outside does: the database takes writes and every loop turns.</summary>
    public async Task<Readiness> ReadyAsync(CancellationToken cancel)
    {
        var database = await writer.AskAsync(cancel);
        return new Readiness(database, [.. pumps.States().Where(pump => pump.Stuck)]);
    }

    public async Task<HealthPicture> ReadAsync(CancellationToken cancel)
    {
        var now = clock.GetUtcNow();
        var database = await DatabaseAsync(cancel);
        var known = await connections.ListAsync(withRemoved: false, cancel);
        var waiting = await queues.OfAllAsync(cancel);
        var pager = await PagerAsync(now, cancel);
        var details = await store.ReadAsync(db => db.Tickets.CountAsync(ticket => ticket.DetailsWanted, cancel), cancel);
        var refused = await rules.RefusedAsync(cancel);
        var access = await rights.TroublesAsync(cancel);
        var loops = pumps.States();
        var silence = options.Value.SilenceAfter;
        var pictures = known.Select(connection => new ConnectionPicture(
            connection, waiting.GetValueOrDefault(connection.Id) ?? ConnectionQueue.Empty, budgets.Of(connection.Id).Usage(), options.Value.CallsPerMinute,
            refused.GetValueOrDefault(connection.Id))
        { Access = access.GetValueOrDefault(connection.Id) ?? [] }).ToList();
        var missing = (await settings.ReadAsync(cancel)).Missing().Select(text => new HealthProblem(HealthGravity.Notice, text, "Open settings", "/settings"));
        return new HealthPicture(
            now, silence, database, loops, pictures, pager, details, tables.Look(),
            [
                .. HealthProblems.Of(database), .. HealthProblems.Of(loops), .. HealthProblems.Of(pager),
                .. pictures.SelectMany(picture => HealthProblems.Of(picture, silence, now)),
                .. HealthProblems.Of((await findings.ReadAllAsync(cancel)).Where(named => !Judged.Contains(named.Finding.Cause))),
                .. HealthProblems.Of(known, await teams.ListAsync(cancel)), .. await keeping.ProblemsAsync(now, cancel), .. missing,
            ]);
    }

    private async Task<DatabasePicture> DatabaseAsync(CancellationToken cancel)
    {
        var size = await SizeAsync(cancel);
        var free = new DriveInfo(folder.Root).AvailableFreeSpace;
        return new DatabasePicture(await writer.AskAsync(cancel), size, free);
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
                    await db.Pages.CountAsync(page => (page.State == PageState.Pending && page.DueAt <= now) || page.State == PageState.Sending, cancel),
                    await db.Pages.CountAsync(page => page.State == PageState.Pending && page.DueAt < now - Late, cancel),
                    await db.LateStepsAsync(now, cancel),
                    await db.Pages.CountAsync(page => page.State == PageState.Accepted && page.CreatedAt >= day, cancel),
                    await db.Pages.CountAsync(page => page.State == PageState.Failed && page.CreatedAt >= day, cancel),
                    await db.Alerts.CountAsync(alert => alert.Unattended && alert.Status == AlertStatus.Open, cancel));
            },
            cancel);
}

/// <summary>Whether the hub can do its work.</summary>
/// <param name="Database">The writer's answer.</param>
/// <param name="Stuck">Loops that do not turn any more.</param>
internal sealed record Readiness(WriterState Database, IReadOnlyList<PumpState> Stuck)
{
    public bool Ready => Database.Writable && Stuck.Count == 0;
}

/// <summary>How the hub is doing. <paramref name="Silence"/> is how long a connection may read nothing; <paramref name="Details"/> counts tickets whose details are to be read; <paramref name="Tables"/> is null until they were counted.</summary>
internal sealed record HealthPicture(
    DateTimeOffset At, TimeSpan Silence, DatabasePicture Database, IReadOnlyList<PumpState> Pumps, IReadOnlyList<ConnectionPicture> Connections, PagerHealth Pager,
    int Details, TableCount? Tables, IReadOnlyList<HealthProblem> Problems);

/// <summary>The database: whether it takes writes, its size and the free space beside it in bytes.</summary>
internal sealed record DatabasePicture(WriterState Writer, long Bytes, long FreeBytes);

/// <summary>
/// A connection, what waits on it, and how its budget of <paramref name="CallsPerMinute"/> is used. <paramref name="RulesRefused"/> says why
/// changed rules cannot be used.
/// </summary>
internal sealed record ConnectionPicture(ConnectionView Connection, ConnectionQueue Queue, CallUsage Calls, int CallsPerMinute, string? RulesRefused = null)
{
    /// <summary>What its account lacks or does not see, a sentence each.</summary>
    public IReadOnlyList<string> Access { get; init; } = [];
}

/// <summary>Pages: planned, of them due, of those late; escalation steps that are overdue by more than a minute; accepted and failed in the last 24 hours, and open alerts that could page nobody.</summary>
internal sealed record PagerHealth(int Waiting, int Due, int Late, int StepsLate, int AcceptedToday, int FailedToday, int Unattended);
