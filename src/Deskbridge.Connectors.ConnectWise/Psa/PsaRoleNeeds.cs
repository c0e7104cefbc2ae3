using static Deskbridge.Connectors.RightNeed;

namespace Deskbridge.Connectors.ConnectWise.Psa;

/// <summary>
/// The least role (S45), in the vendor's words and order: of the cells that the vendor's guide lists (S46 to S48) those that a feature that
/// is on calls for, and those of the details that are shown. Functions of the guide's list that nothing calls for stay in, needed by nothing.
/// </summary>
internal static class PsaRoleNeeds
{
    public const string ServiceDesk = "Service Desk";
    public const string SystemModule = "System";
    public const string Companies = "Companies";
    public const string Tickets = "Service Tickets";
    public const string Closing = "Close Service Tickets";
    public const string Scheduling = "Resource Scheduling";
    public const string Dependencies = "Service Ticket - Dependencies";
    public const string Templates = "Ticket Templates";
    public const string Reports = "API Reports";
    public const string Members = "Member Maintenance";
    public const string MyAccount = "My Account";
    public const string Tables = "Table Setup";
    public const string Company = "Company Maintenance";
    public const string Contacts = "Contacts";
    public const string Documents = "Manage Documents";
    public const string FieldsItem = "General / Custom Fields";
    public const string RulesItem = "General / Workflow Rules";
    public const string BoardsItem = "Service / Service Board";

    public static IReadOnlyList<NeededRight> Of(ConnectWisePsaOptions options)
    {
        var owner = options.OwnerAssignment != OwnerAssignment.Never;
        return
        [
            new(ServiceDesk, Closing, "Closing tickets; markers and notes on closed ones", Never, Always, Never, Always),
            new(ServiceDesk, Scheduling, owner ? "Owner assignment" : "Owner assignment, which is off; a rule's action that sets the owner or a resource needs it too", If(owner), If(owner), If(owner), If(owner)),
            new(ServiceDesk, Dependencies, "On the vendor's list; the hub sets no predecessors", Never, Never, Never, Never),
            new(ServiceDesk, Tickets, "Reading tickets; status, markers and notes", Never, Always, Never, Always),
            new(ServiceDesk, Templates, "On the vendor's list; the hub uses no templates", Never, Never, Never, Never),
            new(SystemModule, Reports, "On the vendor's list; the hub asks for no reports", Never, Never, Never, Never),
            new(SystemModule, Members, owner ? "Owner assignment: people are matched with members" : "Matching people with members for owner assignment, which is off", Never, Never, Never, If(owner)),
            new(SystemModule, MyAccount, "Test tells whose keys are used", Never, Never, Never, Always),
            new(SystemModule, Tables, "Inquire: rules, custom fields, boards and statuses are read. The rest: Install, Repair, Remove and changed rules", Setup, Setup, Setup, Always)
            {
                Items = [FieldsItem, RulesItem, BoardsItem],
            },
            .. Details(options.Details),
            .. OfDocuments(options),
        ];
    }

    /// <summary>One name for the spellings that the vendor's screen, guide and interface use: "Service Ticket - Dependencies", "Service Ticket Dependencies".</summary>
    public static bool Same(string? one, string? other) => Letters(one).Equals(Letters(other), StringComparison.OrdinalIgnoreCase);

    /// <summary>Whether a text names a function, in whatever spelling.</summary>
    public static bool Names(string text, string function) => Letters(text).Contains(Letters(function), StringComparison.OrdinalIgnoreCase);

    private static IEnumerable<NeededRight> Details(PsaDetails shown)
    {
        if (shown.HasFlag(PsaDetails.Company)) yield return Detail(Company, "company");
        else if (shown.HasFlag(PsaDetails.Site)) yield return Detail(Company, "site");
        if (shown.HasFlag(PsaDetails.Contact)) yield return Detail(Contacts, "contact");
    }

    /// <summary>
    /// Documents. The vendor publishes nothing about their cell: a client found that a download asks for "Companies > Manage Documents: inquire"
    /// (reference 5.3); that listing asks for the same, and uploading for Add, is inferred.
    /// </summary>
    private static IEnumerable<NeededRight> OfDocuments(ConnectWisePsaOptions options)
    {
        var shown = options.Details.HasFlag(PsaDetails.Documents);
        if (!options.Attachments && !shown) yield break;
        yield return new(Companies, Documents, options.Attachments ? "Files attached to alerts go to the ticket (the cell is inferred)" : "Additional details: documents (the cell is inferred)", If(options.Attachments), Never, Never, Always)
        {
            Without = options.Attachments ? "files attached to alerts stay in the hub" : "alerts show no documents",
        };
    }

    private static NeededRight Detail(string function, string what) =>
        new(Companies, function, $"Additional details: {what}", Never, Never, Never, Always) { Without = $"alerts show no {what}" };

    private static RightNeed If(bool on) => on ? Always : Never;

    private static string Letters(string? name) => string.Concat((name ?? "").Where(char.IsLetterOrDigit));
}
