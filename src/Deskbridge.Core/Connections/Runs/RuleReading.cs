using System.Security.Cryptography;
using System.Text;
using Deskbridge.Connectors;
using Deskbridge.Core.Alerting.Planning;
using Deskbridge.Core.Common;
using Deskbridge.Core.Connections.Rules;
using Deskbridge.Core.Data;
using Microsoft.EntityFrameworkCore;

namespace Deskbridge.Core.Connections.Runs;

/// <summary>Rule books as rows, and what they say about one ticket.</summary>
internal static class RuleReading
{
    /// <summary>The stored version of this rule book; added when there is none with its text yet.</summary>
    public static async Task<RuleVersion> StoreAsync(
        HubDb db, Guid connectionId, RuleBook book, IReadOnlyList<RuleProblem> brokenLaws, EvaluatorChoice choice, RandomIds ids, DateTimeOffset now, CancellationToken cancel)
    {
        var hash = HashOf(book);
        var version = await db.RuleVersions.SingleOrDefaultAsync(stored => stored.ConnectionId == connectionId && stored.Hash == hash, cancel)
            ?? db.RuleVersions.Add(new RuleVersion { Id = ids.NewId(), ConnectionId = connectionId, Hash = hash, Body = book.Body, ReadAt = now }).Entity;
        version.BrokenLaws = Json.Write(brokenLaws);
        version.AskedEvents = choice.Asked.Count == 0 ? null : Json.Write(choice.Asked);
        return version;
    }

    public static string HashOf(RuleBook book) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(book.Body)));

    /// <summary>Every event's verdict on a ticket that the hub has never taken over.</summary>
    public static EventVerdicts Judge(RuleJudge judge, RuleBook rules, RemoteTicket ticket, DateTimeOffset remoteNow) =>
        EventVerdicts.Read(rules, inbound => judge.Evaluate(inbound, ticket, new MarkerAnswers(false, "", ""), remoteNow));

    /// <summary>What changed between two rule books, for people: one event or action a line.</summary>
    public static string Difference(RuleBook? before, RuleBook after) => LineDifference.Of(before is null ? [] : Lines(before), Lines(after));

    private static List<string> Lines(RuleBook book) =>
    [
        .. book.Inbound.Select(inbound => $"{inbound.Rule}, {inbound.Kind.ToString().ToLowerInvariant()}: {inbound.Said ?? inbound.Condition}"),
        .. Lines("on acknowledge", book.OnAcknowledge, book.BesideAcknowledge),
        .. Lines("on close", book.OnClose, book.BesideClose),
        $"age window: {book.AgeWindow.TotalHours:0.##} hours",
    ];

    private static IEnumerable<string> Lines(string when, IReadOnlyList<TicketAction> fields, ChildActions beside) =>
    [
        .. fields.Select(action => $"{action.Rule}, {when}: {action.Field} = {action.Value.Name}"),
        .. beside.Members.Select(action => $"{action.Rule}, {when}: schedule {action.Member.Name}"),
        .. beside.Notes.Select(action => $"{action.Rule}, {when}: add the note \"{action.Text}\" ({action.Flags})"),
    ];
}
