using System.Linq.Expressions;
using Deskbridge.Connectors;
using Deskbridge.Core.Alerting.Paging;
using Deskbridge.Core.Common;
using Deskbridge.Core.Connections;
using Deskbridge.Core.Data;
using Deskbridge.Core.Sync;
using Microsoft.EntityFrameworkCore;

namespace Deskbridge.Core.Alerting.Intake;

/// <summary>
/// What a mail or a callout does to alerts: it raises one, or is added to the one that stands on its ticket, whoever raised that. Part of the
/// caller's transaction, so that two at the same moment, and a connection that sees the ticket meanwhile, end with one alert.
/// </summary>
internal sealed class ArrivedAlerts(PagePlanner pages, ConnectorCatalog catalog, RandomIds ids)
{
    /// <summary>A ticket system tells of our own close, too: so long after it a mail about the ticket is no news.</summary>
    private static readonly TimeSpan EchoOfAClose = TimeSpan.FromMinutes(10);

    private static readonly TimeSpan StormTime = TimeSpan.FromMinutes(10);

    /// <summary>So many alerts by mails without a ticket within <see cref="StormTime"/>; what comes beyond them is gathered on one.</summary>
    private const int MostInAStorm = 60;

    private const string StormKey = "storm";
    private const int MostLines = 500;
    private const int MostFiles = 100;

    /// <summary>Decides and does it.</summary>
    public async Task<IntakeAnswer> ReceiveAsync(HubDb db, TeamIntake intake, Arrival arrival, DateTimeOffset now, CancellationToken cancel)
    {
        if (await OpenAsync(db, intake, arrival, cancel) is { } open) return await AddAsync(db, intake, open, arrival, now, cancel);
        if (await LinkedAsync(db, intake.TeamId, arrival.Ticket, cancel) is { } linked)
        {
            if (arrival.IsCallout)
            {
                await db.WakeAsync(linked.Link.ConnectionId, linked.Link.Type, linked.Link.RemoteId, now, arrival.Kind, needsRead: true, cancel: cancel);
                return new(IntakeOutcome.Left, linked.Alert.Id, $"{arrival.What}: its alert is closed, and the connection \"{linked.Connection}\" keeps both in step. It looks at the ticket now; its rules say what comes of it.");
            }

            if (linked.Alert.Status == AlertStatus.Closed && now - linked.Alert.ChangedAt < EchoOfAClose) return await AddAsync(db, intake, linked.Alert, arrival, now, cancel);
        }

        return await RaiseAsync(db, intake, arrival, now, cancel);
    }

    private static async Task<Alert?> OpenAsync(HubDb db, TeamIntake intake, Arrival arrival, CancellationToken cancel)
    {
        var (number, id) = (arrival.Ticket.Number, arrival.Ticket.RemoteId);
        if (number is not null && await FirstAsync(alert => alert.TicketNumber == number) is { } numbered) return numbered;

        // Only where numbers are no ids: an id says nothing about the tickets of another system.
        if (id is not null && await FirstAsync(alert => alert.TicketRemoteId == id && (alert.TicketNumber == null || (alert.TicketNumber != id && (number == null || alert.TicketNumber == number)))) is { } known) return known;
        return arrival.MailKey is { } key ? await FirstAsync(alert => alert.MailKey == key) : null;

        Task<Alert?> FirstAsync(Expression<Func<Alert, bool>> which) => db.Alerts
            .Where(alert => alert.TeamId == intake.TeamId && alert.Status != AlertStatus.Closed)
            .Where(which).OrderBy(alert => alert.RaisedAt).FirstOrDefaultAsync(cancel);
    }

    /// <summary>The ticket's last alert, where a connection that runs keeps it in step with the ticket.</summary>
    private static async Task<Linked?> LinkedAsync(HubDb db, Guid teamId, NamedTicket ticket, CancellationToken cancel)
    {
        var (number, id) = (ticket.Number, ticket.RemoteId);
        if (number is null && id is null) return null;
        var alerts = number is not null ? db.Alerts.Where(alert => alert.TicketNumber == number) : db.Alerts.Where(alert => alert.TicketRemoteId == id && alert.TicketNumber != id);
        return await (
            from alert in alerts
            join link in db.Links on alert.LinkId equals link.Id
            join connection in db.Connections on link.ConnectionId equals connection.Id
            where alert.TeamId == teamId && link.State != LinkState.Tombstoned && connection.State == ConnectionState.Active
            orderby alert.RaisedAt descending
            select new Linked(alert, link, connection.Name)).FirstOrDefaultAsync(cancel);
    }

    private async Task<IntakeAnswer> AddAsync(HubDb db, TeamIntake intake, Alert alert, Arrival arrival, DateTimeOffset now, CancellationToken cancel)
    {
        alert.TicketNumber ??= arrival.Ticket.Number;
        alert.TicketRemoteId ??= arrival.Ticket.RemoteId;
        if (arrival.MailKey is not null) alert.Count++;
        if (!await SaidLastAsync(db, alert, arrival, cancel) && alert.Lines < MostLines) db.AddEvent(alert, "received", arrival.What + ".", arrival.Text, null, now);
        Attach(db, alert, arrival, now);
        if (alert.LinkId is { } linkId && await db.Links.FindAsync([linkId], cancel) is { } link) await db.WakeAsync(link.ConnectionId, link.Type, link.RemoteId, now, arrival.Kind, needsRead: true, cancel: cancel);
        else await WakeAsync(db, intake, arrival, now, cancel);
        return new(IntakeOutcome.Added, alert.Id, $"{arrival.What} was added to the alert \"{alert.Title}\", which is {AlertWords.Of(alert.Status)}. Nobody is paged anew.");
    }

