using System.Text.Json;

namespace Deskbridge.Connectors.Autotask;

/// <summary>What an alert shows beside the ticket, in the order an engineer looks for it. Pure.</summary>
internal static class DetailMap
{
    /// <summary>Label, member of the record, and the neutral field that it is.</summary>
    private static readonly (string Label, string Field, string? Means)[] TicketRows =
    [
        ("Company", "companyID", TicketFields.Company), ("Contact", "contactID", TicketFields.Contact), ("Priority", TicketSchema.Priority, TicketFields.Priority),
        ("Status", TicketSchema.Status, TicketFields.Status), ("Queue", TicketSchema.Queue, TicketFields.Board), ("Type", TicketSchema.Type, null),
        ("Issue type", "issueType", null), ("Sub-issue type", "subIssueType", null), ("Source", "source", null), ("Primary resource", "assignedResourceID", TicketFields.Owner),
        ("Due", "dueDateTime", null), ("First response due", "firstResponseDueDateTime", null), ("Resolution due", "resolvedDueDateTime", null),
        ("Created", "createDate", null), ("Description", "description", null),
    ];

    public static IReadOnlyList<TicketDetail> InBody(JsonElement ticket)
    {
        var names = AutotaskMap.WordsOf(ticket).Names;
        return [.. TicketRows.Select(row => (row.Label, row.Field, row.Means, Text: names.GetValueOrDefault(row.Field) ?? AutotaskMap.Text(ticket, row.Field)))
            .Where(row => !string.IsNullOrWhiteSpace(row.Text))
            .Select(row => new TicketDetail("Ticket", row.Label, AutotaskMap.Told(row.Text!.Trim())) { Field = row.Means, Due = row.Field.EndsWith("DueDateTime", StringComparison.OrdinalIgnoreCase) ? AutotaskMap.Instant(row.Text) : null })];
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
        ("Location", item.Location),
        ("Host name", item.RmmDeviceAuditHostname),
        ("IP address", item.RmmDeviceAuditIPAddress),
        ("Operating system", item.RmmDeviceAuditOperatingSystem));

    public static IEnumerable<TicketDetail> AdditionalItem(ConfigurationItemDto item) => Given(
        "Additional configuration items",
        (item.ReferenceTitle ?? item.RmmDeviceAuditHostname ?? $"Configuration item {item.Id}", AutotaskMap.Join(", ", item.ReferenceNumber, item.SerialNumber, item.Location, item.RmmDeviceAuditIPAddress) is { Length: > 0 } known ? known : "nothing more is known"));

    public static IEnumerable<TicketDetail> Secondary(string resource, string? role) => Given("Secondary resources", (resource, role ?? "no role"));

    /// <summary>By name and size; the bytes stay where they are.</summary>
    public static IEnumerable<TicketDetail> Attachment(AttachmentDto attachment) => Given(
        "Attachments",
        (attachment.Title ?? attachment.FullPath ?? $"Attachment {attachment.Id}", AutotaskMap.Join(", ", attachment.FullPath == attachment.Title ? null : attachment.FullPath, attachment.FileSize is { } bytes ? FileSize.Words((long)bytes) : null, attachment.ContentType) is { Length: > 0 } known ? known : "no size given"));

    private static IEnumerable<TicketDetail> Given(string group, params (string Name, string? Value)[] rows) =>
        rows.Where(row => !string.IsNullOrWhiteSpace(row.Value)).Select(row => new TicketDetail(group, row.Name, row.Value!.Trim()));
}
