using Deskbridge.Core.Alerting.Escalation;
using Deskbridge.Core.Alerting.Paging;
using Deskbridge.Core.Data;
using Deskbridge.Core.Directory;

namespace Deskbridge.Core.Alerting;

/// <summary>Carries out a state change of an alert, whoever asked for it: state, timeline and pages. Part of the caller's transaction.</summary>
internal sealed class AlertTransitions(PagePlanner pages)
{
    /// <summary>Applies the change. Whether it may happen was decided before.</summary>
    public async Task ApplyAsync(HubDb db, Alert alert, StateChange change, DateTimeOffset now, CancellationToken cancel)
    {
        if (alert.Status == AlertStatus.Open) await pages.EndEpisodeAsync(db, alert, change.Message, cancel);
        alert.Become(change.To, change.Origin, change.By, now);
        db.AddEvent(alert, change.Kind, change.Message, change.Why, change.By?.Id, now);
        if (change.To != AlertStatus.Open) return;
        if (change.FromStep == 1) await pages.BeginEpisodeAsync(db, alert, now, cancel);
        else await pages.BeginEpisodeAsync(db, alert, change.FromStep, new StepReason(change.By), now, cancel);
    }
}

/// <summary>A state change.</summary>
/// <param name="To">The new state.</param>
/// <param name="Origin">Where it comes from.</param>
/// <param name="By">The person behind it.</param>
/// <param name="Kind">Kind of timeline line.</param>
/// <param name="Message">What happened, one sentence.</param>
/// <param name="Why">The rule or request behind it.</param>
internal sealed record StateChange(AlertStatus To, TransitionOrigin Origin, Person? By, string Kind, string Message, string? Why = null)
{
    /// <summary>The step of the escalation chain with which a new episode begins.</summary>
    public int FromStep { get; init; } = 1;
}
