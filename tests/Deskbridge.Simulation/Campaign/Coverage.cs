using Deskbridge.Connectors;
using Deskbridge.Core.Sync;
using Deskbridge.Simulation.Checks;
using Deskbridge.Simulation.World;

namespace Deskbridge.Simulation.Campaign;

/// <summary>What a campaign must have reached to mean anything.</summary>
internal static class Coverage
{
    /// <summary>Rules that show in an alert's timeline: kind of line, part of its text, part of its reason.</summary>
    private static readonly (string Name, string Kind, string Text, string Why)[] Lines =
    [
        ("§4 somebody moved the field", "conflict", "in the meantime", ""),
        ("§4 only the marker after three supersedes in a row", "conflict", "only the marker", ""),
        ("§4 a field refused", "refused", "", ""),
        ("§6.2 raised by level", "raised", "Alert raised.", ""),
        ("§6.2 ticket acknowledges", "acknowledged", "Ticket changed to", ""),
        ("§6.2 ticket closes", "closed", "Ticket changed to", ""),
        ("§6.3 not put back, somebody changed it", "conflict", "it is not put back", ""),
        ("§6.4 the hub's action lost", "conflict", "at the same time lost", ""),
        ("§6.4 the hub's action won", "conflict", "made here wins", ""),
        ("§6.4 an acknowledge never re-opens", "conflict", "never re-opens a closed ticket", ""),
        ("§6.5 a closed alert re-opened", "reopened", "Ticket came back", ""),
        ("§6.5 an acknowledged alert re-opened", "unacknowledged", "Ticket came back", ""),
        ("§6.5 came back, a new alert", "raised", "Ticket came back: new alert", ""),
        ("§6.5 came back, a new alert after hours", "raised", "Ticket came back: new alert", "had been closed"),
        ("§6.5 came back too soon for a new alert", "reopened", "Ticket came back", "had not been closed"),
        ("§6.5 came back, ignored", "repeated", "Ticket came back", "says to ignore"),
        ("§6.5 came back, mapping off", "repeated", "Ticket came back", "mapping"),
        ("§6.5 came back, stays", "repeated", "Ticket came back", ""),
        ("§6.7 no such status on the board", "refused", "has no status", ""),
        ("§6.8 owner of a person stays", "ticket-updated", "Owner stays", ""),
        ("§6.8 member scheduled", "ticket-updated", "Member scheduled", ""),
        ("§6.8 schedule entry ended", "ticket-updated", "Schedule entry ended", ""),
        ("§6.10 raised by time alone", "raised", "Alert raised.", SimulatedRules.WaitsTooLong + " → true"),
        ("§6.11 lost record adopted", "raised", "unknown here", ""),
        ("§6.11 marked at Install, linked silently", "raised", "Found at install", ""),
        ("§6.12 silence raised", "raised", "cannot be read", ""),
        ("§6.12 silence over", "closed", "The cause is gone", "Reading works again."),
        ("§6.12 a refused write raised", "raised", "refuses a change", ""),
        ("§6.12 one more case counted", "repeated", "It happened again", ""),
        ("§6.12 a refused write over", "closed", "The cause is gone", "A later write of the same kind was accepted."),
        ("§6.12 a marker field is missing", "raised", "marker field is missing", ""),
        ("§6.12 nobody on duty", "nobody-on-duty", "Nobody is on duty", ""),
        ("§8 missing told", "missing", "not found", ""),
        ("§8 deletion believed", "closed", "no longer exists", ""),
    ];

    /// <summary>Rules that show in a connection's event log: kind of entry and part of its text.</summary>
    private static readonly (string Name, string Kind, string Text)[] Events =
    [
        ("§6.6 unlawful rules refused", "rules", "would ask for the alert to be raised again"),
        ("§6.9 unreadable rules leave the old ones", "rules", "cannot be read"),
        ("§6.10 a new rule version looks at every ticket", "rules", "are in force;"),
        ("§6.10 many new matches wait for a person's word", "rules", "until somebody confirms"),
    ];

    /// <summary>Every name that a campaign must reach; a typed list, so that a vanished one is noticed.</summary>
    public static IReadOnlyList<string> Required { get; } =
    [
        "effect new -> Pending", "effect Pending -> Claimed", "effect Claimed -> Sent", "effect Sent -> Confirmed", "effect Claimed -> Confirmed", "effect Sent -> Retry",
        "effect Claimed -> Retry", "effect Retry -> Claimed", "effect Claimed -> Superseded", "effect Sent -> Superseded", "effect Pending -> Superseded", "effect Retry -> Superseded",
        "effect Sent -> Rejected", "effect Sent -> Pending", "effect new -> Rejected", "effect Sent -> Dead",
        "probe Applied", "probe NotApplied", "probe Unclear", "probe object found", "probe object not found", "probe ticket not found",
        "§6.1 marker alone", "§6.1 marker emptied", "§6.1 user marker", "§6.2 a closed ticket raises nothing", "§6.2 a new rule version fires nothing",
        "§6.3 action of an acknowledge", "§6.3 action of a close", "§6.3 put back", "§6.7 status by name on another board", "§6.7 status by id though renamed", "§6.8 owner set",
        "§6.11 matching at Install, raises nothing",
        "technician moved a ticket to another board", "technician deleted a ticket", "administrator renamed a status", "administrator changed the rules",
        .. Lines.Select(rule => rule.Name), .. Events.Select(rule => rule.Name),
    ];

