namespace Deskbridge.Sandbox.ConnectWisePsa.Schema;

/// <summary>What hangs on boards beside statuses, types and teams, and the service desk's templates (reference 5.4).</summary>
internal static class BoardResources
{
    public static IReadOnlyList<Resource> All { get; } =
    [
        new("boardAutoAssignResources", "service/boards/{}/autoAssignResources", "boardAutoAssignResource", "Auto Assign Resource", """
            id int; notifyWho* @notificationRecipients; member @members
            """) { Parent = "_board", ParentTable = "boards", Shown = "id" },
        new("boardAutoTemplates", "service/boards/{}/autoTemplates", "boardAutoTemplate", "Auto Template", """
            id int; type* @types; subtype* @subTypes; item* @items; serviceTemplate* @serviceTemplates; board! @boards
            summarySetting {Append|Overwrite|Ignore}; discussionSetting {Append|Overwrite|Ignore}; internalAnalysisSetting {Append|Overwrite|Ignore}
            resolutionSetting {Append|Overwrite|Ignore}; tasksSetting {Append|Overwrite|Ignore}; documentsSetting {Append|Overwrite|Ignore}
            resourcesSetting {Append|Overwrite|Ignore}; budgetHoursSetting {Append|Overwrite|Ignore}; financeInformationSetting {Append|Overwrite|Ignore}
            sendNotesAsEmailSetting {Append|Overwrite|Ignore}; impactUrgencySetting {Append|Overwrite|Ignore}
            templatePrioritySetting {Append|Overwrite|Ignore}; autoApplyFlag bool
            """) { Parent = "board/id", ParentTable = "boards", Shown = "id" },
        new("boardExcludedMembers", "service/boards/{}/excludedMembers", "boardExcludedMember", "Excluded Member", """
            id int; memberId int@members; boardId! int
            """) { Verbs = "LCGDN", Parent = "boardId", ParentTable = "boards", Shown = "id" },
        new("boardNotifications", "service/boards/{}/notifications", "boardNotification", "Board Notification", """
            id int; notifyWho* @notificationRecipients; member @members; email str(50)
            """) { Parent = "_board", ParentTable = "boards", Shown = "id" },
        new("boardSkillMappings", "service/boards/{}/skillMappings", "boardSkillMapping", "Skill Mapping", """
            id int; type* @types; subType @subTypes; item @items; skillCategory* @skillCategories; skill* @skills; board! @boards
            """) { Parent = "board/id", ParentTable = "boards", Shown = "id" },
        new("statusNotifications", "service/boards/{}/statuses/{}/notifications", "boardStatusNotification", "Status Notification", """
            id int; notifyWho* @notificationRecipients; status! @statuses; member @members; email str(255); workflowStep int
            """) { Parent = "status/id", ParentTable = "statuses", Shown = "id" },
        new("serviceTemplates", "service/templates", "serviceTemplate", "Service Template", """
            id int; name str; board @boards; type @types; item @items; subtype @subTypes; serviceLocation @serviceLocations; status @statuses
            source @sources; priority @priorities; team @teams; company @companies; contact @contacts; site @sites; assignedNotifyFlag bool
            location @locations; department @departments; summary str; problem str; hoursBudget num; internalAnalysis str; timeBillableFlag bool
            expenseBillableFlag bool; purchaseOrderNumber str; reference str; billComplete_Flag bool; billServiceSeparatelyFlag bool; billingAmount num
            billUnapprovedTimeAndExpensesFlag bool; overrideFlag bool; timeInvoiceFlag bool; expenseInvoiceFlag bool; productInvoiceFlag bool
            agreement @agreements; billingMethod {ActualRates|FixedFee|NotToExceed|OverrideRate}; severity {Low|Medium|High}; impact {Low|Medium|High}
            assignedBy @members; scheduleDaysBefore int; serviceDaysBefore int; attachScheduleToNewServiceFlag bool; templateFlag bool
            emailContactFlag bool; emailResourceFlag bool; emailCCFlag bool; emailCC str; restrictDownpaymentFlag bool
            billExpenses {Billable|DoNotBill|NoCharge|NoDefault}; billProducts {Billable|DoNotBill|NoCharge|NoDefault}
            billTime {Billable|DoNotBill|NoCharge|NoDefault}; estimatedExpenseCost num; estimatedExpenseRevenue num; estimatedProductCost num
            estimatedProductRevenue num; estimatedTimeCost num; estimatedTimeRevenue num; hourlyRate num; productBillableFlag bool; resolution str
            workRole @workRoles; workType @workTypes
            """) { Verbs = "LCGUPDNIiJ", Shown = "name summary", Info = "name templateFlag" },
        new("serviceTemplateTasks", "service/templates/{}/tasks", "serviceTemplateTask", "Service Template Task", """
            id int; templateId! int; sequenceNumber int; notes* str; code @codes
            """) { Parent = "templateId", ParentTable = "serviceTemplates", Shown = "notes" },
        new("codes", "service/codes", "code", "Code", """
            id int; name* str(50); description* str; boardId int@boards; locationId int@locations; businessUnitId int@departments
            """),
        new("emailTemplates", "service/emailTemplates", "serviceEmailTemplate", "Email Template", """
            id int; type* {Any|Closed|Invoice|New|SalesOrder|PurchaseOrder|RMA|Specific}; serviceSurvey @serviceSurveys; serviceBoard @boards; useSenderFlag bool
            firstName str(100); lastName str(100); emailAddress str(100); subject str(200); body str; copySenderFlag bool; tasksFlag bool
            resourceRecordsFlag bool; externalContactNotifications bool; internalContactNotifications bool; serviceStatus @statuses; connectWiseId! str
            """) { Verbs = "LCGUPDNVW", Shown = "type" },
        new("knowledgeBaseArticles", "service/knowledgeBaseArticles", "knowledgeBaseArticle", "Knowledge Base Article", """
            id int; title* str; issue* str; resolution* str; locationId int@locations; businessUnitId int@departments; board @boards; categoryId int; subCategoryId int
            dateCreated! str; createdBy! str
            """) { Shown = "title" },
        new("ticketLinks", "service/ticketLinks", "serviceTicketLink", "Ticket Link", """
            id int; name* str(50); enabledFlag bool; linkText* str(50); url* str(1000); connectWiseId! str
            """) { Verbs = "LCGUPDNIiJ", Info = "name linkText url enabledFlag" },
        new("ticketSyncs", "service/ticketSyncs", "ticketSync", "Ticket Sync", """
            id int; name* str(80); vendorType* {Zenith}; integratorLogin* @integratorLogins; company* @companies; url* str; userName str; password str; psg str
            problemDescriptionFlag bool; internalAnalysisFlag bool; resolutionFlag bool
            """),
        new("slas", "service/SLAs", "sLA", "SLA", """
            id int; name* str(25); basedOn* {AllHours|Customer|MyCalendar|Custom}; customCalendar @calendars; defaultFlag bool; applicationOrder int
            hiImpactHiUrgency @priorities; hiImpactMedUrgency @priorities; hiImpactLowUrgency @priorities; medImpactHiUrgency @priorities
            medImpactMedUrgency @priorities; medImpactLowUrgency @priorities; lowImpactHiUrgency @priorities; lowImpactMedUrgency @priorities
            lowImpactLowUrgency @priorities; respondHours num; respondPercent int; planWithin num; planWithinPercent int; resolutionHours num
            resolutionPercent int; connectWiseId! str
            """) { Verbs = "LCGUPDNiVW", Info = "name" },
        new("slaPriorities", "service/SLAs/{}/priorities", "sLAPriority", "SLA Priority", """
            id int; priority* @priorities; respondHours num; respondPercent int; planWithin num; planWithinPercent int; resolutionHours num
            resolutionPercent int; sla! @slas
            """) { Parent = "sla/id", ParentTable = "slas", Shown = "id" },
    ];
}
