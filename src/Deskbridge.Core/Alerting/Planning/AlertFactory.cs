using Deskbridge.Connectors;
using Deskbridge.Core.Common;
using Deskbridge.Core.Connections;
using Deskbridge.Core.Data;
using Deskbridge.Core.Sync;

namespace Deskbridge.Core.Alerting.Planning;

/// <summary>Puts an alert on a linked ticket, whose details are wanted from then on. Pages nobody. Part of the caller's transaction.</summary>
internal sealed class AlertFactory(RandomIds ids)
{
    /// <summary>Adds the ticket's next alert and makes its link Active.</summary>
    public async Task<Alert> CreateAsync(
        HubDb db, LiveConnection live, Link link, RemoteTicket remote, AlertStatus status, TransitionOrigin origin, DateTimeOffset now, CancellationToken cancel)
    {
        link.Generation++;
        link.State = LinkState.Active;
        var ticket = await db.Tickets.FindAsync([link.TicketId], cancel) ?? throw new InvalidOperationException($"Link {link.Id} has no ticket.");
        ticket.DetailsWanted = live.ReadsDetails;
        db.Hints.Add(WorkHint.Details);
        var alert = new Alert
        {
            Id = ids.NewId(),
            LinkId = link.Id,
            ConnectionId = live.Id,
            Generation = link.Generation,
            TeamId = live.Connection.TeamId,
            Status = status,
            Origin = origin,
            Title = remote.Title,
            Text = live.Connector is IReadsTicketDetails details ? string.Join('\n', details.DetailsInBody(remote).Select(d => $"{d.Name}: {d.Value}")) : "",
            RaisedAt = now,
            ChangedAt = now,
            TicketNumber = remote.NumberForPeople,
            TicketRemoteId = remote.Id,
        };
        db.Alerts.Add(alert);
        return alert;
    }
}
