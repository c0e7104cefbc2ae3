using Deskbridge.Connectors;

namespace Deskbridge.Core.Alerting.Planning;

/// <summary>What a ticket that comes back does with its alert.</summary>
/// <param name="What">What happens.</param>
/// <param name="Why">What says so, one sentence for the timeline; null where nothing need be said.</param>
internal sealed record ReentryAnswer(Reentry What, string? Why = null);

/// <summary>The four things that can happen, the one that does most last.</summary>
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
    /// <summary>What is chosen for the rule by which a ticket comes back, for an alert in this state.</summary>
    /// <param name="alert">The alert.</param>
    /// <param name="preferences">The connection's settings.</param>
    /// <param name="eventId">Remote id of the rule's event; null when it is not known.</param>
    /// <param name="now">Now, on the remote's clock.</param>
    public virtual ReentryAnswer Answer(AlertView alert, IAlertingPreferences preferences, string? eventId, DateTimeOffset now)
    {
        if (alert.Status == AlertStatus.Open) return new ReentryAnswer(Reentry.Stays);
        if (!preferences.Flows.HasFlag(StatusFlows.TicketReopens)) return new ReentryAnswer(Reentry.Ignored, "The status mapping for tickets that come back is off in the connection's settings.");
        var chosen = preferences.ReturnBy(eventId);
        var who = chosen.IsOwn ? $"the choice for event {chosen.EventId} of the trigger rule" : "the connection's setting";
        return chosen.Policy switch
        {
            ReturnPolicy.Ignore => new ReentryAnswer(Reentry.Ignored, $"{Begin(who)} says to ignore tickets that come back."),
            ReturnPolicy.NewAlert => new ReentryAnswer(Reentry.Renews, $"{Begin(who)} asks for a new alert."),
            ReturnPolicy.NewAlertLater => Later(alert, chosen.Hours, who, now),
            _ => new ReentryAnswer(Reentry.Reopens),
        };
    }

    private static ReentryAnswer Later(AlertView alert, int hours, string who, DateTimeOffset now)
    {
        var rule = hours == 1 ? "an hour" : $"{hours} hours";
        return alert.Status == AlertStatus.Closed && now - alert.ChangedAt >= TimeSpan.FromHours(hours)
            ? new ReentryAnswer(Reentry.Renews, $"The alert had been closed for {rule} or more, so {who} asks for a new one.")
            : new ReentryAnswer(Reentry.Reopens, $"The alert had not been closed for {rule}, so {who} asks for no new one.");
    }

    private static string Begin(string who) => char.ToUpperInvariant(who[0]) + who[1..];
}
