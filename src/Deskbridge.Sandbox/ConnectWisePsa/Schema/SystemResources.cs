namespace Deskbridge.Sandbox.ConnectWisePsa.Schema;

/// <summary>Members, offices, documents, custom fields and callbacks (reference 5.5, 5.10, 6 and 8).</summary>
internal static class SystemResources
{
    public static IReadOnlyList<Resource> All { get; } =
    [
        new("members", "system/members", "member", "Member", """
            id int; identifier* str(15); password^ str(60); licenseClass* {A|C|F|X}; notes str; title str; employeeIdentifer str(10); inactiveDate time;
            inactiveFlag bool; lastLogin str; firstName* str(30); middleInitial str(1); lastName* str(30); hireDate* time; country @countries;
            officeEmail str(250); mobileEmail str(250); homeEmail str(250); defaultEmail* {Office|Mobile|Home}; primaryEmail str(250); officePhone str(15);
            officeExtension str(10); mobilePhone str(15); mobileExtension str(10); homePhone str(15); homeExtension str(10);
            defaultPhone* {Office|Mobile|Home}; securityRole* @securityRoles; type @memberTypes; timeZone @timeZones; adminFlag bool; structureLevel ref;
            securityLocation @locations; defaultLocation @locations; defaultDepartment @departments; reportsTo @members; workRole @workRoles;
            workType @workTypes; timeApprover @members; expenseApprover @members; dailyCapacity num; hourlyCost num; hourlyRate num;
            serviceDefaultLocation @locations; serviceDefaultDepartment @departments; serviceDefaultBoard @boards; restrictServiceDefaultLocationFlag bool;
            restrictServiceDefaultDepartmentFlag bool; excludedServiceBoardIds int[]; teams int[]; serviceBoardTeamIds int[];
            scheduleDefaultLocation @locations; scheduleDefaultDepartment @departments; scheduleCapacity num; serviceLocation @serviceLocations;
            restrictScheduleFlag bool; hideMemberInDispatchPortalFlag bool; enableMobileFlag bool; disableOnlineFlag bool; customFields custom
            """) { Shown = "identifier name=firstName+lastName", Callback = "member", PodName = "Member", FirstId = 170 },
        new("apiMembers", "system/apiMembers", "apiMember", "API Member", """
            id int; identifier* str(15); name str(30); emailAddress str(250); inactiveFlag bool; inactiveDate time; timeZone @timeZones;
            securityRole @securityRoles; structureLevel ref; securityLocation @locations; defaultLocation @locations; defaultDepartment @departments;
            salesDefaultLocation @locations; serviceDefaultBoard @boards; notes str; excludedServiceBoardIds int[]; blockPriceFlag bool; blockCostFlag bool
            """) { Shown = "identifier name", FirstId = 243 },
        new("securityRoles", "system/securityroles", "securityRole", "Security Role", """
            id int; name* str(30); roleType str(30); adminFlag bool; inactiveFlag bool
            """),
        new("memberTypes", "system/members/types", "memberType", "Member Type", """
            id int; name* str(50); defaultFlag bool
            """),
        new("locations", "system/locations", "location", "Location", """
            id int; ownerLevelId int; structureLevel* ref; name* str(50); manager @members; reportsTo @locations; salesRep str(50);
            timeZoneSetup @timeZones; calendar ref; overrideAddressLine1 str(50); overrideAddressLine2 str(50); overrideCity str(50); overrideState str(50);
            overrideZip str(12); overrideCountry @countries; overridePhoneNumber str(15); overrideFaxNumber str(15); owaUrl str(100); payrollXref str(10);
            locationFlag bool; clientFlag bool; workRoleIds int[]; departmentIds int[]
            """),
        new("departments", "system/departments", "department", "Department", """
            id int; identifier* str(15); name* str(50)
            """) { Shown = "identifier name" },
        new("timeZones", "system/timeZoneSetups", "timeZoneSetup", "Time Zone Setup", """
            id int; name* str(50); offset num; defaultFlag bool
            """),
        new("currencies", "finance/currencies", "currency", "Currency", """
            id int; currencyIdentifier* str(15); name str(50); symbol str(10); displayIdFlag bool
            """) { Shown = "name" },
        new("documents", "system/documents", "documentInfo", "Document", """
            id int; title str; fileName str; serverFileName str; owner str; linkFlag bool; imageFlag bool; publicFlag bool; htmlTemplateFlag bool;
            readOnlyFlag bool; size int; urlFlag bool; createdOnDate str; documentType @documentTypes; guid str; guidSecondary str
            """) { Shown = "name=title", FirstId = 7001, Verbs = "GD" },
        new("documentTypes", "system/documentTypes", "documentTypeSetup", "Document Type", """
            id int; name* str(50); defaultFlag bool
            """),
        new("userDefinedFields", "system/userDefinedFields", "userDefinedField", "User Defined Field", """
            id int; podId* int; caption* str(25); sequenceNumber* int; screenId str(25); helpText str(1000);
            fieldTypeIdentifier* {TextArea|Button|Currency|Date|Hyperlink|IPAddress|Checkbox|Number|Percent|PhoneNumber|Text|Password}; numberDecimals int;
            entryTypeIdentifier {Date|EntryField|List|Option}; requiredFlag bool; displayOnScreenFlag bool; readOnlyFlag bool; listViewFlag bool;
            buttonUrl str(1000); options any; businessUnitIds int[]; locationIds int[]; addAllBusinessUnits^ bool; removeAllBusinessUnits^ bool;
            addAllLocations^ bool; removeAllLocations^ bool; dateCreated! time; podDescription! str; screenDescription! str; displayScreenInASIO! bool;
            connectWiseID! str
            """) { Shown = "name=caption" },
        new("callbacks", "system/callbacks", "callbackEntry", "Callback", """
            id int; description str(100); url* str; objectId* int; type* str; level* str; memberId! int; payloadVersion str; inactiveFlag bool;
            isSoapCallbackFlag bool; isSelfSuppressedFlag bool; connectWiseID! str
            """) { Shown = "description", FirstId = 26501 },
    ];
}
