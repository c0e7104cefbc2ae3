using Deskbridge.Simulation.World;

namespace Deskbridge.Simulation.Campaign;

/// <summary>What a campaign must have reached to mean anything.</summary>
internal static class Coverage
{
    /// <summary>Counted but not required: a field that moved once is left out of the next plan, so that three supersedes in a row need three lost tickets.</summary>
    private const string OnlyTheMarker = "§4 only the marker";

    private static readonly (string Name, string Kind, string Text)[] Rules =
    [
        ("§6.2 raised by level", "raised", "Alert raised."),
        ("§6.2 ticket acknowledges", "acknowledged", "Ticket changed to"),
        ("§6.2 ticket closes", "closed", "Ticket changed to"),
        ("§6.3 not put back, somebody changed it", "conflict", "it is not put back"),
        ("§6.4 the hub's action lost", "conflict", "at the same time lost"),
        ("§6.4 an acknowledge never re-opens", "conflict", "never re-opens a closed ticket"),
        ("§6.5 a closed alert re-opened", "reopened", "Ticket came back"),
        ("§6.5 an acknowledged alert re-opened", "unacknowledged", "Ticket came back"),
        ("§6.5 came back, stays", "repeated", "Ticket came back"),
        ("§6.8 owner of a person stays", "ticket-updated", "Owner stays"),
        ("§6.11 lost record adopted", "raised", "unknown here"),
        ("§4 somebody moved the field", "conflict", "in the meantime"),
        (OnlyTheMarker, "conflict", "only the marker"),
        ("§4 a field refused", "refused", ""),
    ];

    /// <summary>Every name that a campaign must reach; a typed list, so that a vanished one is noticed.</summary>
    public static IReadOnlyList<string> Required { get; } =
    [
        "effect new -> Pending", "effect Pending -> Claimed", "effect Claimed -> Sent", "effect Sent -> Confirmed", "effect Claimed -> Confirmed", "effect Sent -> Retry",
        "effect Claimed -> Retry", "effect Retry -> Claimed", "effect Claimed -> Superseded", "effect Sent -> Superseded", "effect Pending -> Superseded", "effect Sent -> Rejected",
        "effect Sent -> Pending", "effect new -> Rejected",
        "probe Applied", "probe NotApplied", "probe Unclear", "probe object found", "probe object not found",
        "§6.1 marker alone", "§6.3 action of an acknowledge", "§6.3 action of a close", "§6.3 put back", "§6.7 status by name on another board", "§6.8 owner set",
        .. Rules.Select(rule => rule.Name).Where(name => name != OnlyTheMarker),
    ];

    public static IReadOnlyDictionary<string, int> Of(SimulatedWorld world)
    {
        foreach (var line in world.Ledger.Lines)
            foreach (var rule in Rules.Where(rule => line.Kind == rule.Kind && line.Message.Contains(rule.Text, StringComparison.Ordinal))) world.Ledger.Count(rule.Name);
        foreach (var remote in world.Remotes)
            foreach (var entry in remote.Psa.Oracle.Entries.Where(entry => entry.Kind == EntryKind.Written)) CountWrite(world, entry);
        foreach (var (place, times) in world.Crashes.Reached) world.Ledger.Counts["passed " + place] = times;
        world.Ledger.Counts["crashes"] = world.Crashes.Deaths;
        return world.Ledger.Counts;
    }

    private static void CountWrite(SimulatedWorld world, Entry entry)
    {
        if (entry.Set.Count == 1 && entry.Set.ContainsKey(Connectors.TicketFields.MarkerStatus)) world.Ledger.Count("§6.1 marker alone");
        if (entry.Set.ContainsKey(Connectors.TicketFields.Owner)) world.Ledger.Count("§6.8 owner set");
        if (!entry.Set.TryGetValue(Connectors.TicketFields.Status, out var status)) return;
        world.Ledger.Count(entry.Set.GetValueOrDefault(Connectors.TicketFields.MarkerStatus) switch
        {
            "Acknowledged" => "§6.3 action of an acknowledge",
            "Resolved" => "§6.3 action of a close",
            _ => "§6.3 put back",
        });
        if (status!.StartsWith('2') && entry.Before!.BoardId == "2") world.Ledger.Count("§6.7 status by name on another board");
    }
}