    /// <summary>A sender that repeats itself must not fill the timeline.</summary>
    private static async Task<bool> SaidLastAsync(HubDb db, Alert alert, Arrival arrival, CancellationToken cancel) => arrival.IsCallout
        && await db.AlertEvents.Where(line => line.AlertId == alert.Id && (line.Kind == "received" || line.Kind == "raised")).OrderByDescending(line => line.Order).Select(line => line.Why).FirstOrDefaultAsync(cancel) == arrival.Text;

    private async Task<IntakeAnswer> RaiseAsync(HubDb db, TeamIntake intake, Arrival arrival, DateTimeOffset now, CancellationToken cancel)
    {
        var storm = arrival.MailKey is not null && await db.Alerts.CountAsync(alert => alert.ConnectionId == intake.Id && alert.RaisedAt > now - StormTime, cancel) >= MostInAStorm;
        if (storm && await db.Alerts.FirstOrDefaultAsync(alert => alert.TeamId == intake.TeamId && alert.MailKey == StormKey && alert.Status != AlertStatus.Closed, cancel) is { } gathered)
            return await AddAsync(db, intake, gathered, arrival, now, cancel);
        var alert = new Alert
        {
            Id = ids.NewId(),
            ConnectionId = intake.Id,
            TeamId = intake.TeamId,
            Title = storm ? $"Mails storm in: more than {MostInAStorm} alerts within {StormTime.TotalMinutes:0} minutes" : arrival.Title,
            Text = storm ? $"Mails that name no ticket are gathered here from now on, each with a line and its files, until it is quieter. The first one:\n{arrival.What}\n{arrival.Text}" : arrival.Text,
            TicketNumber = arrival.Ticket.Number,
            TicketRemoteId = arrival.Ticket.RemoteId,
            MailKey = storm ? StormKey : arrival.MailKey,
            RaisedAt = now,
            ChangedAt = now,
        };
        db.Alerts.Add(alert);
        db.AddEvent(alert, "raised", $"{arrival.What} raised it.", arrival.Text, null, now);
        Attach(db, alert, arrival, now);
        await WakeAsync(db, intake, arrival, now, cancel);
        await pages.BeginEpisodeAsync(db, alert, now, cancel);
        return new(IntakeOutcome.Raised, alert.Id, $"{arrival.What} raised an alert.");
    }

    /// <summary>Where a connection of the team numbers its tickets apart from their ids, it is told the id and looks at the ticket: then it takes the alert over.</summary>
    private async Task WakeAsync(HubDb db, TeamIntake intake, Arrival arrival, DateTimeOffset now, CancellationToken cancel)
    {
        if (arrival.Ticket.RemoteId is not { } id) return;
        var running = await db.Connections.Where(connection => connection.TeamId == intake.TeamId && connection.State == ConnectionState.Active).ToListAsync(cancel);
        if (running.FindAll(connection => catalog.Find(connection.Kind)?.NumbersTickets == true) is [var only])
            await db.WakeAsync(only.Id, RecordTypes.Ticket, id, now, arrival.Kind, needsRead: true, cancel: cancel);
    }

    private void Attach(HubDb db, Alert alert, Arrival arrival, DateTimeOffset now)
    {
        foreach (var trouble in arrival.Troubles) db.AddEvent(alert, "conflict", trouble, null, null, now);
        foreach (var file in arrival.Files.Take(MostFiles))
        {
            if (file.Bytes.Length > AlertingOptions.MostOfAFile)
            {
                db.AddEvent(alert, "conflict", $"The attachment \"{file.Name}\" ({FileSize.Words(file.Bytes.Length)}) is larger than {FileSize.Words(AlertingOptions.MostOfAFile)} and was not kept.", null, null, now);
                continue;
            }

            var kept = new AlertFile
            {
                Id = ids.NewId(),
                AlertId = alert.Id,
                PersonId = Guid.Empty,
                Author = arrival.Author,
                Name = AlertFile.CleanName(file.Name),
                Size = file.Bytes.Length,
                Hash = AlertFile.HashOf(file.Bytes),
                At = now,
                Marker = ids.NewMarker(),
            };
            db.AlertFiles.Add(kept);
            db.FileContents.Add(new FileContent { FileId = kept.Id, Bytes = file.Bytes });
            db.AddEvent(alert, "file", $"\"{kept.Name}\" ({FileSize.Words(kept.Size)}) came with the {arrival.Kind}.", null, null, now);
        }

        if (arrival.Files.Count > MostFiles) db.AddEvent(alert, "conflict", $"The mail has {arrival.Files.Count} attachments; the first {MostFiles} were kept.", null, null, now);
    }

    private sealed record Linked(Alert Alert, Link Link, string Connection);
}
