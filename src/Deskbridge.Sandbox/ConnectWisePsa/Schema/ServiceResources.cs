namespace Deskbridge.Sandbox.ConnectWisePsa.Schema;

/// <summary>Tickets, boards and the tables of the service desk (reference 5.1 to 5.4).</summary>
internal static class ServiceResources
{
    public static IReadOnlyList<Resource> All { get; } =
    [
        new("tickets", "service/tickets", "ticket", "Ticket", """
            id int; summary* str(100); recordType! {ProjectIssue|ProjectTicket|ServiceTicket}; board @boards; status @statuses; workRole @workRoles;
            workType @workTypes; company* @companies; site @sites; siteName str(50); addressLine1 str(50); addressLine2 str(50); city str(50);
            stateIdentifier str(50); zip str(12); country @countries; contact @contacts; contactName str(62); contactPhoneNumber str(20);
            contactPhoneExtension str(15); contactEmailAddress str(250); type @types; subType @subTypes; item @items; team @teams; owner @members;
            priority @priorities; serviceLocation @serviceLocations; source @sources; requiredDate time; budgetHours num; opportunity @opportunities; agreement @agreements;
            agreementType str; severity {Low|Medium|High}; impact {Low|Medium|High}; externalXRef str(100); poNumber str(50); knowledgeBaseCategoryId int;
            knowledgeBaseSubCategoryId int; allowAllClientsPortalView bool; customerUpdatedFlag bool; automaticEmailContactFlag bool;
            automaticEmailResourceFlag bool; automaticEmailCcFlag bool; automaticEmailCc str(1000); initialDescription^ str; initialInternalAnalysis^ str;
            initialResolution^ str; initialDescriptionFrom^ str; contactEmailLookup^ str; processNotifications^ bool; skipCallback^ bool; closedDate! str;
            closedBy! str; closedFlag! bool; actualHours! num; approved bool; estimatedExpenseCost num; estimatedExpenseRevenue num;
            estimatedProductCost num; estimatedProductRevenue num; estimatedTimeCost num; estimatedTimeRevenue num;
            billingMethod {ActualRates|FixedFee|NotToExceed|OverrideRate}; billingAmount num; hourlyRate num;
            subBillingMethod {ActualRates|FixedFee|NotToExceed|OverrideRate}; subBillingAmount num; subDateAccepted str; dateResolved! str;
            dateResplan! str; dateResponded! str; resolveMinutes! int; resPlanMinutes! int; respondMinutes! int; isInSla! bool; knowledgeBaseLinkId int;
            resources! str; parentTicketId int; hasChildTicket! bool; hasMergedChildTicketFlag! bool;
            knowledgeBaseLinkType {Activity|ProjectIssue|KnowledgeBaseArticle|ProjectTicket|ServiceTicket|Time};
            billTime {Billable|DoNotBill|NoCharge|NoDefault}; billExpenses {Billable|DoNotBill|NoCharge|NoDefault};
            billProducts {Billable|DoNotBill|NoCharge|NoDefault}; predecessorType {Ticket|Phase}; predecessorId int; predecessorClosedFlag bool;
            lagDays int; lagNonworkingDaysFlag bool; estimatedStartDate time; duration int; location @locations; department @departments; mobileGuid! str;
            sla @slas; slaStatus! str; requestForChangeFlag bool; currency! @currencies; mergedParentTicket! @tickets; integratorTags str[];
            escalationStartDateUTC! str; escalationLevel! int; minutesBeforeWaiting! int; respondedSkippedMinutes! int; resplanSkippedMinutes! int;
            respondedHours! num; respondedBy! str; resplanHours! num; resplanBy! str; resolutionHours! num; resolvedBy! str; minutesWaiting! int;
            customFields custom; escalationLastUpdateMinutes! int; resolutionGoalUTC! str; resplanGoalUTC! str; respondByGoalUTC! str
            """) { Verbs = "LCGUPDNSIiJ", Shown = "summary", Callback = "ticket", PodName = "Ticket", FirstId = 10001, Children = ["activities", "timeentries", "scheduleentries", "products", "configurations", "tasks", "notes"], Info = "summary company" },
        new("notes", "service/tickets/{}/notes", "serviceNote", "Service Note", """
            id int; ticketId! int; text* str; detailDescriptionFlag bool; internalAnalysisFlag bool; resolutionFlag bool; issueFlag bool; member @members;
            contact @contacts; customerUpdatedFlag^ bool; processNotifications^ bool; dateCreated! str; createdBy! str; internalFlag! bool;
            externalFlag! bool; sentimentScore! num
            """) { Parent = "ticketId", ParentTable = "tickets", Shown = "text", FirstId = 501 },
        new("tasks", "service/tickets/{}/tasks", "serviceTask", "Service Task", """
            id int; ticketId! int; notes str; closedFlag bool; priority int; schedule @scheduleEntries; code @codes; member @members; resolution str;
            childScheduleAction str; childTicketId int; summary str
            """) { Parent = "ticketId", ParentTable = "tickets", Shown = "notes", FirstId = 301 },
        new("boards", "service/boards", "board", "Service Board", """
            id int; name* str(50); location* @locations; department* @departments; inactiveFlag bool; signOffTemplate @signOffTemplates; sendToContactFlag bool;
            contactTemplate @emailTemplates; sendToResourceFlag bool; resourceTemplate @emailTemplates; projectFlag bool; showDependenciesFlag bool; showEstimatesFlag bool;
            boardIcon @documents; billTicketsAfterClosedFlag bool; billTicketSeparatelyFlag bool; billUnapprovedTimeExpenseFlag bool;
            overrideBillingSetupFlag bool; dispatchMember @members; serviceManagerMember @members; dutyManagerMember @members; oncallMember @members;
            workRole @workRoles; workType @workTypes; billTime {Billable|DoNotBill|NoCharge|NoDefault}; billExpense {Billable|DoNotBill|NoCharge|NoDefault};
            billProduct {Billable|DoNotBill|NoCharge|NoDefault}; autoCloseStatus @statuses; autoAssignNewTicketsFlag bool; autoAssignNewECTicketsFlag bool;
            autoAssignNewPortalTicketsFlag bool; discussionsLockedFlag bool; timeEntryLockedFlag bool; notifyEmailFrom str(50); notifyEmailFromName str(60);
            closedLoopDiscussionsFlag bool; closedLoopResolutionFlag bool; closedLoopInternalAnalysisFlag bool; timeEntryDiscussionFlag bool;
            timeEntryResolutionFlag bool; timeEntryInternalAnalysisFlag bool; problemSort {Ascending|Descending}; resolutionSort {Ascending|Descending};
            internalAnalysisSort {Ascending|Descending}; emailConnectorAllowReopenClosedFlag bool; emailConnectorReopenStatus @statuses;
            emailConnectorReopenResourcesFlag bool; emailConnectorNewTicketNoMatchFlag bool; emailConnectorNeverReopenByDaysFlag bool;
            emailConnectorReopenDaysLimit int; emailConnectorNeverReopenByDaysClosedFlag bool; emailConnectorReopenDaysClosedLimit int;
            useMemberDisplayNameFlag bool; sendToCCFlag bool; autoAssignTicketOwnerFlag bool; autoAssignLimitFlag bool; autoAssignLimitAmount int;
            closedLoopAllFlag bool; percentageCalculation {ActualHours|Manual|ClosedPhases|ClosedTickets}; allSort {Ascending|Descending};
            markFirstNoteIssueFlag bool; restrictBoardByDefaultFlag bool; sendToBundledFlag bool; connectWiseId! str
            """)
            {
                Verbs = "LCGUPDNVW", Children = ["statuses", "types", "subtypes", "items", "teams"], InfoPath = "service/info/boards",
                Info = "name location department projectFlag inactiveFlag closedLoopDiscussionsFlag closedLoopInternalAnalysisFlag "
                    + "closedLoopResolutionFlag closedLoopAllFlag overrideBillingSetupFlag billTicketsAfterClosedFlag billUnapprovedTimeExpenseFlag "
                    + "billTime billExpense billProduct problemSort internalAnalysisSort resolutionSort allSort",
            },
        new("statuses", "service/boards/{}/statuses", "boardStatus", "Service Status", """
            id int; name* str(50); board! @boards; sortOrder int; displayOnBoard bool; inactive bool; closedStatus bool; timeEntryNotAllowed bool;
            roundRobinCatchall bool; defaultFlag bool; escalationStatus {NotResponded|Responded|ResolutionPlan|Resolved|NoEscalation};
            customerPortalDescription str(500); customerPortalFlag bool; emailTemplate @emailTemplates; statusIndicator @statusIndicators; customStatusIndicatorName str(30);
            saveTimeAsNote bool
            """) { Verbs = "LCGUPDNIiJVW", Parent = "board/id", ParentTable = "boards", Shown = "name sort=sortOrder", Info = "name sortOrder defaultFlag inactiveFlag=inactive closedFlag=closedStatus" },
        new("types", "service/boards/{}/types", "boardType", "Service Type", """
            id int; name* str(50); category {Reactive|Proactive}; defaultFlag bool; inactiveFlag bool; requestForChangeFlag bool; integrationXref str(50);
            skillCategory @skillCategories; skill @skills; board! @boards; location @locations; department @departments
            """) { Verbs = "LCGUPDNVW", Parent = "board/id", ParentTable = "boards", InfoPath = "service/info/boardtypes", Info = "name board inactiveFlag defaultFlag" },
        new("subTypes", "service/boards/{}/subtypes", "boardSubType", "Service Sub Type", """
            id int; name* str(50); inactiveFlag bool; typeAssociationIds int@types[]; addAllTypesFlag^ bool; removeAllTypesFlag^ bool; board! @boards
            """) { Verbs = "LCGUPDNIiJVW", Parent = "board/id", ParentTable = "boards", Info = "name inactiveFlag typeAssociationIds" },
        new("items", "service/boards/{}/items", "boardItem", "Service Item", """
            id int; name* str(50); inactiveFlag bool; board! @boards
            """) { Verbs = "LCGUPDNVW", Parent = "board/id", ParentTable = "boards" },
        new("associations", "service/boards/{}/typeSubTypeItemAssociations", "boardTypeSubTypeItemAssociation", "Association", """
            id int; type @types; subType @subTypes; item @items; board! @boards
            """) { Verbs = "LGN", Parent = "board/id", ParentTable = "boards", Shown = "id", FirstId = 20001 },
        new("teams", "service/boards/{}/teams", "boardTeam", "Service Team", """
            id int; name* str(30); teamLeader* @members; members int@members[]; defaultFlag bool; notifyOnTicketDelete bool; defaultRoundRobinFlag bool;
            roundRobinFlag bool; boardId! int; locationId int@locations; businessUnitId int@departments
            """) { Verbs = "LCGUPDNIiJW", Parent = "boardId", ParentTable = "boards", FirstId = 25, Info = "name" },
        new("priorities", "service/priorities", "priority", "Priority", """
            id int; name* str(50); color* {Black|Blue|Cyan|Gray|Green|Lime|Orange|Pink|Purple|Red|White|Yellow|Custom}; sortOrder int; defaultFlag bool;
            imageLink str; urgencySortOrder str; level {Critical|High|Medium|Low}; connectWiseId! str
            """) { Verbs = "LCGUPDNVW", Children = ["image"], Shown = "name sort=sortOrder level", Info = "name color sortOrder defaultFlag imageLink urgencySortOrder level" },
        new("sources", "service/sources", "source", "Source", """
            id int; name* str(50); defaultFlag bool; enteredBy str; dateEntered time; connectWiseId! str
            """) { Verbs = "LCGUPDNIiJVW", Info = "name defaultFlag" },
        new("serviceLocations", "service/locations", "serviceLocation", "Service Location", """
            id int; name* str(30); where* {OnSite|Remote|InHouse}; defaultFlag bool; connectWiseId! str
            """) { Verbs = "LCGUPDNIiJVW", Info = "name defaultFlag" },
        new("severities", "service/severities", "severity", "Severity", """
            id int; name str; description* str(200); defaultFlag bool; connectWiseId! str
            """) { Verbs = "LGUPN", Shown = "name=description" },
        new("impacts", "service/impacts", "impact", "Impact", """
            id int; name str; description* str(200); defaultFlag bool
            """) { Verbs = "LGUPN", Shown = "name=description" },
    ];
}
