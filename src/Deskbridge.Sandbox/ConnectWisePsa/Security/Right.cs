namespace Deskbridge.Sandbox.ConnectWisePsa.Security;

/// <summary>The four columns of a security role.</summary>
internal enum Verb
{
    Add,
    Edit,
    Delete,
    Inquire,
}

/// <summary>What a cell of a security role grants.</summary>
internal enum Level
{
    None,
    My,
    All,
}

/// <summary>One row of a security role: a module's function, and the item when the function can be customised (reference 5.10).</summary>
internal sealed record Right(string Module, string Function, string? Item = null)
{
    public static readonly Right ServiceTickets = new("Service Desk", "Service Tickets");
    public static readonly Right CloseServiceTickets = new("Service Desk", "Close Service Tickets");
    public static readonly Right ResourceScheduling = new("Service Desk", "Resource Scheduling");
    public static readonly Right Dependencies = new("Service Desk", "Service Ticket Dependencies");
    public static readonly Right TableSetup = new("System", "Table Setup");

    // Which function guards which route; the longest beginning counts. The functions and the three named setup items are the vendor's
    // words, the names of the other items and the assignment are the sandbox's reading of them.
    private static readonly (string Path, Right Right)[] Guarded =
    [
        .. ((string, Right)[])
        [
            ("service/tickets", ServiceTickets),
            ("service/templates", new("Service Desk", "Ticket Templates")),
            ("schedule/entries", ResourceScheduling),
            ("schedule/details", ResourceScheduling),
            ("project/tickets", new("Project", "Project Tickets")),
            ("project/projects", new("Project", "Project Headers")),
            ("company/companies", new("Companies", "Company Maintenance")),
            ("company/contacts", new("Companies", "Contacts")),
            ("company/configurations", new("Companies", "Configurations")),
            ("system/documents", new("Companies", "Manage Documents")),
            ("finance/agreements", new("Finance", "Agreements")),
            ("finance/invoices", new("Finance", "Invoicing")),
            ("sales/activities", new("Sales", "Sales Activities")),
            ("sales/opportunities", new("Sales", "Opportunities")),
            ("procurement/purchaseorders", new("Procurement", "Purchase Orders")),
            ("procurement/catalog", new("Procurement", "Product Catalog")),
            ("expense/entries", new("Time & Expense", "Expense Entry")),
            ("time/entries", new("Time & Expense", "Time Entry")),
            ("time/changelogs", new("System", "API Reports")),
            ("service/tickets/changelogs", new("System", "API Reports")),
            ("system/members", new("System", "Member Maintenance")),
            ("system/apiMembers", new("System", "Member Maintenance")),
            ("system/myAccount", new("System", "My Account")),
            ("system/myMembers", new("System", "My Account")),
            ("system/securityroles", new("System", "Security Roles")),
        ],
        .. Setup("General / Custom Fields", "system/userDefinedFields"),
        .. Setup("General / Workflow Rules", "system/workflows", "system/workflowActions"),
        .. Setup("Service / Service Board", "service/boards", "service/teams"),
        .. Setup("Service / Service", "service/priorities", "service/sources", "service/locations", "service/severities", "service/impacts", "service/SLAs", "service/codes", "service/emailTemplates", "service/ticketLinks", "service/ticketSyncs", "service/knowledgeBaseArticles"),
        .. Setup("Company / Company Status", "company/companies/statuses"),
        .. Setup("Company / Company Type", "company/companies/types"),
        .. Setup("Company / Contact", "company/contacts/types", "company/contacts/departments", "company/contacts/relationships", "company/communicationTypes", "company/noteTypes"),
        .. Setup("Company / Configuration", "company/configurations/types"),
        .. Setup("Company / Configuration Status", "company/configurations/statuses"),
        .. Setup("Schedule / Schedule", "schedule/types", "schedule/statuses", "schedule/reminderTimes", "schedule/calendars", "schedule/holidayLists"),
        .. Setup("Project / Project", "project/statuses", "project/projectTypes", "project/phaseStatuses"),
        .. Setup("Sales / Activity", "sales/activities/statuses", "sales/activities/types"),
        .. Setup("Time / Time", "time/workTypes", "time/workRoles", "time/chargeCodes"),
        .. Setup("Company / Geography", "company/countries", "company/states"),
        .. Setup("Company / Team Role", "company/teamRoles"),
        .. Setup("Finance / Finance", "finance/agreements/types", "finance/billingStatuses", "finance/currencies"),
        .. Setup("Expense / Expense", "expense/types", "expense/paymentTypes"),
        .. Setup("Procurement / Purchase Order Status", "procurement/purchaseorderstatuses"),
        .. Setup("Project / Project Template", "project/projectTemplates", "project/securityRoles"),
        .. Setup("Sales / Opportunity", "sales/opportunities/statuses", "sales/opportunities/types", "sales/stages", "sales/probabilities"),
        .. Setup("General / Offices", "system/locations", "system/departments", "system/timeZoneSetups", "system/members/types", "system/integratorTags", "system/links", "system/myCompany", "system/connectwisehostedsetups", "system/settings", "system/standardNotes"),
    ];

    // Every other setup table may be read without a right: the vendor marks such endpoints with a lock.
    private static readonly string[] GuardedToRead = ["General / Custom Fields", "General / Workflow Rules", "Service / Service Board"];

    /// <summary>Every function a role has a row for.</summary>
    public static IReadOnlyList<Right> Functions { get; } =
    [
        .. Guarded.Select(g => g.Right with { Item = null }).Concat([CloseServiceTickets, Dependencies]).Distinct()
            .OrderBy(r => r.Module, StringComparer.Ordinal).ThenBy(r => r.Function, StringComparer.Ordinal),
    ];

    /// <summary>What a call of a route needs; null when everybody may.</summary>
    public static (Right Right, Verb Verb)? Of(string method, string template)
    {
        if (template.Split('/').Contains("info", StringComparer.OrdinalIgnoreCase)) return null; // light forms are for callers without the right
        var (path, right) = Guarded.Where(g => Begins(template, g.Path)).OrderByDescending(g => g.Path.Length).FirstOrDefault();
        if (right is null) return null;
        var below = template.Length > path.Length && template[(path.Length + 1)..].Contains("{}/", StringComparison.Ordinal);
        var verb = method switch
        {
            "GET" => Verb.Inquire,
            "POST" when template.EndsWith("/search", StringComparison.Ordinal) => Verb.Inquire,
            "POST" when right.Item is not null || !below => Verb.Add,
            "DELETE" when right.Item is not null || !below => Verb.Delete,
            _ => Verb.Edit, // whatever is done to what hangs on a record edits that record
        };
        return verb == Verb.Inquire && right.Item is { } item && !GuardedToRead.Contains(item, StringComparer.Ordinal) ? null : (right, verb);
    }

    private static IEnumerable<(string Path, Right Right)> Setup(string item, params string[] paths) => paths.Select(path => (path, TableSetup with { Item = item }));

    private static bool Begins(string template, string path) =>
        template.StartsWith(path, StringComparison.OrdinalIgnoreCase) && (template.Length == path.Length || template[path.Length] == '/');
}
