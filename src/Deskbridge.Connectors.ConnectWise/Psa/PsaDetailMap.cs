using System.Text.Json;

namespace Deskbridge.Connectors.ConnectWise.Psa;

/// <summary>What an alert shows beside the ticket, in the order an engineer looks for it. Pure.</summary>
internal static class PsaDetailMap
{
    private const string Sla = "SLA";

    private static readonly (string Label, string Path)[] TicketRows =
    [
        ("Company", "company/name"), ("Priority", "priority/name"), ("Status", "status/name"), ("Board", "board/name"), ("Type", "type/name"),
        ("Subtype", "subType/name"), ("Item", "item/name"), ("Severity", "severity"), ("Impact", "impact"), (Sla, "slaStatus"), ("Source", "source/name"),
        ("Team", "team/name"), ("Owner", "owner/name"), ("Resources", "resources"), ("Required by", "requiredDate"), ("Entered", "_info/dateEntered"),
    ];

    private static readonly (string Label, string Path)[] CompanyRows =
        [("Site", "siteName"), ("City", "city"), ("Agreement", "agreement/name")];

    private static readonly (string Label, string Path)[] ContactRows =
        [("Contact", "contactName"), ("Phone", "contactPhoneNumber"), ("Email", "contactEmailAddress")];

    public static IReadOnlyList<TicketDetail> InBody(JsonElement ticket) =>
        [.. Rows(ticket, "Ticket", TicketRows).Select(row => row.Name == Sla ? PsaSla.Complete(row, ticket) : row), .. Rows(ticket, "Company", CompanyRows), .. Rows(ticket, "Contact", ContactRows)];

    public static IEnumerable<TicketDetail> Tasks(IReadOnlyList<TaskDto> tasks) =>
        tasks.OrderBy(task => task.Priority ?? int.MaxValue).ThenBy(task => task.Id).Select((task, index) => new TicketDetail(
            "Tasks",
            $"{index + 1}. {(task.ClosedFlag == true ? "done" : "open")}",
            PsaMap.Join(" – ", task.Summary, task.Notes, task.Resolution, task.Member?.Name)));

    public static IEnumerable<TicketDetail> Company(CompanyDto company) => Given(
        "Company",
        ("Name", company.Name),
        ("Status", company.Status?.Name),
        ("Address", PsaMap.Join(", ", company.AddressLine1, company.AddressLine2, PsaMap.Join(" ", company.City, company.State, company.Zip), company.Country?.Name)),
        ("Phone", company.PhoneNumber),
        ("Website", company.Website));

    public static IEnumerable<TicketDetail> Site(SiteDto site) => Given(
        "Site",
        ("Name", site.Name),
        ("Address", PsaMap.Join(", ", site.AddressLine1, site.AddressLine2, PsaMap.Join(" ", site.City, site.StateReference?.Name ?? site.StateReference?.Identifier, site.Zip), site.Country?.Name)),
        ("Phone", PsaMap.Join(" ext. ", site.PhoneNumber, site.PhoneNumberExt)));

    /// <summary>By name and size; the bytes stay where they are.</summary>
    public static IEnumerable<TicketDetail> Documents(IReadOnlyList<DocumentDto> documents) => documents.OrderBy(document => document.Id).SelectMany(document => Given(
        "Documents",
        (document.Title ?? document.FileName ?? $"Document {document.Id}", PsaMap.Join(", ", document.FileName == document.Title ? null : document.FileName, SizeOf(document), document.Owner) is { Length: > 0 } known ? known : "no size given")));

    private static string? SizeOf(DocumentDto document) => document switch
    {
        { UrlFlag: true } => "a link",
        { Size: { } bytes } => FileSize.Words(bytes),
        _ => null,
    };

    public static IEnumerable<TicketDetail> Contact(ContactDto contact, IReadOnlyList<CommunicationDto> reachable) =>
    [
        .. Given("Contact", ("Name", PsaMap.Join(" ", contact.FirstName, contact.LastName)), ("Title", contact.Title), ("Site", contact.Site?.Name)),
        .. reachable.OrderByDescending(way => way.DefaultFlag == true).ThenBy(way => way.Id).SelectMany(way => Given(
            "Contact", (way.Type?.Name ?? way.CommunicationType ?? "Phone", PsaMap.Join(" ext. ", way.Value, way.Extension)))),
    ];

    public static IEnumerable<TicketDetail> Configurations(IReadOnlyList<ConfigurationDto> configurations) =>
        configurations.SelectMany(configuration => Given(
            "Configurations", (configuration.Name ?? $"Configuration {configuration.Id}", configuration.DeviceIdentifier ?? $"#{configuration.Id}")));

    private static IEnumerable<TicketDetail> Rows(JsonElement ticket, string group, (string Label, string Path)[] rows) =>
        rows.SelectMany(row => Given(group, (row.Label, At(ticket, row.Path))));

    private static string? At(JsonElement record, string path)
    {
        var steps = path.Split('/');
        foreach (var step in steps.AsSpan(0, steps.Length - 1))
        {
            record = PsaMap.Member(record, step);
        }

        return PsaMap.Text(record, steps[^1]);
    }

    private static IEnumerable<TicketDetail> Given(string group, params (string Name, string? Value)[] rows) =>
        rows.Where(row => !string.IsNullOrWhiteSpace(row.Value)).Select(row => new TicketDetail(group, row.Name, row.Value!.Trim()));
}
