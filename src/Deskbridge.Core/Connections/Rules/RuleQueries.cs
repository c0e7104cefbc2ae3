using Deskbridge.Connectors;
using Deskbridge.Core.Alerting;
using Deskbridge.Core.Common;
using Deskbridge.Core.Connections.Runs;
using Deskbridge.Core.Data;
using Microsoft.EntityFrameworkCore;

namespace Deskbridge.Core.Connections.Rules;

/// <summary>Reads the rules of a connection as people see them. No call leaves the hub.</summary>
internal sealed class RuleQueries(HubStore store)
{
    /// <summary>The rules in force and those that wait; null when the connection reads none.</summary>
    public async Task<RulesView?> ReadAsync(LiveConnection live, CancellationToken cancel)
    {
        if (live.Connector is not IReadsRules reader) return null;
        Guid?[] ids = [live.Connection.RuleVersionId, live.Connection.HeldRuleVersionId];
        var versions = await store.ReadAsync(db => db.RuleVersions.Where(version => ids.Contains(version.Id)).ToListAsync(cancel), cancel);
        var inForce = versions.Find(version => version.Id == ids[0]);
        var held = versions.Find(version => version.Id == ids[1]);
        var book = inForce is null ? null : reader.ParseRules(inForce.Body);
        var broken = inForce?.BrokenLaws is { } laws ? Json.Read<List<RuleProblem>>(laws) : [];
        return new RulesView(
            book, [.. book?.Problems ?? [], .. broken], inForce?.ReadAt, held?.ReadAt, held is null ? "" : RuleReading.Difference(book, reader.ParseRules(held.Body)),
            (await RefusedAsync(cancel)).GetValueOrDefault(live.Id), await LastChangeAsync(live.Id, cancel))
        {
            Asked = book is null || live.AskedEvents.Count == 0 ? [] : await AskedAsync(live, book, cancel),
        };
    }

    private async Task<List<AskedEvent>> AskedAsync(LiveConnection live, RuleBook book, CancellationToken cancel)
    {
        var rows = await store.ReadAsync(db => db.RemoteAnswers.Where(row => row.ConnectionId == live.Id).ToListAsync(cancel), cancel);
        return [.. book.Inbound.Where(inbound => live.AskedEvents.ContainsKey(inbound.Id)).Select(inbound =>
        {
            var row = rows.Find(row => row.EventId == inbound.Id);
            var answer = row?.About(inbound.Condition);
            return new AskedEvent(inbound.Id, inbound.Rule, inbound.Kind, EvaluatorChoice.Notice(inbound, live.AskedEvents[inbound.Id]), answer is null ? null : row!.ReadAt, answer?.Matched.Count, row?.FailingSince, row?.Failure);
        })];
    }

    /// <summary>The last change of the rules that the hub saw, with what differed.</summary>
    private Task<RuleChange?> LastChangeAsync(Guid connectionId, CancellationToken cancel) =>
        store.ReadAsync(
            db => db.ConnectionEvents
                .Where(entry => entry.ConnectionId == connectionId && entry.Kind == "rules" && entry.Trace != null && entry.Trace != "")
                .OrderByDescending(entry => entry.At).ThenByDescending(entry => entry.Id)
                .Select(entry => new RuleChange(entry.At, entry.Message, entry.Trace!))
                .FirstOrDefaultAsync(cancel),
            cancel);

    /// <summary>Why changed rules cannot be used, by connection: what the alerts about them say while they are open.</summary>
    public Task<Dictionary<Guid, string>> RefusedAsync(CancellationToken cancel) =>
        store.ReadAsync(
            db => db.Alerts
                .Where(alert => alert.Cause == RefreshRules.UnusableCause && alert.Status != AlertStatus.Closed)
                .GroupBy(alert => alert.ConnectionId)
                .Select(alerts => new { alerts.Key, Text = alerts.Max(alert => alert.Text)! })
                .ToDictionaryAsync(alert => alert.Key, alert => alert.Text, cancel),
            cancel);
}

/// <summary>The rules of a connection.</summary>
/// <param name="InForce">Those that count; null before Install.</param>
/// <param name="Problems">What an administrator must see about them: active rules, actions not carried out, broken laws.</param>
/// <param name="ReadAt">When they were first read.</param>
/// <param name="HeldSince">When a change was read that waits for a person's word; null when none waits.</param>
/// <param name="HeldChange">That change, one line each, with - and +.</param>
/// <param name="Refused">Why changed rules cannot be used; null when there are none.</param>
/// <param name="LastChange">The last change that was seen, whoever made it; null when none was.</param>
internal sealed record RulesView(
    RuleBook? InForce, IReadOnlyList<RuleProblem> Problems, DateTimeOffset? ReadAt, DateTimeOffset? HeldSince, string HeldChange, string? Refused, RuleChange? LastChange)
{
    /// <summary>Events that the hub does not evaluate itself.</summary>
    public IReadOnlyList<AskedEvent> Asked { get; init; } = [];
}

/// <summary>An event about which the remote system is asked at every poll (engine.md §6.9).</summary>
/// <param name="EventId">Remote id of the event.</param>
/// <param name="Rule">Name of its rule.</param>
/// <param name="Kind">What it is for.</param>
/// <param name="Why">Why the hub does not evaluate it, and what happens instead.</param>
/// <param name="AnsweredAt">When the last answer came; null for never.</param>
/// <param name="Matched">How many tickets it named.</param>
/// <param name="FailingSince">Since when no question was answered; null while they are.</param>
/// <param name="Failure">Why not.</param>
internal sealed record AskedEvent(
    string EventId, string Rule, InboundEventKind Kind, string Why, DateTimeOffset? AnsweredAt, int? Matched, DateTimeOffset? FailingSince, string? Failure);

/// <summary>A change of the rules in the remote system.</summary>
/// <param name="At">When the hub saw it.</param>
/// <param name="Message">What came of it, and who changed it last where the remote says so.</param>
/// <param name="Difference">One line each, with - and +.</param>
internal sealed record RuleChange(DateTimeOffset At, string Message, string Difference);
