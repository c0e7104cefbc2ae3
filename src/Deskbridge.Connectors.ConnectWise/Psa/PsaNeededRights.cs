namespace Deskbridge.Connectors.ConnectWise.Psa;

/// <summary>The cells of the security role that are needed (S46 to S48), compared with the caller's own rights.</summary>
internal static class PsaNeededRights
{
    private static readonly (string Module, string Function, string[] Columns)[] Needed =
    [
        ("Service Desk", "Close Service Tickets", ["Edit", "Inquire"]),
        ("Service Desk", "Resource Scheduling", ["Add", "Edit", "Delete", "Inquire"]),
        ("Service Desk", "Service Tickets", ["Edit", "Inquire"]),
        ("System", "Member Maintenance", ["Inquire"]),
        ("System", "My Account", ["Inquire"]),
        ("System", "Table Setup", ["Add", "Edit", "Delete", "Inquire"]),
    ];

    /// <summary>The cells that are not set to All. A function that the list does not mention is not judged.</summary>
    public static IReadOnlyList<string> MissingFrom(IReadOnlyList<SecurityRowDto> rows) =>
    [
        .. Needed.SelectMany(need => rows
            .Where(row => need.Function.Equals(row.ModuleFunctionName?.Trim(), StringComparison.OrdinalIgnoreCase)).Take(1)
            .SelectMany(row => need.Columns.Where(column => !"All".Equals(Level(row, column), StringComparison.OrdinalIgnoreCase)))
            .Select(column => $"{need.Module} > {need.Function} > {column}")),
    ];

    private static string? Level(SecurityRowDto row, string column) => column switch
    {
        "Add" => row.AddLevel,
        "Edit" => row.EditLevel,
        "Delete" => row.DeleteLevel,
        _ => row.InquireLevel,
    };
}
