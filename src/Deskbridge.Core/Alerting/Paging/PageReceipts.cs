using Deskbridge.Core.Data;

namespace Deskbridge.Core.Alerting.Paging;

/// <summary>
/// Takes what a provider tells of a page after it took it. Receipts come late, twice and in any order, and even before the answer to the
/// request itself: what an attempt is known to be only rises, and a page moves only by the receipt of its last attempt.
/// </summary>
internal sealed class PageReceipts(HubStore store, PageLedger ledger, TimeProvider clock)
{
    /// <summary>Writes a receipt down. One of a page that is not known any more is passed over.</summary>
    /// <param name="pageId">The page.</param>
    /// <param name="number">Its attempt.</param>
    /// <param name="receipt">What is told.</param>
    /// <param name="cancel">Gives up.</param>
    public Task TakeAsync(Guid pageId, int number, PageReceipt receipt, CancellationToken cancel) => store.WriteAsync(
        async db =>
        {
            if (await db.PageAttempts.FindAsync([pageId, number], cancel) is not { } attempt || await db.Pages.FindAsync([pageId], cancel) is not { } page) return;
            var lost = attempt.Outcome == PageAttempt.Undelivered;
            if (!attempt.Rise(receipt.Outcome, receipt.What.Detail) || (lost && receipt.Outcome == PageAttempt.Undelivered)) return;
            var now = clock.GetUtcNow();
            var channel = await db.Channels.FindAsync([page.ChannelId], cancel);
            if (receipt.What is PageOutcome.PermFail { Gone: true }) channel?.Stop(now);
            if (page.Attempts != number || await db.Alerts.FindAsync([page.AlertId], cancel) is not { } alert) return;
            var moves = receipt.What is PageOutcome.Accepted ? page.State is PageState.Sending or PageState.Pending : page.State is PageState.Sending or PageState.Accepted;
            if (!moves) return;
            page.Epoch++; // the answer to the request, should it come yet, has nothing to add
            if (receipt.What is not PageOutcome.Accepted && !alert.Wants(page)) page.End(PageState.Failed, receipt.What.Detail);
            else await ledger.SettleAsync(db, alert, page, receipt.What, (await db.People.FindAsync([page.PersonId], cancel))?.Name ?? "Somebody", channel?.Name ?? "a removed channel", now, cancel);
            db.Hints.Add(WorkHint.Pages);
        },
        cancel);
}

/// <summary>What a provider tells of an attempt.</summary>
/// <param name="Outcome">The word for the ledger.</param>
/// <param name="What">What it means for the page.</param>
internal sealed record PageReceipt(string Outcome, PageOutcome What);
