using System.Collections.Concurrent;
using Deskbridge.Core.Alerting.Paging;
using Deskbridge.Core.Common;
using Deskbridge.Core.Data;
using Deskbridge.Core.Operations;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging;

namespace Deskbridge.Core.Alerting.Schedules;

/// <summary>Writes hand-overs down when their time has come, and pages open alerts that could page nobody before.</summary>
internal sealed partial class DutyShifts(HubStore store, PagePlanner pages, RandomIds ids, TimeProvider clock, ILogger<DutyShifts> logger)
{
    private readonly ConcurrentDictionary<Guid, RepeatedFailure> _failed = new();

    /// <summary>One pass over the teams whose time has come; of several hubs one does it. A team whose hand-over fails holds up no other, and no page.</summary>
    public async Task RunAsync(CancellationToken cancel)
    {
        var now = clock.GetUtcNow();
        foreach (var id in await store.ReadAsync(db => db.Teams.Where(team => team.ShiftsDueAt <= now).Select(team => team.Id).ToListAsync(cancel), cancel))
        {
            try
            {
                await store.WriteAsync(db => RollAsync(db, id, clock.GetUtcNow(), cancel), cancel);
                _failed.TryRemove(id, out _);
            }
            catch (Exception failure) when (failure is not OperationCanceledException || !cancel.IsCancellationRequested)
            {
                if (_failed.GetOrAdd(id, _ => new RepeatedFailure(clock)).IsNews(failure)) LogBroken(logger, failure, id);
            }
        }
    }

    /// <summary>The same for one team, in the caller's transaction. What was changed before is saved.</summary>
    public async Task RollAsync(HubDb db, Guid teamId, DateTimeOffset now, CancellationToken cancel)
    {
        await db.SaveChangesAsync(cancel);
        if (await db.Teams.FindAsync([teamId], cancel) is not { ShiftsDueAt: { } due } team || due > now) return;
        var open = await db.DutyPeriods.Where(d => d.TeamId == teamId && d.EndedAt == null).ToListAsync(cancel);
        var change = await ShiftChange.FindAsync(db, team, open, now, ids.NewId, cancel);
        foreach (var (period, at) in change.Ended) (period.EndedAt, period.ShiftUntil) = (at, at);
        foreach (var (period, until) in change.Kept) period.ShiftUntil = until;
        db.DutyPeriods.AddRange(change.Begun);
        team.ShiftsDueAt = change.DueAt;
        if (change.Begun.Count > 0) await pages.PageUnattendedAsync(db, teamId, now, cancel);
        await db.SaveChangesAsync(cancel);
    }

    /// <summary>Something that the schedule rests on was changed: who should be on is looked at now.</summary>
    public async Task AgainAsync(HubDb db, Team team, DateTimeOffset now, CancellationToken cancel)
    {
        if (team.ShiftsDueAt is null && team.Schedule.Length == 0) return;
        if (team.ShiftsDueAt is null || team.ShiftsDueAt > now) team.ShiftsDueAt = now;
        await RollAsync(db, team.Id, now, cancel);
    }

    [LoggerMessage(2041, LogLevel.Error, "The hand-over of team {Team} could not be written down; it is tried again every second")]
    private static partial void LogBroken(ILogger logger, Exception failure, Guid team);
}
