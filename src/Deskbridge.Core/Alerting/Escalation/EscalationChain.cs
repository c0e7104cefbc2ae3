using System.Globalization;
using Deskbridge.Core.Common;

namespace Deskbridge.Core.Alerting.Escalation;

/// <summary>Whom a step pages.</summary>
internal enum StepAudience
{
    /// <summary>Who is on duty in the alert's team.</summary>
    Duty,

    /// <summary>Everybody in the alert's team, on duty or not.</summary>
    Everybody,

    /// <summary>The people it names, on duty or not.</summary>
    People,

    /// <summary>Who is on duty in another team.</summary>
    Team,
}

/// <summary>A step.</summary>
/// <param name="WaitMinutes">Minutes since the step before; 0 in the first, which pages at once.</param>
/// <param name="Audience">Whom it pages.</param>
/// <param name="People">Whom it names; empty for the other audiences.</param>
/// <param name="TeamId">The other team; null for the other audiences.</param>
internal sealed record ChainStep(int WaitMinutes, StepAudience Audience, IReadOnlyList<Guid> People, Guid? TeamId)
{
    /// <summary>A step that names nobody.</summary>
    public static ChainStep Of(StepAudience audience, int waitMinutes = 0) => new(waitMinutes, audience, [], null);
}

/// <summary>A place in a chain that is gone through again and again.</summary>
/// <param name="Round">Which time, from 1.</param>
/// <param name="Step">Which step, from 1.</param>
internal sealed record ChainPosition(int Round, int Step);

/// <summary>The steps of a team that has a chain of its own.</summary>
internal sealed record EscalationChain(IReadOnlyList<ChainStep> Steps)
{
    /// <summary>The chain of a team; null for the usual one.</summary>
    public static EscalationChain? Of(Team? team) => team is { Chain.Length: > 0 } ? new(Json.Read<List<ChainStep>>(team.Chain)) : null;

    /// <summary>The steps of a team; without a chain of its own, the one that pages who is on duty.</summary>
    public static IReadOnlyList<ChainStep> StepsOf(Team team) => Of(team)?.Steps ?? [ChainStep.Of(StepAudience.Duty)];

    /// <summary>A wait in words.</summary>
    public static string Minutes(int minutes) => minutes == 1 ? "a minute" : string.Create(CultureInfo.InvariantCulture, $"{minutes} minutes");

    /// <summary>As a team stores it: the usual chain is none.</summary>
    public string Stored => Steps is [] or [{ Audience: StepAudience.Duty }] ? "" : Json.Write(Steps);

    /// <summary>The step at a position.</summary>
    public ChainStep this[ChainPosition at] => Steps[at.Step - 1];

    /// <summary>What follows; after the last step the chain begins again.</summary>
    public ChainPosition After(ChainPosition at) => at.Step < Steps.Count ? at with { Step = at.Step + 1 } : new ChainPosition(at.Round + 1, 1);

    /// <summary>The same position in this chain, which may have become shorter.</summary>
    public ChainPosition Fit(ChainPosition at) => at.Step <= Steps.Count ? at : new ChainPosition(at.Round + 1, 1);

    /// <summary>How long the position waits for the one before it.</summary>
    public TimeSpan WaitBefore(ChainPosition at, Team team) => TimeSpan.FromMinutes(at.Step == 1 ? team.RepeatMinutes : this[at].WaitMinutes);

    /// <summary>Whether a step names this person.</summary>
    public bool Names(Guid personId) => Steps.Any(step => step.People.Contains(personId));

    /// <summary>Whether a step pages the whole team.</summary>
    public bool PagesEverybody => Steps.Any(step => step.Audience == StepAudience.Everybody);

    /// <summary>Whether a step pages this other team.</summary>
    public bool Asks(Guid teamId) => Steps.Any(step => step.TeamId == teamId);
}
