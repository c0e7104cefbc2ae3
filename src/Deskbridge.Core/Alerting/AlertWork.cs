using Deskbridge.Connectors;
using Deskbridge.Core.Common;
using Deskbridge.Core.Connections;
using Deskbridge.Core.Data;
using Deskbridge.Core.Sync;
using Microsoft.EntityFrameworkCore;

namespace Deskbridge.Core.Alerting;

/// <summary>Reads what stands behind an alert: its ticket as last observed, the writes to it and the conflicts. No call leaves the hub.</summary>
internal sealed class AlertWork(ConnectorPool pool, HubStore store)
{
    /// <summary>The ticket, writes and conflicts of an alert; all empty for the hub's own alerts.</summary>
    public async Task<AlertBackground> ReadAsync(Guid alertId, CancellationToken cancel)
    {
        var (rows, effects, conflicts) = await store.ReadAsync(
            async db => (await RowsAsync(db, alertId, cancel), await EffectsAsync(db, alertId, cancel), await ConflictsAsync(db, alertId, cancel)),
            cancel);
        return new AlertBackground(rows is null ? null : await FactsAsync(rows, cancel), effects, conflicts) { Removed = rows is { Removed: true } };
    }

    /// <summary>The ticket of an alert; null for the hub's own alerts.</summary>
    public async Task<TicketFacts?> TicketAsync(Guid alertId, CancellationToken cancel) =>
        await store.ReadAsync(db => RowsAsync(db, alertId, cancel), cancel) is { } rows ? await FactsAsync(rows, cancel) : null;

    private static Task<TicketRows?> RowsAsync(HubDb db, Guid alertId, CancellationToken cancel) =>
        (from alert in db.Alerts
         where alert.Id == alertId
         join link in db.Links on alert.LinkId equals link.Id
         join ticket in db.Tickets on link.TicketId equals ticket.Id
         join connection in db.Connections on link.ConnectionId equals connection.Id
         join mirror in db.Mirrors
             on new { link.ConnectionId, link.Type, link.RemoteId } equals new { mirror.ConnectionId, mirror.Type, mirror.RemoteId } into mirrors
         from mirror in mirrors.DefaultIfEmpty()
         select new TicketRows(link, ticket, connection.Name, connection.State == ConnectionState.Removed, mirror.Body)).FirstOrDefaultAsync(cancel);

    private static async Task<List<EffectRow>> EffectsAsync(HubDb db, Guid alertId, CancellationToken cancel)
    {
        var attempts = (await (
            from attempt in db.EffectAttempts
            join effect in db.Effects on attempt.EffectId equals effect.Id
            where effect.AlertId == alertId
            orderby attempt.Number
            select attempt).ToListAsync(cancel)).ToLookup(a => a.EffectId);
        var effects = await db.Effects.Where(e => e.AlertId == alertId).OrderBy(e => e.Seq).ToListAsync(cancel);
        return effects.ConvertAll(e => new EffectRow(
            e.Id,
            e.Kind.ToString().ToLowerInvariant(),
            e.State.ToString().ToLowerInvariant(),
            EffectWords.Of(e),
            e.Error,
            e.CreatedAt,
            e.SentAt,
            e.SettledAt,
            e.ObjectId,
            [.. attempts[e.Id].Select(a => new EffectTry(a.Number, a.At, a.Action, a.Outcome, a.Milliseconds))]));
    }

    private static Task<List<ConflictRow>> ConflictsAsync(HubDb db, Guid alertId, CancellationToken cancel) =>
        (from alert in db.Alerts
         where alert.Id == alertId
         join conflict in db.Conflicts on alert.LinkId equals conflict.LinkId
         orderby conflict.At, conflict.Id
         select new ConflictRow(conflict.Id, conflict.At, conflict.Field, conflict.BaseValue, conflict.HubValue, conflict.RemoteValue, conflict.Decision)).ToListAsync(cancel);

    private async Task<TicketFacts> FactsAsync(TicketRows rows, CancellationToken cancel)
    {
        var details = rows.Ticket.Details.Length > 0 ? Json.Read<TicketDetails>(rows.Ticket.Details) : null;
        var facts = new TicketFacts(rows.Link.ConnectionId, rows.Connection, rows.Link.RemoteId, rows.Ticket.Title, rows.Link.State.ToString().ToLowerInvariant())
        {
            Number = rows.Ticket.Number,
            LinkReason = rows.Link.Reason,
            Details = details?.Items ?? [],
            Notes = details?.Notes ?? [],
            Problems = details?.Problems ?? [],
            DetailsReadAt = rows.Ticket.DetailsReadAt,
        };
        return await LiveAsync(rows.Link.ConnectionId, cancel) is { } live ? Seen(facts with { NoteFlags = live.Connector is ITicketNotes ? live.Preferences.NoteFlags : null, TakesFiles = live.Connector is ITicketDocuments { TakesDocuments: true } }, live.Connector, rows) : facts;
    }

    /// <summary>A connection that is removed or cannot be used leaves the ticket without what only its connector can read.</summary>
    private async Task<LiveConnection?> LiveAsync(Guid connectionId, CancellationToken cancel)
    {
        try
        {
            return await pool.FindInAnyStateAsync(connectionId, cancel);
        }
        catch (ConnectorException)
        {
            return null;
        }
    }

