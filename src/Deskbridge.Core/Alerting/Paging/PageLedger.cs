using Deskbridge.Core.Alerting.Escalation;
using Deskbridge.Core.Alerting.Twilio;
using Deskbridge.Core.Common;
using Deskbridge.Core.Data;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace Deskbridge.Core.Alerting.Paging;

/// <summary>The two transactions around an attempt: the claim before it and the record after it.</summary>
internal sealed class PageLedger(PagePlanner planner, RandomIds ids, ThisNode node, IOptions<AlertingOptions> options, TimeProvider clock)
{
    private static readonly TimeSpan[] Waits = [.. new[] { 5, 15, 30, 60, 180, 480, 960 }.Select(s => TimeSpan.FromSeconds(s))];

    /// <summary>Claims due pages and writes their attempts; a page that is no longer wanted is ended.</summary>
    /// <returns>What to send.</returns>
    public async Task<List<PageClaim>> ClaimAsync(HubDb db, IReadOnlyCollection<Guid> pageIds, CancellationToken cancel)
    {
        // Loaded once for all; what follows finds them tracked.
        var alertIds = (await db.Pages.Where(p => pageIds.Contains(p.Id)).ToListAsync(cancel)).Select(p => p.AlertId).Distinct().ToList();
        await db.Alerts.Where(a => alertIds.Contains(a.Id)).LoadAsync(cancel);
        var claims = new List<PageClaim>();
        foreach (var id in pageIds)
        {
            if (await ClaimAsync(db, id, cancel) is { } claim) claims.Add(claim);
        }

        return claims;
    }

    /// <summary>Writes answers down, unless another sender took the page over in the meantime, and plans the next repeats.</summary>
    public async Task RecordAsync(HubDb db, IReadOnlyList<PageAnswer> answers, CancellationToken cancel)
    {
        var pageIds = answers.Select(a => a.Claim.PageId).ToList();
        var alertIds = answers.Select(a => a.Claim.Message.AlertId).Distinct().ToList();
        await db.PageAttempts.Where(a => pageIds.Contains(a.PageId)).LoadAsync(cancel);
        await db.Alerts.Where(a => alertIds.Contains(a.Id)).LoadAsync(cancel);
        await db.Pages.Where(p => pageIds.Contains(p.Id)).LoadAsync(cancel);
        await PagePlanner.TrackPagesAsync(db, alertIds, answers.Min(a => a.Claim.Message.Repeat) + 1, cancel);
        foreach (var answer in answers) await RecordAsync(db, answer.Claim, answer.Outcome, cancel);
    }

    private async Task<PageClaim?> ClaimAsync(HubDb db, Guid pageId, CancellationToken cancel)
    {
        var now = clock.GetUtcNow();
        if (await db.Pages.FindAsync([pageId], cancel) is not { } page || !page.IsDue(now)) return null;
        if (page.State == PageState.Sending) await MarkUnknownAsync(db, page, cancel);
        if (await db.Alerts.FindAsync([page.AlertId], cancel) is not { } alert || !alert.Wants(page))
        {
            page.End(PageState.Superseded, "The alert was not open any more.");
            return null;
        }

        var person = await db.People.FindAsync([page.PersonId], cancel);
        var channel = await db.Channels.FindAsync([page.ChannelId], cancel);
        if (await ObjectionAsync(db, page, alert, now, cancel) is { } objection)
        {
            page.End(PageState.Superseded, objection);
            return null;
        }

        if (person is not { Active: true } || channel is not { Enabled: true })
        {
            await FailAsync(db, alert, page, "The channel was removed or switched off, or its owner was deactivated.", now, cancel);
            return null;
        }

        if (page.Attempts >= options.Value.PageAttempts)
        {
            await FailAsync(db, alert, page, $"No answer was recorded in {page.Attempts} attempts.", now, cancel);
            return null;
        }

        page.State = PageState.Sending;
        page.LeaseUntil = now + options.Value.PageLease;
        page.Holder = node.Id;
        page.Epoch++;
        page.Attempts++;
        db.PageAttempts.Add(new PageAttempt { PageId = page.Id, Number = page.Attempts, At = now, Outcome = "attempted" });
        var publicUrl = (await db.Settings.FindAsync([SettingKeys.PublicUrl], cancel))?.Value;
        var message = PageText.Of(alert, page, person, publicUrl, now) with
        {
            Attempt = page.Attempts,
            ReplyCode = channel.Kind == ChannelKind.Sms && !string.IsNullOrEmpty(publicUrl) ? await db.ReplyCodeAsync(person.Id, alert.Id, now, cancel) : null,
        };
        return new PageClaim(page.Id, page.Epoch, page.Attempts, channel, message, page.Trace);
    }

