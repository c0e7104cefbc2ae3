using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;

namespace Deskbridge.Connectors.Autotask;

internal sealed partial class AutotaskConnector : IReadsTickets, INumbersTickets, IWritesTickets
{
    private const string Tickets = "Tickets";

    public bool SharesCalls => true;

    public bool AnswersLater => true;

    /// <summary>
    /// The whole window in one answer, whatever page is asked for first: Autotask knows no order but that of ids, so that only all of it can be
    /// put in the order of changes. What changes while it is read shows a later time, and the next poll looks back behind this one's start.
    /// </summary>
    public async Task<TicketPage> ReadChangedAsync(DateTimeOffset since, int page, int pageSize, CancellationToken cancel)
    {
        var changed = AutotaskQuery.AnyOf(
            AutotaskQuery.Where("gte", "lastTrackedModificationDateTime", AutotaskQuery.At(since)),
            AutotaskQuery.Where("gte", "lastActivityDate", AutotaskQuery.At(since)),
            AutotaskQuery.Where("gte", "createDate", AutotaskQuery.At(since)));
        var tickets = new List<RemoteTicket>();
        var cut = await ReadAllAsync([changed], Math.Min(pageSize, AutotaskQuery.LargestPage), tickets, cancel);
        // One tenant's createDate was compared by whole days.
        return new([.. tickets.Where(ticket => ticket.UpdatedAt >= since).OrderBy(ticket => ticket.UpdatedAt).ThenBy(ticket => AutotaskMap.Number(ticket.Id))], Full: false) { Cut = cut };
    }

    public async Task<TicketPage> ReadEnteredAsync(DateTimeOffset enteredSince, string? afterId, int pageSize, CancellationToken cancel)
    {
        var size = Math.Min(pageSize, AutotaskQuery.LargestPage);
        var after = afterId is null ? (long?)null : AutotaskMap.Number(afterId);
        while (true)
        {
            var rows = await RowsAsync([AutotaskQuery.Where("gte", "createDate", AutotaskQuery.At(enteredSince))], after, size, cancel);
            var wanted = rows.Where(ticket => ticket.EnteredAt >= enteredSince).ToList();
            if (wanted.Count > 0 || rows.Count < size) return new(wanted, Full: rows.Count == size);
            after = AutotaskMap.Number(rows[^1].Id);
        }
    }

    public async Task<RemoteTicket?> ReadTicketAsync(string remoteId, CancellationToken cancel) =>
        await _client.ItemAsync($"{Tickets}/{Number(remoteId)}", cancel) is { } record ? (await _words.TicketsAsync([record], cancel))[0] : null;

    public async Task<RemoteTicket?> FindTicketAsync(string number, CancellationToken cancel) =>
        await RowsAsync([AutotaskQuery.Where("eq", "ticketNumber", number)], null, 1, cancel) is [var found, ..] ? found : null;

    public async Task<IReadOnlyList<RemoteTicket>> ReadTicketsAsync(IReadOnlyCollection<string> remoteIds, CancellationToken cancel)
    {
        var found = new List<RemoteTicket>(remoteIds.Count);
        foreach (var batch in remoteIds.Select(AutotaskMap.Number).Distinct().Order().Chunk(AutotaskQuery.LargestList))
            found.AddRange(await RowsAsync([AutotaskQuery.In("id", batch)], null, AutotaskQuery.LargestPage, cancel));
        return found;
    }

    public RemoteTicket ParseTicket(string body) => AutotaskMap.Parse(body);

