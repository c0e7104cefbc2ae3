namespace Deskbridge.Connectors.ConnectWise.Psa;

/// <summary>Which cell of the security role a refused call needs (requirements S46 to S48; the vendor's role screen).</summary>
internal static class PsaRights
{
    private const string TheWay = "In ConnectWise open System > Security Roles, choose the role of the API member";

    // The first row whose beginning fits counts.
    private static readonly Guard[] Guards =
    [
        new("service/tickets", PsaRoleNeeds.ServiceDesk, PsaRoleNeeds.Tickets),
        new("service/templates", PsaRoleNeeds.ServiceDesk, PsaRoleNeeds.Templates),
        new("service/priorities", PsaRoleNeeds.ServiceDesk, PsaRoleNeeds.Tickets),
        new("schedule/", PsaRoleNeeds.ServiceDesk, PsaRoleNeeds.Scheduling),
        new("system/members", PsaRoleNeeds.SystemModule, PsaRoleNeeds.Members),
        new("system/my", PsaRoleNeeds.SystemModule, PsaRoleNeeds.MyAccount),
        new("system/userDefinedFields", PsaRoleNeeds.SystemModule, PsaRoleNeeds.Tables, PsaRoleNeeds.FieldsItem),
        new("system/workflow", PsaRoleNeeds.SystemModule, PsaRoleNeeds.Tables, PsaRoleNeeds.RulesItem),
        new("service/", PsaRoleNeeds.SystemModule, PsaRoleNeeds.Tables, PsaRoleNeeds.BoardsItem),
        new("system/callbacks", PsaRoleNeeds.SystemModule, PsaRoleNeeds.Tables),
        new("system/info", PsaRoleNeeds.SystemModule, PsaRoleNeeds.Reports),
        new("system/documents", PsaRoleNeeds.Companies, PsaRoleNeeds.Documents),
        new("company/companies", PsaRoleNeeds.Companies, PsaRoleNeeds.Company),
        new("company/contacts", PsaRoleNeeds.Companies, PsaRoleNeeds.Contacts),
    ];

    // "Service Tickets" is part of "Close Service Tickets", and guards the address anyway.
    private static readonly Guard[] OfTickets =
    [
        new("", PsaRoleNeeds.ServiceDesk, PsaRoleNeeds.Closing),
        new("", PsaRoleNeeds.ServiceDesk, PsaRoleNeeds.Scheduling),
        new("", PsaRoleNeeds.ServiceDesk, PsaRoleNeeds.Dependencies),
    ];

    /// <summary>The missing cell and the way there.</summary>
    /// <param name="method">Method of the refused call.</param>
    /// <param name="path">Its path below the REST base.</param>
    /// <param name="said">What the answer said.</param>
    public static string Fix(HttpMethod method, string path, string said) => GuardOf(path, said) is not { } guard
        ? $"{TheWay}, and allow what this call needs."
        : $"{TheWay}, then {guard.Module} > {guard.Function}: set {Column(method, path)} to All{(guard.Customise is { } table ? $", and under Customize allow {table}" : "")}.";

    /// <summary>The cell alone, for example "Service Desk > Service Tickets > Edit".</summary>
    /// <param name="method">Method of the refused call.</param>
    /// <param name="path">Its path below the REST base.</param>
    /// <param name="said">What the answer said.</param>
    public static string Cell(HttpMethod method, string path, string said) =>
        GuardOf(path, said) is { } guard ? $"{guard.Module} > {guard.Function} > {Column(method, path)}" : $"{method} {path}";

    /// <summary>The part of a refusal's message that says what to do.</summary>
    /// <param name="message">Message that ends with the way to the cell.</param>
    public static string FixIn(string message) => message.IndexOf(TheWay, StringComparison.Ordinal) is >= 0 and var at ? message[at..] : message;

    /// <summary>How several cells of one function are set.</summary>
    /// <param name="role">The role's name; empty when unknown.</param>
    /// <param name="need">The function.</param>
    /// <param name="columns">Its cells that are missing.</param>
    /// <param name="limit">Set when the cells are there, but customised so that they do not reach far enough.</param>
    public static string Fix(string role, NeededRight need, IReadOnlyList<RightColumn> columns, string? limit)
    {
        var named = role.Length > 0 ? $" ({role})" : "";
        if (limit is not null) return $"{TheWay}{named}, then {need.Module} > {need.Function}: press Customize and allow all locations, or at least that of the API member.";
        var customise = need.Items.Count > 0 ? $", and under Customize allow {Listed(need.Items)}" : "";
        return $"{TheWay}{named}, then {need.Module} > {need.Function}: set {Listed([.. columns.Select(column => column.ToString())])} to All{customise}.";
    }

    private static string Listed(IReadOnlyList<string> names) => names.Count == 1 ? names[0] : $"{string.Join(", ", names.SkipLast(1))} and {names[^1]}";

    /// <summary>
    /// The function that the answer names, if it names one (the text of a 403 is not published): changing a ticket may need another one
    /// than reading it, to close it or to set its owner. Otherwise the one that guards the address.
    /// </summary>
    private static Guard? GuardOf(string path, string said)
    {
        var byPath = Array.Find(Guards, guard => path.StartsWith(guard.Path, StringComparison.OrdinalIgnoreCase));
        return path.StartsWith("service/tickets", StringComparison.OrdinalIgnoreCase)
            ? Array.Find(OfTickets, guard => PsaRoleNeeds.Names(said, guard.Function)) ?? byPath
            : byPath;
    }

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