    private async Task RecordAsync(HubDb db, PageClaim claim, PageOutcome outcome, CancellationToken cancel)
    {
        var now = clock.GetUtcNow();
        if (await db.PageAttempts.FindAsync([claim.PageId, claim.Attempt], cancel) is { } attempt)
        {
            var said = outcome switch
            {
                PageOutcome.Accepted => PageAttempt.Accepted,
                PageOutcome.PermFail => "refused",
                _ => "failed",
            };
            attempt.Rise(said, outcome.Detail);
            Count(db, claim.Channel, said);
        }

        if (outcome is PageOutcome.PermFail { Gone: true } && await db.Channels.FindAsync([claim.Channel.Id], cancel) is { } gone) gone.Stop(now);
        if (await db.Pages.FindAsync([claim.PageId], cancel) is not { State: PageState.Sending } page || page.Epoch != claim.Epoch) return;
        if (await db.Alerts.FindAsync([page.AlertId], cancel) is not { } alert) return;
        await SettleAsync(db, alert, page, outcome, claim.Message.Person.Name, claim.Channel.Name, now, cancel);
    }

    /// <summary>What the page becomes by what is known of its last attempt.</summary>
    public async Task SettleAsync(HubDb db, Alert alert, Page page, PageOutcome outcome, string person, string channel, DateTimeOffset now, CancellationToken cancel)
    {
        switch (outcome)
        {
            case PageOutcome.Accepted accepted:
                page.State = PageState.Accepted;
                page.LeaseUntil = null;
                page.ProviderId = accepted.ProviderId;
                page.Error = null;
                db.Counts.Add(metrics => metrics.PageAccepted(alert.Id, now));
                if (page.Repeat == 1) db.AddEvent(alert, "delivered", $"{person} was paged by {channel}.", accepted.Detail, page.PersonId, now);
                await planner.PlanNextAsync(db, alert, page, now, cancel);
                break;
            case PageOutcome.TempFail when !alert.Wants(page):
                page.End(PageState.Superseded, outcome.Detail);
                break;
            case PageOutcome.TempFail later when page.Attempts < options.Value.PageAttempts:
                page.State = PageState.Pending;
                page.LeaseUntil = null;
                page.Error = later.Detail;
                page.DueAt = now + Wait(page.Attempts, later.RetryAfter);
                break;
            default:
                await FailAsync(db, alert, page, outcome.Detail, now, cancel);
                break;
        }
    }

    /// <summary>Repeats go only to people still on duty; who came on duty since joins the round. Whom a step pages was said when it ran.</summary>
    private async Task<string?> ObjectionAsync(HubDb db, Page page, Alert alert, DateTimeOffset now, CancellationToken cancel)
    {
        if (page.Step == Page.WarningStep) return alert.Unattended ? null : "Somebody is on duty now.";
        if (page.Repeat == 1 || await Chained.OfAsync(db, alert.TeamId, cancel) is not null) return null;
        var duty = await planner.PlanRoundAsync(db, alert, page.Repeat, page.RoundAt, now, cancel);
        return duty.Includes(page.PersonId, page.ChannelId) ? null : "Not on duty any more, or the channel is not in use.";
    }

    private async Task FailAsync(HubDb db, Alert alert, Page page, string why, DateTimeOffset now, CancellationToken cancel)
    {
        page.End(PageState.Failed, why);
        var name = (await db.People.FindAsync([page.PersonId], cancel))?.Name ?? "somebody";
        var channel = (await db.Channels.FindAsync([page.ChannelId], cancel))?.Name ?? "a removed channel";
        db.AddEvent(alert, "page-failed", $"{name} could not be paged by {channel}.", why, page.PersonId, now);
        await planner.PlanNextAsync(db, alert, page, now, cancel);
    }

    private static async Task MarkUnknownAsync(HubDb db, Page page, CancellationToken cancel)
    {
        if (await db.PageAttempts.FindAsync([page.Id, page.Attempts], cancel) is not { Outcome: "attempted" } attempt) return;
        attempt.Outcome = "unknown";
        attempt.Detail = "The hub stopped before it could record the answer; it may have arrived.";
    }

    private static void Count(HubDb db, Channel channel, string outcome) =>
        db.Counts.Add(metrics => metrics.PageAttempt(channel.Kind.ToString().ToLowerInvariant(), outcome));

    private TimeSpan Wait(int attempts, TimeSpan? asked)
    {
        var own = Waits[Math.Min(attempts, Waits.Length) - 1] * (0.9 + (0.2 * ids.NextDouble()));
        var longest = TimeSpan.FromMinutes(10);
        return asked is { } wanted && wanted > own ? (wanted < longest ? wanted : longest) : own;
    }
}

/// <summary>A page that this sender holds.</summary>
/// <param name="PageId">The page.</param>
/// <param name="Epoch">Fencing number of the claim.</param>
/// <param name="Attempt">Number of the attempt.</param>
/// <param name="Channel">The channel as it was at the claim.</param>
/// <param name="Message">What to send.</param>
/// <param name="Trace">The span that planned it.</param>
internal sealed record PageClaim(Guid PageId, int Epoch, int Attempt, Channel Channel, PageMessage Message, string? Trace);

/// <summary>What came of sending a page.</summary>
/// <param name="Claim">The page.</param>
/// <param name="Outcome">What the carrier said.</param>
/// <param name="Cancel">Gives up recording it; the page is repeated then.</param>
internal sealed record PageAnswer(PageClaim Claim, PageOutcome Outcome, CancellationToken Cancel);
