using Deskbridge.Core.Alerting.Escalation;
using Deskbridge.Core.Alerting.Schedules;
using Deskbridge.Core.Common;
using Deskbridge.Core.Data;
using Deskbridge.Core.Operations;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Deskbridge.Core.Alerting.Paging;

/// <summary>
/// Sends what is due. What is due together is claimed together, with its attempts, in one transaction; sent outside of it; and what was
/// answered meanwhile is recorded in another. After a crash between the two a page is sent again under the same delivery id: twice rather than never.
/// </summary>
internal sealed partial class PageSender : IDisposable
{
    private const int MostRecordedTogether = 64;

    private readonly HubStore _store;
    private readonly DutyShifts _shifts;
    private readonly DueSteps _steps;
    private readonly PageLedger _ledger;
    private readonly PageDispatch _dispatch;
    private readonly IOptions<AlertingOptions> _options;
    private readonly TimeProvider _clock;
    private readonly Failpoints _failpoints;
    private readonly ILogger<PageSender> _logger;
    private readonly PageRush _rush;
    private readonly WorkHints _hints;
    private readonly Gathering<PageAnswer> _records;
    private readonly SemaphoreSlim _claiming = new(1, 1);

    /// <summary>
    /// Requests at a time, over all passes: those of two passes. Of the <see cref="PageWorker.PassesAtOnce"/> claimed, the others wait for one timeout at most
    /// and then take one, which a claim outlasts.
    /// </summary>
    private readonly SemaphoreSlim _lines;

    public PageSender(
        HubStore store, DutyShifts shifts, DueSteps steps, PageLedger ledger, PageDispatch dispatch, PageRush rush, WorkHints hints, IOptions<AlertingOptions> options, TimeProvider clock, Failpoints failpoints, ILogger<PageSender> logger)
    {
        (_shifts, _rush, _hints, _lines) = (shifts, rush, hints, new SemaphoreSlim(options.Value.PagesAtOnce * PageWorker.PassesAtOnce / 2));
        (_store, _steps, _ledger, _dispatch, _options, _clock, _failpoints, _logger) = (store, steps, ledger, dispatch, options, clock, failpoints, logger);
        _records = new Gathering<PageAnswer>(MostRecordedTogether, RecordAsync, rush.LingerAsync);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _claiming.Dispose();
        _lines.Dispose();
    }

    /// <summary>One pass over what is due: pages, first pages first, and while they are sent escalation steps and then the pages of these. So no page waits for the steps of other alerts.</summary>
    /// <returns>How many pages it looked at. After a full pass it has hinted at another.</returns>
    public async Task<int> RunOnceAsync(CancellationToken cancel)
    {
        await _shifts.RunAsync(cancel);
        var (looked, claims) = await TakeAsync(cancel);
        var sending = claims.Select(claim => SendGuardedAsync(claim, cancel)).ToList();
        try
        {
            if (!await _steps.RunAsync(cancel)) return looked;
            (var more, claims) = await TakeAsync(cancel);
            sending.AddRange(claims.Select(claim => SendGuardedAsync(claim, cancel)));
            return looked + more;
        }
        finally
        {
            await Task.WhenAll(sending);
        }
    }

    /// <summary>One pass at a time, so that none looks at what another is about to claim; the next may begin while this one sends.</summary>
    private async Task<(int Looked, IReadOnlyList<PageClaim> Claims)> TakeAsync(CancellationToken cancel)
    {
        await _claiming.WaitAsync(cancel);
        try
        {
            var due = await _store.ReadAsync(db => DueAsync(db, _clock.GetUtcNow(), _options.Value.PagesAtOnce, cancel), cancel);
            if (due.Count == 0) return (0, []);
            var claims = await ClaimAllAsync(due, cancel);
            if (due.Count == _options.Value.PagesAtOnce)
            {
                _rush.Saw();
                _hints.Raise([WorkHint.Pages]);
            }

            return (due.Count, claims);
        }
        finally
        {
            _claiming.Release();
        }
    }

