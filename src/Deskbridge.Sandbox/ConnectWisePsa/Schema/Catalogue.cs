namespace Deskbridge.Sandbox.ConnectWisePsa.Schema;

/// <summary>Every table of the simulated PSA.</summary>
internal static class Catalogue
{
    public static IReadOnlyList<Resource> All { get; } =
    [
        .. ServiceResources.All, .. BoardResources.All, .. ProjectResources.All, .. CompanyResources.All, .. CompanyDetailResources.All, .. SalesResources.All, .. BillingResources.All,
        .. ScheduleResources.All, .. CalendarResources.All, .. MemberResources.All, .. OfficeResources.All, .. SystemResources.All, .. WorkflowResources.All, .. NamedResources.All,
    ];

    private static readonly Dictionary<string, Resource> ByTable = All.ToDictionary(r => r.Table, StringComparer.Ordinal);

    public static Resource Of(string table) => ByTable[table];
}
