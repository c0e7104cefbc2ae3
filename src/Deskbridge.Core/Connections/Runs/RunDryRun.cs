using Deskbridge.Connectors;
using Deskbridge.Core.Alerting.Planning;
using Deskbridge.Core.Connections.Rules;
using Deskbridge.Core.Data;

namespace Deskbridge.Core.Connections.Runs;

/// <summary>Says what Install would create, and which tickets of the last 30 days match the retrieval rule now. Writes nothing remote.</summary>
internal sealed class RunDryRun(ConnectorPool pool, LawCheck laws, HubStore store) : IRun
{
    private const int PageSize = 500;
    private const int Explained = 25;
    private static readonly TimeSpan LookBack = TimeSpan.FromDays(30);

    public ConnectionRunKind Kind => ConnectionRunKind.DryRun;

    public async Task<RunResult> RunAsync(RunScope run, CancellationToken cancel)
    {
        var live = await pool.FindInAnyStateAsync(run.ConnectionId, cancel) ?? throw new ConnectorNotFoundException("The connection was removed.");
        var plan = await PlanAsync(run, live, cancel);
        var (rules, broken) = live.Connector is IReadsRules reader ? await RulesAsync(run, reader, cancel) : (null, 0);
        if (rules is not null) broken += await CheckLawsAsync(run, live, rules, cancel);
        var (seen, matching) = rules is null ? (null, 0) : await MatchAsync(run, live, rules, cancel);
        var matches = seen is null ? "" : $" {matching} of {seen} tickets of the last 30 days match.";
        return plan.Problems + broken > 0
            ? new RunResult(false, $"{(plan.Problems + broken == 1 ? "1 problem" : $"{plan.Problems + broken} problems")} must be settled before Install.{matches}")
            : new RunResult(true, $"Install would create {Count(plan.Create)}{(plan.Adopt == 0 ? "" : $" and, after your word, use {Count(plan.Adopt)} that {(plan.Adopt == 1 ? "was" : "were")} there before")}.{matches} Nothing was written.");
    }

    private static string Count(int objects) => objects switch { 0 => "nothing", 1 => "1 object", var many => $"{many} objects" };

    private async Task<(int Create, int Adopt, int Problems)> PlanAsync(RunScope run, LiveConnection live, CancellationToken cancel)
    {
        if (live.Connector is not IProvisions provisions) return (0, 0, 0);
        var plan = await provisions.PlanAsync(cancel);
        var adopted = await Adoption.AmongAsync(store, run.ConnectionId, plan, cancel);
        foreach (var step in plan.Steps)
        {
            var (outcome, message) = step.ExistingId is null ? ("would-create", step.Description)
                : adopted.Contains(step) ? (Adoption.Outcome, Adoption.Describe(step))
                : ("exists", $"{step.Description} (id {step.ExistingId})");
            await run.AddAsync($"{step.Kind}: {step.Name}", outcome, message, null, cancel);
        }

        await Adoption.TellOfOthersAsync(run, plan, cancel);
        foreach (var problem in plan.Problems) await run.AddAsync("Install", "failed", problem, null, cancel);
        return (plan.Steps.Count(step => step.ExistingId is null), adopted.Count, plan.Problems.Count);
    }

    private async Task<int> CheckLawsAsync(RunScope run, LiveConnection live, RuleBook rules, CancellationToken cancel)
    {
        if (rules.Problems.Any(problem => problem.Blocks)) return 0;
        var broken = await laws.RunAsync(live, (IReadsRules)live.Connector, rules, cancel);
        foreach (var problem in broken) await run.AddAsync($"Rule: {problem.Rule}", problem.Blocks ? "failed" : "warning", problem.Message, null, cancel);
        return broken.Count(problem => problem.Blocks);
    }

    private static async Task<(int? Seen, int Matching)> MatchAsync(RunScope run, LiveConnection live, RuleBook rules, CancellationToken cancel)
    {
        if (live.Connector is not (IReadsTickets tickets and IReadsRules reader)) return (null, 0);
        int seen = 0, matching = 0, marked = 0;
        string? after = null;
        while (true)
        {
            var page = await tickets.ReadEnteredAsync(live.RemoteNow - LookBack, after, PageSize, cancel);
            foreach (var ticket in page.Tickets)
            {
                seen++;
                if (GoLive.IsMarked(ticket) && ticket.EnteredAt >= live.RemoteNow - rules.AgeWindow)
                {
                    var state = MarkerWord.Read(ticket.MarkerStatus).ToString().ToLowerInvariant();
                    if (++marked <= Explained) await run.AddAsync($"Ticket {ticket.Id}: {ticket.Title}", "exists", $"It carries the marker already: Install links it as {state} and pages nobody.", null, cancel);
                    continue;
                }

                var verdicts = RuleReading.Judge(RuleJudge.Here(reader), rules, ticket, live.RemoteNow);
                if (!verdicts.RaisesOn(ticket)) continue;
                matching++;
                if (matching <= Explained) await run.AddAsync($"Ticket {ticket.Id}: {ticket.Title}", "matches", EventVerdicts.Explain(verdicts.Trace), null, cancel);
            }

            if (!page.Full || page.Tickets.Count == 0) return (seen, matching);
            after = page.Tickets[^1].Id;
        }
    }

    /// <summary>The rules that will count, and how many of their problems Install will not settle: what is missing it writes, where it writes rules.</summary>
    private static async Task<(RuleBook? Rules, int Broken)> RulesAsync(RunScope run, IReadsRules reader, CancellationToken cancel)
    {
        var written = reader is IProvisions;
        var ahead = await RulesAhead.ReadAsync(reader, cancel);
        foreach (var inbound in ahead.Present.Inbound.Where(inbound => inbound.Unreadable is not null))
            await run.AddAsync($"Rule: {inbound.Rule}", "warning", $"{inbound.Unreadable} Install asks the ticket system whether it can test this event, and goes by its answers then; what matches it cannot be said before.", null, cancel);
        foreach (var problem in ahead.Present.Problems) await run.AddAsync($"Rule: {problem.Rule}", problem.Blocks && !written ? "failed" : "warning", problem.Message, null, cancel);
        if (written && !ahead.RaisesNow)
        {
            var then = ahead.Book is null
                ? "so no ticket can be tried against it. Install creates it."
                : "so the tickets below are tried against the conditions that Install would write.";
            await run.AddAsync("Retrieval rule", "warning", $"It does not exist yet, {then}", null, cancel);
        }

        return (ahead.Book, written ? 0 : ahead.Present.Problems.Count(problem => problem.Blocks));
    }
}
