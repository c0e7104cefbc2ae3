namespace Deskbridge.Sandbox.ConnectWisePsa.Seed;

/// <summary>The rows of the tables that are only referred to, as JSON: table name to rows.</summary>
internal static class SeedNames
{
    public const string Rows = """
        {
          "addressFormats": [{ "name": "United States" }],
          "automateScripts": [{ "name": "Restart the print spooler" }],
          "batches": [{ "name": "November" }],
          "billingCycles": [{ "name": "Monthly" }, { "name": "Yearly" }],
          "billingSetups": [{ "name": "Tampa" }],
          "billingTerms": [{ "name": "Net 30 days" }, { "name": "Due on receipt" }],
          "campaigns": [{ "name": "Backup week" }],
          "certifications": [{ "name": "Network Associate" }],
          "currencyCodes": [{ "name": "USD" }],
          "directionalSyncs": [{ "name": "To the mailbox" }],
          "expenseReports": [{ "name": "November" }],
          "groups": [{ "name": "Newsletter" }],
          "integratorLogins": [{ "name": "zenith" }],
          "invoiceDeliveryMethods": [{ "name": "Email" }, { "name": "Mail" }],
          "invoiceTemplates": [{ "name": "Standard" }],
          "mailTemplates": [{ "name": "Standard" }],
          "managedDevicesIntegrations": [{ "name": "Monitoring" }],
          "manufacturers": [{ "name": "Northwind Hardware" }],
          "markets": [{ "name": "Healthcare" }, { "name": "Legal" }],
          "opportunityPriorities": [{ "name": "High" }],
          "opportunityRatings": [{ "name": "Hot" }],
          "ownershipTypes": [{ "name": "Private" }],
          "pricingSchedules": [{ "name": "Standard" }],
          "productCategories": [{ "name": "Hardware" }],
          "productSubcategories": [{ "name": "Storage" }],
          "productTypes": [{ "name": "Part" }],
          "reportCards": [{ "name": "Engineer" }],
          "salesOrderStatuses": [{ "name": "New" }],
          "serviceSurveys": [{ "name": "Closed ticket" }],
          "shipmentMethods": [{ "name": "Ground" }],
          "sicCodes": [{ "name": "8021 Dentists" }],
          "signOffTemplates": [{ "name": "Service sign-off" }],
          "skillCategories": [{ "name": "Servers" }],
          "skills": [{ "name": "Windows Server" }],
          "structureLevels": [{ "name": "Location" }],
          "taxCodes": [{ "name": "FL sales tax" }],
          "timeSheets": [{ "name": "2026-11-15 to 2026-11-21" }],
          "tracks": [{ "name": "Onboarding" }],
          "unitsOfMeasure": [{ "name": "Each" }],
          "warehouseBins": [{ "name": "A-01" }],
          "ldapConfigurations": [{ "name": "Office", "server": "dc.northbridge-msp.test" }],
          "salesOrders": [{ "identifier": "SO-1001" }],
          "scheduleSpans": [{ "identifier": "N", "name": "No Span" }],
          "statusIndicators": [{ "identifier": "Green", "name": "Green" }],
          "warehouses": [{ "name": "Tampa" }]
        }
        """;
}
