namespace Deskbridge.Sandbox.Autotask.Schema;

/// <summary>Companies with their locations and people.</summary>
internal static class CompanyEntities
{
    public static readonly IReadOnlyList<Entity> All =
    [
        new("Companies", "Account", "CU", """
            additionalAddressInformation str(100); address1 str(128); address2 str(128); alternatePhone1 str(25); alternatePhone2 str(25); apiVendorID! int ^
            assetValue~ num; billToCompanyLocationID int @CompanyLocations; billToAdditionalAddressInformation! str(100); billingAddress1 str; billingAddress2 str
            billToAddressToUse! int ^; billToAttention str(50); billToCity! str(50); billToCountryID! int @Countries; billToState! str(128)
            billToZipCode! str(50); city str(30); classification int; companyCategoryID int; companyName* str(100); companyNumber str(50); companyType* int ^
            competitorID int ^; countryID int @Countries; createDate! time; createdByResourceID! int @Resources; currencyID int @Currencies; fax str(25)
            impersonatorCreatorResourceID! int @Resources; invoiceEmailMessageID int; invoiceMethod int ^; invoiceNonContractItemsToParentCompany bool
            invoiceTemplateID int @InvoiceTemplates; isActive bool; isClientPortalActive! bool; isEnabledForComanaged bool; isSample bool; isTaskFireActive! bool
            isTaxExempt bool; lastActivityDate! time; lastTrackedModifiedDateTime! time; marketSegmentID int ^; ownerResourceID* int @Resources
            parentCompanyID int @Companies; phone* str(25); postalCode str(10); purchaseOrderTemplateID int ^; quoteEmailMessageID int
            quoteTemplateID int @QuoteTemplates; sicCode~ str(32); state str(40); stockMarket~ str(10); stockSymbol~ str(10); surveyCompanyRating! num
            taxID str(50); taxRegionID int @TaxRegions; territoryID int ^; webAddress str(255)
            """) { HasUdfs = true },
        new("CompanyLocations", "AccountPhysicalLocation", "CUD", """
            address1 str(128); address2 str(128); alternatePhone1 str(25); alternatePhone2 str(25); city str(50); companyID*! int @Companies
            countryID int @Countries; description str(500); fax str(25); isActive bool; isPrimary bool; isTaxExempt bool; overrideCompanyTaxSettings bool
            name* str(100); phone str(25); postalCode str(20); roundtripDistance num; state str(25); taxRegionID int @TaxRegions
            """) { Parent = new("Companies", "companyID", "Locations"), WritesUnderParent = true },
        new("Contacts", "Contact", "CUD", """
            additionalAddressInformation str(100); addressLine str(128); addressLine1 str(128); alternatePhone str(32); apiVendorID! int ^
            bulkEmailOptOutTime! time; city str(32); companyID*! int @Companies; companyLocationID int @CompanyLocations; countryID int @Countries
            createDate! time; emailAddress str(254); emailAddress2 str(254); emailAddress3 str(254); extension str(10); externalID str(50); facebookUrl str(200)
            faxNumber str(25); firstName* str(50); impersonatorCreatorResourceID! int @Resources; isActive* int; isOptedOutFromBulkEmail~ bool
            lastActivityDate! time; lastModifiedDate! time; lastName* str(50); linkedInUrl str(200); middleInitial str(50); mobilePhone str(25); namePrefix int ^
            nameSuffix int ^; note str(50); receivesEmailNotifications bool; phone str(25); primaryContact bool; billingContact bool; roomNumber str(50)
            solicitationOptOut!~ bool; solicitationOptOutTime! time; state str(40); surveyOptOut!~ bool; title str(50); twitterUrl str(200); zipCode str(16)
            """) { Parent = new("Companies", "companyID", "Contacts"), WritesUnderParent = true, HasUdfs = true },
    ];
}
