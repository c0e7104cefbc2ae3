using Deskbridge.Connectors;

namespace Deskbridge.Core.Connections.Rules;

/// <summary>What tickets do that come back, in words.</summary>
internal static class ReturnWords
{
    extension(IAlertingPreferences preferences)
    {
        /// <summary>What happens when a ticket comes back by an event, as the end of a sentence.</summary>
        /// <param name="eventId">Remote id of the event; null when it is not known.</param>
        public string SayReturnBy(string? eventId)
        {
            if (!preferences.Flows.HasFlag(StatusFlows.TicketReopens)) return "only its timeline says so, for the status mapping of tickets that come back is off";
            var chosen = preferences.ReturnBy(eventId);
            var hours = chosen.Hours == 1 ? "an hour" : $"{chosen.Hours} hours";
            return chosen.Policy switch
            {
                ReturnPolicy.NewAlert => "a new alert is raised",
                ReturnPolicy.NewAlertLater => $"a new alert is raised when the old one has been closed for {hours}, else it is opened again",
                ReturnPolicy.Ignore => "only its timeline says so",
                _ => "the same alert is opened again",
            } + (chosen.IsOwn ? "" : " (the connection's setting)");
        }
    }
}
