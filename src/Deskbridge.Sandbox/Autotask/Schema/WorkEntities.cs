namespace Deskbridge.Sandbox.Autotask.Schema;

/// <summary>Time, service calls and what work is billed as.</summary>
internal static class WorkEntities
{
    public static readonly IReadOnlyList<Entity> All =
    [
        new("TimeEntries", "TimeEntry", "CUD", """
            billingApprovalDateTime time; billingApprovalLevelMostRecent! int; billingApprovalResourceID int @Resources; billingCodeID int @BillingCodes
            contractID int @Contracts; contractServiceBundleID long @ContractServiceBundles; contractServiceID long @ContractServices; createDateTime! time
            creatorUserID! int; dateWorked time; endDateTime time; hoursToBill! num; hoursWorked num; impersonatorCreatorResourceID! int @Resources
            impersonatorUpdaterResourceID! int @Resources; internalBillingCodeID int @BillingCodes; internalNotes str(32000)
            isInternalNotesVisibleToComanaged bool; isNonBillable bool; lastModifiedDateTime! time; lastModifiedUserID! int; offsetHours num
            resourceID* int @Resources; roleID int @Roles; showOnInvoice bool; startDateTime time; summaryNotes str(32000); taskID int @Tasks
            ticketID int @Tickets; timeEntryType! int ^
            """),
        new("ServiceCalls", "ServiceCall", "CUD", """
            cancelationNoticeHours! num; canceledByResourceID int; canceledDateTime time; companyID* int @Companies; companyLocationID int @CompanyLocations
            createDateTime! time; creatorResourceID! int; description str(2000); duration! num; endDateTime* time; impersonatorCreatorResourceID! int @Resources
            isComplete int; lastModifiedDateTime! time; startDateTime* time; status int ^
            """),
        new("ServiceCallTickets", "ServiceCallTicket", "CD", """
            serviceCallID* int @ServiceCalls; ticketID* int @Tickets
            """) { Parent = new("ServiceCalls", "serviceCallID", "Tickets"), WritesUnderParent = true },
        new("ServiceCallTicketResources", "ServiceCallTicketResource", "CD", """
            resourceID* int @Resources; serviceCallTicketID* int @ServiceCallTickets
            """) { Parent = new("ServiceCallTickets", "serviceCallTicketID", "Resources"), WritesUnderParent = true },
        new("BillingCodes", "AllocationCode", "", """
            afterHoursWorkType int @BillingCodes; billingCodeType int ^; department int; description str(500); externalNumber str(100); generalLedgerAccount int
            isActive* bool; isExcludedFromNewContracts bool; markupRate! num; name str(200); taxCategoryID int @TaxCategories; unitCost* num; unitPrice* num
            useType int ^
            """),
    ];
}
