using Deskbridge.Connectors;
using Deskbridge.Core.Common;
using Deskbridge.Core.Data;
using Deskbridge.Core.Sync;
using Microsoft.EntityFrameworkCore;

namespace Deskbridge.Core.Alerting.Planning;

/// <summary>A ticket note that carries the hub's mark in its last line.</summary>
/// <param name="RemoteId">Remote id.</param>
/// <param name="Marker">The mark.</param>
/// <param name="Author">Who wrote it in the hub.</param>
/// <param name="Text">What they wrote.</param>
/// <param name="CreatedAt">On the remote's clock.</param>
/// <param name="Whole">With the last line.</param>
internal sealed record OurNote(string RemoteId, string Marker, string Author, string Text, DateTimeOffset CreatedAt, string Whole)
{
    /// <summary>Those of our own among the notes of a ticket.</summary>
    public static IEnumerable<OurNote> In(IEnumerable<RemoteNote> notes) =>
        from note in notes
        let mark = NoteMark.Read(note.Text)
        where mark is not null
        select new OurNote(note.Id, mark.Marker, mark.Author, mark.Text, note.CreatedAt, note.Text);

    /// <summary>The notes of a ticket; none where the remote has none to read or does not let us.</summary>
    public static async Task<IReadOnlyList<RemoteNote>> ReadAsync(IConnector connector, string ticketId, CancellationToken cancel)
    {
        if (connector is not ITicketNotes reader) return [];
        try
        {
            return await reader.ReadNotesAsync(ticketId, cancel);
        }
        catch (Exception failure) when (failure is ConnectorRejectedException or ConnectorNotFoundException)
        {
            return [];
        }
    }

    /// <summary>Pairs it with the hub's note of the same mark; one that was lost with a restore comes back from the ticket. Part of the plan's transaction.</summary>
    public async Task AdoptAsync(HubDb db, Link link, Alert alert, RandomIds ids, TimeSpan clockOffset, DateTimeOffset now, CancellationToken cancel)
    {
        var known = await db.ChildPairs.FindAsync([link.Id, ChildPair.Note, Marker], cancel);
        var note = await (from stored in db.AlertNotes
                          join owner in db.Alerts on stored.AlertId equals owner.Id
                          where owner.LinkId == link.Id && stored.Marker == Marker
                          select stored).SingleOrDefaultAsync(cancel);
        if (note is not null) await TakeTextAsync(db, link, alert, note, known, now, cancel);
        if (known is not null) return;
        if (note is null)
        {
            var writers = await db.People.Where(person => person.Name == Author).Select(person => person.Id).Take(2).ToListAsync(cancel);
            note = new AlertNote
            {
                Id = ids.NewId(),
                AlertId = alert.Id,
                PersonId = writers.Count == 1 ? writers[0] : Guid.Empty,
                Author = Author,
                Text = Text,
                At = CreatedAt - clockOffset,
                Marker = Marker,
            };
            db.AlertNotes.Add(note);
            db.AddEvent(alert, "note", $"A note by {Author} was found on the ticket.", "It was written after the backup that was restored.", null, now);
        }

        note.Planned = true;
        db.ChildPairs.Add(new ChildPair { LinkId = link.Id, Kind = ChildPair.Note, Marker = Marker, HubId = note.Id, RemoteId = RemoteId, Text = Whole });
    }

    /// <summary>A text that is later than the backup is taken over; while an edit of ours is in doubt, its probe decides.</summary>
    private async Task TakeTextAsync(HubDb db, Link link, Alert alert, AlertNote note, ChildPair? known, DateTimeOffset now, CancellationToken cancel)
    {
        if (NoteMark.SameText(note.Text, Text) || (known?.Text is { } agreed && NoteMark.SameText(agreed, Whole))) return;
        var edits = await db.Effects.Where(e => e.LinkId == link.Id && e.Kind == EffectKind.NoteEdit && EffectStates.Unsettled.Contains(e.State)).ToListAsync(cancel);
        if (edits.Exists(edit => Json.Read<NoteEditWrite>(edit.Payload).NoteId == note.Id)) return;
        db.AddEvent(alert, "note-edited", $"The note of {note.Author} has another text on the ticket.", $"It was changed after the backup that was restored. It said before:\n{note.Text}", null, now);
        (note.Text, note.EditedAt) = (Text, now);
        note.Version++;
        if (known is not null) known.Text = Whole;
    }
}
