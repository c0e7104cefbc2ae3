using System.Globalization;
using Deskbridge.Core.Alerting.Paging;
using Deskbridge.Core.Data;
using Deskbridge.Core.Directory;
using Microsoft.EntityFrameworkCore;

namespace Deskbridge.Core.Alerting.Escalation;

/// <summary>
/// Runs the steps of escalation chains, as rows in the caller's transaction: the pages of a step, its line in the timeline and the row of
/// the step that follows. Nothing is done outside of it, so a step is claimed and done in one.
/// </summary>
internal sealed class ChainSteps(PageRows rows)
{
    private const int RoundsBeforeThinning = 10;

    /// <summary>Runs the step at a position, or the first after it that has somebody to page. The alert is open and in its episode.</summary>
    public async Task RunAsync(HubDb db, Alert alert, Chained chained, ChainPosition from, StepReason reason, DateTimeOffset now, CancellationToken cancel)
    {
        var (team, chain) = chained;
        var most = reason.Insists ? 0 : team.MaxRepeats;
        var known = (await PageRows.FindAsync(
            db, alert, p => p.Episode == alert.Episode && (most > 0 || p.Repeat >= from.Round || p.State == PageState.Pending || p.State == PageState.Sending), cancel))
            .Where(p => p.Episode == alert.Episode).ToList();
        var people = new Dictionary<int, StepPeople>();
        var begun = !reason.Insists && known.Exists(page => IsOf(page, from.Round)); // who asks for the next step is not left to wait for the next round
        var choice = await StepChoice.FindAsync(chain, from, begun, async step => ReachOf(people[step] = await db.PeopleOfAsync(team, chain.Steps[step - 1], now, cancel), Spent()));
        if (!alert.Unattended || reason.Insists) TellPassed(db, alert, chain, choice.Passed, people, now);
        switch (choice.Outcome)
        {
            case StepOutcome.Run:
                await PageAsync(db, alert, chained, choice.At, people[choice.At.Step], known, Spent(), reason, now, cancel);
                break;

            case StepOutcome.Rest:
                await SetNextAsync(db, alert, choice.At, now, now + chain.WaitBefore(choice.At, team), cancel);
                break;

            case StepOutcome.Spent:
                if (await db.NextStepAsync(alert, cancel) is not null) await EndAsync(db, alert, team, now, cancel);
                break;

            default:
                await rows.LeaveUnattendedAsync(
                    db, alert, $"No step of the escalation chain of {team.Name} reaches anybody.",
                    $"It is tried again every {Minutes(team.RepeatMinutes)}, and as soon as somebody comes on duty.", now, cancel);
                // Not in a round that has pages, of this chain or of the one before: whom they went to, or were to go to, could not be paged in it again.
                await SetNextAsync(db, alert, new ChainPosition(Math.Max(from.Round, PageRows.LastRound(known) + 1), 1), now, now + TimeSpan.FromMinutes(team.RepeatMinutes), cancel);
                break;
        }

        HashSet<Guid> Spent() => most == 0 ? [] : PageRows.PagedBefore(known, from.Round, most);
    }

    /// <summary>Begins the next round of an alert that pages nobody: somebody can be paged now.</summary>
    public async Task GoOnAsync(HubDb db, Alert alert, Chained chained, StepReason reason, DateTimeOffset now, CancellationToken cancel)
    {
        var last = PageRows.LastRound(await PageRows.OfEpisodeAsync(db, alert, cancel));
        await RunAsync(db, alert, chained, new ChainPosition(last + 1, 1), reason, now, cancel);
    }

    /// <summary>A page came to its end. When every page of the step before failed, nobody was told: the next step does not wait. A new round does, or a dead provider would be asked without end.</summary>
    public static async Task SettledAsync(HubDb db, Alert alert, Page settled, DateTimeOffset now, CancellationToken cancel)
    {
        if (settled.State != PageState.Failed || await db.NextStepAsync(alert, cancel) is not { } due) return;
        if (due.Episode != alert.Episode || due.Round != settled.Repeat || due.Step != settled.Step + 1 || due.DueAt <= now) return;
        var beside = await PageRows.FindAsync(db, alert, p => p.Episode == alert.Episode && p.Repeat == settled.Repeat && p.Step == settled.Step, cancel);
        if (beside.Any(p => p.Episode == alert.Episode && p.Repeat == settled.Repeat && p.Step == settled.Step && p.State is not (PageState.Failed or PageState.Superseded))) return;
        due.DueAt = now;
        db.Hints.Add(WorkHint.Pages);
        db.AddEvent(alert, "step-passed", "No page of this step could be delivered. The next step follows at once.", null, null, now);
    }

