using System.Text.Json;

namespace Deskbridge.Connectors.ConnectWise.Psa;

internal sealed partial class ConnectWisePsaConnector : IReadsTicketDetails
{
    private const int MostDocuments = 100;

    public bool ReadsDetails => _options.Details != PsaDetails.None;

    public IReadOnlyList<TicketDetail> DetailsInBody(RemoteTicket ticket)
    {
        using var document = JsonDocument.Parse(ticket.Body);
        return PsaDetailMap.InBody(document.RootElement);
    }

    public async Task<TicketDetails> ReadDetailsAsync(RemoteTicket ticket, CancellationToken cancel)
    {
        var items = new List<TicketDetail>();
        var problems = new List<string>();
        IReadOnlyList<RemoteNote>? notes = null;
        await Wanted(PsaDetails.Notes, "Notes", async () => notes = await ReadNotesAsync(ticket.Id, cancel));
        await Wanted(PsaDetails.Tasks, "Tasks", async () => items.AddRange(PsaDetailMap.Tasks(
            await _client.ListAsync($"{TicketPath(ticket.Id)}/tasks", PsaJson.Default.TaskDto, cancel))));
        if (ticket.Company is { } company)
        {
            await Wanted(PsaDetails.Company, "Company", async () => items.AddRange(PsaDetailMap.Company(
                await _client.GetAsync($"company/companies/{PsaMap.Number(company.Id)}", PsaJson.Default.CompanyDto, cancel))));
        }

        if (ticket is { Company: { } of, Site: { } site })
        {
            await Wanted(PsaDetails.Site, "Site", async () => items.AddRange(PsaDetailMap.Site(
                await _client.GetAsync($"company/companies/{PsaMap.Number(of.Id)}/sites/{PsaMap.Number(site.Id)}", PsaJson.Default.SiteDto, cancel))));
        }

        if (ticket.Contact is { } contact)
        {
            await Wanted(PsaDetails.Contact, "Contact", async () => items.AddRange(PsaDetailMap.Contact(
                await _client.GetAsync($"company/contacts/{PsaMap.Number(contact.Id)}", PsaJson.Default.ContactDto, cancel),
                await _client.ListAsync($"company/contacts/{PsaMap.Number(contact.Id)}/communications", PsaJson.Default.CommunicationDto, cancel))));
        }

        await Wanted(PsaDetails.Configurations, "Configurations", async () => items.AddRange(PsaDetailMap.Configurations(
            await _client.ListAsync($"{TicketPath(ticket.Id)}/configurations", PsaJson.Default.ConfigurationDto, cancel))));
        await Wanted(PsaDetails.Documents, "Documents", async () => items.AddRange(PsaDetailMap.Documents(await _client.PageAsync(
            "system/documents", new PsaQuery { DocumentsOfTicket = PsaMap.Number(ticket.Id), Page = 1, PageSize = MostDocuments }, row => PsaClient.Read(row, PsaJson.Default.DocumentDto), cancel))));
        return new(items, notes, problems);

        async Task Wanted(PsaDetails kind, string name, Func<Task> read)
        {
            if (!_options.Details.HasFlag(kind))
            {
                return;
            }

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