    private static TicketFacts Seen(TicketFacts facts, IConnector connector, TicketRows rows)
    {
        facts = facts with { WebLink = connector.WebLink(rows.Link.Type, rows.Link.RemoteId) };
        if (rows.Body is null || connector is not IReadsTickets reader) return facts;
        var ticket = reader.ParseTicket(rows.Body);
        return facts with
        {
            Number = ticket.Number,
            Title = ticket.Title,
            Status = ticket.Status?.Name,
            Board = ticket.Board?.Name,
            Company = ticket.Company?.Name,
            Contact = ticket.Contact?.Name,
            Owner = ticket.Owner?.Name,
            Priority = ticket.Priority?.Name,
            Closed = ticket.Closed,
            UpdatedAt = ticket.UpdatedAt,
            Details = connector is IReadsTicketDetails more ? [.. more.DetailsInBody(ticket), .. facts.Details] : facts.Details,
        };
    }

    private sealed record TicketRows(Link Link, Ticket Ticket, string Connection, bool Removed, string? Body);
}

/// <summary>What stands behind an alert.</summary>
/// <param name="Ticket">The ticket; null for the hub's own alerts.</param>
/// <param name="Effects">Writes to the ticket, in their order.</param>
/// <param name="Conflicts">Decisions between differing values of the ticket, oldest first.</param>
internal sealed record AlertBackground(TicketFacts? Ticket, IReadOnlyList<EffectRow> Effects, IReadOnlyList<ConflictRow> Conflicts)
{
    /// <summary>Notes on the ticket that others wrote, as lines of the timeline; ours stand there already.</summary>
    internal IEnumerable<AlertLine> TheirNotes => (Ticket?.Notes ?? [])
        .Where(note => NoteMark.Read(note.Text) is null)
        .Select(note => new AlertLine(0, note.CreatedAt, "note", $"{note.Author ?? "Somebody"} wrote a note on the ticket.", note.Text, null, null));

    /// <summary>Notes of ours that somebody changed on the ticket, as lines of the timeline; none while what was read may be older than our own last word.</summary>
    internal IEnumerable<AlertLine> ChangedThere(IReadOnlyList<AlertNoteRow> notes)
    {
        if (Ticket is not { DetailsReadAt: { } readAt } ticket || Effects.Any(write => write.Kind is "note" or "noteedit" && !(write.SettledAt < readAt))) return [];
        return from shown in ticket.Notes
               let mark = NoteMark.Read(shown.Text)
               where mark is not null
               join note in notes on mark.Marker equals note.Marker
               where !NoteMark.SameText(mark.Text, note.Text) && !(note.EditedAt > readAt)
               select new AlertLine(0, shown.CreatedAt, "note-edited", $"The note of {note.Author} was changed on the ticket.", $"There it says:\n{mark.Text}", null, null);
    }

    /// <summary>The ticket's connection was removed: nothing is written to the ticket any more.</summary>
    public bool Removed { get; init; }
}

/// <summary>A ticket as people see it, by names. <c>LinkState</c> is candidate, active, blocked or tombstoned; what was never read is null.</summary>
internal sealed record TicketFacts(Guid ConnectionId, string Connection, string RemoteId, string Title, string LinkState)
{
    /// <summary>What people call it where that is not its remote id; null where it is.</summary>
    public string? Number { get; init; }

    /// <summary>Why the link is blocked.</summary>
    public string? LinkReason { get; init; }

    /// <summary>The ticket in the remote's own pages.</summary>
    public Uri? WebLink { get; init; }

    public string? Status { get; init; }

    public string? Board { get; init; }

    public string? Company { get; init; }

    public string? Contact { get; init; }

    public string? Owner { get; init; }

    public string? Priority { get; init; }

    public bool? Closed { get; init; }

    /// <summary>On the remote's clock.</summary>
    public DateTimeOffset? UpdatedAt { get; init; }

    public IReadOnlyList<TicketDetail> Details { get; init; } = [];

    /// <summary>Notes of the ticket, when the connection's settings ask for them.</summary>
    public IReadOnlyList<RemoteNote> Notes { get; init; } = [];

    /// <summary>Where a note shows unless its writer says otherwise; null where the remote takes no notes.</summary>
    public NoteFlags? NoteFlags { get; init; }

    /// <summary>Files can be attached, as far as that is known now.</summary>
    public bool TakesFiles { get; init; } = true;

    /// <summary>Kinds of detail that could not be read, with the reason.</summary>
    public IReadOnlyList<string> Problems { get; init; } = [];

    public DateTimeOffset? DetailsReadAt { get; init; }
}

/// <summary>A write to the ticket. <c>Kind</c> is transition, field, note, noteedit, document or schedule; <c>State</c> is pending, claimed, sent, retry, confirmed, rejected, superseded or dead.</summary>
internal sealed record EffectRow(
    Guid Id,
    string Kind,
    string State,
    string What,
    string? Error,
    DateTimeOffset CreatedAt,
    DateTimeOffset? SentAt,
    DateTimeOffset? SettledAt,
    string? ObjectId,
    IReadOnlyList<EffectTry> Attempts);

/// <summary>An attempt: send, probe or restore.</summary>
internal sealed record EffectTry(int Number, DateTimeOffset At, string Action, string Outcome, long Milliseconds);

/// <summary>A decision between differing values.</summary>
internal sealed record ConflictRow(Guid Id, DateTimeOffset At, string Field, string? BaseValue, string? HubValue, string? RemoteValue, string Decision);
