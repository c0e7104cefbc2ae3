using Deskbridge.Connectors;
using Deskbridge.Core.Common;
using Deskbridge.Core.Connections;
using Deskbridge.Core.Data;
using Deskbridge.Core.Operations;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Deskbridge.Core.Sync;

/// <summary>
/// Takes wakes, one record at a time: reads it where the mirror does not suffice, plans it, commits everything in one
/// transaction. Safe to run twice and beside itself.
/// </summary>
internal sealed partial class TicketWorker(
    ConnectorPool pool,
    ConnectionMonitor monitor,
    HubStore store,
    ObservationBook book,
    ITicketAttachment attachment,
    SharedReads sharedReads,
    MissingTickets missing,
    SyncSafeties safeties,
    SyncOptions options,
    IOptions<SyncLeases> leases,
    ThisNode node,
    RandomIds ids,
    Failpoints failpoints,
    PumpWatch watch,
    HubMetrics metrics,
    TimeProvider clock,
    ILogger<TicketWorker> logger)
{
    private const int BatchSize = 64;

    /// <summary>Works off wakes that are due, up to one batch. Answers how many there were.</summary>
    public async Task<int> RunOnceAsync(CancellationToken cancel)
    {
        var claimed = await ClaimAsync(cancel);
        var read = new Dictionary<Wake, Observation>();
        var done = new HashSet<Wake>();
        foreach (var shared in await sharedReads.ReadAsync(claimed, cancel))
        {
            failpoints.Pass("wake.read");
            foreach (var wake in shared.Wakes)
            {
                if (shared.Rows.TryGetValue(wake.RemoteId, out var row)) read[wake] = row;
            }

            done.UnionWith(await PlanNewAsync(shared.Live, [.. shared.Wakes.Where(read.ContainsKey)], read, cancel));
        }

        await Parallel.ForEachAsync(
            claimed.Where(wake => !done.Contains(wake)),
            new ParallelOptions { MaxDegreeOfParallelism = options.Parallelism, CancellationToken = cancel },
            async (wake, token) => await WorkSafelyAsync(wake, read.GetValueOrDefault(wake), token));
        return claimed.Count;
    }

    private Task<List<Wake>> ClaimAsync(CancellationToken cancel)
    {
        var now = clock.GetUtcNow();
        return store.ClaimAsync(
            WorkHint.Wakes,
            async db =>
            {
                var due = await db.Wakes
                    .Where(w => w.DueAt <= now && (w.LeaseUntil == null || w.LeaseUntil < now))
                    .OrderBy(w => w.DueAt)
                    .Take(BatchSize)
                    .ForClaim()
                    .ToListAsync(cancel);
                foreach (var wake in due) (wake.LeaseUntil, wake.Claim, wake.Holder) = (now + leases.Value.WakeLease, ids.NewId(), node.Id);
                return due;
            },
            cancel);
    }

    /// <summary>Plans those that nobody knows yet in one transaction, as a poll does (<see cref="FirstSight"/>). Answers which; every other is planned alone, and so is each if one of them cannot be planned.</summary>
    private async Task<IReadOnlyCollection<Wake>> PlanNewAsync(LiveConnection live, List<Wake> wakes, Dictionary<Wake, Observation> read, CancellationToken cancel)
    {
        var unmarked = wakes.FindAll(wake => read[wake].Ticket.MarkerRetrieved != true);
        if (unmarked.Count == 0) return [];
        try
        {
            var planned = await store.WriteAsync(db => PlanNewAsync(db, live, unmarked, read, cancel), cancel);
            foreach (var _ in planned) metrics.Ticket("planned");
            watch.Beat(Pump.Tickets);
            if (planned.Count > 0) failpoints.Pass("plan.after-commit");
            return planned;
        }
        catch (Exception failure) when (failure is not OperationCanceledException)
        {
            LogGroupFailed(logger, unmarked.Count, live.Id, failure);
            return [];
        }
    }

    private async Task<List<Wake>> PlanNewAsync(HubDb db, LiveConnection live, List<Wake> claimed, Dictionary<Wake, Observation> read, CancellationToken cancel)
    {
        var remoteIds = claimed.ConvertAll(wake => wake.RemoteId);
        var present = await db.Wakes.Where(w => w.ConnectionId == live.Id && w.Type == RecordTypes.Ticket && remoteIds.Contains(w.RemoteId)).ToDictionaryAsync(w => w.RemoteId, StringComparer.Ordinal, cancel);
        var linked = await db.Links.Where(l => l.ConnectionId == live.Id && l.Type == RecordTypes.Ticket && remoteIds.Contains(l.RemoteId)).Select(l => l.RemoteId).ToHashSetAsync(StringComparer.Ordinal, cancel);
        var mine = claimed.FindAll(wake => !linked.Contains(wake.RemoteId) && present.GetValueOrDefault(wake.RemoteId) is { } row && row.Claim == wake.Claim);
        var outcomes = await book.ApplyAsync(db, live.Id, mine.ConvertAll(wake => read[wake]), cancel);
        foreach (var (wake, (row, outcome)) in mine.Zip(outcomes))
        {
            using var span = Tracing.Resume("ticket", wake.Trace);
            var stale = outcome == ObservationOutcome.Stale;
            var context = new TicketContext([], null, null, row.Ticket.Board?.Id) { Replayed = wake.Replays };
            var again = stale ? null : await attachment.PlanAsync(db, live, row.Ticket, null, context, cancel);
            Finish(db, wake, present[wake.RemoteId], live, row, stale, behind: false, again);
        }

        failpoints.Pass("plan.before-commit");
        return mine;
    }

    private async Task WorkSafelyAsync(Wake wake, Observation? read, CancellationToken cancel)
    {
        failpoints.Pass("wake.claimed");
        using var span = Tracing.Resume("ticket", wake.Trace);
        var result = "failed";
        try
        {
            await WorkAsync(wake, read, cancel);
            result = "planned";
        }
        catch (ConnectorException failure)
        {
            await monitor.FailedAsync(wake.ConnectionId, failure, $"reading ticket {wake.RemoteId}", cancel);
            await PostponeAsync(wake, failure is ConnectorThrottledException throttled ? throttled.RetryAfter : Backoff(wake.Attempts), cancel);
        }
        catch (Exception failure) when (failure is not OperationCanceledException)
        {
            LogWakeFailed(logger, wake.RemoteId, wake.ConnectionId, failure);
            await PostponeAsync(wake, Backoff(wake.Attempts), cancel);
        }
        finally
        {
            watch.Beat(Pump.Tickets);
            metrics.Ticket(result);
        }
    }

    private async Task WorkAsync(Wake wake, Observation? read, CancellationToken cancel)
    {
        if (await pool.FindAsync(wake.ConnectionId, cancel) is not { Connector: IReadsTickets reader } live)
        {
            await PostponeAsync(wake, TimeSpan.FromSeconds(30), cancel, countFailure: false);
            return;
        }

        var seen = await store.ReadAsync(
            db => db.Connections
                .Where(c => c.Id == wake.ConnectionId)
                .LeftJoin(db.Mirrors.Where(m => m.Type == wake.Type && m.RemoteId == wake.RemoteId), c => c.Id, m => m.ConnectionId, (c, m) => new { c.Id, c.WriteCounter, Mirror = m })
                .LeftJoin(
                    db.Links.Where(l => l.Type == wake.Type && l.RemoteId == wake.RemoteId), c => c.Id, l => l.ConnectionId,
                    (c, l) => new { c.WriteCounter, c.Mirror, IsLinked = l != null, l!.Restored })
                .SingleAsync(cancel),
            cancel);
        var restored = seen.Restored is not null;
        if (read is null && (wake.NeedsRead || seen.Mirror is null || restored))
        {
            if (monitor.IsOpen(wake.ConnectionId, clock.GetUtcNow()))
            {
                await PostponeAsync(wake, TimeSpan.FromSeconds(15), cancel, countFailure: false);
                return;
            }

            var reading = new Reading(live.RemoteNow, seen.WriteCounter);
            if (await reader.ReadTicketAsync(wake.RemoteId, cancel) is not { } ticket)
            {
                await MissingAsync(wake, await DeletionLog.FindAsync(live, wake.RemoteId, cancel), cancel);
                return;
            }

            read = reading.Of(ticket) with { IsWoken = true };
            failpoints.Pass("wake.read");
        }

        var present = read?.Ticket ?? reader.ParseTicket(seen.Mirror!.Body);
        var context = await attachment.PrepareAsync(live, present, cameBack: restored || (!seen.IsLinked && present.MarkerRetrieved == true), cancel);
        await PlanAsync(wake, live, reader, read, context with { Replayed = wake.Replays }, cancel);
    }

    private async Task PlanAsync(
        Wake claimed, LiveConnection live, IReadsTickets reader, Observation? read, TicketContext context, CancellationToken cancel)
    {
        await store.WriteAsync(
            async db =>
            {
                if (await HeldAsync(db, claimed, cancel) is not { } wake) return;
                var stale = read is not null && (await book.ApplyAsync(db, live.Id, [read], cancel))[0].Outcome == ObservationOutcome.Stale;
                var mirror = await db.Mirrors.FindAsync([live.Id, claimed.Type, claimed.RemoteId], cancel)
                    ?? throw new InvalidOperationException($"Ticket {claimed.RemoteId} has no mirror.");
                var link = await db.Links.SingleOrDefaultAsync(l => l.ConnectionId == live.Id && l.Type == claimed.Type && l.RemoteId == claimed.RemoteId, cancel);
                await missing.ShownAsync(db, mirror, link, cancel);
                var behind = read is null && safeties.StaleReads.MirrorIsBehind(wake);
                DateTimeOffset? again = null;
                if (!stale && !behind && !await BlockedAsync(db, link, context, cancel))
                    again = await attachment.PlanAsync(db, live, reader.ParseTicket(mirror.Body), link, context, cancel);
                Finish(db, claimed, wake, live, read, stale, behind, again);
                failpoints.Pass("plan.before-commit");
            },
            cancel);
        failpoints.Pass("plan.after-commit");
    }

    /// <summary>A link in doubt is not planned; its own settling wakes it. A link that is gone, and does not show again, is left alone.</summary>
    private async Task<bool> BlockedAsync(HubDb db, Link? link, TicketContext context, CancellationToken cancel)
    {
        if (link is null) return false;
        if (link.State is LinkState.Tombstoned)
        {
            if (context.Replayed) db.LogConnectionEvent(link.ConnectionId, ReplayEvent.Kind, link.RemoteId, "Looked at again: the ticket counts as deleted, so nothing is done.", null, null, clock.GetUtcNow());
            return true;
        }

        var unsettled = await db.Effects.Where(e => e.LinkId == link.Id && e.State == EffectState.Sent).ToListAsync(cancel);
        if (!safeties.Doubt.Blocks(unsettled)) return false;
        if (context.Replayed) db.LogConnectionEvent(link.ConnectionId, ReplayEvent.Kind, link.RemoteId, "Looked at again: whether a write to it arrived is found out first; then it is worked off.", null, null, clock.GetUtcNow());
        return true;
    }

    /// <summary>The wake, if the claim on it still holds. Otherwise another worker took it over, with a newer look at the ticket than this one has.</summary>
    private static async Task<Wake?> HeldAsync(HubDb db, Wake claimed, CancellationToken cancel) =>
        await db.Wakes.FindAsync([claimed.ConnectionId, claimed.Type, claimed.RemoteId], cancel) is { } wake && wake.Claim == claimed.Claim ? wake : null;

    private void Finish(HubDb db, Wake claimed, Wake wake, LiveConnection live, Observation? read, bool stale, bool behind, DateTimeOffset? again)
    {
        var now = clock.GetUtcNow();
        wake.LeaseUntil = null;
        if (claimed.Replays && !stale && !behind) wake.EndReplay(); // it was planned, and that was told
        if (stale || (read is not null && !safeties.Freshness.IsFresh(read.Ticket, claimed.WantedUpdatedAt)))
        {
            wake.NeedsRead = true;
            wake.Attempts++;
            wake.DueAt = now + (stale ? TimeSpan.FromSeconds(1) : Backoff(claimed.Attempts));
            if (wake.Attempts > MaxFreshnessReads) wake.WantedUpdatedAt = null;
            return;
        }

        if (behind || !safeties.WakeVersions.MayRemove(claimed.Version, wake.Version))
        {
            wake.DueAt = read is not null && wake.Reasons == CallbackIntake.Reason ? now + CallbackIntake.Spacing : now; // callbacks that came during the read
            wake.Attempts = 0;
            return;
        }

        db.Wakes.Remove(wake);
        if (safeties.TimeWakes.Next(again) is not { } next) return;
        db.Wakes.Add(Wake.AtTime(live, claimed.RemoteId, next, wake.Version + 1));
    }

    private const int MaxFreshnessReads = 20;

    /// <summary>Not found by id: told, but no proof. Only complete sweeps count towards a tombstone, or the remote's own log.</summary>
    private Task MissingAsync(Wake claimed, DeletedTicket? deleted, CancellationToken cancel) =>
        store.WriteAsync(
            async db =>
            {
                if (await HeldAsync(db, claimed, cancel) is not { } wake) return;
                db.Wakes.Remove(wake);
                if (claimed.Replays) db.LogConnectionEvent(claimed.ConnectionId, ReplayEvent.Kind, claimed.RemoteId, "Looked at again: the ticket was not found.", null, null, clock.GetUtcNow());
                if (deleted is not null) await missing.LoggedAsync(db, claimed.ConnectionId, deleted, cancel);
                else await missing.NotFoundAsync(db, claimed.ConnectionId, claimed.RemoteId, cancel);
            },
            cancel);

    private Task PostponeAsync(Wake claimed, TimeSpan wait, CancellationToken cancel, bool countFailure = true) =>
        store.WriteAsync(
            async db =>
            {
                if (await HeldAsync(db, claimed, cancel) is not { } wake) return;
                wake.LeaseUntil = null;
                wake.DueAt = clock.GetUtcNow() + wait;
                if (countFailure) wake.Attempts++;
            },
            cancel);

    private static TimeSpan Backoff(int attempts) => TimeSpan.FromSeconds(Math.Min(300, Math.Pow(2, Math.Min(attempts, 8))));

    [LoggerMessage(1004, LogLevel.Error, "One of {Count} new tickets of connection {ConnectionId} could not be planned with the others; each is planned alone")]
    private static partial void LogGroupFailed(ILogger logger, int count, Guid connectionId, Exception failure);

    [LoggerMessage(1001, LogLevel.Error, "Ticket {RemoteId} of connection {ConnectionId} could not be planned; it is tried again")]
    private static partial void LogWakeFailed(ILogger logger, string remoteId, Guid connectionId, Exception failure);
}