    /// <summary>Answers only the id, and success for fields that it does not change: the record is read back, and a write whose outcome cannot be read is in doubt.</summary>
    public async Task<RemoteTicket> UpdateTicketAsync(string remoteId, TicketUpdate update, CancellationToken cancel)
    {
        var patch = new JsonObject { ["id"] = AutotaskMap.Number(remoteId) };
        foreach (var (field, value) in update.Set.Where(set => !TicketFields.IsMarker(set.Key)))
        {
            patch[WireName(field)] = value is null || value == AutotaskMap.NoQueue.Id ? null : AutotaskMap.Number(value);
            if (field == TicketFields.Owner) patch["assignedResourceRoleID"] = value is null ? null : await _roles.FindAsync(AutotaskMap.Number(value), cancel);
        }

        try
        {
            await _client.UpdateAsync(Tickets, Encoding.UTF8.GetBytes(patch.ToJsonString()), cancel);
        }
        catch (ConnectorRejectedException refusal) when (refusal is { Kind: RejectionKind.Value, Field: { } field } && update.Set.GetValueOrDefault(field) is { } refused)
        {
            throw await NotOfferedAsync(WireName(field), AutotaskMap.Number(refused), refusal, cancel) ?? refusal;
        }

        return await AfterWriteAsync(() => ReadTicketAsync(remoteId, cancel));
    }

    /// <summary>Autotask refuses a value that is retired by its number, as one that does not exist. Named, with what to do; null when the value is offered, or that cannot be told.</summary>
    private async Task<ConnectorRejectedException?> NotOfferedAsync(string field, long value, ConnectorRejectedException refusal, CancellationToken cancel)
    {
        try
        {
            var (before, now) = (await _schemas.ReadAsync(cancel), await _schemas.ReadFreshAsync(cancel));
            if (!now.Fields.TryGetValue(field, out var known) || known.Kind != FieldKind.List || known.Values.Any(one => one.Value == value && one.Active)) return null;
            var name = now.Label(field, value) ?? before.Label(field, value);
            return new(
                $"The {refusal.Field} {(name is null ? value : $"\"{name}\" ({value})")} is not active in Autotask any more. Autotask says: {refusal.Message}",
                refusal.Field);
        }
        catch (ConnectorException)
        {
            return null;
        }
    }

    /// <summary>Reads what a write left behind. Whatever keeps it from being read, the write itself was taken.</summary>
    private static async Task<T> AfterWriteAsync<T>(Func<Task<T?>> read)
        where T : class
    {
        const string Taken = "Autotask took the write, but what it left behind could not be read:";
        try
        {
            return await read() ?? throw new ConnectorUnavailableException($"{Taken} the record is not there.", mayHaveBeenApplied: true);
        }
        catch (ConnectorException failure) when (failure is not ConnectorUnavailableException { MayHaveBeenApplied: true })
        {
            throw new ConnectorUnavailableException($"{Taken} {failure.Message}", mayHaveBeenApplied: true, failure);
        }
    }

    private static string WireName(string field) => field switch
    {
        TicketFields.Status => TicketSchema.Status,
        TicketFields.Priority => TicketSchema.Priority,
        TicketFields.Board => TicketSchema.Queue,
        TicketFields.Type => TicketSchema.Type,
        TicketFields.Owner => "assignedResourceID",
        _ => throw new ArgumentOutOfRangeException(nameof(field), field, "not a writable ticket field"),
    };

    private static string Number(string id) => AutotaskMap.Number(id).ToString(CultureInfo.InvariantCulture);

    /// <summary>Every page. Answers what cut it off behind the first one, which calls that others used up may do in the middle; nothing that was read is lost by it.</summary>
    private async Task<ConnectorException?> ReadAllAsync(IReadOnlyList<JsonObject> filter, int pageSize, List<RemoteTicket> tickets, CancellationToken cancel)
    {
        while (true)
        {
            try
            {
                var rows = await RowsAsync(filter, tickets.Count == 0 ? null : AutotaskMap.Number(tickets[^1].Id), pageSize, cancel);
                tickets.AddRange(rows);
                if (rows.Count < pageSize) return null;
            }
            catch (ConnectorException failure) when (tickets.Count > 0)
            {
                return failure;
            }
        }
    }

    private async Task<IReadOnlyList<RemoteTicket>> RowsAsync(IReadOnlyList<JsonObject> filter, long? after, int pageSize, CancellationToken cancel) =>
        await _words.TicketsAsync(await _client.PageAsync(Tickets, new AutotaskQuery(filter), after, pageSize, row => row.Clone(), cancel), cancel);
}
