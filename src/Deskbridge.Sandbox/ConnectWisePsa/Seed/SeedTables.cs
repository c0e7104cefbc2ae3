namespace Deskbridge.Sandbox.ConnectWisePsa.Seed;

/// <summary>The small tables of the seed, as JSON: table name to rows.</summary>
internal static class SeedTables
{
    /// <summary>The security roles beside the administrator's, whose cells are kept.</summary>
    public static readonly int[] Roles = [64, 65];

    public const string Lookups = """
        {
          "countries": [{ "id": 1, "name": "United States", "countryCode": "US", "currency": { "id": 7 }, "defaultFlag": true }, { "id": 2, "name": "Canada", "countryCode": "CA", "currency": { "id": 7 } }],
          "currencies": [{ "id": 7, "currencyIdentifier": "USD", "name": "US Dollar", "symbol": "$", "currencyCode": { "id": 1, "name": "USD" }, "thousandsSeparator": ",", "decimalSeparator": ".", "numberOfDecimals": 2, "displaySymbolFlag": true }],
          "cwTimeZones": [{ "id": 1, "name": "Eastern Standard Time", "offset": -5, "startDate": "2026-03-08T07:00:00Z", "endDate": "2026-11-01T06:00:00Z", "daylightSavingsFlag": true }, { "id": 2, "name": "Central Standard Time", "offset": -6, "daylightSavingsFlag": true }],
          "timeZones": [{ "id": 1, "name": "GMT-5/Eastern Time: US & Canada", "timeZone": { "id": 1 }, "offset": -5, "defaultFlag": true, "daylightSavingsFlag": true }, { "id": 2, "name": "GMT-6/Central Time: US & Canada", "timeZone": { "id": 2 }, "offset": -6, "daylightSavingsFlag": true }],
          "locations": [{ "id": 2, "name": "Tampa Office", "structureLevel": { "id": 1, "name": "Location" }, "locationFlag": true }, { "id": 3, "name": "Columbus Office", "structureLevel": { "id": 1, "name": "Location" }, "locationFlag": true }],
          "departments": [{ "id": 10, "identifier": "Services", "name": "Professional Services" }, { "id": 11, "identifier": "Admin", "name": "Administration" }],
          "securityRoles": [{ "id": 63, "name": "Admin", "roleType": "Standard", "adminFlag": true }, { "id": 64, "name": "Service Technician", "roleType": "Standard" }, { "id": 65, "name": "API Integration" }],
          "memberTypes": [{ "id": 1, "name": "Employee" }, { "id": 2, "name": "Subcontractor" }],
          "priorities": [
            { "id": 1, "name": "Priority 1 - Emergency Response", "color": "Red", "sortOrder": 1, "urgencySortOrder": "1.00", "level": "Critical" },
            { "id": 2, "name": "Priority 2 - Quick Response", "color": "Orange", "sortOrder": 3, "urgencySortOrder": "2.00", "level": "High" },
            { "id": 4, "name": "Priority 3 - Normal Response", "color": "Blue", "sortOrder": 6, "urgencySortOrder": "3.00", "level": "Medium", "defaultFlag": true },
            { "id": 3, "name": "Priority 4 - Scheduled Maintenance", "color": "White", "sortOrder": 7, "urgencySortOrder": "4.00", "level": "Low" }],
          "sources": [{ "id": 1, "name": "Call" }, { "id": 2, "name": "Email" }, { "id": 3, "name": "Email Connector", "defaultFlag": true }, { "id": 4, "name": "Portal" }, { "id": 5, "name": "Monitoring" }],
          "serviceLocations": [{ "id": 1, "name": "On-Site", "where": "OnSite" }, { "id": 4, "name": "Remote", "where": "Remote", "defaultFlag": true }, { "id": 5, "name": "In-House", "where": "InHouse" }],
          "severities": [{ "id": 1, "name": "Low", "description": "Low" }, { "id": 2, "name": "Medium", "description": "Medium", "defaultFlag": true }, { "id": 3, "name": "High", "description": "High" }],
          "impacts": [{ "id": 1, "name": "Low", "description": "Low" }, { "id": 2, "name": "Medium", "description": "Medium", "defaultFlag": true }, { "id": 3, "name": "High", "description": "High" }],
          "slas": [{ "id": 1, "name": "Standard SLA", "defaultFlag": true, "basedOn": "MyCalendar", "customCalendar": { "id": 1 }, "applicationOrder": 1, "respondHours": 1, "respondPercent": 90, "planWithin": 4, "planWithinPercent": 90, "resolutionHours": 8, "resolutionPercent": 90 }],
          "companyStatuses": [{ "id": 1, "name": "Active", "defaultFlag": true }, { "id": 2, "name": "Not Approved" }, { "id": 3, "name": "Inactive", "disallowSavingFlag": true }, { "id": 4, "name": "Credit Hold", "notifyFlag": true, "notificationMessage": "Ask accounting before any work." }],
          "companyTypes": [{ "id": 1, "name": "Client", "defaultFlag": true }, { "id": 2, "name": "Prospect" }, { "id": 3, "name": "Vendor", "vendorFlag": true }],
          "contactTypes": [{ "id": 1, "description": "Decision Maker" }, { "id": 2, "description": "End User", "defaultFlag": true }, { "id": 3, "description": "Approver" }],
          "contactDepartments": [{ "id": 1, "name": "Administration" }, { "id": 2, "name": "Operations" }],
          "relationships": [{ "id": 1, "name": "Employee" }],
          "communicationTypes": [
            { "id": 1, "description": "Fax", "faxFlag": true }, { "id": 2, "description": "Direct", "phoneFlag": true, "defaultFlag": true },
            { "id": 4, "description": "Cell", "phoneFlag": true }, { "id": 13, "description": "Email", "emailFlag": true, "defaultFlag": true }],
          "noteTypes": [{ "id": 1, "identifier": "C", "name": "Comments", "defaultFlag": true }],
          "teamRoles": [{ "id": 1, "name": "Account Manager", "accountManagerFlag": true }, { "id": 2, "name": "Technical Lead", "techFlag": true }],
          "configurationTypes": [{ "id": 17, "name": "Managed Server" }, { "id": 18, "name": "Managed Workstation" }, { "id": 19, "name": "Firewall" }, { "id": 20, "name": "Network Switch" }],
          "configurationTypeQuestions": [{ "id": 12, "configurationType": { "id": 17 }, "fieldType": "Text", "entryType": "EntryField", "sequenceNumber": 1, "question": "Role" }],
          "configurationStatuses": [{ "id": 1, "description": "Active", "defaultFlag": true }, { "id": 2, "description": "Inactive", "closedFlag": true }],
          "scheduleTypes": [
            { "id": 1, "name": "Sales Activity", "identifier": "C", "systemFlag": true }, { "id": 3, "name": "Vacation", "identifier": "V" },
            { "id": 4, "name": "Service Ticket", "identifier": "S", "systemFlag": true }, { "id": 7, "name": "On Call", "identifier": "N" }],
          "scheduleStatuses": [{ "id": 1, "name": "Tentative", "showAsTentativeFlag": true }, { "id": 2, "name": "Firm", "defaultFlag": true }, { "id": 3, "name": "Customer Confirmed" }],
          "reminders": [{ "id": 1, "name": "0 minutes", "time": 0 }, { "id": 4, "name": "15 minutes", "time": 15, "defaultFlag": true }],
          "workTypes": [{ "id": 1, "name": "Regular", "billTime": "Billable", "rateType": "Multiplier", "rate": 1, "overallDefaultFlag": true }, { "id": 2, "name": "After Hours", "billTime": "Billable", "rateType": "Multiplier", "rate": 1.5 }],
          "workRoles": [{ "id": 1, "name": "Engineer", "hourlyRate": 150 }, { "id": 2, "name": "Senior Engineer", "hourlyRate": 195 }],
          "documentTypes": [{ "id": 1, "fileExtension": "*", "icon": "file", "mimeType": "application/octet-stream", "description": "Other" }],
          "workflowTableTypes": [{ "id": 1, "identifier": "ServiceTicket", "name": "Service Tickets" }, { "id": 2, "identifier": "Activity", "name": "Activities" }, { "id": 3, "identifier": "Opportunity", "name": "Opportunities" }, { "id": 4, "identifier": "Configuration", "name": "Configurations" }],
          "workflowNotifyTypes": [
            { "id": 1, "identifier": "CreateActivity", "name": "Create Activity", "isSetupFlag": true }, { "id": 2, "identifier": "SendEmail", "name": "Send Email", "isSetupFlag": true, "externalFlag": true },
            { "id": 3, "identifier": "AssignResource", "name": "Assign Resource", "isSetupFlag": true }, { "id": 4, "identifier": "AttachConfiguration", "name": "Attach Configuration", "isSetupFlag": true },
            { "id": 11, "identifier": "ChangeBoard", "name": "Change Board", "isSetupFlag": true }, { "id": 12, "identifier": "ChangeTicketStatus", "name": "Change Ticket Status", "isSetupFlag": true },
            { "id": 13, "identifier": "ChangeTicketPriority", "name": "Change Ticket Priority", "isSetupFlag": true }],
          "notificationRecipients": [
            { "id": 1, "identifier": "Owner", "name": "Ticket Owner", "serviceFlag": true, "memberFlag": true }, { "id": 2, "identifier": "Resource", "name": "Assigned Resource", "serviceFlag": true, "memberFlag": true },
            { "id": 3, "identifier": "EmailAddress", "name": "Email Address", "serviceFlag": true, "externalFlag": true }]
        }
        """;

