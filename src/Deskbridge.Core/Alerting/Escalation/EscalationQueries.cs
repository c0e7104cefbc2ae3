using System.Globalization;
using Deskbridge.Core.Data;
using Microsoft.EntityFrameworkCore;

namespace Deskbridge.Core.Alerting.Escalation;

/// <summary>Reads escalation chains as pages and API show them.</summary>
internal sealed class EscalationQueries(HubStore store, TimeProvider clock)
{
    /// <summary>The chain of a team and whom it would page now; null when there is no such team.</summary>
    public Task<EscalationView?> GetAsync(Guid teamId, CancellationToken cancel) =>
        store.ReadAsync(async db => await db.Teams.FirstOrDefaultAsync(team => team.Id == teamId, cancel) is { } team ? await ViewAsync(db, team, clock.GetUtcNow(), cancel) : null, cancel);

    /// <summary>What comes when nobody acknowledges an alert.</summary>
    internal static async Task<NextStepView> NextAsync(HubDb db, Alert alert, DateTimeOffset now, CancellationToken cancel)
    {
        if (alert.Status == AlertStatus.Closed) return new NextStepView(NextStepView.MarkOf(alert.Episode, null, 0), null, null, null, null, ""); // nobody is paged, and nothing escalated
        var due = await db.DueSteps.FirstOrDefaultAsync(step => step.AlertId == alert.Id && step.Episode == alert.Episode, cancel);
        var pages = db.Pages.Where(page => page.AlertId == alert.Id && page.Episode == alert.Episode && page.Step != Page.WarningStep);
        var mark = NextStepView.MarkOf(alert.Episode, due, await pages.Where(page => page.RoundAt <= now).MaxAsync(page => (int?)page.Repeat, cancel) ?? 0);
        var team = await db.Teams.FirstOrDefaultAsync(t => t.Id == alert.TeamId, cancel);
        if (due is not null && team is not null && EscalationChain.Of(team) is { } chain)
        {
            var at = chain.Fit(new ChainPosition(due.Round, due.Step));
            var people = await db.PeopleOfAsync(team, chain[at], now, cancel);
            return new NextStepView(mark, due.DueAt, at.Step, chain.Steps.Count, at.Round, people.Words);
        }

        var waiting = await pages.Where(page => page.State == PageState.Pending).MinAsync(page => (DateTimeOffset?)page.DueAt, cancel);
        return new NextStepView(mark, alert.Status == AlertStatus.Open ? waiting : null, null, null, null, team is null ? "" : $"on duty in {team.Name}");
    }

    private static async Task<EscalationView> ViewAsync(HubDb db, Team team, DateTimeOffset now, CancellationToken cancel)
    {
        var people = await db.PeopleOfChainAsync(team, now, cancel);
        var steps = EscalationChain.StepsOf(team).Zip(people).Select((one, index) => new StepView(
            index + 1, one.First.WaitMinutes, one.First.Audience, one.First.People, one.First.TeamId, one.Second.Words,
            [.. one.Second.Reached.Targets.GroupBy(target => target.Person.Id).Select(group => new PagedNow(group.Key, group.First().Person.Name, [.. group.Select(target => target.Channel.Name)]))],
            one.Second.Missing));
        return new EscalationView(team.Id, team.Name, team.ChainVersion, EscalationChain.Of(team) is not null, [.. steps], team.RepeatMinutes, team.MaxRepeats);
    }
}

/// <summary>
/// How a team escalates, and whom an alert would page at this moment. <c>Own</c> is false for the usual chain: whoever is on duty, again and
/// again. After the last step it begins again after <c>RepeatMinutes</c>, in <c>MaxRepeats</c> rounds; 0 for no end.
/// </summary>
internal sealed record EscalationView(Guid TeamId, string Team, int Version, bool Own, IReadOnlyList<StepView> Steps, int RepeatMinutes, int MaxRepeats)
{
    private const string Unreached = "At this moment it reaches nobody: an alert would stay open, warn the administrators and page as soon as somebody comes on duty.";

    /// <summary>In sentences, a line for each step and one for what follows.</summary>
    public IReadOnlyList<string> Sentences => [.. Steps.Select(step => step.Sentence), Steps.All(step => step.Now.Count == 0) ? Unreached : Again];

    private string Again => string.Create(
        CultureInfo.InvariantCulture,
        $"If nobody acknowledges, it begins again after {EscalationChain.Minutes(RepeatMinutes)}, {(MaxRepeats == 0 ? "without end" : MaxRepeats == 1 ? "but pages nobody in more than 1 round" : $"but pages nobody in more than {MaxRepeats} rounds")}.");
}

/// <summary>A step. <c>Whom</c> is it in words; <c>Now</c> are those whom it would page at this moment, and <c>Missing</c> says who is meant and cannot be paged.</summary>
internal sealed record StepView(
    int Number, int WaitMinutes, StepAudience Pages, IReadOnlyList<Guid> People, Guid? TeamId, string Whom, IReadOnlyList<PagedNow> Now, string Missing)
{
    /// <summary>In a sentence or two.</summary>
    public string Sentence
    {
        get
        {
            var when = Number == 1 ? "At once" : $"After {EscalationChain.Minutes(WaitMinutes)}";
            var who = Now.Count > 0 ? string.Join(", ", Now.Select(one => $"{one.Name} ({string.Join(", ", one.Channels)})")) : "nobody, so it is passed over";
            return $"{when}, {Whom}: {who}. {Missing}".TrimEnd();
        }
    }
}

/// <summary>A person whom a step would page, and by which channels.</summary>
internal sealed record PagedNow(Guid PersonId, string Name, IReadOnlyList<string> Channels);
