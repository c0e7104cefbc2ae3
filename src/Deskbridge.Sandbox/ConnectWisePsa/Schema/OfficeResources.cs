namespace Deskbridge.Sandbox.ConnectWisePsa.Schema;

/// <summary>Offices, departments, time zones and the small tables of the system setup.</summary>
internal static class OfficeResources
{
    public static IReadOnlyList<Resource> All { get; } =
    [
        new("locations", "system/locations", "location", "Location", """
            id int; ownerLevelId int; structureLevel* @structureLevels; name* str(50); manager @members; reportsTo @locations; salesRep str(50)
            timeZoneSetup @timeZones; calendar @calendars; overrideAddressLine1 str(50); overrideAddressLine2 str(50); overrideCity str(50)
            overrideState str(50); overrideZip str(12); overrideCountry @countries; overridePhoneNumber str(15); overrideFaxNumber str(15)
            owaUrl str(100); payrollXref str(10); locationFlag bool; clientFlag bool; workRoleIds int@workRoles[]; departmentIds int@departments[]
            """) { Verbs = "LCGUPDNVW", InfoPath = "system/info/locations", Info = "name location_flag=locationFlag structureLevel" },
        new("departments", "system/departments", "department", "Department", """
            id int; identifier* str(15); name* str(50)
            """) { Verbs = "LCGUPDNVW", Shown = "identifier name", InfoPath = "system/info/departments", Info = "name" },
        new("departmentLocations", "system/departments/{}/locations", "departmentLocation", "Department Location", """
            id int; location* @locations; department! @departments; departmentManager @members; dispatch @members; serviceManager @members
            dutyManager @members; ldapConfig @ldapConfigurations; addAllLocations^ bool; removeAllLocations^ bool
            """) { Parent = "department/id", ParentTable = "departments", Shown = "id", InfoPath = "system/info/departmentlocations", Info = "location department" },
        new("locationDepartments", "system/locations/{}/departments", "locationDepartment", "Location Department", """
            id int; location @locations; department @departments
            """) { Verbs = "LGN", Parent = "location/id", ParentTable = "locations", Shown = "id" },
        new("locationWorkRoles", "system/locations/{}/workRoles", "locationWorkRole", "Location Work Role", """
            id int; location @locations; workRole @workRoles; workRoleInactiveFlag bool
            """) { Verbs = "LGN", Parent = "location/id", ParentTable = "locations", Shown = "id" },
        new("timeZones", "system/timeZoneSetups", "timeZoneSetup", "Time Zone Setup", """
            id int; name* str(50); timeZone* @cwTimeZones; offset num; defaultFlag bool; daylightSavingsFlag bool; connectWiseId! str
            """) { Verbs = "LCGUPDNIiJ", Info = "name offset" },
        new("cwTimeZones", "system/cwTimeZones", "cwTimeZone", "Time Zone", """
            id int; name str; offset num; startDate str; endDate str; daylightSavingsFlag bool
            """) { Verbs = "LGN" },
        new("integratorTags", "system/integratorTags", "integratorTag", "Integrator Tag", """
            id int; text* str(50)
            """) { Shown = "text" },
        new("links", "system/links", "link", "Link", """
            id int; name* str(50); tableReferenceId int; url str(1000); screenLink {Company|Contact|Service|Invoice|PurchaseOrder|SalesOrder}
            connectWiseId! str
            """) { InfoPath = "system/info/links", Info = "name screenLink" },
        new("locales", "system/info/locales", "localeInfo", "Locale", """
            id int; name str; localeCode str
            """) { Verbs = "LGN" },
        new("personas", "system/info/personas", "personasInfo", "Persona", """
            id int; name str
            """) { Verbs = "LGN" },
        new("myCompany", "system/myCompany/other", "other", "My Company", """
            id int; defaultLdap @ldapConfigurations; defaultFromAddress* str(50); portalUrlOverride* str(100); siteUrl* str(100); logoPath str(200)
            contactSync {FL|LF|CFL|CLF}; serverTimeZone* @timeZones; defaultCalendar* @calendars; defaultAddressFormat* @addressFormats; useSslFlag bool
            syncLeadsFlag bool; includePortalLinkFlag bool; useExpandedFormatTimeFlag bool; useExpandedFormatActivityFlag bool
            disableZAdminLoginFlag bool; locale* @locales; updateMemberTimeZonesFlag bool
            """) { Verbs = "LGUPN", Shown = "id" },
        new("hostedSetups", "system/connectwisehostedsetups", "connectWiseHostedSetup", "Hosted Setup", """
            id int; screenId* int; description* str(50); url* str(1024); type* {Tab|Pod|ToolbarButton}; clientId str(36); origin str(100); podHeight int
            toolbarButtonDialogHeight int; toolbarButtonDialogWidth int; toolbarButtonText str(50); toolbarButtonToolTip str(50)
            toolbarButtonIconDocumentId int@documents; disabledFlag bool; locationIds int@locations[]; locationsEnabledFlag bool; createdBy str
            dateCreated str
            """) { Shown = "description" },
        new("settings", "system/settings", "systemSetting", "Setting", """
            id int; description str; value* str; valueType str
            """) { Verbs = "LGUPN", Shown = "description" },
        new("standardNotes", "system/standardNotes", "standardNote", "Standard Note", """
            id int; name* str(50); contents* str; location @locations; department @departments; board @boards; connectWiseId! str
            """) { InfoPath = "system/info/standardNotes", Info = "name contents location department board" },
    ];
}
