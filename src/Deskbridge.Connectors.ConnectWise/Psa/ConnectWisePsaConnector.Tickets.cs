using System.Globalization;
using System.Text.Json;

namespace Deskbridge.Connectors.ConnectWise.Psa;

internal sealed partial class ConnectWisePsaConnector : IReadsTickets, IWritesTickets
{
    private const string Tickets = "service/tickets";
    private const int LargestIdList = 1200; // characters, so that the whole address stays under the recommended 2,000

    public Task<TicketPage> ReadChangedAsync(DateTimeOffset since, int page, int pageSize, CancellationToken cancel) =>
        ReadPageAsync(
            new()
            {
                Conditions = ServiceTickets().AtOrAfter("lastUpdated", since),
                OrderBy = "lastUpdated asc,id asc",
                Page = page,
                PageSize = Math.Min(pageSize, PsaQuery.LargestPage),
            },
            cancel);

    public Task<TicketPage> ReadEnteredAsync(DateTimeOffset enteredSince, string? afterId, int pageSize, CancellationToken cancel)
    {
        var where = ServiceTickets().AtOrAfter("dateEntered", enteredSince);
        if (afterId is not null)
        {
            where.Above("id", PsaMap.Number(afterId));
        }

        return ReadPageAsync(new() { Conditions = where, OrderBy = "id asc", Page = 1, PageSize = Math.Min(pageSize, PsaQuery.LargestPage) }, cancel);
    }

    public async Task<RemoteTicket?> ReadTicketAsync(string remoteId, CancellationToken cancel)
    {
        try
        {
            return Map(await _client.GetAsync(TicketPath(remoteId), cancel));
        }
        catch (ConnectorNotFoundException)
        {
            return null;
        }
    }

    public async Task<IReadOnlyList<RemoteTicket>> ReadTicketsAsync(IReadOnlyCollection<string> remoteIds, CancellationToken cancel)
    {
        var found = new List<RemoteTicket>(remoteIds.Count);
        foreach (var batch in Batches(remoteIds.Select(id => (long)PsaMap.Number(id)).Distinct().Order()))
        {
            var query = new PsaQuery { Conditions = new Conditions().In("id", batch), OrderBy = "id asc", Page = 1, PageSize = batch.Count };
            found.AddRange(await _client.PageAsync(Tickets, query, Map, cancel));
        }

        return found;
    }

    public RemoteTicket ParseTicket(string body)
    {
        using var document = JsonDocument.Parse(body);
        return Map(document.RootElement);
    }

    public async Task<RemoteTicket> UpdateTicketAsync(string remoteId, TicketUpdate update, CancellationToken cancel)
    {
        var patch = new PatchDocument();
        foreach (var (field, value) in update.Set.Where(set => !TicketFields.IsMarker(set.Key)).OrderBy(set => set.Key, StringComparer.Ordinal))
        {
            patch.Reference(WirePath(field), value is null ? null : PsaMap.Number(value));
        }

        return Map(await _client.PatchAsync(TicketPath(remoteId), patch.CustomFields(_markers.ToSend(update)), cancel));
    }

    private static Conditions ServiceTickets() => new Conditions().Equal("recordType", "ServiceTicket");

    private static string TicketPath(string remoteId) => $"{Tickets}/{PsaMap.Number(remoteId).ToString(CultureInfo.InvariantCulture)}";

    private static string WirePath(string field) => field switch
    {
        TicketFields.Status or TicketFields.Priority or TicketFields.Owner or TicketFields.Board or TicketFields.Team
            or TicketFields.Type or TicketFields.SubType or TicketFields.Item => field,
        _ => throw new ArgumentOutOfRangeException(nameof(field), field, "not a writable ticket field"),
    };

    private static IEnumerable<List<long>> Batches(IEnumerable<long> ids)
    {
        var batch = new List<long>();
        var length = 0;
        foreach (var id in ids)
        {
            var cost = id.ToString(CultureInfo.InvariantCulture).Length + "%2C".Length;
            if (length + cost > LargestIdList)
            {
                yield return batch;
                (batch, length) = ([], 0);
            }

            batch.Add(id);
            length += cost;
        }

        if (batch.Count > 0)
        {
            yield return batch;
        }
    }

    private async Task<TicketPage> ReadPageAsync(PsaQuery query, CancellationToken cancel)
    {
        var rows = await _client.PageAsync(Tickets, query, Map, cancel);
        return new(rows, Full: rows.Count >= query.PageSize);
    }

    private RemoteTicket Map(JsonElement record) => PsaMap.ToTicket(record, _markers);
}