    /// <summary>The chain of an open alert's team was changed: what is not due yet follows the new one.</summary>
    public static async Task FollowAsync(HubDb db, Alert alert, Chained chained, DateTimeOffset now, CancellationToken cancel)
    {
        var (team, chain) = chained;
        if (await db.NextStepAsync(alert, cancel) is { } due)
        {
            var fit = chain.Fit(new ChainPosition(due.Round, due.Step));
            await SetNextAsync(db, alert, fit, due.RanAt, alert.Unattended ? now : due.RanAt + chain.WaitBefore(fit, team), cancel);
            return;
        }

        var pages = await PageRows.OfEpisodeAsync(db, alert, cancel);
        var waiting = pages.Where(page => page.Step != Page.WarningStep && page.State is PageState.Pending or PageState.Sending).ToList();
        if (waiting.Count == 0 && !alert.Unattended) return; // its rounds had come to their end, or it never paged
        var planned = waiting.FindAll(page => page.State == PageState.Pending && page.DueAt > now && page.Attempts == 0); // a round that never began counts as none
        db.Pages.RemoveRange(planned);
        pages = [.. pages.Except(planned)];
        var ran = pages.Where(page => page.Step != Page.WarningStep && page.RoundAt <= now).Max(page => (DateTimeOffset?)page.RoundAt) ?? now;
        var next = alert.Unattended ? new ChainPosition(PageRows.LastRound(pages) + 1, 1) : chain.After(new ChainPosition(Math.Max(1, PageRows.LastRound(pages)), 1));
        await SetNextAsync(db, alert, next, ran, alert.Unattended ? now : ran + chain.WaitBefore(next, team), cancel);
    }

    /// <summary>No further step comes: the alert is not open any more, or its chain is the usual one now.</summary>
    public static async Task StopAsync(HubDb db, Alert alert, CancellationToken cancel)
    {
        if (await db.NextStepAsync(alert, cancel) is { } due) db.DueSteps.Remove(due);
    }

    private async Task PageAsync(
        HubDb db, Alert alert, Chained chained, ChainPosition at, StepPeople people, List<Page> known, HashSet<Guid> spent, StepReason reason, DateTimeOffset now, CancellationToken cancel)
    {
        var (team, chain) = chained;
        if (alert.Unattended)
        {
            alert.Unattended = false;
            foreach (var warning in (await PageRows.OfEpisodeAsync(db, alert, cancel)).Where(p => p is { Step: Page.WarningStep, State: PageState.Pending }))
                warning.End(PageState.Superseded, "Somebody can be paged now.");
        }

        // Who is being tried still, by an earlier step, is not paged twice by the same channel.
        var taken = known.Where(p => p.Step != Page.WarningStep && p.State is PageState.Pending or PageState.Sending).Select(p => (p.PersonId, p.ChannelId)).ToHashSet();
        var targets = people.Reached.Targets.Where(target => !spent.Contains(target.Person.Id)).ToList();
        rows.Add(db, alert, targets.Where(target => !taken.Contains((target.Person.Id, target.Channel.Id))), at.Step, at.Round, now, now);
        if (IsTold(at.Round))
        {
            string[] why = [reason.Words(chain, at, team), people.Missing];
            db.AddEvent(
                alert, at is { Round: 1, Step: 1 } ? "paged" : "escalated", $"Step {at.Step} of {chain.Steps.Count}, {people.Words}: paging {PageTargets.Names(targets)}.",
                string.Join(' ', why.Where(part => part.Length > 0)), reason.By?.Id, now);
        }

        var next = chain.After(at);
        if (next.Round > at.Round && team.MaxRepeats > 0 && !await AnybodyLeftAsync(db, alert, chained, at.Round, now, cancel)) await EndAsync(db, alert, team, now, cancel);
        else await SetNextAsync(db, alert, next, now, now + chain.WaitBefore(next, team), cancel);
    }

    private static async Task<bool> AnybodyLeftAsync(HubDb db, Alert alert, Chained chained, int round, DateTimeOffset now, CancellationToken cancel)
    {
        var spent = PageRows.PagedBefore(await PageRows.OfEpisodeAsync(db, alert, cancel), round + 1, chained.Team.MaxRepeats);
        foreach (var step in chained.Chain.Steps)
        {
            if (ReachOf(await db.PeopleOfAsync(chained.Team, step, now, cancel), spent) == StepReach.Somebody) return true;
        }

        return false;
    }

