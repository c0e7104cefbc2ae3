using Deskbridge.Connectors;
using Deskbridge.Core.Alerting;
using Deskbridge.Core.Common;
using Deskbridge.Core.Sync;
using Deskbridge.Simulation.World;
using Deskbridge.Testing;

namespace Deskbridge.Simulation.Checks;

/// <summary>No change of a person is lost on either side, and none is made up.</summary>
internal static class LossCheckers
{
    public static IEnumerable<string> NothingIsLost(Evidence all) =>
        all.Pairs.Where(pair => pair.Link.State == LinkState.Active && pair.Alert is not null)
            .SelectMany(Losses)
            .Concat(all.World.Remotes.SelectMany(remote => Colours(all, remote)));

    /// <summary>What was lost between one alert and its ticket.</summary>
    public static IEnumerable<string> Losses(Pair pair) => PersonsWord(pair).Concat(Overwritten(pair)).Concat(TakenAway(pair)).Concat(Resent(pair));

    /// <summary>The ticket moves an alert at most as often as somebody gave it a reason to (engine.md §6.2): otherwise it was our echo or an old read.</summary>
    public static IEnumerable<string> OurOwnEchoCausesNothing(Evidence all)
    {
        foreach (var pair in all.Pairs)
        {
            var moves = pair.Changes.Where(change => change is { Raised: false, Origin: TransitionOrigin.Ticket }).ToList();
            var renewed = pair.Changes.Count(change => change.Raised) - 1;
            foreach (var to in (AlertStatus[])[AlertStatus.Open, AlertStatus.Acknowledged, AlertStatus.Closed])
            {
                var made = moves.Count(move => move.To == to) + (to == AlertStatus.Open ? renewed : 0);
                var reasons = pair.Edits.Count(edit => Asks(pair, edit, to)) + (to == AlertStatus.Open && WaitedTooLong(pair) ? 1 : 0) + Forgotten(pair);
                if (made > reasons) yield return $"{pair}: the ticket made the alert {to} {made} times, but technicians asked for it {reasons} times";
            }

            var writes = pair.Writes.Count();
            var causes = pair.Edits.Count() + pair.Acts.Count() + pair.Log.Count(entry => entry.Kind is EntryKind.Fault or EntryKind.Refused) + all.World.Crashes.Deaths;
            if (writes > 4 * (causes + 1)) yield return $"{pair}: {writes} writes for {causes} outside changes";
        }
    }

    /// <summary>After a restore a write that the hub forgot is a technician's to it, where no marker tells otherwise.</summary>
    private static int Forgotten(Pair pair) => pair.All.World.Restores > 0 && !pair.Ticket.CarriesMarkers ? pair.Writes.Count() : 0;

    /// <summary>Time alone made the rule match once (engine.md §6.10).</summary>
    private static bool WaitedTooLong(Pair pair)
    {
        if (pair.Remote.Psa.Vendor == Vendor.Autotask) return false; // its filters know no age but the limit
        var turn = pair.Ticket.EnteredAt - pair.Remote.Psa.Skew + SimulatedRules.TooLong;
        return turn <= pair.Remote.Psa.HubNow && pair.Remote.Psa.ShownSince(pair.Link.RemoteId, turn).First().StatusName == SimulatedPsa.Waiting;
    }

    private static bool Asks(Pair pair, Entry edit, AlertStatus to) => to switch
    {
        _ when edit.Before is null => false,
        AlertStatus.Open => (edit.Before.Closed && !edit.After!.Closed) || Turned(edit, SimulatedPsa.New) || Turned(edit, SimulatedPsa.Waiting),
        AlertStatus.Acknowledged when pair.Remote.Psa.Vendor == Vendor.Autotask => edit.Before.StatusId != edit.After!.StatusId && pair.Remote.Psa.Rules.EverAcknowledged.Any(status => status.Id == edit.After.StatusId),
        AlertStatus.Acknowledged => Turned(edit, SimulatedPsa.InProgress),
        _ => !edit.Before.Closed && edit.After!.Closed,
    };

    private static bool Turned(Entry edit, string status) => edit.Before!.StatusName != status && edit.After!.StatusName == status;

    /// <summary>The last word of a person in the hub stands, on the ticket too, unless a technician spoke after it.</summary>
    private static IEnumerable<string> PersonsWord(Pair pair)
    {
        if (pair.Alert!.Transition > pair.Link.PlannedTransition) yield return $"{pair}: transition {pair.Alert.Transition} was never planned";
        if (pair.Acts.LastOrDefault() is not { } act || pair.Changes.Last() is not { Origin: TransitionOrigin.Person }) yield break;
        if (act.To != pair.Alert.Status) yield return $"{pair}: a person was told {act.To}, the alert is {pair.Alert.Status}";
        if (act.To == AlertStatus.Open) yield break;

        IReadOnlyList<RemoteRef> actions = act.To == AlertStatus.Closed ? [pair.Remote.Psa.Rules.OnClose] : [.. pair.Remote.Psa.Rules.EverAcknowledged];
        var reached = pair.Remote.Psa.ShownSince(pair.Link.RemoteId, act.At)
            .Any(ticket => actions.Any(action => ticket.StatusId == action.Id || pair.Remote.Psa.StatusNamed(ticket.StatusId) == action.Name));
        if (!reached && !pair.WasRefused(TicketFields.Status) && !pair.HasConflict(TicketFields.Status) && !AgreementCheckers.GaveUp(pair))
            yield return $"{pair}: a person's {act.To} at {act.At:HH:mm:ss} never reached the ticket's status, and nothing says why";
    }

