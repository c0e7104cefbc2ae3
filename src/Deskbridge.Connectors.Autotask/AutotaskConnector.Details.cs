using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace Deskbridge.Connectors.Autotask;

internal sealed partial class AutotaskConnector : IReadsTicketDetails
{
    public bool ReadsDetails => _options.Details != AutotaskDetails.None;

    public IReadOnlyList<TicketDetail> DetailsInBody(RemoteTicket ticket) => DetailMap.InBody(JsonElement.Parse(ticket.Body));

    public async Task<TicketDetails> ReadDetailsAsync(RemoteTicket ticket, CancellationToken cancel)
    {
        var record = JsonElement.Parse(ticket.Body);
        var items = new List<TicketDetail>();
        var problems = new List<string>();
        IReadOnlyList<RemoteNote>? notes = null;
        await Wanted(AutotaskDetails.Notes, "Notes", async () => notes = await ReadNotesAsync(ticket.Id, cancel));
        await Wanted(AutotaskDetails.Company, "Company", () => AddAsync("Companies", "companyID", AutotaskJson.Default.CompanyDto, DetailMap.Company));
        await Wanted(AutotaskDetails.Contact, "Contact", () => AddAsync("Contacts", "contactID", AutotaskJson.Default.ContactDto, DetailMap.Contact));
        await Wanted(AutotaskDetails.ConfigurationItem, "Configuration item", () => AddAsync("ConfigurationItems", "configurationItemID", AutotaskJson.Default.ConfigurationItemDto, DetailMap.ConfigurationItem));
        return new(items, notes, problems);

        async Task AddAsync<T>(string entity, string field, JsonTypeInfo<T> shape, Func<T, IEnumerable<TicketDetail>> map)
        {
            if (AutotaskMap.Text(record, field) is not { } id) return;
            if (await _client.ItemAsync($"{entity}/{Number(id)}", cancel) is { } found) items.AddRange(map(AutotaskClient.Read(found, shape)));
            else problems.Add($"{entity}: the API user does not see number {id}. {AutotaskRights.Fix(entity)}");
        }

        async Task Wanted(AutotaskDetails kind, string name, Func<Task> read)
        {
            if (!_options.Details.HasFlag(kind)) return;
            try
            {
                await read();
            }
            catch (ConnectorException failure) when (failure is ConnectorRejectedException or ConnectorNotFoundException or ConnectorUnavailableException)
            {
                problems.Add($"{name}: {failure.Message}");
            }
        }
    }
}
