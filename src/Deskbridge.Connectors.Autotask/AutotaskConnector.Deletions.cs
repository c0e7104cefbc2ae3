using System.Globalization;
using System.Text.Json.Nodes;

namespace Deskbridge.Connectors.Autotask;

/// <summary>Autotask keeps a log of deleted tickets, with who deleted them (reference 4.4).</summary>
internal sealed partial class AutotaskConnector : IReadsDeletions
{
    public Task<IReadOnlyList<DeletedTicket>> ReadDeletedAsync(DateTimeOffset since, CancellationToken cancel) =>
        DeletedAsync(AutotaskQuery.Where("gte", "deletedDateTime", AutotaskQuery.At(since)), cancel);

    public async Task<DeletedTicket?> FindDeletedAsync(string remoteId, CancellationToken cancel) =>
        (await DeletedAsync(AutotaskQuery.Where("eq", "ticketID", AutotaskMap.Number(remoteId)), cancel)) is [.., var last] ? last : null;

    private async Task<IReadOnlyList<DeletedTicket>> DeletedAsync(JsonObject filter, CancellationToken cancel)
    {
        var rows = await _client.ListAsync("DeletedTicketLogs", new AutotaskQuery([filter]), AutotaskJson.Default.DeletedTicketDto, cancel);
        if (rows.Count == 0) return [];
        var names = await _words.NamesAsync("Resources", rows.Select(row => row.DeletedByResourceID).OfType<long>(), cancel);
        return [.. rows.Where(row => row.TicketID is not null).Select(Deleted).OrderBy(deleted => deleted.At)];

        DeletedTicket Deleted(DeletedTicketDto row) => new(
            row.TicketID!.Value.ToString(CultureInfo.InvariantCulture),
            AutotaskMap.Instant(row.DeletedDateTime) ?? DateTimeOffset.UnixEpoch,
            row.DeletedByResourceID is { } by ? names.GetValueOrDefault(by) : null);
    }
}
