namespace Deskbridge.Sandbox.ConnectWisePsa.Schema;

/// <summary>Agreements and activities, which tickets, time and schedules refer to.</summary>
internal static class SalesResources
{
    public static IReadOnlyList<Resource> All { get; } =
    [
        new("agreements", "finance/agreements", "agreement", "Agreement", """
            id int; name* str(100); type* @agreementTypes; company* @companies; contact* @contacts; site @sites; subContractCompany @companies
            subContractContact @contacts; parentAgreement @agreements; customerPO str(50); location @locations; department @departments
            restrictLocationFlag bool; restrictDepartmentFlag bool; startDate time; endDate time; noEndingDateFlag bool; opportunity @opportunities
            cancelledFlag bool; dateCancelled time; reasonCancelled str(100); sla @slas; workOrder str(20); internalNotes str
            applicationUnits {Amount|Hours|Incidents}; applicationLimit num
            applicationCycle {Contract2Weeks|Contract4Weeks|ContractYear|CalendarMonth|CalendarQuarter|CalendarWeek|ContractQuarter|CalendarYear}
            applicationUnlimitedFlag bool; oneTimeFlag bool; coverAgreementTime bool; coverAgreementProduct bool; coverAgreementExpense bool
            coverSalesTax bool; carryOverUnused bool; allowOverruns bool; expiredDays int; limit int; expireWhenZero bool; chargeToFirm bool
            employeeCompRate {Actual|Hourly}; employeeCompNotExceed {Billing|Amount|Percent}; compHourlyRate num; compLimitAmount num; billingCycle @billingCycles
            billOneTimeFlag bool; billingTerms @billingTerms; invoicingCycle {ContractYear|CalendarYear}; billToCompany @companies; billToContact @contacts
            billToSite @sites; billAmount num; taxable bool; prorateFirstBill num; billStartDate time; taxCode @taxCodes; restrictDownPayment bool
            prorateFlag bool; invoiceProratedAdditionsFlag bool; invoiceDescription str; topComment bool; bottomComment bool; workRole @workRoles
            workType @workTypes; projectType @projectTypes; invoiceTemplate @invoiceTemplates; billTime {Billable|DoNotBill|NoCharge|NoDefault}
            billExpenses {Billable|DoNotBill|NoCharge|NoDefault}; billProducts {Billable|DoNotBill|NoCharge|NoDefault}; billableTimeInvoice bool
            billableExpenseInvoice bool; billableProductInvoice bool; currency @currencies; periodType {Current|Future|Both|Undefined}
            autoInvoiceFlag bool; nextInvoiceDate str; companyLocation @locations; shipToCompany @companies; shipToContact @contacts; shipToSite @sites
            agreementStatus {Active|Cancelled|Expired|Inactive}; customFields custom
            """) { Callback = "agreement", PodName = "Agreement", Shown = "name type=type/name", FirstId = 601 },
        new("agreementTypes", "finance/agreements/types", "agreementType", "Agreement Type", """
            id int; name* str(50); prefixSuffixOption {Prefix|Suffix}; defaultFlag bool; inactiveFlag bool; prePaymentFlag bool
            invoicePreSuffix str(5); location @locations; department @departments; restrictLocationFlag bool; restrictDepartmentFlag bool; sla @slas
            applicationUnits {Amount|Hours|Incidents}; applicationLimit num
            applicationCycle {Contract2Weeks|Contract4Weeks|ContractYear|CalendarMonth|CalendarQuarter|CalendarWeek|ContractQuarter|CalendarYear}
            applicationUnlimitedFlag bool; oneTimeFlag bool; coverAgreementTimeFlag bool; coverAgreementProductFlag bool
            coverAgreementExpenseFlag bool; coverSalesTaxFlag bool; carryOverUnusedFlag bool; allowOverrunsFlag bool; expiredDays int; limit int
            expireWhenZero bool; chargeToFirmFlag bool; employeeCompRate* {Actual|Hourly}; employeeCompNotExceed* {Billing|Amount|Percent}
            compHourlyRate num; compLimitAmount num; billingCycle @billingCycles; billOneTimeFlag bool; billingTerms @billingTerms
            invoicingCycle* {ContractYear|CalendarYear}; billAmount num; taxableFlag bool; restrictDownPaymentFlag bool
            invoiceDescription str(4000); topCommentFlag bool; bottomCommentFlag bool; workRole @workRoles; workType @workTypes
            projectType @projectTypes; invoiceTemplate @invoiceTemplates; billTime* {Billable|DoNotBill|NoCharge|NoDefault}
            billExpenses* {Billable|DoNotBill|NoCharge|NoDefault}; billProducts* {Billable|DoNotBill|NoCharge|NoDefault}
            billableTimeInvoiceFlag bool; billableExpenseInvoiceFlag bool; billableProductInvoiceFlag bool; copyWorkRolesFlag bool
            copyWorkTypesFlag bool; exclusionWorkRoleIds int@workRoles[]; addAllWorkRoleExclusions^ bool; removeAllWorkRoleExclusions^ bool
            exclusionWorkTypeIds int@workTypes[]; addAllWorkTypeExclusions^ bool; removeAllWorkTypeExclusions^ bool; integrationXRef str(50); prorateFlag bool
            emailTemplate @mailTemplates; autoInvoiceFlag bool; invoiceProratedAdditionsFlag bool
            """),
        new("opportunities", "sales/opportunities", "opportunity", "Opportunity", """
            id int; name* str(100); expectedCloseDate time; type @opportunityTypes; stage @opportunityStages; status @opportunityStatuses
            priority @opportunityPriorities; notes str; probability @opportunityProbabilities; source str(50); rating @opportunityRatings
            campaign @campaigns; primarySalesRep* @members; secondarySalesRep @members; locationId int@locations; businessUnitId int@departments; company* @companies
            contact* @contacts; site @sites; customerPO str(25); pipelineChangeDate time; dateBecameLead time; closedDate! time; closedBy! @members
            totalSalesTax num; shipToCompany @companies; shipToContact @contacts; shipToSite @sites; billToCompany @companies
            billToContact @contacts; billToSite @sites; billingTerms @billingTerms; taxCode @taxCodes; currency @currencies; companyLocationId int@locations
            technicalContact @contacts; customFields custom
            """) { Callback = "opportunity", PodName = "Opportunity", FirstId = 801, Children = ["notes"] },
        new("opportunityNotes", "sales/opportunities/{}/notes", "opportunityNote", "Opportunity Note", """
            id int; opportunityId! int; type @noteTypes; text* str; flagged bool; enteredBy str; mobileGuid! str
            """) { Parent = "opportunityId", ParentTable = "opportunities", Shown = "text" },
        new("opportunityStatuses", "sales/opportunities/statuses", "opportunityStatus", "Opportunity Status", """
            id int; name* str(30); wonFlag bool; lostFlag bool; closedFlag bool; inactiveFlag bool; defaultFlag bool; enteredBy str
            dateEntered time
            """),
        new("opportunityTypes", "sales/opportunities/types", "opportunityType", "Opportunity Type", """
            id int; description* str(50); inactiveFlag bool
            """) { Shown = "name=description" },
        new("opportunityStages", "sales/stages", "opportunityStage", "Opportunity Stage", """
            id int; name* str(50); probability @opportunityProbabilities; color str(25); sequenceNumber int
            """),
        new("opportunityProbabilities", "sales/probabilities", "salesProbability", "Sales Probability", """
            id int; probability* int
            """) { Shown = "name=probability" },
        new("activities", "sales/activities", "activity", "Activity", """
            id int; name* str(100); type @activityTypes; company @companies; contact @contacts; phoneNumber str(30); email str(250)
            status @activityStatuses; opportunity @opportunities; ticket @tickets+projectTickets; agreement @agreements; campaign @campaigns; notes str; dateStart time; dateEnd time
            assignedBy @members; assignTo* @members; scheduleStatus @scheduleStatuses; reminder @reminders; where @serviceLocations; notifyFlag bool
            mobileGuid! str; currency @currencies; customFields custom
            """) { Callback = "activity", PodName = "Activity", FirstId = 801 },
        new("activityStatuses", "sales/activities/statuses", "activityStatus", "Activity Status", """
            id int; name* str(30); defaultFlag bool; inactiveFlag bool; spawnFollowupFlag bool; closedFlag bool; connectWiseId! str
            """) { Verbs = "LCGUPDNIiJ", Info = "name inactiveFlag closedFlag defaultFlag" },
        new("activityTypes", "sales/activities/types", "activityType", "Activity Type", """
            id int; name* str(50); points int; defaultFlag bool; inactiveFlag bool; emailFlag bool; memoFlag bool; historyFlag bool; connectWiseId! str
            """) { Verbs = "LCGUPDNVW" },
    ];
}