    /// <summary>A write puts its status over a technician's only inside one round trip, or when a close must.</summary>
    private static IEnumerable<string> Overwritten(Pair pair)
    {
        SimulatedTicket? served = null;
        foreach (var entry in pair.Log)
        {
            if (entry is { Kind: EntryKind.Served, Guards: true }) served = entry.After;
            if (entry is not { Kind: EntryKind.Written, Effect: { ForceStatus: false } effect } || !entry.Set.TryGetValue(TicketFields.Status, out var wanted)) continue;
            var knew = served?.StatusId == entry.Before!.StatusId;
            if (knew && entry.Before.StatusId != wanted && entry.Before.StatusId != effect.BaseStatus)
                yield return $"{pair}: effect {effect.Key} wrote status {wanted} over {entry.Before.StatusName}, which it had read";
        }
    }

    /// <summary>An owner whom a technician set stays (engine.md §6.8), and giving an alert back puts back only a status that the hub had written (§6.3); but for what changed inside one round trip.</summary>
    private static IEnumerable<string> TakenAway(Pair pair)
    {
        SimulatedTicket? served = null;
        HashSet<(string Field, string? Value)>? ours = null;
        foreach (var entry in pair.Log)
        {
            if (entry is { Kind: EntryKind.Served, Guards: true }) served = entry.After;
            if (entry is not { Kind: EntryKind.Written, Effect: { } effect }) continue;
            ours ??= Ours(pair);
            foreach (var field in entry.Set.Keys.Where(field => field == TicketFields.Owner || (field == TicketFields.Status && OpensAgain(pair, effect.Key))))
            {
                var (shown, wanted) = (entry.Before![field], entry.Set[field]);
                if (shown is not null && shown != wanted && served?[field] == shown && !ours.Contains((field, shown)))
                    yield return $"{pair}: effect {effect.Key} set the {field} to {wanted ?? "nothing"} over {shown}, which a technician had set and it had read";
            }
        }
    }

    /// <summary>Every value that the hub ever meant to write there. One that a technician had set just before it counts too, for nobody can tell them apart.</summary>
    private static HashSet<(string Field, string? Value)> Ours(Pair pair) =>
        [.. pair.Effects.Where(effect => effect.Kind is EffectKind.Transition or EffectKind.Field)
            .SelectMany(effect => Json.Read<FieldWrite>(effect.Payload).Set).Select(set => (set.Key, set.Value))];

    private static bool OpensAgain(Pair pair, string key) => pair.Acts.Any(act => act.To == AlertStatus.Open && act.Transition == OrderCheckers.TransitionOf(key));

    /// <summary>A write that arrived is not sent again over what somebody did since, if its marker proves that it arrived.</summary>
    private static IEnumerable<string> Resent(Pair pair)
    {
        foreach (var sent in pair.Writes.Where(entry => entry.Effect is not null).GroupBy(entry => entry.Effect!.Id))
        {
            var first = sent.First();
            var proven = first.Set.Any(set => TicketFields.IsMarker(set.Key) && first.Before![set.Key] != set.Value);
            if (!proven || sent.Count() < 2) continue;
            var between = pair.Edits.FirstOrDefault(edit => edit.Seq > first.Seq && edit.Seq < sent.Last().Seq && edit.Before!.StatusId != edit.After!.StatusId && sent.Last().Set.ContainsKey(TicketFields.Status));
            if (between is not null) yield return $"{pair}: effect {first.Effect!.Key} was sent again over a technician's \"{between.After!.StatusName}\"";
        }
    }

    private static IEnumerable<string> Colours(Evidence all, Remote remote) =>
        from id in remote.Psa.TicketIds
        let ticket = remote.Psa.Find(id)
        where ticket is not null
        let last = remote.Psa.Oracle.Of(id).Last(entry => entry.Kind == EntryKind.Edited).After!.Colour
        let set = remote.Psa.Oracle.Of(id).Last(entry => entry.Kind == EntryKind.Edited && (entry.Before is null || entry.Before.Colour != entry.After!.Colour)).After!.Colour
        where ticket.Colour != set
        where ticket.Colour is not null || all.LinkOf(remote.Id, id) is not { } link || !all.PairOf(link).WasLeftEmpty
        select $"{remote.Psa.Kind}/{id}: a technician's colour {set} became {ticket.Colour ?? "nothing"}";
}
