using System.Globalization;
using Deskbridge.Core.Alerting.Escalation;
using Deskbridge.Core.Common;
using Deskbridge.Core.Data;
using Deskbridge.Core.Sync;
using Microsoft.EntityFrameworkCore;

namespace Deskbridge.Core.Alerting;

/// <summary>Reads alerts as pages and API show them.</summary>
internal sealed class AlertQueries(HubStore store, TimeProvider clock)
{
    /// <summary>The longest list in one answer.</summary>
    public const int MaxLimit = 200;

    /// <summary>A part of the list, newest first.</summary>
    public Task<AlertList> ListAsync(AlertFilter filter, CancellationToken cancel) =>
        store.ReadAsync(
            async db =>
            {
                var alerts = db.Alerts.AsQueryable();
                if (filter.Status is { } status) alerts = alerts.Where(a => a.Status == status);
                if (filter.TeamId is { } team) alerts = alerts.Where(a => a.TeamId == team);
                if (filter.Search is { Length: > 0 } search)
                {
                    var key = Alert.SearchKey(search.Trim());
                    alerts = alerts.Where(a => a.TitleKey.Contains(key));
                }

                if (AlertCursor.Read(filter.After) is { } after)
                    alerts = alerts.Where(a => a.RaisedAt < after.RaisedAt || (a.RaisedAt == after.RaisedAt && a.Id < after.Id));

                var limit = Math.Clamp(filter.Limit, 1, MaxLimit);
                var rows = await Rows(db, alerts.OrderByDescending(a => a.RaisedAt).ThenByDescending(a => a.Id).Take(limit + 1)).ToListAsync(cancel);
                if (rows.Count <= limit) return new AlertList(rows, null);
                rows.RemoveAt(limit);
                return new AlertList(rows, new AlertCursor(rows[^1].RaisedAt, rows[^1].Id).ToString());
            },
            cancel);

    /// <summary>How many alerts are in each state.</summary>
    public Task<AlertCounts> CountAsync(CancellationToken cancel) => CountAsync(null, cancel);

    /// <summary>How many alerts of a team are in each state; of all teams when it is null.</summary>
    public Task<AlertCounts> CountAsync(Guid? teamId, CancellationToken cancel) =>
        store.ReadAsync(
            async db =>
            {
                var counts = await db.Alerts.Where(a => teamId == null || a.TeamId == teamId).GroupBy(a => a.Status).Select(g => new { g.Key, Count = g.Count() }).ToListAsync(cancel);
                int Of(AlertStatus status) => counts.Find(c => c.Key == status)?.Count ?? 0;
                return new AlertCounts(Of(AlertStatus.Open), Of(AlertStatus.Acknowledged), Of(AlertStatus.Closed));
            },
            cancel);

    /// <summary>One alert with its timeline, deliveries, notes and ticket; null when there is none.</summary>
    public Task<AlertDetail?> GetAsync(Guid id, CancellationToken cancel) =>
        store.ReadAsync(
            async db =>
            {
                var alerts = db.Alerts.Where(a => a.Id == id);
                if (await alerts.FirstOrDefaultAsync(cancel) is not { } alert) return null;
                var row = await Rows(db, alerts).SingleAsync(cancel);
                return new AlertDetail(
                    row,
                    alert.Text,
                    (await db.CurrentOfAsync(alert, cancel)).Id,
                    await TimelineAsync(db, id, cancel),
                    await DeliveriesAsync(db, id, cancel),
                    await db.AlertNotes.Where(n => n.AlertId == id).OrderBy(n => n.At).ThenBy(n => n.Id)
                        .Select(n => new AlertNoteRow(n.Id, n.At, n.PersonId, n.Author, n.Text, n.Marker, n.Version, n.EditedAt)).ToListAsync(cancel),
                    await TicketAsync(db, alert, cancel),
                    await FilesAsync(db, id, cancel),
                    await EscalationQueries.NextAsync(db, alert, clock.GetUtcNow(), cancel));
            },
            cancel);

    /// <summary>A file's bytes and name.</summary>
    public Task<Result<(string Name, byte[] Bytes)>> ReadFileAsync(Guid alertId, Guid fileId, CancellationToken cancel) =>
        store.ReadAsync<Result<(string, byte[])>>(
            async db =>
            {
                if (await db.AlertFiles.FirstOrDefaultAsync(f => f.Id == fileId && f.AlertId == alertId, cancel) is not { } file) return new FileNotFound(fileId);
                if (await db.FileContents.FirstOrDefaultAsync(c => c.FileId == fileId, cancel) is not { } content) return new FileEmptied(file.Name);
                return (file.Name, content.Bytes);
            },
            cancel);

    private static async Task<List<AlertFileRow>> FilesAsync(HubDb db, Guid id, CancellationToken cancel)
    {
        var files = await db.AlertFiles.Where(f => f.AlertId == id).OrderBy(f => f.At).ThenBy(f => f.Id)
            .Select(f => new { File = f, IsKept = db.FileContents.Any(c => c.FileId == f.Id) }).ToListAsync(cancel);
        if (files.Count == 0) return [];
        var writes = await db.Effects.Where(e => e.AlertId == id && e.Kind == EffectKind.Document).Select(e => new { e.IdemKey, e.State }).ToDictionaryAsync(e => e.IdemKey, e => e.State, cancel);
        return files.ConvertAll(f => new AlertFileRow(
            f.File.Id, f.File.At, f.File.Author, f.File.Name, f.File.Size, f.IsKept,
            writes.TryGetValue(DocumentWrite.KeyOf(f.File.Id), out var state) ? state.ToString().ToLowerInvariant() : null));
    }

