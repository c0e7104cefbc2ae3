using System.Text.Json;
using System.Text.Json.Nodes;

namespace Deskbridge.Connectors.ConnectWise.Psa;

/// <summary>A ticket with other values, written into its record so that the rules see just what they would read. Pure.</summary>
internal static class PsaImagine
{
    public static RemoteTicket Ticket(RemoteTicket ticket, IReadOnlyDictionary<string, RemoteRef?> values, bool? closed, MarkerFields markers)
    {
        var record = JsonNode.Parse(ticket.Body)!.AsObject();
        foreach (var (field, value) in values)
        {
            if (TicketFields.IsMarker(field))
            {
                markers.Write(record, field, value?.Id);
            }
            else if (value is null)
            {
                record.Remove(field);
            }
            else
            {
                record[field] = new JsonObject { ["id"] = PsaMap.Number(value.Id), ["name"] = value.Name };
            }
        }

        if (closed is { } flag)
        {
            record["closedFlag"] = flag;
        }

        using var document = JsonDocument.Parse(record.ToJsonString());
        return PsaMap.ToTicket(document.RootElement, markers);
    }
}
