using System.Text.Json;

namespace Deskbridge.Connectors.Autotask;

/// <summary>What an alert shows beside the ticket, in the order an engineer looks for it. Pure.</summary>
internal static class DetailMap
{
    private static readonly (string Label, string Field)[] TicketRows =
    [
        ("Ticket number", "ticketNumber"), ("Company", "companyID"), ("Contact", "contactID"), ("Priority", TicketSchema.Priority), ("Status", TicketSchema.Status), ("Queue", TicketSchema.Queue),
        ("Type", TicketSchema.Type), ("Issue type", "issueType"), ("Sub-issue type", "subIssueType"), ("Source", "source"), ("Primary resource", "assignedResourceID"),
        ("Due", "dueDateTime"), ("First response due", "firstResponseDueDateTime"), ("Resolution due", "resolvedDueDateTime"), ("Created", "createDate"), ("Description", "description"),
    ];

    public static IReadOnlyList<TicketDetail> InBody(JsonElement ticket)
    {
        var names = AutotaskMap.WordsOf(ticket).Names;
        return [.. TicketRows.Select(row => (row.Label, row.Field, Text: names.GetValueOrDefault(row.Field) ?? AutotaskMap.Text(ticket, row.Field)))
            .Where(row => !string.IsNullOrWhiteSpace(row.Text))
            .Select(row => new TicketDetail("Ticket", row.Label, row.Text!.Trim()) { Due = row.Field.EndsWith("DueDateTime", StringComparison.OrdinalIgnoreCase) ? AutotaskMap.Instant(row.Text) : null })];
    }

    public static IEnumerable<TicketDetail> Company(CompanyDto company) => Given(
        "Company",
        ("Name", company.CompanyName),
        ("Address", AutotaskMap.Join(", ", company.Address1, company.Address2, AutotaskMap.Join(" ", company.City, company.State, company.PostalCode))),
        ("Phone", company.Phone),
        ("Website", company.WebAddress));

    public static IEnumerable<TicketDetail> Contact(ContactDto contact) => Given(
        "Contact",
        ("Name", AutotaskMap.Join(" ", contact.FirstName, contact.LastName)),
        ("Phone", contact.Phone),
        ("Mobile", contact.MobilePhone),
        ("Other phone", contact.AlternatePhone),
        ("Email", contact.EmailAddress));

    public static IEnumerable<TicketDetail> ConfigurationItem(ConfigurationItemDto item) => Given(
        "Configuration item",
        ("Name", item.ReferenceTitle),
        ("Number", item.ReferenceNumber),
        ("Serial number", item.SerialNumber),
        ("Location", item.Location));

    private static IEnumerable<TicketDetail> Given(string group, params (string Name, string? Value)[] rows) =>
        rows.Where(row => !string.IsNullOrWhiteSpace(row.Value)).Select(row => new TicketDetail(group, row.Name, row.Value!.Trim()));
}
