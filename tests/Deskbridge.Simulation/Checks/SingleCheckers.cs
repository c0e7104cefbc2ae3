using Deskbridge.Connectors;
using Deskbridge.Core.Sync;
using Deskbridge.Simulation.World;

namespace Deskbridge.Simulation.Checks;

/// <summary>What must be single, or must not be at all.</summary>
internal static class SingleCheckers
{
    public static IEnumerable<string> OneLinkAndOneAlert(Evidence all) =>
        all.Links.GroupBy(link => (link.ConnectionId, link.Type, link.RemoteId)).Where(group => group.Count() > 1).Select(group => $"{group.Count()} links for ticket {group.Key.RemoteId}")
            .Concat(all.Alerts.Where(alert => alert.LinkId is not null).GroupBy(alert => (alert.LinkId, alert.Generation)).Where(group => group.Count() > 1).Select(group => $"{group.Count()} alerts on link {group.Key.LinkId}"));

    public static IEnumerable<string> OneObjectPerKey(Evidence all) =>
        from remote in all.World.Remotes
        from made in remote.Psa.Oracle.Entries.Where(entry => entry is { Kind: EntryKind.NoteAdded or EntryKind.DocumentAdded or EntryKind.Scheduled, Effect: not null }).GroupBy(entry => entry.Effect!.Key)
        where made.Count() > 1
        select $"key {made.Key} made {made.Count()} objects on ticket {made.First().TicketId}";

    public static IEnumerable<string> OneOpenEntryPerMember(Evidence all) =>
        from remote in all.World.Remotes
        from schedule in remote.Psa.Schedules
        from entries in schedule.Value.Where(entry => !entry.Done).GroupBy(entry => entry.MemberId)
        where entries.Count() > 1
        select $"member {entries.Key} is scheduled {entries.Count()} times on ticket {schedule.Key}";

    /// <summary>Remove takes away what the connection created; custom fields, which take their values with them, only when that was confirmed, which nobody does here.</summary>
    public static IEnumerable<string> OnlyOurOwnIsTakenAway(Evidence all) =>
        from remote in all.World.Remotes
        from entry in remote.Psa.Oracle.Entries.Where(entry => entry.Kind == EntryKind.Unprovisioned)
        let created = remote.Psa.Oracle.Entries.Any(made => made.Kind == EntryKind.Provisioned && made.Detail == entry.Detail && made.Seq < entry.Seq)
        where !created || TicketFields.IsMarker(entry.Detail)
        select created ? $"{remote.Psa.Kind}: the custom field {entry.Detail} was deleted and nobody confirmed it" : $"{remote.Psa.Kind}: {entry.Detail} was there before the hub and was removed";

    public static IEnumerable<string> NothingIsWrittenForUnattached(Evidence all) =>
        from remote in all.World.Remotes
        from entry in remote.Psa.Oracle.Entries
        where entry.Kind is EntryKind.Written or EntryKind.NoteAdded or EntryKind.NoteEdited or EntryKind.DocumentAdded or EntryKind.Scheduled or EntryKind.Unscheduled
        let link = all.LinkOf(remote.Id, entry.TicketId)
        where link is null || link.State == LinkState.Candidate
        select $"ticket {entry.TicketId} was written though nothing is attached to it";

    public static IEnumerable<string> OneRowPerDecision(Evidence all) =>
        all.Conflicts.GroupBy(row => (row.LinkId, row.Field, row.Decision, row.At)).Where(rows => rows.Count() > 1)
            .Select(rows => $"the decision \"{rows.Key.Decision}\" on {rows.Key.Field} stands {rows.Count()} times on link {rows.Key.LinkId}");

    public static IEnumerable<string> ConnectionsStayApart(Evidence all) =>
        (from remote in all.World.Remotes
         from entry in remote.Psa.Oracle.Entries
         where entry.ConnectionId != Guid.Empty && entry.ConnectionId != remote.Id
         select $"{remote.Psa.Kind} was called for another connection")
        .Concat(from pair in all.Pairs
                where pair.Alert is { } alert && !alert.Title.EndsWith(pair.Remote.Psa.Kind, StringComparison.Ordinal)
                select $"the alert of {pair} has the title \"{pair.Alert!.Title}\"");

    public static IEnumerable<string> OnlyTheDeletedAreBuried(Evidence all) =>
        from mirror in all.Mirrors
        where mirror.TombstonedAt is not null
        let remote = all.World.Remotes.Single(remote => remote.Id == mirror.ConnectionId)
        where remote.Psa.Find(mirror.RemoteId) is not null
        select $"ticket {mirror.RemoteId} exists but is buried";

    /// <summary>A linked ticket that is gone is known to be gone once two sweeps missed it, and its alert does not go on.</summary>
    public static IEnumerable<string> TheDeletedAreBuried(Evidence all) =>
        from link in all.Links
        let psa = all.World.RemoteOf(link.ConnectionId).Psa
        where psa.Find(link.RemoteId) is null && all.Mirrors.Any(mirror => mirror.ConnectionId == link.ConnectionId && mirror.RemoteId == link.RemoteId && mirror.AbsentCount >= 2)
        where link.State != LinkState.Tombstoned || all.Alerts.Any(alert => alert.LinkId == link.Id && alert.Generation == link.Generation && alert.Status != Core.Alerting.AlertStatus.Closed)
        select $"{psa.Kind}/{link.RemoteId} was deleted, and the hub goes on as if it were there";

