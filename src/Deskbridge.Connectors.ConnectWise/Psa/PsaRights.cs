using System.Text.RegularExpressions;

namespace Deskbridge.Connectors.ConnectWise.Psa;

/// <summary>Which cell of the security role a refused call needs (requirements S46 to S48; the vendor's role screen).</summary>
internal static partial class PsaRights
{
    private static readonly (Regex Path, string Module, string Function, string? Customise)[] Table =
    [
        (TicketPaths(), "Service Desk", "Service Tickets", null),
        (SchedulePaths(), "Service Desk", "Resource Scheduling", null),
        (MemberPaths(), "System", "Member Maintenance", null),
        (AccountPaths(), "System", "My Account", null),
        (FieldPaths(), "System", "Table Setup", "General / Custom Fields"),
        (WorkflowPaths(), "System", "Table Setup", "General / Workflow Rules"),
        (BoardPaths(), "System", "Table Setup", "Service / Service Board"),
        (CompanyPaths(), "Companies", "Company Maintenance", null),
        (ContactPaths(), "Companies", "Contacts", null),
        (SetupPaths(), "System", "Table Setup", null),
        (InfoPaths(), "System", "API Reports", null),
    ];

    /// <summary>Where the missing cell is: module, function, column and the way there.</summary>
    /// <param name="method">Method of the refused call.</param>
    /// <param name="path">Its path below the REST base.</param>
    public static string Fix(HttpMethod method, string path)
    {
        var (_, module, function, customise) = Table.FirstOrDefault(row => row.Path.IsMatch(path));
        if (module is null)
        {
            return "In ConnectWise open System > Security Roles, choose the role of the API member, and allow what this call needs.";
        }

        var customised = customise is null ? "" : $", and under Customize allow {customise}";
        return $"In ConnectWise open System > Security Roles, choose the role of the API member, then {module} > {function}: set {Column(method, path)} to All{customised}.";
    }

    /// <summary>The cell alone, for example "Service Desk > Service Tickets > Edit".</summary>
    public static string Cell(HttpMethod method, string path)
    {
        var (_, module, function, _) = Table.FirstOrDefault(row => row.Path.IsMatch(path));
        return module is null ? $"{method} {path}" : $"{module} > {function} > {Column(method, path)}";
    }

    // Notes, tasks and attached configurations belong to their ticket: adding one edits the ticket.
    private static string Column(HttpMethod method, string path) => method.Method switch
    {
        "GET" => "Inquire",
        "DELETE" => "Delete",
        "POST" when !path.StartsWith("service/tickets/", StringComparison.OrdinalIgnoreCase) => "Add",
        _ => "Edit",
    };

    [GeneratedRegex("^(service/tickets|service/priorities|system/documents)", RegexOptions.IgnoreCase, 100)]
    private static partial Regex TicketPaths();

    [GeneratedRegex("^schedule/", RegexOptions.IgnoreCase, 100)]
    private static partial Regex SchedulePaths();

    [GeneratedRegex("^system/members", RegexOptions.IgnoreCase, 100)]
    private static partial Regex MemberPaths();

    [GeneratedRegex("^system/my", RegexOptions.IgnoreCase, 100)]
    private static partial Regex AccountPaths();

    [GeneratedRegex("^system/userDefinedFields", RegexOptions.IgnoreCase, 100)]
    private static partial Regex FieldPaths();

    [GeneratedRegex("^system/workflow", RegexOptions.IgnoreCase, 100)]
    private static partial Regex WorkflowPaths();

    [GeneratedRegex("^service/boards", RegexOptions.IgnoreCase, 100)]
    private static partial Regex BoardPaths();

    [GeneratedRegex("^company/companies", RegexOptions.IgnoreCase, 100)]
    private static partial Regex CompanyPaths();

    [GeneratedRegex("^company/contacts", RegexOptions.IgnoreCase, 100)]
    private static partial Regex ContactPaths();

    [GeneratedRegex("^(system/callbacks|service/)", RegexOptions.IgnoreCase, 100)]
    private static partial Regex SetupPaths();

    [GeneratedRegex("^system/info", RegexOptions.IgnoreCase, 100)]
    private static partial Regex InfoPaths();
}
