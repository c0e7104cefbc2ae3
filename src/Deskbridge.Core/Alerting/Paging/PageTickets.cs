namespace Deskbridge.Core.Alerting.Paging;

/// <summary>A ticket as a page shows it. What was never read is null.</summary>
/// <param name="Number">Its number in the remote system.</param>
/// <param name="Customer">The company it is for.</param>
/// <param name="Priority">Name of its priority.</param>
/// <param name="WebLink">The ticket in the remote's own pages.</param>
internal sealed record PageTicket(string Number, string? Customer, string? Priority, Uri? WebLink);

/// <summary>The ticket behind an alert, by the parts that a page shows: as last observed, for no page waits for a remote system.</summary>
/// <param name="work">Null in a hub whose alerts stand on no tickets.</param>
internal sealed class PageTickets(AlertWork? work)
{
    /// <summary>The ticket; null for the hub's own alerts.</summary>
    public async Task<PageTicket?> FindAsync(Guid alertId, CancellationToken cancel) =>
        work is not null && await work.TicketAsync(alertId, cancel) is { } ticket
            ? new PageTicket(ticket.Number ?? ticket.RemoteId, ticket.Company, ticket.Priority, ticket.WebLink)
            : null;
}
