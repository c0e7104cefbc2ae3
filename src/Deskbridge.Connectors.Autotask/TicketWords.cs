using System.Collections.Concurrent;
using System.Globalization;
using System.Text.Json;

namespace Deskbridge.Connectors.Autotask;

/// <summary>What a ticket's numbers mean to people, and whether its status counts as closed. Kept beside the record, so that a stored body needs no call.</summary>
/// <param name="Names">Field name to label or name.</param>
/// <param name="Closed">The status counts as closed.</param>
internal sealed record TicketWords(IReadOnlyDictionary<string, string> Names, bool Closed);

/// <summary>Finds the words of tickets: labels of lists, and the names of companies, contacts and resources, each looked up once in an hour and many in one call.</summary>
internal sealed class TicketWordBook(AutotaskClient client, TicketSchemas schemas, ClosedStatuses closed, TimeProvider clock)
{
    private static readonly TimeSpan KeptFor = TimeSpan.FromHours(1);

    /// <summary>A name that could not be read is asked for again after this.</summary>
    private static readonly TimeSpan AskAgainAfter = TimeSpan.FromMinutes(1);

    /// <summary>Lists whose labels are shown.</summary>
    private static readonly string[] Lists =
        [TicketSchema.Status, TicketSchema.Priority, TicketSchema.Queue, TicketSchema.Type, "ticketCategory", "issueType", "subIssueType", "source", "serviceLevelAgreementID"];

    private static readonly (string Field, string Entity, string[] Columns)[] References =
    [
        ("companyID", "Companies", ["id", "companyName"]),
        ("contactID", "Contacts", ["id", "firstName", "lastName"]),
        ("assignedResourceID", "Resources", ["id", "firstName", "lastName"]),
        ("lastActivityResourceID", "Resources", ["id", "firstName", "lastName"]),
    ];

    private readonly ConcurrentDictionary<(string Entity, long Id), (string Name, DateTimeOffset At)> _names = new();

    /// <summary>The tickets of some records, in their order.</summary>
    public async Task<IReadOnlyList<RemoteTicket>> TicketsAsync(IReadOnlyList<JsonElement> records, CancellationToken cancel)
    {
        if (records.Count == 0) return [];
        var schema = await schemas.ReadAsync(cancel);
        if (records.Any(record => AutotaskMap.Number(record, TicketSchema.Status) is { } status && schema.Label(TicketSchema.Status, status) is null)) schema = await schemas.ReadFreshAsync(cancel);
        await LearnAsync(records, cancel);
        return [.. records.Select(record => AutotaskMap.ToTicket(record, Words(record, schema)))];
    }

    /// <summary>The names of resources, or of roles.</summary>
    public async Task<IReadOnlyDictionary<long, string>> NamesAsync(string entity, IEnumerable<long> ids, CancellationToken cancel)
    {
        var wanted = ids.Distinct().ToList();
        await LearnAsync(entity, entity == "Roles" ? ["id", "name"] : ["id", "firstName", "lastName"], wanted, cancel);
        return wanted.Where(id => _names.ContainsKey((entity, id))).ToDictionary(id => id, id => _names[(entity, id)].Name);
    }

    private TicketWords Words(JsonElement record, TicketSchema schema)
    {
        var names = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var list in Lists)
        {
            if (AutotaskMap.Number(record, list) is { } value) names[list] = schema.Label(list, value) ?? value.ToString(CultureInfo.InvariantCulture);
        }

        foreach (var (field, entity, _) in References)
        {
            if (AutotaskMap.Number(record, field) is { } id && _names.TryGetValue((entity, id), out var known)) names[field] = known.Name;
        }

        return new TicketWords(names, AutotaskMap.Number(record, TicketSchema.Status) is { } status && closed.In(schema).Contains(status));
    }

    /// <summary>A name that cannot be read holds no ticket back: its number is shown then.</summary>
    private async Task LearnAsync(IReadOnlyList<JsonElement> records, CancellationToken cancel)
    {
        foreach (var sort in References.GroupBy(reference => reference.Entity, StringComparer.Ordinal))
        {
            var ids = sort.SelectMany(reference => records.Select(record => AutotaskMap.Number(record, reference.Field))).OfType<long>();
            await LearnAsync(sort.Key, sort.First().Columns, ids, cancel);
        }
    }

    private async Task LearnAsync(string entity, string[] columns, IEnumerable<long> ids, CancellationToken cancel)
    {
        var now = clock.GetUtcNow();
        foreach (var batch in ids.Distinct().Where(id => !_names.TryGetValue((entity, id), out var known) || now - known.At > KeptFor).Chunk(AutotaskQuery.LargestList))
        {
            try
            {
                var rows = await client.ListAsync(entity, new AutotaskQuery([AutotaskQuery.In("id", batch)], columns), row => (Id: AutotaskMap.Id(row), Name: AutotaskMap.NameOf(row)), cancel);
                foreach (var (id, name) in rows) _names[(entity, id)] = (name, now);
                foreach (var id in batch.Except(rows.Select(row => row.Id))) _names[(entity, id)] = (id.ToString(CultureInfo.InvariantCulture), now);
            }
            catch (ConnectorException failure) when (failure is not ConnectorCredentialsException)
            {
                foreach (var id in batch) _names.TryAdd((entity, id), (id.ToString(CultureInfo.InvariantCulture), now - KeptFor + AskAgainAfter));
            }
        }
    }
}
