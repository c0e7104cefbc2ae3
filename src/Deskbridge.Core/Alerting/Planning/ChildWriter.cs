using Deskbridge.Connectors;
using Deskbridge.Core.Common;
using Deskbridge.Core.Connections;
using Deskbridge.Core.Data;
using Deskbridge.Core.Sync;
using Microsoft.EntityFrameworkCore;

namespace Deskbridge.Core.Alerting.Planning;

/// <summary>Puts what counts singly into the ledger: notes of people and rules, and the schedule entries of rules. Part of the plan's transaction.</summary>
internal sealed class ChildWriter(RandomIds ids)
{
    /// <summary>What the rule adds beside the ticket. Each is known by the transition, which is planned first only once.</summary>
    public async Task<IReadOnlyList<AlertNote>> AddAsync(HubDb db, LiveConnection live, AlertPlan plan, EffectWriter writer, Link link, Alert alert, CancellationToken cancel)
    {
        if (live.Connector is ISchedulesMembers)
        {
            foreach (var member in plan.Members.Distinct(StringComparer.Ordinal))
                writer.Add(EffectKind.Schedule, $"{link.Id:N}:t{alert.Transition}:s{member}", new ScheduleWrite(member) { Name = NameOf(live, member) }, alert.Id);
        }

        if (plan.Notes.Count == 0 || alert.ActorId is not { } actor || await db.People.FindAsync([actor], cancel) is not { } person) return [];
        var added = new List<AlertNote>();
        foreach (var (place, note) in plan.Notes.Index())
        {
            added.Add(new AlertNote
            {
                Id = ids.NewId(),
                AlertId = alert.Id,
                PersonId = person.Id,
                Author = person.Name,
                Text = note.Text,
                At = writer.Now,
                Marker = ids.NewMarker(),
                ClientKey = $"{link.Id:N}:t{alert.Transition}:{place}",
                Flags = note.Flags,
            });
        }

        db.AlertNotes.AddRange(added);
        return added;
    }

    private static string NameOf(LiveConnection live, string member) =>
        live.Rules is { } rules ? rules.BesideAcknowledge.Members.Concat(rules.BesideClose.Members).FirstOrDefault(scheduled => scheduled.Member.Id == member)?.Member.Name ?? "" : "";

    /// <summary>Notes that nobody planned yet become effects, in the order in which they were written.</summary>
    public static async Task WriteNotesAsync(HubDb db, LiveConnection live, EffectWriter writer, Link link, Alert alert, IReadOnlyList<AlertNote> added, bool inDoubt, CancellationToken cancel)
    {
        if (db.Entry(link).State == EntityState.Added) return; // nobody can have written a note on a ticket that is linked just now
        var notes = await (from note in db.AlertNotes
                           join owner in db.Alerts on note.AlertId equals owner.Id
                           where owner.LinkId == link.Id && !note.Planned
                           orderby note.At
                           select note).ToListAsync(cancel);
        foreach (var note in notes.Concat(added).Where(note => !note.Planned)) // one that was just found on the ticket is planned, though not in the database yet
        {
            note.Planned = true;
            if (live.Connector is not ITicketNotes) continue;
            var text = NoteMark.Sign(note.Text, note.Author, note.Marker);
            var effect = writer.Add(EffectKind.Note, NoteWrite.KeyOf(note.Id), new NoteWrite(note.Id, text, note.Marker, (int)(note.Flags ?? live.Preferences.NoteFlags), null), alert.Id);
            if (inDoubt) effect.PutInDoubt(writer.Now);
        }
    }
}
