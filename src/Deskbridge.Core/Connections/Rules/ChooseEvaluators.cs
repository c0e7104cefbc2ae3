using Deskbridge.Connectors;
using Deskbridge.Core.Data;

namespace Deskbridge.Core.Connections.Rules;

/// <summary>
/// Lets both evaluators judge the same tickets and chooses one for each event of new rules (engine.md §6.9): the hub's own, unless it cannot
/// read the condition or the remote system reads it otherwise.
/// </summary>
internal static class ChooseEvaluators
{
    private const int PageSize = 500;
    private const int MostPages = 5;
    private const int Named = 3;

    /// <summary>One call per event, and the tickets of the age window, at most 2,500.</summary>
    public static async Task<EvaluatorChoice> RunAsync(LiveConnection live, IReadsRules reader, RuleBook book, CancellationToken cancel)
    {
        if (reader is not IAsksRules asks || live.Connector is not IReadsTickets tickets) return EvaluatorChoice.AllHere;
        var answers = new Dictionary<string, EventAnswer>(StringComparer.Ordinal);
        var problems = new List<RuleProblem>();
        foreach (var inbound in book.Inbound)
        {
            var askedAt = live.RemoteNow;
            try
            {
                answers[inbound.Id] = new EventAnswer(askedAt, await asks.AskAsync(inbound, cancel));
            }
            catch (ConnectorException failure)
            {
                problems.Add(inbound.Unreadable is { } why
                    ? new(inbound.Rule, $"{why} The ticket system could not be asked what it makes of it either: {failure.Message}", Blocks: true)
                    : new(inbound.Rule, $"Event {inbound.Id} is evaluated by the hub alone. The ticket system could not be asked for comparison: {failure.Message}", Blocks: false));
            }
        }

        // Read after the questions, so that a ticket that changed meanwhile shows by its time.
        var recent = answers.Count == 0 ? new List<RemoteTicket>() : await RecentAsync(tickets, live.RemoteNow - book.AgeWindow, cancel);
        var asked = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var inbound in book.Inbound.Where(inbound => answers.ContainsKey(inbound.Id)))
        {
            if ((inbound.Unreadable ?? Difference(asks, inbound, answers[inbound.Id], recent)) is { } why) asked[inbound.Id] = why;
        }

        return new EvaluatorChoice(asked, answers.Where(answer => asked.ContainsKey(answer.Key)).ToDictionary(), problems, recent.Count);
    }

    private static string? Difference(IAsksRules asks, InboundEvent inbound, EventAnswer answer, List<RemoteTicket> recent)
    {
        var differs = recent.Where(ticket => answer.Knows(ticket) && asks.Expects(inbound, ticket, answer.AskedAt) is { } expected && expected != answer.Matched.ContainsKey(ticket.Id)).ToList();
        if (differs.Count == 0) return null;
        var named = differs.Take(Named).Select(ticket => $"#{ticket.Id}, which {(answer.Matched.ContainsKey(ticket.Id) ? "matches there and not here" : "matches here and not there")}");
        return $"The ticket system reads the condition otherwise than the hub for {differs.Count} of {recent.Count} tickets: {string.Join("; ", named)}.";
    }

    private static async Task<List<RemoteTicket>> RecentAsync(IReadsTickets tickets, DateTimeOffset since, CancellationToken cancel)
    {
        var read = new List<RemoteTicket>();
        for (var pages = 0; pages < MostPages; pages++)
        {
            var page = await tickets.ReadEnteredAsync(since, read.Count == 0 ? null : read[^1].Id, PageSize, cancel);
            read.AddRange(page.Tickets);
            if (!page.Full || page.Tickets.Count == 0) break;
        }

        return read;
    }
}

/// <summary>Which evaluator judges which event.</summary>
/// <param name="Asked">Events that the remote system is asked about, and why.</param>
/// <param name="Answers">What it answered about these.</param>
/// <param name="Problems">Events that neither can judge, which block, and comparisons that could not be made.</param>
/// <param name="Compared">Tickets that both judged.</param>
internal sealed record EvaluatorChoice(
    IReadOnlyDictionary<string, string> Asked, IReadOnlyDictionary<string, EventAnswer> Answers, IReadOnlyList<RuleProblem> Problems, int Compared)
{
    /// <summary>There is only one evaluator.</summary>
    public static EvaluatorChoice AllHere { get; } = new(new Dictionary<string, string>(), new Dictionary<string, EventAnswer>(), [], 0);

    /// <summary>Judges by this choice.</summary>
    public RuleJudge Judge(IReadsRules reader) => new(reader, Asked.Keys, Answers);

    /// <summary>Keeps the answers, so that the first plan goes by them. Part of the caller's transaction.</summary>
    public async Task KeepAsync(HubDb db, Guid connectionId, RuleBook book, DateTimeOffset now, CancellationToken cancel)
    {
        foreach (var inbound in book.Inbound)
        {
            if (Answers.TryGetValue(inbound.Id, out var answer)) await RemoteAnswers.KeepAsync(db, connectionId, inbound, answer, now, cancel);
        }
    }

    /// <summary>The choice for people, one line per event that the remote system is asked about.</summary>
    public IEnumerable<string> Notices(RuleBook book) => book.Inbound.Where(inbound => Asked.ContainsKey(inbound.Id)).Select(inbound => Notice(inbound, Asked[inbound.Id]));

    /// <summary>Why one event is not evaluated here, and what that means.</summary>
    public static string Notice(InboundEvent inbound, string why) =>
        $"Rule \"{inbound.Rule}\", {inbound.Kind.ToString().ToLowerInvariant()}: {why} The ticket system is asked at every poll which tickets match, and the hub goes by its answer.";
}
