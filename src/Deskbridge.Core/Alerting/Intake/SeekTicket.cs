using Deskbridge.Connectors;
using Deskbridge.Core.Connections;
using Deskbridge.Core.Data;
using Deskbridge.Core.Sync;
using Microsoft.EntityFrameworkCore;

namespace Deskbridge.Core.Alerting.Intake;

/// <summary>
/// Asks a team's connection for the ticket of a number, so that it takes the alert over at once. Its alert is committed and paged already, and
/// whenever the connection sees the ticket it takes it over anyway: this only saves the wait.
/// </summary>
internal sealed class SeekTicket(ConnectorPool pool, ConnectionMonitor monitor, HubStore store, TimeProvider clock)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    /// <summary>Looks for it, for some seconds.</summary>
    public async Task RunAsync(Guid teamId, string number, CancellationToken cancel)
    {
        var running = await store.ReadAsync(db => db.Connections.Where(connection => connection.TeamId == teamId && connection.State == ConnectionState.Active).Select(connection => connection.Id).ToListAsync(cancel), cancel);
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        patience.CancelAfter(Patience);
        foreach (var id in running.Where(id => !monitor.IsOpen(id, clock.GetUtcNow())))
        {
            try
            {
                if (await pool.FindAsync(id, patience.Token) is not { Connector: INumbersTickets numbers }) continue;
                if (await numbers.FindTicketAsync(number, patience.Token) is { } ticket)
                    await store.WriteAsync(db => db.WakeAsync(id, RecordTypes.Ticket, ticket.Id, clock.GetUtcNow(), "mail", needsRead: true, cancel: cancel), cancel);
            }
            catch (ConnectorException)
            {
                // The connection's own reads tell of what is wrong with it.
            }
            catch (OperationCanceledException) when (!cancel.IsCancellationRequested)
            {
                return;
            }
        }
    }
}