    public static IEnumerable<string> NotesArriveOnce(Evidence all)
    {
        foreach (var told in all.World.Told.Notes)
        {
            var note = all.Notes.SingleOrDefault(note => note.ClientKey?.EndsWith(":" + told.Key, StringComparison.Ordinal) == true)
                ?? all.Notes.FirstOrDefault(note => note.ClientKey is null && note.Text == told.Text); // found on the ticket after a restore
            if (note is null)
            {
                yield return $"the note \"{told.Text}\" is gone from the hub";
                continue;
            }

            var alert = all.Alerts.Single(alert => alert.Id == note.AlertId);
            var link = all.Links.Single(link => link.Id == alert.LinkId);
            var psa = all.World.Remotes.Single(remote => remote.Id == link.ConnectionId).Psa;
            if (psa.Find(link.RemoteId) is null) continue;
            var there = (psa.Notes.GetValueOrDefault(link.RemoteId) ?? []).Where(remote => remote.Text.Contains("#" + note.Marker, StringComparison.Ordinal)).ToList();
            if (there.Count != 1) yield return $"the note \"{told.Text}\" stands {there.Count} times on ticket {link.RemoteId}";
            else if (!there[0].Text.StartsWith(told.Text, StringComparison.Ordinal) && !IsTheirs(all, psa, link, note.Marker, there[0].Text)) yield return $"the note \"{told.Text}\" reads \"{there[0].Text}\"";
        }
    }

    /// <summary>The note that tells of a state change is there once, for every change that wanted one.</summary>
    public static IEnumerable<string> StateNotesArriveOnce(Evidence all) =>
        from note in all.Notes
        where note.ClientKey?.Contains(":t", StringComparison.Ordinal) == true && note.Text.StartsWith("Alert ", StringComparison.Ordinal)
        let link = all.Links.Single(link => link.Id == all.Alerts.Single(alert => alert.Id == note.AlertId).LinkId)
        let psa = all.World.RemoteOf(link.ConnectionId).Psa
        where psa.Find(link.RemoteId) is not null
        let there = (psa.Notes.GetValueOrDefault(link.RemoteId) ?? []).Count(remote => remote.Text.Contains("#" + note.Marker, StringComparison.Ordinal))
        where there != 1
        select $"the note \"{note.Text}\" #{note.Marker} stands {there} times on ticket {link.RemoteId}";

    /// <summary>Nobody writes fields to a system that has none of ours.</summary>
    public static IEnumerable<string> MarkersOnlyWhereTheyExist(Evidence all) =>
        from remote in all.World.Remotes
        where !remote.Psa.CarriesMarkers
        from entry in remote.Psa.Oracle.Entries
        where entry.Set.Keys.Any(TicketFields.IsMarker)
        select $"{remote.Psa.Kind}: a marker was written, and there is none";

    public static IEnumerable<string> FilesArriveOnce(Evidence all) =>
        from told in all.World.Told.Files
        let file = all.Files.Single(file => file.Id == told)
        let link = all.Links.Single(link => link.Id == all.Alerts.Single(alert => alert.Id == file.AlertId).LinkId)
        let psa = all.World.RemoteOf(link.ConnectionId).Psa
        where psa.Find(link.RemoteId) is not null
        let there = (psa.Documents.GetValueOrDefault(link.RemoteId) ?? []).Count(document => document.Title.Contains("#" + file.Marker, StringComparison.Ordinal))
        where there != 1
        select $"the file #{file.Marker} stands {there} times on ticket {link.RemoteId}";

    /// <summary>A technician changed the note after the hub's last word had arrived there; or before, and people were told.</summary>
    private static bool IsTheirs(Evidence all, SimulatedPsa psa, Link link, string marker, string shown)
    {
        var last = psa.Oracle.Of(link.RemoteId).LastOrDefault(entry => entry.Kind is EntryKind.NoteAdded or EntryKind.NoteEdited or EntryKind.NoteChanged && entry.Detail.EndsWith("#" + marker, StringComparison.Ordinal));
        if (last is not { Kind: EntryKind.NoteChanged } || last.Detail != shown) return false;
        var edits = all.EffectsOf(link.Id).Where(effect => effect.Kind == EffectKind.NoteEdit && effect.Payload.Contains(marker, StringComparison.Ordinal)).ToList();
        return edits.Count == 0 || edits[^1].State == EffectState.Confirmed || all.Conflicts.Any(conflict => conflict.LinkId == link.Id && conflict.Field == $"note #{marker}"); // whatever they make of their own text later is theirs as well
    }

    /// <summary>A text that a technician gave a note is replaced only by who was shown it.</summary>
    public static IEnumerable<string> TheirTextsAreNotWrittenOver(Evidence all)
    {
        foreach (var pair in all.Pairs)
        {
            foreach (var note in pair.Log.Where(entry => entry.Kind is EntryKind.NoteEdited or EntryKind.NoteChanged).GroupBy(entry => entry.Detail.Split('#')[^1]))
            {
                foreach (var (theirs, ours) in note.Zip(note.Skip(1)))
                {
                    if (theirs.Kind != EntryKind.NoteChanged || ours.Kind != EntryKind.NoteEdited) continue;
                    if (!all.Conflicts.Any(conflict => conflict.LinkId == pair.Link.Id && conflict.RemoteValue == theirs.Detail && conflict.At <= ours.At)) yield return $"{pair}: a technician's text of note #{note.Key} was written over and nobody was told";
                }
            }
        }
    }
}
