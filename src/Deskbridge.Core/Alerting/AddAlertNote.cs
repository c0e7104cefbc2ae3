using System.Text;
using Deskbridge.Connectors;
using Deskbridge.Core.Common;
using Deskbridge.Core.Data;
using Deskbridge.Core.Directory;
using Microsoft.EntityFrameworkCore;

namespace Deskbridge.Core.Alerting;

/// <summary>Adds a comment to an alert; the engine makes it a note of the ticket, exactly once.</summary>
internal sealed class AddAlertNote(HubStore store, RandomIds ids, TimeProvider clock, Failpoints failpoints)
{
    /// <summary>The longest note, in UTF-16 code units.</summary>
    public const int MaxLength = 60_000;

    /// <summary>Adds it. The same person and key answer the note written first.</summary>
    /// <param name="alertId">The alert; it may be closed.</param>
    /// <param name="by">The writer.</param>
    /// <param name="text">Text of any script; white space at both ends is dropped.</param>
    /// <param name="clientKey">The Idempotency-Key sent with it; null for none.</param>
    /// <param name="cancel">Gives up.</param>
    public Task<Result<AlertNote>> RunAsync(Guid alertId, Person by, string text, string? clientKey, CancellationToken cancel) =>
        RunAsync(alertId, by, text, flags: null, clientKey, cancel);

    /// <summary>The same with a choice of where the note shows; null for what the connection's settings say.</summary>
    public async Task<Result<AlertNote>> RunAsync(Guid alertId, Person by, string text, NoteFlags? flags, string? clientKey, CancellationToken cancel)
    {
        if (by.Role == PersonRole.Viewer) return new ViewersOnlyLook(by.Name);
        var clean = Clean(text);
        if (clean.Length == 0) return new NoteEmpty();
        if (clean.Length > MaxLength) return new NoteTooLong(clean.Length);

        var key = string.IsNullOrWhiteSpace(clientKey) ? null : $"{by.Id:N}:{clientKey.Trim()}";
        var result = await store.WriteAsync(db => AddAsync(db, alertId, by, clean, flags == NoteFlags.None ? NoteFlags.Internal : flags, key, cancel), cancel);
        if (result.Failure is null) failpoints.Pass("action.after-commit");
        return result;
    }

    private async Task<Result<AlertNote>> AddAsync(HubDb db, Guid alertId, Person by, string text, NoteFlags? flags, string? key, CancellationToken cancel)
    {
        if (key is not null && await db.AlertNotes.FirstOrDefaultAsync(n => n.ClientKey == key, cancel) is { } first)
            return first.AlertId == alertId && first.Text == text ? first : new NoteKeyReused();
        if (await db.Alerts.FindAsync([alertId], cancel) is not { } alert) return new AlertNotFound(alertId);
        if (await db.CurrentOfAsync(alert, cancel) is var current && current.Id != alert.Id) return new AlertFollowed(alert.Id, current.Id);

        var now = clock.GetUtcNow();
        var note = new AlertNote
        {
            Id = ids.NewId(),
            AlertId = alert.Id,
            PersonId = by.Id,
            Author = by.Name,
            Text = text,
            At = now,
            Marker = ids.NewMarker(),
            ClientKey = key,
            Flags = flags,
            Planned = alert.LinkId is null,
        };
        db.AlertNotes.Add(note);
        db.AddEvent(alert, "note", $"{by.Name} added a note.", null, by.Id, now);
        await db.WakeTicketAsync(alert, "note", now, cancel);
        await db.LogAlertEventAsync(
            alert, "note", $"{by.Name} added a note to \"{alert.Title}\".",
            alert.LinkId is null ? "→ stays in the hub: the alert has no ticket" : $"→ becomes one note of the ticket, marked #{note.Marker}", now, cancel);
        await db.SaveChangesAsync(cancel);
        failpoints.Pass("action.before-commit");
        return note;
    }

    /// <summary>One kind of line end, and none of the control characters that ticket systems refuse.</summary>
    internal static string Clean(string text)
    {
        var clean = new StringBuilder(text.Length);
        foreach (var c in text.ReplaceLineEndings("\n"))
        {
            if (c is '\n' or '\t' || !char.IsControl(c)) clean.Append(c);
        }

        return clean.ToString().Trim();
    }
}
