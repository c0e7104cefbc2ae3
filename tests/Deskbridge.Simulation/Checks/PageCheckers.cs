using Deskbridge.Connectors;
using Deskbridge.Core.Alerting;
using Deskbridge.Core.Sync;
using Deskbridge.Simulation.World;

namespace Deskbridge.Simulation.Checks;

/// <summary>Nobody sleeps through an alert.</summary>
internal static class PageCheckers
{
    public static IEnumerable<string> RaisedOnceAndPaged(Evidence all)
    {
        foreach (var remote in all.World.Remotes)
        {
            foreach (var id in remote.Psa.TicketIds)
            {
                if (remote.Psa.Find(id) is not { } ticket || ticket.Closed || !Matches(remote, ticket)) continue;
                if (all.LinkOf(remote.Id, id) is null) yield return $"{remote.Psa.Kind}/{id} matches the rule ({ticket.StatusName}) and has no alert";
            }
        }

        foreach (var broken in all.Links.SelectMany(link => ComesBackAsChosen(all, link))) yield return broken;

        var accepted = all.World.Phone.Rings.Where(ring => ring.Accepted && ring.PersonId == all.World.Mia.Id).ToLookup(ring => (ring.AlertId, ring.Episode));
        foreach (var alert in all.Alerts.Where(alert => alert is { LinkId: not null, Status: AlertStatus.Open, Origin: not TransitionOrigin.Hub }))
            if (!accepted[(alert.Id, alert.Episode)].Any()) yield return $"\"{alert.Title}\" is open (episode {alert.Episode}) and {all.World.Mia.Name}, who is on duty, was not paged";

        var most = 1 + all.World.Crashes.Deaths;
        foreach (var rings in all.World.Phone.Rings.Where(ring => ring.Accepted).GroupBy(ring => ring.DeliveryId).Where(group => group.Count() > most))
            yield return $"page {rings.Key} of \"{rings.First().Title}\" was delivered {rings.Count()} times with {all.World.Crashes.Deaths} crashes";
    }

    public static IEnumerable<string> PagesWaitForNothing(Evidence all)
    {
        var pages = all.Pages.Where(page => page.Repeat == 1).ToLookup(page => (page.AlertId, page.Episode));
        foreach (var change in all.World.Ledger.AlertChanges.Where(change => change.To == AlertStatus.Open))
        {
            if (change is { Raised: true, Origin: TransitionOrigin.Hub }) continue; // found at Install, already marked: nobody is paged (engine.md §6.11)
            var first = pages[(change.AlertId, change.Episode)];
            if (!first.Any()) yield return $"episode {change.Episode} of alert {change.AlertId} has no page";
            foreach (var page in first.Where(page => page.DueAt > change.At && page.Attempts == 0 && page.State == PageState.Pending))
                yield return $"the first page of alert {change.AlertId} waits until {page.DueAt:HH:mm:ss}, the alert is open since {change.At:HH:mm:ss}";
        }
    }

    /// <summary>A ticket has one alert unless the settings ask for another when it comes back (engine.md §6.5); and it opens its alert again only where they ask for that.</summary>
    private static IEnumerable<string> ComesBackAsChosen(Evidence all, Link link)
    {
        var psa = all.World.RemoteOf(link.ConnectionId).Psa;
        var off = psa.Returns == ReturnPolicy.Ignore || !psa.Flows.HasFlag(StatusFlows.TicketReopens);
        AlertChange? before = null;
        foreach (var change in all.ChangesOf(link.Id).OrderBy(change => change.Transition))
        {
            var longClosed = before is { To: AlertStatus.Closed } && change.At - before.At >= TimeSpan.FromHours(SimulatedPsa.HoursClosed);
            if (change.Raised && before is not null && (off || psa.Returns == ReturnPolicy.ReopenAlert || (psa.Returns == ReturnPolicy.NewAlertLater && !longClosed)))
                yield return $"{psa.Kind}/{link.RemoteId} raised another alert at {change.At:HH:mm:ss}, and the settings say {(off ? ReturnPolicy.Ignore : psa.Returns)}";
            if (change is { Raised: false, To: AlertStatus.Open, Origin: TransitionOrigin.Ticket } && (off || psa.Returns == ReturnPolicy.NewAlert || (psa.Returns == ReturnPolicy.NewAlertLater && longClosed)))
                yield return $"{psa.Kind}/{link.RemoteId} opened its alert again at {change.At:HH:mm:ss}, and the settings say {(off ? ReturnPolicy.Ignore : psa.Returns)}";
            if (change is not { Origin: TransitionOrigin.Hub, To: AlertStatus.Closed }) before = change;
            else before = before is { To: AlertStatus.Closed } ? before : change;
        }
    }

    private static bool Matches(Remote remote, SimulatedTicket ticket) =>
        remote.Psa.Rules.Inbound.Where(inbound => inbound.Kind == Connectors.InboundEventKind.Raise)
            .Any(inbound => SimulatedRules.Holds(inbound.Condition, new(ticket.StatusId, ticket.StatusName), ticket.Closed, ticket.EnteredAt, retrieved: false, remote.Psa.Now));
}