    /// <summary>The same of the seeds with Autotask alone: no marker fields, no schedule, no rules of time, the same statuses in every queue; but notes that tell of states.</summary>
    public static IReadOnlyList<string> RequiredOfAutotask { get; } =
    [
        .. Required.Except(
        [
            "§6.1 marker alone", "§6.1 marker emptied", "§6.1 user marker", "§6.7 status by name on another board", "§6.7 no such status on the board", "§6.8 member scheduled",
            "§6.8 schedule entry ended", "§6.10 raised by time alone", "§6.11 lost record adopted", "§6.11 marked at Install, linked silently", "§6.12 a marker field is missing",
            "effect Sent -> Pending", "effect new -> Rejected", // fields of one write are refused apart; a board lacks the status
            "probe ticket not found", // a ticket deleted while a write to it is in doubt: too rare for a third of the seeds
        ]),
        "§6.6 a status that says the state stays", "state told in a note",
    ];

    public static IReadOnlyDictionary<string, int> Of(SimulatedWorld world)
    {
        foreach (var act in world.Told.Acts.Where(act => act.To == Core.Alerting.AlertStatus.Acknowledged && !world.Ledger.Shadow.Effects.Values.Any(effect => WritesStatus(effect, act)))) world.Ledger.Count("§6.6 a status that says the state stays");
        foreach (var line in world.Ledger.Lines)
            foreach (var rule in Lines.Where(rule => line.Kind == rule.Kind && line.Message.Contains(rule.Text, StringComparison.Ordinal) && (line.Why ?? "").Contains(rule.Why, StringComparison.Ordinal)))
                world.Ledger.Count(rule.Name);
        foreach (var entry in world.Ledger.Events)
            foreach (var rule in Events.Where(rule => entry.Kind == rule.Kind && entry.Message.Contains(rule.Text, StringComparison.Ordinal))) world.Ledger.Count(rule.Name);
        foreach (var link in world.Ledger.Shadow.Links.Values.Where(link => link.State == LinkState.Candidate)) world.Ledger.Count("§6.11 matching at Install, raises nothing");
        foreach (var remote in world.Remotes)
        {
            foreach (var entry in remote.Psa.Oracle.Entries.Where(entry => entry.Kind == EntryKind.Written)) CountWrite(world, remote.Psa, entry);
            foreach (var note in remote.Psa.Oracle.Entries.Where(entry => entry.Kind == EntryKind.NoteAdded && entry.Detail.StartsWith("Alert ", StringComparison.Ordinal))) world.Ledger.Count("state told in a note");
            foreach (var id in remote.Psa.TicketIds.Where(id => remote.Psa.History(id).All(version => version.Ticket.Closed) && world.Ledger.Shadow.Mirrors.ContainsKey((remote.Id, id))))
                if (!world.Ledger.Shadow.Links.Values.Any(link => link.ConnectionId == remote.Id && link.RemoteId == id)) world.Ledger.Count("§6.2 a closed ticket raises nothing");
        }

        foreach (var (place, times) in world.Crashes.Reached) world.Ledger.Counts["passed " + place] = times;
        world.Ledger.Counts["crashes"] = world.Crashes.Deaths;
        return world.Ledger.Counts;
    }

    private static bool WritesStatus(Effect effect, PersonAct act) =>
        effect.AlertId == act.AlertId && effect.Kind == EffectKind.Transition && OrderCheckers.TransitionOf(effect.IdemKey) == act.Transition
        && Core.Common.Json.Read<FieldWrite>(effect.Payload).Set.ContainsKey(TicketFields.Status);

    private static void CountWrite(SimulatedWorld world, SimulatedPsa psa, Entry entry)
    {
        if (entry.Set.Count == 1 && entry.Set.ContainsKey(TicketFields.MarkerStatus)) world.Ledger.Count("§6.1 marker alone");
        if (entry.Set.TryGetValue(TicketFields.MarkerStatus, out var word) && word is null) world.Ledger.Count("§6.1 marker emptied");
        if (entry.Set.ContainsKey(TicketFields.MarkerUser)) world.Ledger.Count("§6.1 user marker");
        if (entry.Set.ContainsKey(TicketFields.Owner)) world.Ledger.Count("§6.8 owner set");
        if (!entry.Set.TryGetValue(TicketFields.Status, out var status)) return;
        var state = psa.CarriesMarkers ? entry.Set.GetValueOrDefault(TicketFields.MarkerStatus) : entry.After!.Closed ? "Resolved" : psa.Rules.EverOnAcknowledge.Exists(written => written.Id == status) ? "Acknowledged" : null;
        world.Ledger.Count(state switch
        {
            "Acknowledged" => "§6.3 action of an acknowledge",
            "Resolved" => "§6.3 action of a close",
            _ => "§6.3 put back",
        });
        if (status!.StartsWith('2') && entry.Before!.BoardId == "2") world.Ledger.Count("§6.7 status by name on another board");
        if (entry.After!.StatusName == "Taken") world.Ledger.Count("§6.7 status by id though renamed");
    }
}
