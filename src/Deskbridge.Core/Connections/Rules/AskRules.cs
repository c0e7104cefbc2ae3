using Deskbridge.Connectors;
using Deskbridge.Core.Alerting;
using Deskbridge.Core.Data;
using Deskbridge.Core.Sync;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Deskbridge.Core.Connections.Rules;

/// <summary>
/// Asks the remote system, once per poll, about every event that the hub does not evaluate itself (engine.md §6.9), keeps the answer and wakes
/// the tickets for which it may say something new. Where no answer comes, the last one stands and people are told.
/// </summary>
internal sealed partial class AskRules(
    ConnectorPool pool, ConnectionMonitor monitor, HubAlerts alerts, HubStore store, IOptions<ConnectionsOptions> options, TimeProvider clock, ILogger<AskRules> logger)
{
    /// <summary>Cause of the alert about events that nobody judges any more.</summary>
    internal const string SilentCause = "rules-unanswered";

    /// <summary>Asks for one connection. Does nothing where every event is evaluated here.</summary>
    public async Task RunAsync(Guid connectionId, CancellationToken cancel)
    {
        if (await pool.FindAsync(connectionId, cancel) is not { Connector: IAsksRules asks, Rules: { } rules, AskedEvents.Count: > 0 } live) return;
        if (monitor.IsOpen(connectionId, clock.GetUtcNow())) return;
        using var callClass = CallClassScope.Use(CallClass.Tickets);
        foreach (var inbound in rules.Inbound.Where(inbound => live.AskedEvents.ContainsKey(inbound.Id))) await AskAsync(live, asks, rules, inbound, cancel);
    }

    private async Task AskAsync(LiveConnection live, IAsksRules asks, RuleBook rules, InboundEvent inbound, CancellationToken cancel)
    {
        var askedAt = live.RemoteNow;
        try
        {
            var answer = new EventAnswer(askedAt, await asks.AskAsync(inbound, cancel));
            await store.WriteAsync(db => KeepAsync(db, live, rules, inbound, answer, cancel), cancel);
        }
        catch (ConnectorThrottledException)
        {
            // The budget is short or the remote asked for a pause: the next poll asks.
        }
        catch (ConnectorException failure)
        {
            if (await store.WriteAsync(db => FailedAsync(db, live, inbound, failure, askedAt, cancel), cancel)) LogUnanswered(logger, inbound.Id, inbound.Rule, live.Connection.Name, failure.Message);
        }
    }

    private async Task KeepAsync(HubDb db, LiveConnection live, RuleBook rules, InboundEvent inbound, EventAnswer answer, CancellationToken cancel)
    {
        var now = clock.GetUtcNow();
        var known = await db.RemoteAnswers.FindAsync([live.Id, inbound.Id], cancel);
        var before = known?.About(inbound.Condition);
        var failed = known?.FailingSince is not null;
        await RemoteAnswers.KeepAsync(db, live.Id, inbound, answer, now, cancel);
        await db.WakeManyAsync(live.Id, await ConcernedAsync(db, live, rules, before, answer, cancel), now, "rule answered", needsRead: false, cancel);
        if (!failed) return;
        db.LogConnectionEvent(live.Id, "rules", null, $"The ticket system answers again which tickets match event {inbound.Id} of the rule \"{inbound.Rule}\".", null, null, now);
        if (!await db.RemoteAnswers.AnyAsync(row => row.ConnectionId == live.Id && row.EventId != inbound.Id && row.FailingSince != null, cancel))
            await alerts.ClearAsync(db, live.Id, SilentCause, "The ticket system answers again.", now, cancel);
    }

    /// <summary>Those that match no longer or newly, and those that changed since about the last question, so that its answer said nothing about them. After a first answer: all that could be concerned.</summary>
    private static async Task<IReadOnlyCollection<string>> ConcernedAsync(HubDb db, LiveConnection live, RuleBook rules, EventAnswer? before, EventAnswer answer, CancellationToken cancel)
    {
        var since = before is null ? answer.AskedAt - rules.AgeWindow : before.AskedAt - EventAnswer.Precision;
        var changed = await db.Mirrors
            .Where(mirror => mirror.ConnectionId == live.Id && mirror.Type == RecordTypes.Ticket && mirror.TombstonedAt == null && mirror.RemoteUpdatedAt >= since)
            .Select(mirror => mirror.RemoteId)
            .ToListAsync(cancel);
        var concerned = new HashSet<string>(answer.Matched.Keys, StringComparer.Ordinal);
        if (before is not null)
        {
            concerned.SymmetricExceptWith(before.Matched.Keys);
        }
        else
        {
            concerned.UnionWith(await db.Links
                .Where(link => link.ConnectionId == live.Id && link.Type == RecordTypes.Ticket && link.State == LinkState.Active)
                .Select(link => link.RemoteId)
                .ToListAsync(cancel));
        }

        concerned.UnionWith(changed);
        return concerned;
    }

    /// <summary>Answers whether this is news.</summary>
    private async Task<bool> FailedAsync(HubDb db, LiveConnection live, InboundEvent inbound, ConnectorException failure, DateTimeOffset askedAt, CancellationToken cancel)
    {
        var now = clock.GetUtcNow();
        var row = await db.RemoteAnswers.FindAsync([live.Id, inbound.Id], cancel)
            ?? db.RemoteAnswers.Add(new RemoteAnswer { ConnectionId = live.Id, EventId = inbound.Id, Condition = inbound.Condition, AskedAt = askedAt, ReadAt = now }).Entity;
        var news = row.FailingSince is null;
        row.FailingSince ??= now;
        row.Failure = failure.Message;
        var message = $"The ticket system does not answer which tickets match event {inbound.Id} of the rule \"{inbound.Rule}\", which the hub cannot evaluate itself: {failure.Message} What it answered last stands; tickets that changed since raise, acknowledge and close nothing by this event.";
        if (news) db.LogConnectionEvent(live.Id, "rules", null, message, null, null, now);

        // No answer at all may be a moment's trouble, and a connection that cannot read has an alarm of its own; a refusal stays.
        var lasts = failure is ConnectorRejectedException or ConnectorNotFoundException || now - row.FailingSince >= options.Value.SilenceAfter;
        if (lasts && !await HubAlerts.IsOpenAsync(db, live.Id, SilentCause, cancel))
            await alerts.RaiseAsync(db, live.Id, SilentCause, $"Rules of '{live.Connection.Name}' are not answered", message, now, cancel);
        return news;
    }

    [LoggerMessage(3024, LogLevel.Warning, "The remote system does not answer about event {EventId} of rule {Rule} of connection {Connection}, which is not evaluated here; its last answer stands. {Reason}")]
    private static partial void LogUnanswered(ILogger logger, string eventId, string rule, string connection, string reason);
}
