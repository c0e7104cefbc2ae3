using System.Collections.Concurrent;
using Deskbridge.Connectors;
using Deskbridge.Core.Data;
using Microsoft.EntityFrameworkCore;

namespace Deskbridge.Core.Connections.Rules;

/// <summary>The remote systems' answers as rows. A long answer is taken apart once, not for every ticket.</summary>
internal sealed class RemoteAnswers
{
    private readonly ConcurrentDictionary<(Guid Connection, string Event), (string Condition, DateTimeOffset AskedAt, EventAnswer Answer)> _parsed = new();

    /// <summary>Who judges the tickets of a connection by its rules in force. Part of the caller's transaction.</summary>
    public async Task<RuleJudge> JudgeAsync(HubDb db, LiveConnection live, CancellationToken cancel)
    {
        var reader = (IReadsRules)live.Connector;
        if (live.AskedEvents.Count == 0 || live.Rules is not { } rules) return RuleJudge.Here(reader);
        var conditions = rules.Inbound.ToDictionary(inbound => inbound.Id, inbound => inbound.Condition, StringComparer.Ordinal);
        var heads = await db.RemoteAnswers
            .Where(row => row.ConnectionId == live.Id && row.Matched != "")
            .Select(row => new { row.EventId, row.Condition, row.AskedAt })
            .ToListAsync(cancel);
        var answers = new Dictionary<string, EventAnswer>(StringComparer.Ordinal);
        foreach (var head in heads.Where(head => conditions.GetValueOrDefault(head.EventId) == head.Condition))
        {
            if (!_parsed.TryGetValue((live.Id, head.EventId), out var known) || known.Condition != head.Condition || known.AskedAt != head.AskedAt)
            {
                var row = await db.RemoteAnswers.AsNoTracking().SingleAsync(row => row.ConnectionId == live.Id && row.EventId == head.EventId, cancel);
                if (row.About(head.Condition) is not { } read) continue;
                _parsed[(live.Id, head.EventId)] = known = (row.Condition, row.AskedAt, read);
            }

            answers[head.EventId] = known.Answer;
        }

        return new RuleJudge(reader, live.AskedEvents.Keys, answers);
    }

    /// <summary>Keeps an answer. Part of the caller's transaction.</summary>
    public static async Task<RemoteAnswer> KeepAsync(HubDb db, Guid connectionId, InboundEvent inbound, EventAnswer answer, DateTimeOffset now, CancellationToken cancel)
    {
        var row = await db.RemoteAnswers.FindAsync([connectionId, inbound.Id], cancel)
            ?? db.RemoteAnswers.Add(new RemoteAnswer { ConnectionId = connectionId, EventId = inbound.Id, Condition = inbound.Condition, AskedAt = answer.AskedAt, ReadAt = now }).Entity;
        row.Take(inbound.Condition, answer, now);
        return row;
    }
}
