using static Deskbridge.Connectors.RightNeed;

namespace Deskbridge.Connectors.Autotask;

/// <summary>The least an API user's security level must grant (T7), in the vendor's words, and where it is granted.</summary>
internal static class AutotaskRights
{
    private const string ServiceDesk = "Service Desk";
    private const string Crm = "CRM";
    private const string WebServices = "Web Services API";

    private const string Level = "Admin > Company Settings & Users > Resources/Users (HR) > Security > Security Levels > the API user's level";

    /// <summary>What is needed, with the entity whose rights tell of it.</summary>
    public static IReadOnlyList<(NeededRight Right, string Entity)> Of(AutotaskOptions options)
    {
        var owner = options.OwnerAssignment != OwnerAssignment.Never;
        return
        [
            (new(ServiceDesk, "Tickets", "Reading tickets; status and primary resource", Never, Always, Never, Always), "Tickets"),
            (new(ServiceDesk, "Ticket notes", "Comments and state changes become notes of the ticket", Always, Always, Never, Always), "TicketNotes"),
            (new(Crm, "Companies", "The names of companies and which of them count", Never, Never, Never, Always) { Without = "companies are shown by their numbers and cannot be chosen by name" }, "Companies"),
            (new(Crm, "Contacts", "The names of contacts and how to reach them", Never, Never, Never, Always) { Without = "contacts are shown by their numbers" }, "Contacts"),
            (new("Admin", "Resources", owner ? "People are matched with resources for the assignment" : "Matching people with resources for the assignment, which is off", Never, Never, Never, If(owner)) { Without = "nobody is assigned" }, "Resources"),
            (new(ServiceDesk, "Attachments", "Additional details: attachments", Never, Never, Never, If(options.Details.HasFlag(AutotaskDetails.Attachments))) { Without = "alerts list no attachments" }, "TicketAttachments"),
            (new(ServiceDesk, "Deleted tickets", "A deleted ticket closes its alert at once", Never, Never, Never, Always) { Without = "deleted tickets are found by the second nightly sweep" }, "DeletedTicketLogs"),
            (new(Crm, "Configuration items", "Additional details: configuration item", Never, Never, Never, If(options.Details.HasFlag(AutotaskDetails.ConfigurationItem))) { Without = "alerts show no configuration item" }, "ConfigurationItems"),
            (new(WebServices, "Webhooks", "Changes are told at once instead of at the next poll", Always, Always, Always, Always) { Without = "changes are found by polling, up to a minute later" }, "TicketWebhooks"),
        ];
    }

    /// <summary>Where the right behind a path is granted.</summary>
    public static string Fix(string path) => AutotaskClient.ObjectOf(path) switch
    {
        "TicketNotes" => $"Grant Service Desk > Ticket notes: View, Add, Edit under {Level}.",
        "Companies" => $"Grant CRM > Companies: View All under {Level}.",
        "Contacts" => $"Grant CRM > Contacts: View under {Level}.",
        "ConfigurationItems" => $"Grant CRM > Devices/Assets: View under {Level}.",
        "TicketAttachments" => $"Grant Service Desk > Attachments: View under {Level}.",
        "TicketSecondaryResources" or "TicketAdditionalConfigurationItems" or "DeletedTicketLogs" => $"Grant Service Desk > Tickets: View All under {Level}.",
        _ when IsWebhook(path) => $"Tick Web Services API > Can create webhooks, with a maximum number, under {Level}.",
        "Tickets" => $"Grant Service Desk > Tickets: View All, Edit All under {Level}, and every line of business that owns the tickets.",
        _ => $"See {Level}.",
    };

    private static bool IsWebhook(string path) => AutotaskClient.ObjectOf(path).Contains("Webhook", StringComparison.Ordinal);

    private static RightNeed If(bool on) => on ? Always : Never;
}
