namespace Deskbridge.Connectors.ConnectWise.Psa;

/// <summary>Which cell of the security role a refused call needs (requirements S46 to S48; the vendor's role screen).</summary>
internal static class PsaRights
{
    private const string TheWay = "In ConnectWise open System > Security Roles, choose the role of the API member";

    // The first row whose beginning fits counts.
    private static readonly Guard[] Guards =
    [
        new("service/tickets", "Service Desk", "Service Tickets"),
        new("service/priorities", "Service Desk", "Service Tickets"),
        new("schedule/", "Service Desk", "Resource Scheduling"),
        new("system/members", "System", "Member Maintenance"),
        new("system/my", "System", "My Account"),
        new("system/userDefinedFields", "System", "Table Setup", "General / Custom Fields"),
        new("system/workflow", "System", "Table Setup", "General / Workflow Rules"),
        new("service/", "System", "Table Setup", "Service / Service Board"),
        new("system/callbacks", "System", "Table Setup"),
        new("system/info", "System", "API Reports"),
        new("company/companies", "Companies", "Company Maintenance"),
        new("company/contacts", "Companies", "Contacts"),
    ];

    /// <summary>The missing cell and the way there.</summary>
    /// <param name="method">Method of the refused call.</param>
    /// <param name="path">Its path below the REST base.</param>
    public static string Fix(HttpMethod method, string path) => GuardOf(path) is not { } guard
        ? $"{TheWay}, and allow what this call needs."
        : $"{TheWay}, then {guard.Module} > {guard.Function}: set {Column(method, path)} to All{(guard.Customise is { } table ? $", and under Customize allow {table}" : "")}.";

    /// <summary>The cell alone, for example "Service Desk > Service Tickets > Edit".</summary>
    /// <param name="method">Method of the refused call.</param>
    /// <param name="path">Its path below the REST base.</param>
    public static string Cell(HttpMethod method, string path) =>
        GuardOf(path) is { } guard ? $"{guard.Module} > {guard.Function} > {Column(method, path)}" : $"{method} {path}";

    /// <summary>The part of a refusal's message that says what to do.</summary>
    /// <param name="message">Message that ends with <see cref="Fix"/>.</param>
    public static string FixIn(string message) => message.IndexOf(TheWay, StringComparison.Ordinal) is >= 0 and var at ? message[at..] : message;

    /// <summary>How several cells are set.</summary>
    /// <param name="cells">Cells as <see cref="Cell"/> writes them.</param>
    public static string FixAll(IEnumerable<string> cells) => $"{TheWay}, and set {string.Join("; ", cells.Select(cell => $"{cell} to All"))}.";

    private static Guard? GuardOf(string path) => Array.Find(Guards, guard => path.StartsWith(guard.Path, StringComparison.OrdinalIgnoreCase));

    // Notes, tasks and attached configurations belong to their ticket: adding one edits the ticket.
    private static string Column(HttpMethod method, string path) => method.Method switch
    {
        "GET" => "Inquire",
        "DELETE" => "Delete",
        "POST" when !path.StartsWith("service/tickets/", StringComparison.OrdinalIgnoreCase) => "Add",
        _ => "Edit",
    };

    private sealed record Guard(string Path, string Module, string Function, string? Customise = null);
}