    /// <summary>First pages before repeats, those begun and left before those not begun. Each kind by itself, for so the index gives it in its order: of a queue of thousands a pass looks at what it takes.</summary>
    private static async Task<List<Guid>> DueAsync(HubDb db, DateTimeOffset now, int most, CancellationToken cancel)
    {
        var pending = db.Pages.Where(p => p.State == PageState.Pending && p.DueAt <= now);
        var lapsed = db.Pages.Where(p => p.State == PageState.Sending && p.LeaseUntil <= now).OrderBy(p => p.Repeat > 1).ThenBy(p => p.DueAt).Take(most).Select(p => new { p.Id, p.Repeat, p.State, p.DueAt });
        var first = pending.Where(p => p.Repeat == 1).OrderBy(p => p.DueAt).Take(most).Select(p => new { p.Id, p.Repeat, p.State, p.DueAt });
        var repeats = pending.Where(p => p.Repeat > 1).OrderBy(p => p.DueAt).Take(most).Select(p => new { p.Id, p.Repeat, p.State, p.DueAt });
        var due = await lapsed.Concat(first).Concat(repeats).ToListAsync(cancel);
        return [.. due.OrderBy(p => p.Repeat > 1).ThenBy(p => p.State == PageState.Pending).ThenBy(p => p.DueAt).Take(most).Select(p => p.Id)];
    }

    /// <summary>A page that cannot even be claimed is put off and must not hold back the others.</summary>
    private async Task<IReadOnlyList<PageClaim>> ClaimAllAsync(List<Guid> due, CancellationToken cancel)
    {
        try
        {
            return await ClaimAsync(due, cancel);
        }
        catch (Exception failure) when (failure is not OperationCanceledException || !cancel.IsCancellationRequested)
        {
            if (due.Count == 1)
            {
                LogBroken(_logger, failure, due[0]);
                await PostponeAsync(due[0], failure.Message, cancel);
                return [];
            }

            var claims = new List<PageClaim>();
            foreach (var id in due) claims.AddRange(await ClaimAllAsync([id], cancel));
            return claims;
        }
    }

    private Task<List<PageClaim>> ClaimAsync(IReadOnlyCollection<Guid> due, CancellationToken cancel) =>
        _store.WriteAsync(
            async db =>
            {
                var claimed = await _ledger.ClaimAsync(db, due, cancel);
                await db.SaveChangesAsync(cancel);
                _failpoints.Pass("page.claimed");
                return claimed;
            },
            cancel);

    /// <summary>A page whose answer cannot be recorded is sent again when its claim ends.</summary>
    private async Task SendGuardedAsync(PageClaim claim, CancellationToken cancel)
    {
        using var span = Tracing.Resume("page", claim.Trace);
        try
        {
            await _lines.WaitAsync(cancel);
            PageOutcome outcome;
            try
            {
                _failpoints.Pass("page.sent");
                outcome = await _dispatch.SendAsync(claim.Message, claim.Channel, cancel);
            }
            finally
            {
                _lines.Release();
            }

            _failpoints.Pass("page.answered");
            await _records.DoAsync(new PageAnswer(claim, outcome, cancel));
            _failpoints.Pass("page.recorded");
        }
        catch (Exception failure) when (failure is not OperationCanceledException || !cancel.IsCancellationRequested)
        {
            LogBroken(_logger, failure, claim.PageId);
        }
    }

    private Task RecordAsync(IReadOnlyList<PageAnswer> answers)
    {
        var cancel = answers[0].Cancel;
        return _store.WriteAsync(
            async db =>
            {
                await _ledger.RecordAsync(db, answers, cancel);
                await db.SaveChangesAsync(cancel);
                _failpoints.Pass("page.planned");
            },
            cancel);
    }

    private async Task PostponeAsync(Guid id, string why, CancellationToken cancel)
    {
        try
        {
            var later = _clock.GetUtcNow() + _options.Value.PageLease;
            await _store.WriteAsync(
                db => db.Pages
                    .Where(p => p.Id == id && p.State == PageState.Pending)
                    .ExecuteUpdateAsync(set => set.SetProperty(p => p.DueAt, later).SetProperty(p => p.Error, why), cancel),
                cancel);
        }
        catch (Exception failure) when (failure is not OperationCanceledException)
        {
            LogBroken(_logger, failure, id);
        }
    }

    [LoggerMessage(2001, LogLevel.Error, "Page {Page} could not be handled; it is tried again in a minute")]
    private static partial void LogBroken(ILogger logger, Exception failure, Guid page);
}
