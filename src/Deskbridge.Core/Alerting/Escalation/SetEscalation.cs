using Deskbridge.Core.Alerting.Paging;
using Deskbridge.Core.Alerting.Teams;
using Deskbridge.Core.Common;
using Deskbridge.Core.Data;
using Deskbridge.Core.Directory;
using Microsoft.EntityFrameworkCore;

namespace Deskbridge.Core.Alerting.Escalation;

/// <summary>Says how a team escalates. Open alerts follow with every step that is not due yet.</summary>
internal sealed class SetEscalation(HubStore store, PagePlanner pages, TimeProvider clock)
{
    /// <summary>Sets the chain, for a dispatcher or administrator.</summary>
    /// <param name="teamId">The team.</param>
    /// <param name="steps">The steps; none for the usual chain.</param>
    /// <param name="version">The version that was seen; null for whichever is there.</param>
    /// <param name="by">Who asks.</param>
    /// <param name="cancel">Gives up.</param>
    public Task<Result<Team>> RunAsync(Guid teamId, IReadOnlyList<ChainStep> steps, int? version, Person by, CancellationToken cancel) =>
        store.WriteAsync<Result<Team>>(
            async db =>
            {
                if (TeamRules.MayManage(by) is { } forbidden) return forbidden;
                if (await db.Teams.FindAsync([teamId], cancel) is not { } team) return new TeamNotFound(teamId);
                if (version is { } seen && seen != team.ChainVersion) return new ChainChanged(team.Name);
                if (await EscalationRules.CheckAsync(db, team, steps, cancel) is { } refused) return refused;
                var stored = new EscalationChain([.. steps.Select(EscalationRules.Plain)]).Stored;
                if (stored == team.Chain) return team;
                team.Chain = stored;
                team.ChainVersion++;
                await db.SaveChangesAsync(cancel);
                await pages.FollowChainAsync(db, team, clock.GetUtcNow(), cancel);
                return team;
            },
            cancel);
}

/// <summary>What a chain must look like.</summary>
internal static class EscalationRules
{
    /// <summary>The longest chain.</summary>
    public const int MostSteps = 10;

    /// <summary>The longest wait.</summary>
    public const int LongestWait = 1440;

    /// <summary>The most people that a step names.</summary>
    public const int MostPeople = 50;

    /// <summary>Checks what was entered; the first slip is told.</summary>
    public static async Task<Failure?> CheckAsync(HubDb db, Team team, IReadOnlyList<ChainStep> steps, CancellationToken cancel)
    {
        if (steps.Count > MostSteps) return new ChainTooLong(steps.Count);
        foreach (var (index, step) in steps.Index())
        {
            if (await SlipAsync(db, team, step, index, cancel) is { } slip) return new ChainStepWrong(index + 1, slip);
        }

        return null;
    }

    /// <summary>A step without what its audience has no use for.</summary>
    public static ChainStep Plain(ChainStep step) => step with
    {
        People = step.Audience == StepAudience.People ? [.. step.People.Distinct()] : [],
        TeamId = step.Audience == StepAudience.Team ? step.TeamId : null,
    };

    private static async Task<string?> SlipAsync(HubDb db, Team team, ChainStep step, int index, CancellationToken cancel)
    {
        if (index == 0 && step.WaitMinutes != 0) return "the first step pages at once. Its wait is 0.";
        if (index > 0 && step.WaitMinutes is < 1 or > LongestWait) return $"it waits {step.WaitMinutes} minutes; it may wait 1 to {LongestWait} minutes for the step before it.";
        return step.Audience switch
        {
            StepAudience.People => await SlipAsync(db, step.People, cancel),
            StepAudience.Team => await SlipAsync(db, team, step.TeamId, cancel),
            _ => null,
        };
    }

    private static async Task<string?> SlipAsync(HubDb db, IReadOnlyList<Guid> people, CancellationToken cancel)
    {
        if (people.Count == 0) return "it names nobody. Choose at least one person, or remove the step.";
        if (people.Count > MostPeople) return $"it names {people.Count} people; {MostPeople} are the most. Make a team of them.";
        var known = await db.People.Where(person => people.Contains(person.Id)).ToListAsync(cancel);
        if (known.Find(person => !person.Active) is { } left) return $"{left.Name} is deactivated and is not paged. Choose somebody else.";
        return people.Except(known.Select(person => person.Id)).Select(id => $"person {id} does not exist.").FirstOrDefault();
    }

    private static async Task<string?> SlipAsync(HubDb db, Team team, Guid? other, CancellationToken cancel) =>
        other is null ? "it names no team. Choose one, or page somebody else."
        : other == team.Id ? $"it names {team.Name} itself. Choose \"on duty\" or \"everybody\" for the team's own people."
        : await db.Teams.AnyAsync(t => t.Id == other, cancel) ? null
        : $"team {other} does not exist any more. Choose another one, or remove the step.";
}
