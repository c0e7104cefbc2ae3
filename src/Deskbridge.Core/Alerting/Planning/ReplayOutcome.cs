namespace Deskbridge.Core.Alerting.Planning;

/// <summary>What came of looking at a ticket once more, for the event log.</summary>
internal static class ReplayOutcome
{
    /// <summary>In words.</summary>
    /// <param name="plan">What was decided.</param>
    /// <param name="alert">The ticket's alert as it was before; null for none.</param>
    public static string Describe(AlertPlan plan, AlertStatus? alert) => "Looked at again: " + plan.Move switch
    {
        AlertMove.Raise => "its alert was raised.",
        AlertMove.Adopt => "it carries the marker, and was linked in its state.",
        AlertMove.Reopen => "its alert was opened again.",
        AlertMove.Renew => "a new alert was raised.",
        AlertMove.Acknowledge => "its alert was acknowledged.",
        AlertMove.Close => "its alert was closed.",
        _ when plan.Transition is not null || plan.Follow is not null || plan.Notes.Count > 0 || plan.Members.Count > 0 => $"what was outstanding is written; its alert stays {Word(alert)}.",
        _ when alert is null => "no alert is raised.",
        _ => $"nothing is to be done; its alert stays {Word(alert)}.",
    };

    private static string Word(AlertStatus? status) => status?.ToString().ToLowerInvariant() ?? "as it is";
}
