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
            (await RefusedAsync(cancel)).GetValueOrDefault(live.Id));
    }

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
internal sealed record RulesView(
    RuleBook? InForce, IReadOnlyList<RuleProblem> Problems, DateTimeOffset? ReadAt, DateTimeOffset? HeldSince, string HeldChange, string? Refused);
