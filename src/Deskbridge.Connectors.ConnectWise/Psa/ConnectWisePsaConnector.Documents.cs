using System.Globalization;
using System.Net.Http.Headers;

namespace Deskbridge.Connectors.ConnectWise.Psa;

internal sealed partial class ConnectWisePsaConnector : ITicketDocuments
{
    private const string Documents = "system/documents";

    public bool TakesDocuments => _options.Attachments;

    public async Task<IReadOnlyList<RemoteDocument>> ReadDocumentsAsync(string ticketId, CancellationToken cancel)
    {
        var all = new List<RemoteDocument>();
        for (var page = 1; ; page++)
        {
            if (page > PsaClient.MostPages) throw PsaClient.Endless(Documents, all.Count);
            var query = new PsaQuery { DocumentsOfTicket = PsaMap.Number(ticketId), OrderBy = "id asc", Page = page, PageSize = PsaQuery.LargestPage };
            var rows = await _client.PageAsync(Documents, query, row => PsaMap.ToDocument(PsaClient.Read(row, PsaJson.Default.DocumentDto)), cancel);
            all.AddRange(rows);
            if (rows.Count < PsaQuery.LargestPage) return all;
        }
    }

    public async Task<RemoteDocument> AddDocumentAsync(string ticketId, DocumentDraft draft, CancellationToken cancel)
    {
        var id = PsaMap.Number(ticketId).ToString(CultureInfo.InvariantCulture);
        var stored = await _client.PostFormAsync(Documents, () => Form(id, draft), cancel);
        return PsaMap.ToDocument(PsaClient.Read(stored, PsaJson.Default.DocumentDto));
    }

    /// <summary>Parts as the vendor's "Documents" page names them (reference 5.3). A form is sent once, so each try has its own.</summary>
    private static MultipartFormDataContent Form(string ticketId, DocumentDraft draft)
    {
        var file = new ReadOnlyMemoryContent(draft.Content)
        {
            Headers =
            {
                ContentType = new MediaTypeHeaderValue("application/octet-stream"),
                ContentDisposition = new("form-data") { Name = "\"file\"", FileName = $"\"{Ascii(draft.FileName)}\"", FileNameStar = draft.FileName },
            },
        };
        return new MultipartFormDataContent
        {
            { new StringContent("Ticket"), "recordType" },
            { new StringContent(ticketId), "recordId" },
            { new StringContent(draft.Title), "title" },
            { new StringContent("true"), "privateFlag" }, // a photo of a console may show what the customer's portal must not
            { new StringContent("false"), "readOnlyFlag" },
            { new StringContent("false"), "isAvatar" },
            file,
        };
    }

    /// <summary>For a server that does not know the second form of a name.</summary>
    private static string Ascii(string name) => string.Concat(name.Select(c => c is >= ' ' and <= '~' and not '"' and not '\\' ? c : '_'));
}
