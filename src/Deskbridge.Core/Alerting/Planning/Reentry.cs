using Deskbridge.Connectors;

namespace Deskbridge.Core.Alerting.Planning;

/// <summary>What a ticket that comes back does with its alert.</summary>
/// <param name="What">What happens.</param>
/// <param name="Why">What says so, one sentence for the timeline; null where nothing need be said.</param>
internal sealed record ReentryAnswer(Reentry What, string? Why = null);

/// <summary>The four things that can happen.</summary>
internal enum Reentry
{
    /// <summary>The alert is open already; its timeline gets a line.</summary>
    Stays,

    /// <summary>The settings do not let the ticket open its alert.</summary>
    Ignored,

    /// <summary>The same alert is open again.</summary>
    Reopens,

    /// <summary>The alert ends and another one takes its place.</summary>
    Renews,
}

/// <summary>Decides what a ticket that comes back does (engine.md §6.5, S56).</summary>
internal class ReentryPolicy
{
    /// <summary>What the connection's settings say for an alert in this state.</summary>
    public virtual ReentryAnswer Answer(AlertView alert, IAlertingPreferences preferences, DateTimeOffset now)
    {
        if (alert.Status == AlertStatus.Open) return new ReentryAnswer(Reentry.Stays);
        if (!preferences.Flows.HasFlag(StatusFlows.TicketReopens)) return new ReentryAnswer(Reentry.Ignored, "The status mapping for tickets that come back is off in the connection's settings.");
        return preferences.WhenTicketReturns switch
        {
            ReturnPolicy.Ignore => new ReentryAnswer(Reentry.Ignored, "The connection's settings say to ignore tickets that come back."),
            ReturnPolicy.NewAlert => new ReentryAnswer(Reentry.Renews, "The connection's settings ask for a new alert."),
            ReturnPolicy.NewAlertLater => Later(alert, preferences.NewAlertAfterHours, now),
            _ => new ReentryAnswer(Reentry.Reopens),
        };
    }

    private static ReentryAnswer Later(AlertView alert, int hours, DateTimeOffset now)
    {
        var rule = hours == 1 ? "an hour" : $"{hours} hours";
        return alert.Status == AlertStatus.Closed && now - alert.ChangedAt >= TimeSpan.FromHours(hours)
            ? new ReentryAnswer(Reentry.Renews, $"The alert had been closed for {rule} or more, so the connection's settings ask for a new one.")
            : new ReentryAnswer(Reentry.Reopens, $"The alert had not been closed for {rule}, so the connection's settings ask for no new one.");
    }
}
