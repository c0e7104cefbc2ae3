using Deskbridge.Connectors;
using Deskbridge.Core.Common;
using Deskbridge.Core.Connections.Rules;
using Deskbridge.Core.Data;
using Deskbridge.Core.Sync;

namespace Deskbridge.Core.Connections;

/// <summary>Sync now, for one ticket: it is read with its details and planned at once, whatever the next poll would show.</summary>
internal sealed class LookAtTicket(ConnectorPool pool, HubStore store, TimeProvider clock)
{
    /// <summary>Reads it, to say when it is not there, and wakes it.</summary>
    /// <param name="connectionId">The connection.</param>
    /// <param name="number">The ticket's number, with or without #.</param>
    /// <param name="cancel">Gives up.</param>
    /// <returns>The ticket's title.</returns>
    public Task<Result<string>> RunAsync(Guid connectionId, string number, CancellationToken cancel) => RunAsync(connectionId, number, "asked for", null, cancel);

    /// <inheritdoc cref="RunAsync(Guid, string, CancellationToken)"/>
    /// <param name="connectionId">The connection.</param>
    /// <param name="number">The ticket's number, with or without #.</param>
    /// <param name="reason">Why the ticket is woken.</param>
    /// <param name="beside">What is stored together with the wake.</param>
    /// <param name="cancel">Gives up.</param>
    public async Task<Result<string>> RunAsync(Guid connectionId, string number, string reason, Action<HubDb>? beside, CancellationToken cancel)
    {
        try
        {
            if (await pool.FindAsync(connectionId, cancel) is not { Connector: IReadsTickets tickets } live) return new ConnectionNotRunning(connectionId);
            var read = await TicketNumber.ReadAsync(live, tickets, number, cancel);
            if (read.Failure is { } missing) return missing;
            var ticket = read.Value;
            await store.WriteAsync(
                async db =>
                {
                    beside?.Invoke(db);
                    await db.WakeAsync(connectionId, RecordTypes.Ticket, ticket.Id, clock.GetUtcNow(), reason, needsRead: true, cancel: cancel);
                    if (live.ReadsDetails) await db.WantDetailsAsync(db.Tickets.Where(known => known.ConnectionId == connectionId && known.RemoteId == ticket.Id), cancel);
                },
                cancel);
            return ticket.Title;
        }
        catch (ConnectorRejectedException failure)
        {
            return new InvalidFailure("ticket", failure.Message);
        }
        catch (ConnectorException failure)
        {
            return new TicketNotRead(number.Trim(), failure.Message);
        }
    }
}
