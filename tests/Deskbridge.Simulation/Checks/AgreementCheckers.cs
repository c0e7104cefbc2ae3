using Deskbridge.Connectors;
using Deskbridge.Core.Alerting;
using Deskbridge.Core.Alerting.Planning;
using Deskbridge.Core.Common;
using Deskbridge.Core.Sync;

namespace Deskbridge.Simulation.Checks;

/// <summary>What both sides must agree on when everything is quiet.</summary>
internal static class AgreementCheckers
{
    public static IEnumerable<string> BaseIsAgreed(Evidence all) =>
        from pair in all.Pairs
        where pair.Link.State != LinkState.Tombstoned
        let agreed = Json.Read<LinkBase>(pair.Link.Base).Fields
        from field in LinkBase.Watched
        let value = agreed.GetValueOrDefault(field)
        where value != pair.Ticket[field]
        select $"{pair}: base has {field} = {value ?? "nothing"}, the ticket {pair.Ticket[field] ?? "nothing"}";

    public static IEnumerable<string> NothingIsLeft(Evidence all) =>
        all.Effects.Where(effect => effect.State is EffectState.Pending or EffectState.Claimed or EffectState.Sent or EffectState.Retry)
            .Select(effect => $"effect {effect.IdemKey} is still {effect.State}")
            .Concat(all.Wakes.Where(wake => wake.Reasons != "time").Select(wake => $"ticket {wake.RemoteId} is still to be looked at"));

    public static IEnumerable<string> BothSidesAgree(Evidence all) =>
        all.Pairs.Where(pair => pair.Alert is not null && pair.Link.State == LinkState.Active).SelectMany(Disagreements);

    /// <summary>Where an alert and its ticket differ though nothing is under way and nothing says why.</summary>
    public static IEnumerable<string> Disagreements(Pair pair)
    {
        var alert = pair.Alert!;
        if (pair.Ticket.Title != alert.Title) yield return $"{pair}: title \"{alert.Title}\" against \"{pair.Ticket.Title}\"";
        if (pair.Ticket.Closed != (alert.Status == AlertStatus.Closed) && !Explained(pair)) yield return $"{pair}: alert {alert.Status}, ticket {(pair.Ticket.Closed ? "closed" : "open")} ({pair.Ticket.StatusName})";
        if (!pair.Ticket.CarriesMarkers) yield break;
        if (pair.Ticket.Retrieved != true && !pair.WasRefused(TicketFields.MarkerRetrieved) && !pair.WasLeftEmpty) yield return $"{pair}: not marked as retrieved";
        var word = MarkerWord.Of(alert.Status);
        if (pair.Ticket.MarkerStatus != word && !pair.WasRefused(TicketFields.MarkerStatus)) yield return $"{pair}: alert {alert.Status}, marker \"{pair.Ticket.MarkerStatus}\"";
        var lastPerson = pair.Changes.LastOrDefault();
        if (lastPerson?.Origin == TransitionOrigin.Person && pair.Ticket.MarkerUser != pair.All.World.Mia.Email && !pair.WasRefused(TicketFields.MarkerUser) && !GaveUp(pair))
            yield return $"{pair}: last acted on by {pair.All.World.Mia.Email}, marker \"{pair.Ticket.MarkerUser}\"";
    }

    /// <summary>The sides may differ in the open where a value was refused or somebody decided, and the row says so.</summary>
    private static bool Explained(Pair pair) => pair.WasRefused(TicketFields.Status) || pair.HasConflict(TicketFields.Status) || GaveUp(pair) || FoundSo(pair) || ClosedUnderNewRules(pair);

    /// <summary>A marked ticket from a lost record is linked with its marker's state, whatever its status says (§6.11); nothing has changed since.</summary>
    private static bool FoundSo(Pair pair) =>
        pair.Edits.First().After!.Retrieved == true && pair.Changes.LastOrDefault() is { Raised: true } && pair.Alert!.Status == MarkerWord.Read(pair.Ticket.MarkerStatus);

    /// <summary>The close was first seen together with a new rule version: the verdict is recorded and fires nothing (§6.2), a page too many rather than silence.</summary>
    private static bool ClosedUnderNewRules(Pair pair) =>
        pair.All.World.ClosedUnderNewRules.TryGetValue(pair.Link.Id, out var at) && pair.Edits.Last(edit => edit is { Before.Closed: false, After.Closed: true }).At <= at;

    /// <summary>Three supersedes in a row: only the marker is written, and the timeline says so.</summary>
    public static bool GaveUp(Pair pair) =>
        pair.All.LinesOf(pair.Alert!.Id).Any(line => line.Kind == "conflict" && line.Message.Contains("only the marker", StringComparison.Ordinal));
}