    /// <summary>Fields that other programs have made: whoever adds fields must find a place beside them.</summary>
    public const string CustomFields = """
        {
          "userDefinedFields": [
            { "id": 5, "podId": 1, "podDescription": "Company", "screenId": "co200", "screenDescription": "Company", "caption": "CloudPlus", "sequenceNumber": 1, "fieldTypeIdentifier": "Checkbox", "entryTypeIdentifier": "EntryField", "numberDecimals": 0, "displayOnScreenFlag": true, "businessUnitIds": [], "locationIds": [], "connectWiseID": "0a6a33f0-5a04-4a5c-9b8e-0a2f1c7e6d01" },
            { "id": 12, "podId": 2, "podDescription": "Ticket", "screenId": "sr100", "screenDescription": "Service Ticket", "caption": "Change Window", "sequenceNumber": 1, "fieldTypeIdentifier": "Text", "entryTypeIdentifier": "EntryField", "numberDecimals": 0, "displayOnScreenFlag": true, "businessUnitIds": [], "locationIds": [], "connectWiseID": "0a6a33f0-5a04-4a5c-9b8e-0a2f1c7e6d02" },
            { "id": 13, "podId": 2, "podDescription": "Ticket", "screenId": "sr100", "screenDescription": "Service Ticket", "caption": "RMM Alert Id", "sequenceNumber": 2, "fieldTypeIdentifier": "Text", "entryTypeIdentifier": "EntryField", "numberDecimals": 0, "businessUnitIds": [], "locationIds": [], "connectWiseID": "0a6a33f0-5a04-4a5c-9b8e-0a2f1c7e6d03" },
            { "id": 14, "podId": 2, "podDescription": "Ticket", "screenId": "sr100", "screenDescription": "Service Ticket", "caption": "Root Cause", "sequenceNumber": 3, "fieldTypeIdentifier": "Text", "entryTypeIdentifier": "List", "numberDecimals": 0, "displayOnScreenFlag": true, "options": [{ "id": 1, "optionValue": "Hardware", "defaultFlag": false, "inactiveFlag": false, "sortOrder": 1 }, { "id": 2, "optionValue": "Software", "defaultFlag": false, "inactiveFlag": false, "sortOrder": 2 }, { "id": 3, "optionValue": "User", "defaultFlag": false, "inactiveFlag": false, "sortOrder": 3 }], "businessUnitIds": [], "locationIds": [], "connectWiseID": "0a6a33f0-5a04-4a5c-9b8e-0a2f1c7e6d04" },
            { "id": 15, "podId": 2, "podDescription": "Ticket", "screenId": "sr100", "screenDescription": "Service Ticket", "caption": "VIP", "sequenceNumber": 4, "fieldTypeIdentifier": "Checkbox", "entryTypeIdentifier": "EntryField", "numberDecimals": 0, "displayOnScreenFlag": true, "businessUnitIds": [], "locationIds": [], "connectWiseID": "0a6a33f0-5a04-4a5c-9b8e-0a2f1c7e6d05" },
            { "id": 20, "podId": 4, "podDescription": "Contact", "screenId": "ct300", "screenDescription": "Contact", "caption": "Newsletter", "sequenceNumber": 1, "fieldTypeIdentifier": "Checkbox", "entryTypeIdentifier": "EntryField", "numberDecimals": 0, "businessUnitIds": [], "locationIds": [], "connectWiseID": "0a6a33f0-5a04-4a5c-9b8e-0a2f1c7e6d06" }]
        }
        """;