    private static IQueryable<AlertRow> Rows(HubDb db, IQueryable<Alert> alerts) =>
        from alert in alerts
        join connection in db.Connections on alert.ConnectionId equals connection.Id into connections
        from connection in connections.DefaultIfEmpty()
        join team in db.Teams on alert.TeamId equals team.Id into teams
        from team in teams.DefaultIfEmpty()
        join link in db.Links on alert.LinkId equals link.Id into links
        from link in links.DefaultIfEmpty()
        join ticket in db.Tickets on link.TicketId equals ticket.Id into tickets
        from ticket in tickets.DefaultIfEmpty()
        join actor in db.People on alert.ActorId equals actor.Id into actors
        from actor in actors.DefaultIfEmpty()
        select new AlertRow(
            alert.Id,
            AlertWords.Of(alert.Status),
            alert.Title,
            alert.RaisedAt,
            alert.ChangedAt,
            alert.ConnectionId,
            connection.Name,
            alert.TeamId,
            team.Name,
            ticket.Number ?? link.RemoteId ?? alert.TicketNumber ?? alert.TicketRemoteId,
            actor.Name,
            alert.Count,
            alert.Unattended,
            alert.Text,
            db.TeamIntakes.Any(intake => intake.Id == alert.ConnectionId));

    private static Task<List<AlertLine>> TimelineAsync(HubDb db, Guid id, CancellationToken cancel) =>
        (from line in db.AlertEvents
         where line.AlertId == id
         join person in db.People on line.PersonId equals person.Id into people
         from person in people.DefaultIfEmpty()
         orderby line.Order
         select new AlertLine(line.Order, line.At, line.Kind, line.Message, line.Why, person.Name, line.TraceId)).ToListAsync(cancel);

    private static async Task<List<Delivery>> DeliveriesAsync(HubDb db, Guid id, CancellationToken cancel)
    {
        var attempts = await (
            from attempt in db.PageAttempts
            join page in db.Pages on attempt.PageId equals page.Id
            where page.AlertId == id
            orderby attempt.Number
            select attempt).ToListAsync(cancel);
        var byPage = attempts.ToLookup(a => a.PageId);
        var pages = await (
            from page in db.Pages
            where page.AlertId == id
            join person in db.People on page.PersonId equals person.Id into people
            from person in people.DefaultIfEmpty()
            join channel in db.Channels on page.ChannelId equals channel.Id into channels
            from channel in channels.DefaultIfEmpty()
            orderby page.Episode, page.Repeat, page.Step, page.CreatedAt, page.Id
            select new { page, Person = person.Name, Channel = channel.Name, Kind = (ChannelKind?)channel.Kind }).ToListAsync(cancel);
        return pages.ConvertAll(p => new Delivery(
            p.page.Id,
            p.page.Episode,
            p.page.Step,
            p.page.Repeat,
            p.page.Step == Page.WarningStep,
            p.Person ?? "",
            p.Channel ?? "",
            p.Kind?.ToString().ToLowerInvariant() ?? "",
            StateOf(p.page, byPage[p.page.Id]),
            p.page.DueAt,
            p.page.ProviderId,
            p.page.Error,
            [.. byPage[p.page.Id].Select(a => new DeliveryAttempt(a.Number, a.At, a.Outcome, a.Detail))]));
    }

    /// <summary>That of the page, or what its last attempt says beyond it.</summary>
    private static string StateOf(Page page, IEnumerable<PageAttempt> attempts) =>
        page.State == PageState.Accepted && attempts.LastOrDefault() is { Outcome: PageAttempt.Delivered or PageAttempt.Acted } last ? last.Outcome : page.State.ToString().ToLowerInvariant();

    private static Task<AlertTicket?> TicketAsync(HubDb db, Alert alert, CancellationToken cancel) =>
        (from link in db.Links
         where link.Id == alert.LinkId
         join ticket in db.Tickets on link.TicketId equals ticket.Id
         select new AlertTicket(ticket.Id, ticket.RemoteId, ticket.Title, link.State.ToString(), link.Reason, ticket.Details, ticket.DetailsReadAt))
        .FirstOrDefaultAsync(cancel);
}

/// <summary>Where a list goes on: after this alert.</summary>
internal sealed record AlertCursor(DateTimeOffset RaisedAt, Guid Id)
{
    /// <summary>Reads one; null for none and for text that is none.</summary>
    public static AlertCursor? Read(string? text)
    {
        var parts = text?.Split('_') ?? [];
        return parts.Length == 2
            && long.TryParse(parts[0], NumberStyles.None, CultureInfo.InvariantCulture, out var at)
            && at <= DateTimeOffset.MaxValue.ToUnixTimeMilliseconds()
            && Guid.TryParseExact(parts[1], "N", out var id)
            ? new AlertCursor(DateTimeOffset.FromUnixTimeMilliseconds(at), id)
            : null;
    }

    /// <inheritdoc/>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{RaisedAt.ToUnixTimeMilliseconds()}_{Id:N}");
}
