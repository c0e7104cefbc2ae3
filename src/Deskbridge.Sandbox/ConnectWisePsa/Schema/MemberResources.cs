namespace Deskbridge.Sandbox.ConnectWisePsa.Schema;

/// <summary>Members, what hangs on them, and security roles with their cells (reference 5.5 and 5.10).</summary>
internal static class MemberResources
{
    public static IReadOnlyList<Resource> All { get; } =
    [
        new("members", "system/members", "member", "Member", """
            id int; identifier* str(15); password^ str(60); disableOnlineFlag bool; licenseClass* {A|C|F|X}; notes str; employeeIdentifer str(10)
            vendorNumber str; enableMobileGpsFlag bool; inactiveDate time; inactiveFlag bool; lastLogin str; clientId str; token str; firstName* str(30)
            middleInitial str(1); lastName* str(30); hireDate* time; country @countries; photo @documents; officeEmail str(250); mobileEmail str(250)
            homeEmail str(250); defaultEmail* {Office|Mobile|Home}; primaryEmail str(250); officePhone str(15); officeExtension str(10)
            mobilePhone str(15); mobileExtension str(10); homePhone str(15); homeExtension str(10); defaultPhone* {Office|Mobile|Home}
            securityRole* @securityRoles; office365 any; mapiName str; calendarSyncIntegrationFlag bool
            authenticationServiceType {AuthAnvil|GoogleAuthenticator|Email}; timebasedOneTimePasswordActivated bool; enableLdapAuthenticationFlag bool
            ldapConfiguration @ldapConfigurations; ldapUserName str(50); directionalSync @directionalSyncs; ssoSettings! ref; signature str
            phoneIntegrationType {TAPI|SKYPE|TEL|CALLTO|NONE}; useBrowserLanguageFlag bool; title str; reportCard @reportCards; enableMobileFlag bool
            type @memberTypes; timeZone @timeZones; partnerPortalFlag bool; stsUserAdminUrl str; toastNotificationFlag bool; memberPersonas int[]
            adminFlag bool; structureLevel @structureLevels; securityLocation @locations; defaultLocation @locations; defaultDepartment @departments
            reportsTo @members; restrictLocationFlag bool; restrictDepartmentFlag bool; workRole @workRoles; workType @workTypes; timeApprover @members
            expenseApprover @members; billableForecast num; dailyCapacity num; hourlyCost num; hourlyRate num; includeInUtilizationReportingFlag bool
            requireExpenseEntryFlag bool; requireTimeSheetEntryFlag bool; requireStartAndEndTimeOnTimeEntryFlag bool; allowInCellEntryOnTimeSheet bool
            enterTimeAgainstCompanyFlag bool; allowExpensesEnteredAgainstCompaniesFlag bool; timeReminderEmailFlag bool; daysTolerance int
            minimumHours num; timeSheetStartDate str; serviceDefaultLocation @locations; serviceDefaultDepartment @departments
            serviceDefaultBoard @boards; restrictServiceDefaultLocationFlag bool; restrictServiceDefaultDepartmentFlag bool; excludedServiceBoardIds int@boards[]
            teams int[]; serviceBoardTeamIds int@teams[]; projectDefaultLocation @locations; projectDefaultDepartment @departments; projectDefaultBoard @boards
            restrictProjectDefaultLocationFlag bool; restrictProjectDefaultDepartmentFlag bool; excludedProjectBoardIds int@boards[]
            scheduleDefaultLocation @locations; scheduleDefaultDepartment @departments; scheduleCapacity num; serviceLocation @serviceLocations
            restrictScheduleFlag bool; hideMemberInDispatchPortalFlag bool; calendar @calendars; salesDefaultLocation @locations
            restrictDefaultSalesTerritoryFlag bool; warehouse @warehouses; warehouseBin @warehouseBins; restrictDefaultWarehouseFlag bool
            restrictDefaultWarehouseBinFlag bool; companyActivityTabFormat {SummaryList|DetailList}; invoiceTimeTabFormat {SummaryList|DetailList}
            invoiceScreenDefaultTabFormat {ShowInvoicingTab|ShowAgreementInvoicingTab}
            invoicingDisplayOptions {RemainOnInvoicingScreen|ShowRecentInvoices}
            agreementInvoicingDisplayOptions {RemainOnInvoicingScreen|ShowRecentInvoices}; autoStartStopwatch bool; autoPopupQuickNotesWithStopwatch bool
            globalSearchDefaultTicketFilter {OpenRecords|ClosedRecords|AllRecords}
            globalSearchDefaultSort {None|LastUpdatedDesc|LastUpdatedAsc|CreatedDesc|CreatedAsc}; phoneSource str; copyPodLayouts^ bool
            copySharedDefaultViews^ bool; copyColumnLayoutsAndFilters^ bool; fromMemberRecId^ int; fromMemberTemplateRecId^ int; customFields custom
            """) { Verbs = "LCGUPNVW", Shown = "identifier name=firstName+lastName", Callback = "member", PodName = "Member", FirstId = 170,
                InfoPath = "system/info/members", Info = "identifier firstName middleInitial lastName fullName=firstName+lastName defaultEmail=primaryEmail photo licenseClass inactiveFlag" },
        new("apiMembers", "system/apiMembers", "apiMember", "API Member", """
            id int; identifier* str(15); name str(30); emailAddress str(250); inactiveFlag bool; inactiveDate time; timeZone @timeZones
            securityRole @securityRoles; structureLevel @structureLevels; securityLocation @locations; defaultLocation @locations; defaultDepartment @departments
            salesDefaultLocation @locations; serviceDefaultBoard @boards; notes str; excludedServiceBoardIds int@boards[]; blockPriceFlag bool; blockCostFlag bool
            """) { Verbs = "LCGUPN", Shown = "identifier name", FirstId = 243 },
        new("memberTypes", "system/members/types", "memberType", "Member Type", """
            id int; name* str(30); inactiveFlag bool; connectWiseId! str
            """) { Verbs = "LCGUPDNIiJ", Info = "name inactiveFlag" },
        new("memberAccruals", "system/members/{}/accruals", "memberAccrual", "Accrual", """
            id int; accrualType* {Holiday|PTO|Sick|Vacation}; year* int; hours* num; reason* str; member! @members
            """) { Parent = "member/id", ParentTable = "members", Shown = "id" },
        new("memberCertifications", "system/members/{}/certifications", "memberCertification", "Certification", """
            id int; certification* @certifications; percentComplete int; dateReceived time; dateExpires time; certificationNumber str(50); notes str; member! @members
            company @companies
            """) { Parent = "member/id", ParentTable = "members", Shown = "id", FlatPath = "system/members/{}/mycertifications", FlatVerbs = "LCGUPDN" },
        new("memberDelegations", "system/members/{}/delegations", "memberDelegation", "Delegation", """
            id int; delegationType* {Approval|Project}; delegatedTo* @members; dateStart* time; dateEnd* time; member! @members
            """) { Parent = "member/id", ParentTable = "members", Shown = "id", FlatPath = "system/myAccount/{}/delegations", FlatVerbs = "LCGUPDN" },
        new("memberNotificationSettings", "system/members/{}/notificationSettings", "memberNotificationSetting", "Notification Setting", """
            id int; notificationType* {Email|Push}
            notificationTrigger* {ActivityStatusReq|CustomerUpdated|ExpenseReport|TicketStatusChange|TicketStatusRequest|TimeNagApprover|TimeNagMember|TimeSheet|WorkflowRules}
            """) { Parent = "_member", ParentTable = "members", Shown = "id" },
        new("memberPersonas", "system/members/{}/personas", "memberPersona", "Persona", """
            id int; jobRolePercentage int; name* str(20); personaId* int@personas; member! @members
            """) { Parent = "member/id", ParentTable = "members" },
        new("memberSkills", "system/members/{}/skills", "memberSkill", "Skill", """
            id int; skill* @skills; skillLevel* {Beginner|Intermediate|Advanced|Expert}; certifiedFlag bool; yearsExperience int; notes str; member! @members
            """) { Parent = "member/id", ParentTable = "members", Shown = "id", FlatPath = "system/myAccount/{}/skills", FlatVerbs = "LCGUPDN" },
        new("managedDeviceAccounts", "system/members/{}/managedDeviceAccounts", "managedDeviceAccount", "Managed Device Account", """
            id int; username str; password^ str; managedDevicesIntegration @managedDevicesIntegrations
            """) { Verbs = "L", Parent = "_member", ParentTable = "members", Shown = "id" },
        new("securityRoles", "system/securityroles", "securityRole", "Security Role", """
            id int; name* str(30); roleType str(30); adminFlag bool; inactiveFlag bool
            """) { Verbs = "LCGDNIiJ", Info = "name roleType inactiveFlag" },
        new("securityRoleSettings", "system/securityRoles/{}/settings", "securityRoleSetting", "Security Role Setting", """
            id int; addLevel {None|My|All}; editLevel {None|My|All}; deleteLevel {None|My|All}; inquireLevel {None|My|All}; moduleFunctionName str
            moduleFunctionDescription str; myAllFlag bool; moduleFunctionIdentifier str; reportFlag bool; restrictFlag bool; customFlag bool
            moduleDescription str; moduleIdentifier str; moduleName str; sortOrder int
            """) { Verbs = "LGN", Parent = "_role", ParentTable = "securityRoles", Shown = "moduleFunctionName" },
    ];
}
