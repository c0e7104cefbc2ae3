using Deskbridge.Core.Alerting;

namespace Deskbridge.Features.Alerts;

/// <summary>
/// One alert as the API shows it. <paramref name="CurrentId"/> differs
/// from the id when a later alert stands on the same ticket. <paramref name="AcknowledgedBy"/> and <paramref name="ClosedBy"/> name the
/// person, or what did it; null while it is not so.
/// </summary>
internal sealed record AlertView(
    Guid Id,
    AlertStatus Status,
    string Title,
    string Text,
    DateTimeOffset RaisedAt,
    DateTimeOffset ChangedAt,
    DateTimeOffset? AcknowledgedAt,
    string? AcknowledgedBy,
    DateTimeOffset? ClosedAt,
    string? ClosedBy,
    Guid CurrentId,
    Guid ConnectionId,
    string? Connection,
    Guid? TeamId,
    string? Team,
    int Count,
    bool Unattended,
    NextStepView Next,
    AlertResponses Responses,
    IReadOnlyList<AlertLine> Timeline,
    IReadOnlyList<Delivery> Deliveries,
    IReadOnlyList<AlertNoteRow> Notes,
    IReadOnlyList<AlertFileRow> Files,
    TicketFacts? Ticket,
    IReadOnlyList<EffectRow> Effects,
    IReadOnlyList<ConflictRow> Conflicts)
{
    private const string FromTicket = "the ticket";

    public static AlertView Of(AlertDetail detail, AlertBackground background)
    {
        var row = detail.Alert;
        var status = AlertWords.Read(row.Status)!.Value;
        var acknowledged = status == AlertStatus.Acknowledged ? Last(detail, "acknowledged") : null;
        var closed = status == AlertStatus.Closed ? Last(detail, "closed") : null;
        return new AlertView(
            row.Id, status, row.Title, detail.Text, row.RaisedAt, row.ChangedAt,
            acknowledged?.At, By(acknowledged), closed?.At, By(closed),
            detail.CurrentId, row.ConnectionId, row.Connection, row.TeamId, row.Team, row.Count, row.Unattended, detail.Next,
            AlertResponses.Of(detail), detail.Timeline, detail.Deliveries, detail.Notes, detail.Files, background.Ticket, background.Effects, background.Conflicts);
    }

    private static AlertLine? Last(AlertDetail detail, string kind) => detail.Timeline.LastOrDefault(line => line.Kind == kind);

    private static string? By(AlertLine? line) => line is null ? null : line.Person ?? FromTicket;
}

/// <summary>How often an alert was acknowledged and closed, by people or by the ticket.</summary>
internal sealed record AlertResponses(int Acknowledged, int Closed)
{
    public static AlertResponses Of(AlertDetail detail) => new(detail.Timeline.Count(line => line.Kind == "acknowledged"), detail.Timeline.Count(line => line.Kind == "closed"));
}

/// <summary>An alert in the list. <paramref name="TicketNumber"/> is null for the hub's own alerts; <paramref name="Actor"/> made the last change in the hub.</summary>
internal sealed record AlertItem(
    Guid Id, AlertStatus Status, string Title, DateTimeOffset RaisedAt, DateTimeOffset ChangedAt, Guid ConnectionId, string? Connection,
    Guid? TeamId, string? Team, string? TicketNumber, string? Actor, int Count, bool Unattended)
{
    public static AlertItem Of(AlertRow row) => new(
        row.Id, AlertWords.Read(row.Status)!.Value, row.Title, row.RaisedAt, row.ChangedAt, row.ConnectionId, row.Connection,
        row.TeamId, row.Team, row.TicketNumber, row.Actor, row.Count, row.Unattended);
}

/// <summary>A note just added or edited. <paramref name="Marker"/> is the last line of the ticket's note; <paramref name="Version"/> is to be told by whoever edits it.</summary>
internal sealed record NoteView(Guid Id, Guid AlertId, DateTimeOffset At, string Author, string Text, string Marker, int Version, DateTimeOffset? EditedAt)
{
    public static NoteView Of(AlertNote note) => new(note.Id, note.AlertId, note.At, note.Author, note.Text, note.Marker, note.Version, note.EditedAt);
}

/// <summary>A file just attached. <paramref name="Name"/> is cleaned; <paramref name="Hash"/> is the SHA-256 of its content; <paramref name="Marker"/> stands in the document's title.</summary>
internal sealed record FileView(Guid Id, Guid AlertId, DateTimeOffset At, string Author, string Name, long Size, string Hash, string Marker)
{
    public static FileView Of(AlertFile file) => new(file.Id, file.AlertId, file.At, file.Author, file.Name, file.Size, file.Hash, file.Marker);
}

/// <summary>Puts an alert's view together.</summary>
internal sealed class AlertReader(AlertQueries alerts, AlertWork work)
{
    public async Task<AlertView?> FindAsync(Guid id, CancellationToken cancel) =>
        await alerts.GetAsync(id, cancel) is { } detail ? AlertView.Of(detail, await work.ReadAsync(id, cancel)) : null;
}
