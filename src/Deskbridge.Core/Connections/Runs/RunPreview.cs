using Deskbridge.Connectors;
using Deskbridge.Core.Alerting.Planning;
using Deskbridge.Core.Connections.Rules;
using Deskbridge.Core.Data;

namespace Deskbridge.Core.Connections.Runs;

/// <summary>Says which tickets of the last 30 days an edited condition matches, and which the one that is kept matches (S8). Writes nothing remote.</summary>
internal sealed class RunPreview(OpenRules open, RulePreview preview, RemoteAnswers answers, HubStore store) : IRun
{
    /// <summary>A ticket that matches only with the edited text.</summary>
    internal const string Newly = "newly-matches";

    /// <summary>A ticket that matches only with the text as it is.</summary>
    internal const string NoLonger = "no-longer-matches";

    /// <summary>A ticket that matches with both.</summary>
    internal const string Still = "matches";

    /// <summary>At most so many tickets of an outcome are listed.</summary>
    internal const int Shown = 100;

    private const int PageSize = 500;
    private const int MostPages = 20;
    private static readonly TimeSpan LookBack = TimeSpan.FromDays(30);

    public ConnectionRunKind Kind => ConnectionRunKind.Preview;

    public async Task<RunResult> RunAsync(RunScope run, CancellationToken cancel)
    {
        using var callClass = CallClassScope.Use(CallClass.Sweeps);
        if (run.Request.Rule is not { } wish) return new RunResult(false, "A preview is started from a rule's page, with the text to try.");
        var opened = await open.RunAsync(run.ConnectionId, wish.EventId, cancel);
        if (opened.Failure is { } refused) return new RunResult(false, refused.Message);
        var (rules, before) = opened.Value;
        if (before.Purpose is RuleEventPurpose.OnAcknowledge or RuleEventPurpose.OnClose) return new RunResult(false, new NothingToPreview().Message);
        var reading = rules.Editor.ReadCondition(before, wish.Condition);
        if (reading.Problems.Count > 0) return new RunResult(false, string.Join(' ', reading.Problems));

        var book = rules.Editor.Imagine(rules.Desk.Book.Body, new RuleEventDraft(before.RuleId, before.Id, before.Version, reading.Condition, before.Actions));
        var inForce = await store.ReadAsync(db => answers.JudgeAsync(db, rules.Live, cancel), cancel);
        var present = rules.Desk.Book.Body == rules.Live.Rules?.Body ? inForce : RuleJudge.Here(rules.Reader);
        var here = RuleJudge.Here(rules.Reader);
        var tally = await TryAsync(run, rules, new Texts(Find(rules.Desk.Book, before.Id), present, Find(book, before.Id), here), cancel);
        var raises = await preview.CountAsync(rules.Live, book, here, inForce, cancel);
        var opaque = Find(book, before.Id)?.Unreadable is null ? "" : " The text has a clause that is not read here, so no ticket can be tried with it; ConnectWise is asked once it is saved.";
        return new RunResult(true, $"{tally.Sentence}{opaque} Alerts raised at once if it were saved now: {raises}.");
    }

    private static InboundEvent? Find(RuleBook book, string eventId) => book.Inbound.FirstOrDefault(inbound => inbound.Id == eventId);

    private static async Task<Tally> TryAsync(RunScope run, OpenedRules rules, Texts texts, CancellationToken cancel)
    {
        var tally = new Tally();
        if (rules.Live.Connector is not IReadsTickets tickets) return tally;
        var now = rules.Live.RemoteNow;
        string? after = null;
        for (var pages = 0; ; pages++)
        {
            var page = await tickets.ReadEnteredAsync(now - LookBack, after, PageSize, cancel);
            foreach (var ticket in page.Tickets)
            {
                if (texts.Try(ticket, now) is not { } judged) continue;
                if (tally.Add(judged.Outcome) <= Shown) await run.AddAsync($"Ticket {ticket.Id}: {ticket.Title}", judged.Outcome, judged.Why, null, cancel);
            }

            tally.Seen += page.Tickets.Count;
            tally.Cut = page.Full && page.Tickets.Count > 0 && pages + 1 == MostPages;
            if (!page.Full || page.Tickets.Count == 0 || tally.Cut) return tally;
            after = page.Tickets[^1].Id;
        }
    }

    /// <summary>The event with the text as it is and with the edited one.</summary>
    private sealed record Texts(InboundEvent? Present, RuleJudge ByPresent, InboundEvent? Edited, RuleJudge ByEdited)
    {
        /// <summary>The outcome and its clauses; null when neither text matches.</summary>
        public (string Outcome, string Why)? Try(RemoteTicket ticket, DateTimeOffset now)
        {
            var (then, here) = (Judge(Edited, ByEdited, ticket, now), Judge(Present, ByPresent, ticket, now));
            return (then?.Holds == true, here?.Holds == true) switch
            {
                (true, true) => (Still, EventVerdicts.Explain(then!.Verdict.Trace)),
                (true, false) => (Newly, EventVerdicts.Explain(then!.Verdict.Trace)),
                (false, true) => (NoLonger, EventVerdicts.Explain(then?.Verdict.Trace ?? [])),
                _ => null,
            };
        }

        private static JudgedEvent? Judge(InboundEvent? inbound, RuleJudge judge, RemoteTicket ticket, DateTimeOffset now) =>
            inbound is null ? null : new JudgedEvent(inbound, judge.Evaluate(inbound, ticket, new MarkerAnswers(false, "", ""), now));
    }

    private sealed class Tally
    {
        private readonly Dictionary<string, int> _counts = new(StringComparer.Ordinal);

        public int Seen { get; set; }

        public bool Cut { get; set; }

        public string Sentence =>
            $"{Seen} tickets of the last 30 days{(Cut ? " (the oldest; more were not read)" : "")}. Matching with this text: {Of(Newly) + Of(Still)}, with the one that is kept: {Of(NoLonger) + Of(Still)}. "
            + $"{Of(Newly)} newly, {Of(NoLonger)} no longer, {Of(Still)} as before.";

        public int Add(string outcome) => _counts[outcome] = Of(outcome) + 1;

        private int Of(string outcome) => _counts.GetValueOrDefault(outcome);
    }
}
