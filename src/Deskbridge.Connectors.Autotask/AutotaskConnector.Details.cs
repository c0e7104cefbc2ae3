using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace Deskbridge.Connectors.Autotask;

/// <summary>Each kind of detail is one query for all tickets that are read together: the calls are shared with every other integration.</summary>
internal sealed partial class AutotaskConnector : IReadsDetailsTogether
{
    public bool ReadsDetails => _options.Details != AutotaskDetails.None;

    public IReadOnlyList<TicketDetail> DetailsInBody(RemoteTicket ticket) => DetailMap.InBody(JsonElement.Parse(ticket.Body));

    public async Task<TicketDetails> ReadDetailsAsync(RemoteTicket ticket, CancellationToken cancel) => (await ReadDetailsAsync([ticket], cancel))[0];

    public async Task<IReadOnlyList<TicketDetails>> ReadDetailsAsync(IReadOnlyList<RemoteTicket> tickets, CancellationToken cancel)
    {
        var sheets = tickets.Select(ticket => new DetailSheet(AutotaskMap.Number(ticket.Id), JsonElement.Parse(ticket.Body))).ToList();
        await Wanted(AutotaskDetails.Notes, "Notes", () => AddNotesAsync(sheets, cancel));
        await Wanted(AutotaskDetails.Company, "Company", () => AddRecordsAsync(sheets, "Companies", "companyID", AutotaskJson.Default.CompanyDto, DetailMap.Company, cancel));
        await Wanted(AutotaskDetails.Contact, "Contact", () => AddRecordsAsync(sheets, "Contacts", "contactID", AutotaskJson.Default.ContactDto, DetailMap.Contact, cancel));
        await Wanted(AutotaskDetails.ConfigurationItem, "Configuration items", () => AddItemsAsync(sheets, cancel));
        await Wanted(AutotaskDetails.SecondaryResources, "Secondary resources", () => AddSecondaryAsync(sheets, cancel));
        await Wanted(AutotaskDetails.Attachments, "Attachments", () => AddAttachmentsAsync(sheets, cancel));
        return [.. sheets.Select(sheet => new TicketDetails(sheet.Items, sheet.Notes, sheet.Problems))];

        async Task Wanted(AutotaskDetails kind, string name, Func<Task> read)
        {
            if (!_options.Details.HasFlag(kind)) return;
            try
            {
                await read();
            }
            catch (ConnectorException failure) when (failure is ConnectorRejectedException or ConnectorNotFoundException or ConnectorUnavailableException)
            {
                foreach (var sheet in sheets) sheet.Problems.Add($"{name}: {failure.Message}");
            }
        }
    }

    private async Task AddNotesAsync(List<DetailSheet> sheets, CancellationToken cancel)
    {
        var notes = await ReadNotesAsync([.. sheets.Select(sheet => sheet.Ticket)], cancel);
        foreach (var sheet in sheets) sheet.Notes = [.. notes[sheet.Ticket]];
    }

    private async Task AddRecordsAsync<T>(List<DetailSheet> sheets, string entity, string field, JsonTypeInfo<T> shape, Func<T, IEnumerable<TicketDetail>> map, CancellationToken cancel)
    {
        var found = await RecordsAsync(entity, sheets.Select(sheet => AutotaskMap.Number(sheet.Record, field)).OfType<long>(), shape, cancel);
        foreach (var sheet in sheets)
        {
            if (AutotaskMap.Number(sheet.Record, field) is not { } id) continue;
            if (found.TryGetValue(id, out var record)) sheet.Items.AddRange(map(record));
            else sheet.Problems.Add($"{entity}: the API user does not see number {id}. {AutotaskRights.Fix(entity)}");
        }
    }

    /// <summary>The ticket's own one, and further ones.</summary>
    private async Task AddItemsAsync(List<DetailSheet> sheets, CancellationToken cancel)
    {
        await AddRecordsAsync(sheets, "ConfigurationItems", "configurationItemID", AutotaskJson.Default.ConfigurationItemDto, DetailMap.ConfigurationItem, cancel);
        var further = await OfTicketsAsync("TicketAdditionalConfigurationItems", sheets, AutotaskJson.Default.AdditionalItemDto, row => row.TicketID, cancel);
        if (further.Count == 0) return;
        var items = await RecordsAsync("ConfigurationItems", further.SelectMany(rows => rows).Select(row => row.ConfigurationItemID).OfType<long>(), AutotaskJson.Default.ConfigurationItemDto, cancel);
        foreach (var sheet in sheets) sheet.Items.AddRange(further[sheet.Ticket].Select(row => items.GetValueOrDefault(row.ConfigurationItemID ?? 0)).OfType<ConfigurationItemDto>().SelectMany(DetailMap.AdditionalItem));
    }

    private async Task AddSecondaryAsync(List<DetailSheet> sheets, CancellationToken cancel)
    {
        var rows = await OfTicketsAsync("TicketSecondaryResources", sheets, AutotaskJson.Default.SecondaryResourceDto, row => row.TicketID, cancel);
        if (rows.Count == 0) return;
        var people = await _words.NamesAsync("Resources", rows.SelectMany(some => some).Select(row => row.ResourceID).OfType<long>(), cancel);
        var roles = await _words.NamesAsync("Roles", rows.SelectMany(some => some).Select(row => row.RoleID).OfType<long>(), cancel);
        foreach (var sheet in sheets)
            sheet.Items.AddRange(rows[sheet.Ticket].Where(row => row.ResourceID is not null).SelectMany(row => DetailMap.Secondary(people.GetValueOrDefault(row.ResourceID!.Value) ?? $"Resource {row.ResourceID}", row.RoleID is { } role ? roles.GetValueOrDefault(role) : null)));
    }

    /// <summary>Those of its notes and time entries are answered with the ticket's own (reference 4.3).</summary>
    private async Task AddAttachmentsAsync(List<DetailSheet> sheets, CancellationToken cancel)
    {
        var rows = await OfTicketsAsync("TicketAttachments", sheets, AutotaskJson.Default.AttachmentDto, row => row.TicketID ?? row.ParentID, cancel);
        foreach (var sheet in sheets) sheet.Items.AddRange(rows[sheet.Ticket].OrderBy(row => row.Id).SelectMany(DetailMap.Attachment));
    }

    private async Task<ILookup<long, T>> OfTicketsAsync<T>(string entity, List<DetailSheet> sheets, JsonTypeInfo<T> shape, Func<T, long?> ticketOf, CancellationToken cancel) =>
        (await _client.ListAsync(entity, new AutotaskQuery([AutotaskQuery.In("ticketID", sheets.Select(sheet => sheet.Ticket))]), shape, cancel)).ToLookup(row => ticketOf(row) ?? 0);

    private async Task<IReadOnlyDictionary<long, T>> RecordsAsync<T>(string entity, IEnumerable<long> ids, JsonTypeInfo<T> shape, CancellationToken cancel)
    {
        var found = new Dictionary<long, T>();
        foreach (var batch in ids.Distinct().Order().Chunk(AutotaskQuery.LargestList))
        {
            foreach (var (id, record) in await _client.ListAsync(entity, new AutotaskQuery([AutotaskQuery.In("id", batch)]), row => (AutotaskMap.Id(row), AutotaskClient.Read(row, shape)), cancel)) found[id] = record;
        }

        return found;
    }

    /// <summary>What is found for one ticket.</summary>
    private sealed record DetailSheet(long Ticket, JsonElement Record)
    {
        public List<TicketDetail> Items { get; } = [];

        public List<string> Problems { get; } = [];

        public IReadOnlyList<RemoteNote>? Notes { get; set; }
    }
}