    private static async Task EndAsync(HubDb db, Alert alert, Team team, DateTimeOffset now, CancellationToken cancel)
    {
        await StopAsync(db, alert, cancel);
        db.AddEvent(
            alert, "chain-ended", $"Everybody in the escalation chain of {team.Name} was paged in {team.MaxRepeats} {(team.MaxRepeats == 1 ? "round" : "rounds")}, as often as the team allows. Nobody has acknowledged.",
            "It pages again when somebody else comes on duty or somebody escalates.", null, now);
    }

    private static async Task SetNextAsync(HubDb db, Alert alert, ChainPosition next, DateTimeOffset ranAt, DateTimeOffset dueAt, CancellationToken cancel)
    {
        db.Hints.Add(WorkHint.Pages);
        // One that this transaction ended is begun again.
        var ended = db.ChangeTracker.Entries<DueStep>().FirstOrDefault(entry => entry.Entity.AlertId == alert.Id && entry.State == EntityState.Deleted);
        ended?.State = EntityState.Modified;
        if (await db.NextStepAsync(alert, cancel) is not { } present)
        {
            db.DueSteps.Add(new DueStep { AlertId = alert.Id, Episode = alert.Episode, Round = next.Round, Step = next.Step, RanAt = ranAt, DueAt = dueAt });
            return;
        }

        (present.Episode, present.Round, present.Step, present.RanAt, present.DueAt, present.HeldUntil) = (alert.Episode, next.Round, next.Step, ranAt, dueAt, null);
    }

    private static void TellPassed(HubDb db, Alert alert, EscalationChain chain, IReadOnlyList<ChainPosition> passed, Dictionary<int, StepPeople> people, DateTimeOffset now)
    {
        foreach (var at in passed.Where(at => IsTold(at.Round)))
        {
            var step = people[at.Step];
            db.AddEvent(
                alert, "step-passed", $"Step {at.Step} of {chain.Steps.Count}, {step.Words}: nobody can be paged. What follows is not waited for.",
                step.Missing.Length > 0 ? step.Missing : "Nobody is there.", null, now);
        }
    }

    private static StepReach ReachOf(StepPeople people, HashSet<Guid> spent) =>
        people.Reached.Targets.Count == 0 ? StepReach.Nobody
        : people.Reached.Targets.All(target => spent.Contains(target.Person.Id)) ? StepReach.Spent
        : StepReach.Somebody;

    private static bool IsOf(Page page, int round) => page.Repeat == round && page.Step != Page.WarningStep && page.State != PageState.Superseded;

    /// <summary>A chain without an end must not fill the timeline: after the first rounds only every doubling is told.</summary>
    private static bool IsTold(int round) => round <= RoundsBeforeThinning || int.IsPow2(round);

    private static string Minutes(int minutes) => minutes == 1 ? "minute" : string.Create(CultureInfo.InvariantCulture, $"{minutes} minutes");
}

/// <summary>A team that has a chain of its own.</summary>
internal sealed record Chained(Team Team, EscalationChain Chain)
{
    /// <summary>The team of an alert and its chain; null where the usual one holds.</summary>
    public static async Task<Chained?> OfAsync(HubDb db, Guid? teamId, CancellationToken cancel) =>
        teamId is { } id && await db.Teams.FindAsync([id], cancel) is { } team && EscalationChain.Of(team) is { } chain ? new Chained(team, chain) : null;
}

/// <summary>Why a step runs.</summary>
/// <param name="By">Who asked for it; null when its time came.</param>
/// <param name="Because">Why, in a sentence; empty for what its place in the chain says.</param>
internal sealed record StepReason(Person? By = null, string Because = "")
{
    /// <summary>Its time came.</summary>
    public static StepReason Due { get; } = new();

    /// <summary>Somebody can be paged who could not before.</summary>
    public static StepReason Reachable { get; } = new(Because: "Somebody can be paged now.");

    /// <summary>A person asks: whoever was paged as often as the team allows is paged once more.</summary>
    public bool Insists => By is not null;

    /// <summary>In a sentence.</summary>
    public string Words(EscalationChain chain, ChainPosition at, Team team) => By is { } person ? $"{person.Name} escalated."
        : Because.Length > 0 ? Because
        : at.Step > 1 ? $"Nobody acknowledged within {EscalationChain.Minutes(chain[at].WaitMinutes)}."
        : at.Round > 1 ? $"Nobody acknowledged within {EscalationChain.Minutes(team.RepeatMinutes)}: round {at.Round}."
        : $"The escalation chain of {team.Name} begins.";
}