    // Who approves, and how screens show: no member is without.
    private const string Screens = """
        "timeApprover": { "id": 171 }, "expenseApprover": { "id": 171 }, "salesDefaultLocation": { "id": 2 }, "companyActivityTabFormat": "SummaryList", "invoiceTimeTabFormat": "SummaryList",
        "invoiceScreenDefaultTabFormat": "ShowInvoicingTab", "invoicingDisplayOptions": "RemainOnInvoicingScreen", "agreementInvoicingDisplayOptions": "RemainOnInvoicingScreen"
        """;

    /// <summary>Members: seven people and the API member.</summary>
    public static string People(string apiMember) => $$"""
        {
          "members": [
            {{Person(171, "pmorgan", "Priya", "Morgan", "Service Manager", 63)}},
            {{Person(176, "dreyes", "Dana", "Reyes", "Senior Engineer", 64)}},
            {{Person(179, "tokafor", "Tobias", "Okafor", "Engineer", 64)}},
            {{Person(180, "mlind", "Maja", "Lind", "Engineer", 64)}},
            {{Person(183, "jchen", "Jun", "Chen", "Network Engineer", 64)}},
            {{Person(186, "sburke", "Siobhan", "Burke", "Dispatcher", 64)}},
            { "id": 190, "identifier": "hgrant", "firstName": "Harold", "lastName": "Grant", "title": "Engineer", "licenseClass": "F", "inactiveFlag": true, "inactiveDate": "2026-02-28T00:00:00Z", "officeEmail": "harold.grant@northbridge-msp.test", "defaultEmail": "Office", "primaryEmail": "harold.grant@northbridge-msp.test", "hireDate": "2019-03-01T00:00:00Z", "defaultPhone": "Office", "securityRole": { "id": 64 }, {{Screens}} },
            { "id": 243, "identifier": "{{apiMember}}", "firstName": "Deskbridge", "lastName": "Integration", "licenseClass": "A", "officeEmail": "integrations@northbridge-msp.test", "defaultEmail": "Office", "primaryEmail": "integrations@northbridge-msp.test", "hireDate": "2025-01-01T00:00:00Z", "defaultPhone": "Office", "securityRole": { "id": 65 }, "timeZone": { "id": 1 }, "defaultLocation": { "id": 2 }, "defaultDepartment": { "id": 10 }, "serviceDefaultBoard": { "id": 1 }, {{Screens}} }],
          "apiMembers": [
            { "id": 243, "identifier": "{{apiMember}}", "name": "Deskbridge Integration", "emailAddress": "integrations@northbridge-msp.test", "timeZone": { "id": 1 }, "securityRole": { "id": 65 }, "defaultLocation": { "id": 2 }, "defaultDepartment": { "id": 10 }, "serviceDefaultBoard": { "id": 1 } }]
        }
        """;

    private static string Person(int id, string identifier, string first, string last, string title, int role)
    {
        var email = $"{first}.{last}@northbridge-msp.test".ToLowerInvariant();
        return $$"""
            { "id": {{id}}, "identifier": "{{identifier}}", "firstName": "{{first}}", "lastName": "{{last}}", "title": "{{title}}", "licenseClass": "F",
              "officeEmail": "{{email}}", "defaultEmail": "Office", "primaryEmail": "{{email}}", "officePhone": "8135550{{id}}", "mobilePhone": "8135559{{id}}",
              "defaultPhone": "Office", "hireDate": "2021-05-03T00:00:00Z", "securityRole": { "id": {{role}} }, "type": { "id": 1 }, "timeZone": { "id": 1 },
              "defaultLocation": { "id": 2 }, "defaultDepartment": { "id": 10 }, "serviceDefaultBoard": { "id": 1 }, "dailyCapacity": 8, "workRole": { "id": 1 }, "workType": { "id": 1 }, {{Screens}} }
            """;
    }
}
