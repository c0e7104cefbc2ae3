using System.Security.Cryptography;
using System.Text;
using Deskbridge.Connectors;
using Deskbridge.Core.Alerting.Planning;
using Deskbridge.Core.Common;
using Deskbridge.Core.Data;
using Microsoft.EntityFrameworkCore;

namespace Deskbridge.Core.Connections.Runs;

/// <summary>Rule books as rows, and what they say about one ticket.</summary>
internal static class RuleReading
{
    /// <summary>The stored version of this rule book; added when there is none with its text yet.</summary>
    public static async Task<RuleVersion> StoreAsync(
        HubDb db, Guid connectionId, RuleBook book, IReadOnlyList<RuleProblem> brokenLaws, RandomIds ids, DateTimeOffset now, CancellationToken cancel)
    {
        var hash = HashOf(book);
        var version = await db.RuleVersions.SingleOrDefaultAsync(stored => stored.ConnectionId == connectionId && stored.Hash == hash, cancel)
            ?? db.RuleVersions.Add(new RuleVersion { Id = ids.NewId(), ConnectionId = connectionId, Hash = hash, Body = book.Body, ReadAt = now }).Entity;
        version.BrokenLaws = Json.Write(brokenLaws);
        return version;
    }

    public static string HashOf(RuleBook book) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(book.Body)));

    /// <summary>Every event's verdict on a ticket that the hub has never taken over.</summary>
    public static EventVerdicts Judge(IReadsRules reader, RuleBook rules, RemoteTicket ticket, DateTimeOffset remoteNow) =>
        EventVerdicts.Read(rules, inbound => reader.Evaluate(inbound, ticket, new MarkerAnswers(false, "", ""), remoteNow));

    /// <summary>What changed between two rule books, for people: one event or action a line.</summary>
    public static string Difference(RuleBook? before, RuleBook after)
    {
        var old = before is null ? [] : Lines(before);
        var now = Lines(after);
        return string.Join('\n', old.Except(now, StringComparer.Ordinal).Select(line => "- " + line).Concat(now.Except(old, StringComparer.Ordinal).Select(line => "+ " + line)));
    }

    private static List<string> Lines(RuleBook book) =>
    [
        .. book.Inbound.Select(inbound => $"{inbound.Rule}, {inbound.Kind.ToString().ToLowerInvariant()}: {inbound.Condition}"),
        .. book.OnAcknowledge.Select(action => $"{action.Rule}, on acknowledge: {action.Field} = {action.Value.Name}"),
        .. book.OnClose.Select(action => $"{action.Rule}, on close: {action.Field} = {action.Value.Name}"),
        $"age window: {book.AgeWindow.TotalHours:0.##} hours",
    ];
}
