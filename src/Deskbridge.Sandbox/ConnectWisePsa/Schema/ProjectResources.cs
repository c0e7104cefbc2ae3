namespace Deskbridge.Sandbox.ConnectWisePsa.Schema;

/// <summary>Projects and their tickets: enough for clients that read them beside service tickets.</summary>
internal static class ProjectResources
{
    public static IReadOnlyList<Resource> All { get; } =
    [
        new("projects", "project/projects", "project", "Project", """
            id int; actualEnd! time; actualHours! num; actualStart! time; agreement @agreements; billExpenses {Billable|DoNotBill|NoCharge|NoDefault}
            billingAmount num; billingAttention str(50); billingMethod* {ActualRates|FixedFee|NotToExceed|OverrideRate}
            billingRateType {StaffMember|WorkRole}; billingTerms @billingTerms; billProducts {Billable|DoNotBill|NoCharge|NoDefault}
            billProjectAfterClosedFlag bool; billTime {Billable|DoNotBill|NoCharge|NoDefault}; billToCompany @companies; billToContact @contacts
            billToSite @sites; billUnapprovedTimeAndExpense bool; board* @boards; budgetAnalysis {ActualHours|BillableHours}; budgetFlag bool
            budgetHours num; company* @companies; contact @contacts; customerPO str(50); description str; currency @currencies; downpayment num
            estimatedEnd* time; percentComplete! num; estimatedExpenseRevenue num; estimatedHours num; estimatedProductRevenue num; estimatedStart* time
            estimatedTimeRevenue num; expenseApprover @members; includeDependenciesFlag bool; includeEstimatesFlag bool; location @locations
            department @departments; manager @members; name* str(100); opportunity @opportunities; projectTemplateId int@projectTemplates; restrictDownPaymentFlag bool
            scheduledEnd! time; scheduledHours! num; scheduledStart! time; shipToCompany @companies; shipToContact @contacts; shipToSite @sites
            site @sites; status @projectStatuses; closedFlag! bool; timeApprover @members; type @projectTypes; doNotDisplayInPortalFlag bool
            billingStartDate time; poAmount num; estimatedTimeCost num; estimatedExpenseCost num; estimatedProductCost num; taxCode @taxCodes
            companyLocation @locations; customFields custom; overridePercentComplete bool; showOverridePercentFlag bool
            """) { Callback = "project", PodName = "Project", FirstId = 401, Children = ["notes", "phases", "teamMembers"] },
        new("projectPhases", "project/projects/{}/phases", "projectPhase", "Project Phase", """
            id int; projectId! int; description* str(100); board @boards; status @phaseStatuses; agreement @agreements; opportunity @opportunities
            department @departments/name; parentPhase @projectPhases; wbsCode str(50); billTime {Billable|DoNotBill|NoCharge|NoDefault}
            billExpenses {Billable|DoNotBill|NoCharge|NoDefault}; billProducts {Billable|DoNotBill|NoCharge|NoDefault}; markAsMilestoneFlag bool
            notes str; deadlineDate time; billSeparatelyFlag bool; billingMethod {ActualRates|FixedFee|NotToExceed|OverrideRate}
            scheduledHours! num; scheduledStart! str; scheduledEnd! str; actualHours! num; actualStart! str; actualEnd! str; budgetHours num
            startDate str; endDate str; locationId int@locations; businessUnitId int@departments; hourlyRate num; billingStartDate time; billPhaseClosedFlag bool
            billProjectClosedFlag bool; downpayment num; poNumber str(25); poAmount num; estimatedTimeCost num; estimatedExpenseCost num
            estimatedProductCost num; estimatedTimeRevenue num; estimatedExpenseRevenue num; estimatedProductRevenue num; currency @currencies
            billToCompany @companies; billToContact @contacts; billToSite @sites; shipToCompany @companies; shipToContact @contacts
            shipToSite @sites; billingTerms @billingTerms; taxCode @taxCodes; customFields custom
            """) { Parent = "projectId", ParentTable = "projects", Shown = "name=description", PodName = "Project Phase" },
        new("projectSecurityRoles", "project/securityRoles", "projectSecurityRole", "Project Security Role", """
            id int; name* str(30); managerRoleFlag bool; defaultContactFlag bool
            """) { Shown = "identifier=name" },
        new("projectTemplates", "project/projectTemplates", "projectTemplate", "Project Template", """
            id int; name* str(200); description str; connectWiseId! str; type @projectTypes
            """),
        new("projectNotes", "project/projects/{}/notes", "projectNote", "Project Note", """
            id int; projectId! int; text* str; type @noteTypes; flagged bool
            """) { Parent = "projectId", ParentTable = "projects", Shown = "text" },
        new("projectTeamMembers", "project/projects/{}/teamMembers", "projectTeamMember", "Project Team Member", """
            id int; projectId! int; hours num; member* @members; projectRole* @projectSecurityRoles; workRole @workRoles; startDate time; endDate time
            """) { Parent = "projectId", ParentTable = "projects", Shown = "id" },
        new("projectStatuses", "project/statuses", "projectStatus", "Project Status", """
            id int; name* str(30); defaultFlag bool; inactiveFlag bool; noTimeFlag bool; closedFlag bool; statusIndicator @statusIndicators
            customStatusIndicatorName str(30); connectWiseId! str
            """) { Verbs = "LCGUPDNIiJVW", Info = "name defaultFlag inactiveFlag noTimeFlag closedFlag" },
        new("projectTypes", "project/projectTypes", "projectType", "Project Type", """
            id int; name* str(30); defaultFlag bool; inactiveFlag bool; integrationXref str(50); connectWiseId! str
            """) { Verbs = "LCGUPDNIiJVW", Info = "name defaultFlag inactiveFlag" },
        new("phaseStatuses", "project/phaseStatuses", "phaseStatus", "Phase Status", """
            id int; name* str(30); defaultFlag bool; inactiveFlag bool; collapsedFlag bool; closedFlag bool; boardAssociationIds int@boards[]
            statusIndicator @statusIndicators; customStatusIndicatorName str(30); connectWiseId! str
            """) { Verbs = "LCGUPDNIJVW", Info = "name defaultFlag inactiveFlag collapsedFlag closedFlag boardAssociationIds" },
        new("projectTickets", "project/tickets", "projectTicket", "Ticket", """
            id int; summary* str(100); isIssueFlag bool; board @boards; status @statuses; workRole @workRoles; workType @workTypes; project @projects
            phase* @projectPhases; wbsCode str(50); company @companies; site @sites; siteName str(50); addressLine1 str(50); addressLine2 str(50); city str(50)
            stateIdentifier str(50); zip str(12); country @countries; contact @contacts; contactName str(62); contactPhoneNumber str(20)
            contactPhoneExtension str(15); contactEmailAddress str(250); type @types; subType @subTypes; item @items; owner @members; priority @priorities
            serviceLocation @serviceLocations; source @sources; requiredDate time; budgetHours num; opportunity @opportunities; agreement @agreements
            agreementType str; knowledgeBaseCategoryId int; knowledgeBaseSubCategoryId int; knowledgeBaseLinkId int
            knowledgeBaseLinkType {Activity|ProjectIssue|KnowledgeBaseArticle|ProjectTicket|ServiceTicket|Time}; allowAllClientsPortalView bool
            customerUpdatedFlag bool; automaticEmailContactFlag bool; automaticEmailResourceFlag bool; automaticEmailCcFlag bool
            automaticEmailCc str(1000); closedDate! str; closedBy! str; closedFlag! bool; actualHours! num; approved bool
            subBillingMethod {ActualRates|FixedFee|NotToExceed|OverrideRate}; subBillingAmount num; subDateAccepted str; resources! str
            billTime {Billable|DoNotBill|NoCharge|NoDefault}; billExpenses {Billable|DoNotBill|NoCharge|NoDefault}
            billProducts {Billable|DoNotBill|NoCharge|NoDefault}; predecessorType {Ticket|Phase}; predecessorId int; predecessorClosedFlag! bool
            lagDays int; lagNonworkingDaysFlag bool; estimatedStartDate time; location @locations; department @departments; duration int
            scheduleStartDate! time; scheduleEndDate! time; mobileGuid! str; currency @currencies; tasks! any; initialDescription^ str
            initialInternalAnalysis^ str; initialResolution^ str; contactEmailLookup^ str; processNotifications^ bool; skipCallback^ bool
            customFields custom
            """) { Verbs = "LCGUPDNS", Shown = "summary", Callback = "ticket", PodName = "Project Ticket", FirstId = 30001, Children = ["activities", "timeentries", "scheduleentries", "products", "configurations", "tasks", "notes"] },
        new("projectTicketNotes", "project/tickets/{}/notes", "ticketNote", "Ticket Note", """
            id int; ticketId! int; text* str; detailDescriptionFlag bool; internalAnalysisFlag bool; resolutionFlag bool; issueFlag bool; member @members
            contact @contacts; customerUpdatedFlag^ bool; processNotifications^ bool; internalFlag! bool; externalFlag! bool
            """) { Parent = "ticketId", ParentTable = "projectTickets", Shown = "text" },
        new("projectTasks", "project/tickets/{}/tasks", "ticketTask", "Ticket Task", """
            id int; ticketId! int; notes str; closedFlag bool; priority int; schedule @scheduleEntries; code @codes; member @members; resolution str
            summary str; childScheduleAction {Transfer|Delete|Done}; childTicketId int
            """) { Parent = "ticketId", ParentTable = "projectTickets", Shown = "notes" },
    ];
}
