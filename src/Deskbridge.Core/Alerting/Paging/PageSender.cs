using Deskbridge.Core.Common;
using Deskbridge.Core.Data;
using Deskbridge.Core.Operations;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Deskbridge.Core.Alerting.Paging;

/// <summary>
/// Sends what is due. Each page: claim it and write the attempt in one transaction, send outside of it, record the answer in another.
/// After a crash between the two the same page is sent again under the same delivery id: twice rather than never.
/// </summary>
internal sealed partial class PageSender(
    HubStore store,
    PageLedger ledger,
    PageDispatch dispatch,
    IOptions<AlertingOptions> options,
    TimeProvider clock,
    Failpoints failpoints,
    ILogger<PageSender> logger)
{
    /// <summary>One pass over what is due, first pages first.</summary>
    /// <returns>How many pages it looked at; a full pass should be followed by another at once.</returns>
    public async Task<int> RunOnceAsync(CancellationToken cancel)
    {
        var now = clock.GetUtcNow();
        var due = await store.ReadAsync(
            db => db.Pages
                .Where(p => (p.State == PageState.Pending && p.DueAt <= now) || (p.State == PageState.Sending && p.LeaseUntil <= now))
                .OrderBy(p => p.Repeat > 1).ThenBy(p => p.DueAt)
                .Select(p => new { p.Id, p.Trace })
                .Take(options.Value.PagesAtOnce)
                .ToListAsync(cancel),
            cancel);
        await Task.WhenAll(due.Select(page => SendGuardedAsync(page.Id, page.Trace, cancel)));
        return due.Count;
    }

    /// <summary>A page that cannot even be handled is put off; the others go on.</summary>
    private async Task SendGuardedAsync(Guid id, string? trace, CancellationToken cancel)
    {
        using var span = Tracing.Resume("page", trace);
        try
        {
            await SendAsync(id, cancel);
        }
        catch (Exception failure) when (failure is not OperationCanceledException || !cancel.IsCancellationRequested)
        {
            LogBroken(logger, failure, id);
            await PostponeAsync(id, failure.Message, cancel);
        }
    }

    private async Task SendAsync(Guid id, CancellationToken cancel)
    {
        var claim = await store.WriteAsync(
            async db =>
            {
                var claimed = await ledger.ClaimAsync(db, id, cancel);
                await db.SaveChangesAsync(cancel);
                failpoints.Pass("page.claimed");
                return claimed;
            },
            cancel);
        if (claim is null) return;

        failpoints.Pass("page.sent");
        var outcome = await dispatch.SendAsync(claim.Message, claim.Channel, cancel);
        failpoints.Pass("page.answered");
        await store.WriteAsync(
            async db =>
            {
                await ledger.RecordAsync(db, claim, outcome, cancel);
                await db.SaveChangesAsync(cancel);
                failpoints.Pass("page.planned");
            },
            cancel);
        failpoints.Pass("page.recorded");
    }

    private async Task PostponeAsync(Guid id, string why, CancellationToken cancel)
    {
        try
        {
            var later = clock.GetUtcNow() + options.Value.PageLease;
            await store.WriteAsync(
                db => db.Pages
                    .Where(p => p.Id == id && p.State == PageState.Pending)
                    .ExecuteUpdateAsync(set => set.SetProperty(p => p.DueAt, later).SetProperty(p => p.Error, why), cancel),
                cancel);
        }
        catch (Exception failure) when (failure is not OperationCanceledException)
        {
            LogBroken(logger, failure, id);
        }
    }

    [LoggerMessage(2001, LogLevel.Error, "Page {Page} could not be handled; it is tried again in a minute")]
    private static partial void LogBroken(ILogger logger, Exception failure, Guid page);
}
