using Deskbridge.Connectors;
using Deskbridge.Core.Alerting;
using Deskbridge.Core.Common;
using Deskbridge.Core.Sync;
using Deskbridge.Simulation.World;

namespace Deskbridge.Simulation.Checks;

/// <summary>What must hold at every committed step, whatever is still under way.</summary>
internal static class StepCheckers
{
    /// <summary>Judges the rows of one transaction against what was committed before it.</summary>
    public static IEnumerable<Violation> Judge(SimulatedWorld world, IReadOnlyList<RowChange> changes)
    {
        foreach (var change in changes.Where(change => !change.Gone))
        {
            if (change.Row is Link link)
            {
                foreach (var message in BaseMoves(world, changes, link)) yield return new Violation("I4", message);
                if (ClosingLoses(world, changes, link) is { } lost) yield return new Violation("lattice", lost);
            }

            if (change.Row is Cursor { Stream: TicketPoller.Stream } cursor)
                foreach (var message in CursorMoves(world, changes, cursor)) yield return new Violation("I10", message);
        }
    }

    /// <summary>The base moves to what is observed, or to what a write was seen to leave at the remote; never to anything else.</summary>
    private static IEnumerable<string> BaseMoves(SimulatedWorld world, IReadOnlyList<RowChange> changes, Link link)
    {
        var before = world.Ledger.Shadow.Links.GetValueOrDefault(link.Id);
        if (before?.Base == link.Base) yield break;
        var psa = world.RemoteOf(link.ConnectionId).Psa;
        var known = before is null ? new LinkBase() : Json.Read<LinkBase>(before.Base);
        var observed = MirrorOf(world, changes, link.ConnectionId, link.RemoteId) is { } mirror ? Json.Read<SimulatedTicket>(mirror.Body) : null;
        foreach (var (field, value) in Json.Read<LinkBase>(link.Base).Fields)
        {
            if (before is not null && known.Fields.GetValueOrDefault(field) == value) continue;
            if (observed is not null && observed[field] == value) continue;
            var written = changes.Select(change => change.Row).OfType<Effect>()
                .Any(effect => effect.LinkId == link.Id && effect.State == EffectState.Confirmed && Wrote(effect, field, value) && psa.ShownSince(link.RemoteId, effect.CreatedAt).Any(ticket => ticket[field] == value));
            if (!written) yield return $"{psa.Kind}/{link.RemoteId}: the base of {field} moved to {value ?? "nothing"}, which was neither observed nor left there by a write";
        }
    }

    /// <summary>Closed wins over acknowledged wins over open (engine.md §6.4): whoever sees that somebody closed the ticket closes its alert, whatever was done here at that time.</summary>
    private static string? ClosingLoses(SimulatedWorld world, IReadOnlyList<RowChange> changes, Link link)
    {
        if (world.Ledger.Shadow.Links.GetValueOrDefault(link.Id) is not { Generation: > 0 } before || before.Base == link.Base) return null;
        if (Json.Read<LinkBase>(before.Base).Fields.GetValueOrDefault(TicketFields.Closed) != "false" || Json.Read<LinkBase>(link.Base).Fields[TicketFields.Closed] != "true") return null;
        if (changes.Any(change => change.Row is Effect { State: EffectState.Confirmed } effect && effect.LinkId == link.Id)) return null;
        var alert = changes.Select(change => change.Row).OfType<Alert>().LastOrDefault(alert => alert.LinkId == link.Id)
            ?? world.Ledger.Shadow.Alerts.Values.Single(alert => alert.LinkId == link.Id && alert.Generation == link.Generation);
        if (alert.Status == AlertStatus.Closed) return null;
        if (before.RuleVersionId != link.RuleVersionId)
        {
            world.ClosedUnderNewRules[link.Id] = world.Time.GetUtcNow();
            world.Ledger.Count("§6.2 a new rule version fires nothing");
            return null;
        }

        return $"{world.RemoteOf(link.ConnectionId).Psa.Kind}/{link.RemoteId}: a technician closed the ticket, but the alert is {alert.Status}";
    }

    private static bool Wrote(Effect effect, string field, string? value)
    {
        if (effect.Kind is not (EffectKind.Transition or EffectKind.Field)) return false;
        var write = Json.Read<FieldWrite>(effect.Payload);
        return field == TicketFields.Closed ? write.ClosedAfter is { } closed && value == (closed ? "true" : "false") : write.Set.TryGetValue(field, out var set) && set == value;
    }

    /// <summary>The mark never goes back, and what the next poll will not read again is known, or is to be read by id.</summary>
    private static IEnumerable<string> CursorMoves(SimulatedWorld world, IReadOnlyList<RowChange> changes, Cursor cursor)
    {
        var psa = world.RemoteOf(cursor.ConnectionId).Psa;
        var before = world.Ledger.Shadow.Cursors.GetValueOrDefault((cursor.ConnectionId, cursor.Stream));
        if (before?.MarkTime > cursor.MarkTime) yield return $"{psa.Kind}: the mark went back from {before.MarkTime:HH:mm:ss} to {cursor.MarkTime:HH:mm:ss}";
        if (world.FirstMarks.TryAdd(cursor.ConnectionId, cursor.MarkTime)) yield break;
        var since = cursor.MarkTime.AddSeconds(-cursor.OverlapSeconds);
        foreach (var id in psa.TicketIds)
        {
            if (psa.Find(id) is not { } ticket || ticket.UpdatedAt >= since || ticket.UpdatedAt < world.FirstMarks[cursor.ConnectionId]) continue;
            if (MirrorOf(world, changes, cursor.ConnectionId, id)?.RemoteUpdatedAt >= ticket.UpdatedAt) continue;
            var wake = changes.Select(change => change.Row).OfType<Wake>().LastOrDefault(wake => wake.ConnectionId == cursor.ConnectionId && wake.RemoteId == id)
                ?? world.Ledger.Shadow.Wakes.GetValueOrDefault((cursor.ConnectionId, id));
            if (wake is not { NeedsRead: true }) yield return $"{psa.Kind}/{id}: changed at {ticket.UpdatedAt:HH:mm:ss}, is not known, and the next poll begins at {since:HH:mm:ss}";
        }
    }

    private static Mirror? MirrorOf(SimulatedWorld world, IReadOnlyList<RowChange> changes, Guid connectionId, string remoteId) =>
        changes.Select(change => change.Row).OfType<Mirror>().LastOrDefault(mirror => mirror.ConnectionId == connectionId && mirror.RemoteId == remoteId)
        ?? world.Ledger.Shadow.Mirrors.GetValueOrDefault((connectionId, remoteId));
}
