using Deskbridge.Connectors;
using Deskbridge.Core.Common;
using Deskbridge.Core.Data;
using Deskbridge.Core.Directory;
using Deskbridge.Core.Sync;

namespace Deskbridge.Core.Connections;

/// <summary>A person answers whether tickets that are not found any more were deleted.</summary>
internal sealed class AnswerDeletion(ConnectorPool pool, MissingTickets missing, HubStore store, TimeProvider clock)
{
    /// <summary>Yes: each is read once more, and those still not found are gone; their alerts close. Answers how many.</summary>
    /// <param name="connectionId">The connection.</param>
    /// <param name="tickets">Remote ids, as the question listed them: what vanished since is not covered by the answer.</param>
    /// <param name="by">Who answers.</param>
    /// <param name="cancel">Gives up.</param>
    public async Task<Result<int>> ConfirmAsync(Guid connectionId, IReadOnlyCollection<string> tickets, Person by, CancellationToken cancel)
    {
        if (by.Role != PersonRole.Admin) return new OnlyAdministrators();
        if (tickets.Count == 0) return new InvalidFailure("tickets", "Name the tickets that were deleted, as the connection lists them.");
        try
        {
            if (await pool.FindAsync(connectionId, cancel) is not { Connector: IReadsTickets reader } live) return new ConnectionNotRunning(connectionId);
            var known = (await missing.ReadAsync(connectionId, cancel)).Tickets.Select(ticket => ticket.RemoteId).ToHashSet(StringComparer.Ordinal);
            if (tickets.FirstOrDefault(id => !known.Contains(id)) is { } other) return new TicketNotMissing(other);
            var gone = await missing.ConfirmedAsync(live, reader, [.. tickets.Distinct(StringComparer.Ordinal)], $"{by.Name} confirmed that it was deleted.", cancel);
            await LogAsync(connectionId, $"{by.Name} confirmed the deletion of {(tickets.Count == 1 ? "a ticket" : $"{tickets.Count} tickets")}; {gone} were not found by another read either, and their alerts are closed.", cancel);
            return gone;
        }
        catch (ConnectorException failure)
        {
            return new DeletionNotChecked(failure.Message);
        }
    }

    /// <summary>No: nothing is treated as deleted. Asked again after the next sweep that misses them.</summary>
    public async Task<Failure?> KeepAsync(Guid connectionId, Person by, CancellationToken cancel)
    {
        if (by.Role != PersonRole.Admin) return new OnlyAdministrators();
        var tickets = (await missing.ReadAsync(connectionId, cancel)).Tickets;
        if (tickets.Count == 0) return null;
        await missing.KeepAsync(connectionId, cancel);
        await LogAsync(connectionId, $"{by.Name} keeps {(tickets.Count == 1 ? "a ticket that is" : $"{tickets.Count} tickets that are")} not found. The question comes again after the next sweep that misses them.", cancel);
        return null;
    }

    private Task LogAsync(Guid connectionId, string message, CancellationToken cancel) =>
        store.WriteAsync(
            db =>
            {
                db.LogConnectionEvent(connectionId, "missing", null, message, null, null, clock.GetUtcNow());
                return Task.CompletedTask;
            },
            cancel);
}
