namespace Deskbridge.Sandbox.ConnectWisePsa.Schema;

/// <summary>Tables that the sandbox does not serve and others refer to: names to choose from, so that a reference can be checked.</summary>
internal static class NamedResources
{
    private const string Name = "id int; name* str(50)";

    public static IReadOnlyList<Resource> All { get; } =
    [
        .. new (string Table, string Title)[]
        {
            ("addressFormats", "Address Format"), ("automateScripts", "Automate Script"), ("batches", "Batch"), ("billingCycles", "Billing Cycle"), ("billingSetups", "Billing Setup"),
            ("billingTerms", "Billing Terms"), ("campaigns", "Campaign"), ("certifications", "Certification"), ("currencyCodes", "Currency Code"), ("directionalSyncs", "Directional Sync"),
            ("expenseReports", "Expense Report"), ("groups", "Group"), ("integratorLogins", "Integrator Login"), ("invoiceDeliveryMethods", "Invoice Delivery Method"),
            ("invoiceTemplates", "Invoice Template"), ("mailTemplates", "Email Template"), ("managedDevicesIntegrations", "Managed Devices Integration"), ("manufacturers", "Manufacturer"),
            ("markets", "Market"), ("opportunityPriorities", "Opportunity Priority"), ("opportunityRatings", "Opportunity Rating"), ("ownershipTypes", "Ownership Type"),
            ("pricingSchedules", "Pricing Schedule"), ("productCategories", "Product Category"), ("productSubcategories", "Product Subcategory"), ("productTypes", "Product Type"),
            ("reportCards", "Report Card"), ("salesOrderStatuses", "Sales Order Status"), ("serviceSurveys", "Service Survey"), ("shipmentMethods", "Shipment Method"), ("sicCodes", "SIC Code"),
            ("signOffTemplates", "Sign-off Template"), ("skillCategories", "Skill Category"), ("skills", "Skill"), ("structureLevels", "Structure Level"), ("taxCodes", "Tax Code"),
            ("timeSheets", "Time Sheet"), ("tracks", "Track"), ("unitsOfMeasure", "Unit of Measure"), ("warehouseBins", "Warehouse Bin"),
        }.Select(t => Of(t.Table, t.Title)),
        Of("ldapConfigurations", "LDAP Configuration", Name + "; server str", "name server"),
        Of("salesOrders", "Sales Order", "id int; identifier* str(50)", "identifier"),
        Of("scheduleSpans", "Schedule Span", Name + "; identifier str", "identifier"),
        Of("statusIndicators", "Status Indicator", Name + "; identifier str", "identifier name"),
        Of("warehouses", "Warehouse", Name + "; lockedFlag bool", "name lockedFlag"),
    ];

    private static Resource Of(string table, string title, string members = Name, string shown = "name") => new(table, "", table, title, members) { Verbs = "", Shown = shown };
}
