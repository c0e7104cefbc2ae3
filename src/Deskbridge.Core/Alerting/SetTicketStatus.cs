using Deskbridge.Connectors;
using Deskbridge.Core.Common;
using Deskbridge.Core.Connections;
using Deskbridge.Core.Data;
using Deskbridge.Core.Directory;
using Deskbridge.Core.Sync;
using Microsoft.EntityFrameworkCore;

namespace Deskbridge.Core.Alerting;

/// <summary>
/// Sets the status of an alert's ticket as a technician would (S4): what the new status means for the alert is decided by the connection's rules
/// once the ticket shows it. Not written if somebody changed the status meanwhile.
/// </summary>
internal sealed class SetTicketStatus(ConnectorPool pool, HubStore store, RandomIds ids, TimeProvider clock, Failpoints failpoints)
{
    /// <summary>The statuses that the ticket's board has, and the one the ticket shows.</summary>
    public async Task<Result<TicketStatuses>> ChoicesAsync(Guid alertId, CancellationToken cancel)
    {
        var seen = await store.ReadAsync(db => SeenAsync(db, alertId, cancel), cancel);
        if (seen.Failure is not null) return seen.Failure;
        try
        {
            if (await pool.FindAsync(seen.Value.Link.ConnectionId, cancel) is not { Connector: IReadsTickets reader } live) return new ConnectionNotRunning(seen.Value.Link.ConnectionId);
            var ticket = reader.ParseTicket(seen.Value.Mirror.Body);
            if (ticket.Board is not { } board) return new TicketHasNoBoard(ticket.Id);
            return new TicketStatuses(ticket, board, await live.StatusesAsync(board.Id, static _ => true, cancel));
        }
        catch (ConnectorException failure)
        {
            return new StatusesNotRead(failure.Message);
        }
    }

    /// <summary>Plans the write. It is sent as soon as the ticket system answers, and its outcome stands in the timeline.</summary>
    /// <param name="alertId">The alert.</param>
    /// <param name="statusId">A status of the ticket's board.</param>
    /// <param name="seenStatusId">The status that the person saw; null when they do not say.</param>
    /// <param name="by">Who.</param>
    /// <param name="cancel">Gives up.</param>
    public async Task<Result<AlertActed>> RunAsync(Guid alertId, string statusId, string? seenStatusId, Person by, CancellationToken cancel)
    {
        if (by.Role == PersonRole.Viewer) return new ViewersOnlyLook(by.Name);
        var choices = await ChoicesAsync(alertId, cancel);
        if (choices.Failure is { } refused) return refused;
        var (ticket, board, statuses) = choices.Value;
        if (statuses.FirstOrDefault(status => status.Id == statusId) is not { } wanted) return new StatusNotOnBoard(board.Name, statusId);
        if (!string.IsNullOrEmpty(seenStatusId) && ticket.Status?.Id != seenStatusId) return new StatusMoved(ticket.Status?.Name ?? "unset");
        var result = await store.WriteAsync(db => PlanAsync(db, alertId, ticket, wanted, by, cancel), cancel);
        if (result.Failure is null) failpoints.Pass("action.after-commit");
        return result;
    }

    private async Task<Result<AlertActed>> PlanAsync(HubDb db, Guid alertId, RemoteTicket ticket, RemoteStatus wanted, Person by, CancellationToken cancel)
    {
        var seen = await SeenAsync(db, alertId, cancel);
        if (seen.Failure is { } refused) return refused;
        var (alert, link, _) = seen.Value;
        var now = clock.GetUtcNow();
        var writer = new EffectWriter(db, link, ids, now);
        var tookBack = await writer.SupersedeChoicesAsync(cancel);
        var expected = await writer.ExpectedAsync(TicketFields.Status, ticket.Status?.Id, cancel);
        if (expected == wanted.Id)
        {
            if (tookBack) db.AddEvent(alert, "ticket-updated", $"{by.Name} leaves the ticket at \"{wanted.Name}\".", "What was chosen before had not reached the ticket.", by.Id, now);
            await db.SaveChangesAsync(cancel);
            return new AlertActed(alert, Changed: tookBack);
        }

        var write = new FieldWrite(
            new Dictionary<string, string?> { [TicketFields.Status] = wanted.Id },
            new Dictionary<string, string?> { [TicketFields.Status] = expected },
            new Dictionary<string, string> { [TicketFields.Status] = wanted.Name },
            wanted.Closed, MayReopen: true, ForceStatus: false, $"chosen by {by.Name}")
        { IsChoice = true };
        writer.Add(EffectKind.Field, $"{link.Id:N}:f{link.LastSeq + 1}:{TicketFields.Status}", write, alert.Id);
        db.AddEvent(alert, "ticket-updated", $"{by.Name} sets the ticket to \"{wanted.Name}\".", $"It was \"{ticket.Status?.Name}\".", by.Id, now);
        await db.LogAlertEventAsync(alert, "ticket-updated", $"{by.Name} sets the ticket of \"{alert.Title}\" to \"{wanted.Name}\".", $"✓ {by.Name} may act ({by.Role})\n→ status \"{wanted.Name}\"", now, cancel);
        await db.SaveChangesAsync(cancel);
        failpoints.Pass("action.before-commit");
        return new AlertActed(alert, Changed: true);
    }

    private static async Task<Result<SeenTicket>> SeenAsync(HubDb db, Guid alertId, CancellationToken cancel)
    {
        if (await db.Alerts.FindAsync([alertId], cancel) is not { } alert) return new AlertNotFound(alertId);
        if (alert.LinkId is not { } linkId || await db.Links.FindAsync([linkId], cancel) is not { } link) return new AlertWithoutTicket(alertId);
        if (await db.CurrentOfAsync(alert, cancel) is var current && current.Id != alert.Id) return new AlertFollowed(alert.Id, current.Id);
        if (link.State == LinkState.Tombstoned) return new TicketOfAlertGone(alert.Id, link.RemoteId);
        var mirror = await db.Mirrors.FirstOrDefaultAsync(m => m.ConnectionId == link.ConnectionId && m.Type == link.Type && m.RemoteId == link.RemoteId, cancel);
        return mirror is null ? new TicketOfAlertGone(alert.Id, link.RemoteId) : new SeenTicket(alert, link, mirror);
    }

    private sealed record SeenTicket(Alert Alert, Link Link, Mirror Mirror);
}

/// <summary>The statuses a ticket may be given.</summary>
/// <param name="Ticket">The ticket as last observed.</param>
/// <param name="Board">Its board.</param>
/// <param name="Statuses">The board's active statuses.</param>
internal sealed record TicketStatuses(RemoteTicket Ticket, RemoteRef Board, IReadOnlyList<RemoteStatus> Statuses);

internal sealed record AlertWithoutTicket(Guid Id) : ConflictFailure($"Alert {Id} stands on no ticket, so there is no status to set.");

internal sealed record TicketHasNoBoard(string RemoteId) : ConflictFailure($"Ticket {RemoteId} is on no board that the API member may see, so its statuses are not known.");

internal sealed record StatusesNotRead(string Reason) : ConflictFailure($"The statuses could not be read: {Reason}");

internal sealed record StatusNotOnBoard(string Board, string StatusId) : InvalidFailure("statusId", $"Board \"{Board}\" has no active status with the id {StatusId}. Choose one of its own.");

internal sealed record StatusMoved(string Status) : ConflictFailure($"The ticket is \"{Status}\" by now; it was something else when you chose. Nothing was changed. Look again and choose once more.");
