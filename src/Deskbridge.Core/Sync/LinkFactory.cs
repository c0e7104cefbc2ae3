using Deskbridge.Connectors;
using Deskbridge.Core.Common;
using Deskbridge.Core.Data;

namespace Deskbridge.Core.Sync;

/// <summary>Makes the pairing of a remote ticket with the hub's ticket. The unique key of the table keeps it single for ever.</summary>
internal sealed class LinkFactory(RandomIds ids)
{
    /// <summary>Adds a link in state Candidate and its ticket. Part of the caller's transaction.</summary>
    public Link Create(HubDb db, Guid connectionId, RemoteTicket remote, LinkBase linkBase, Guid? ruleVersionId)
    {
        var ticket = new Ticket { Id = ids.NewId(), ConnectionId = connectionId, RemoteId = remote.Id, Number = remote.Number, Title = remote.Title };
        var link = new Link
        {
            Id = ids.NewId(),
            ConnectionId = connectionId,
            Type = RecordTypes.Ticket,
            RemoteId = remote.Id,
            TicketId = ticket.Id,
            Base = Json.Write(linkBase),
            RuleVersionId = ruleVersionId,
        };
        db.Tickets.Add(ticket);
        db.Links.Add(link);
        return link;
    }
}
