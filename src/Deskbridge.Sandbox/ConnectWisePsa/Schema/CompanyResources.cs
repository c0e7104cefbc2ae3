namespace Deskbridge.Sandbox.ConnectWisePsa.Schema;

/// <summary>Companies, sites, contacts and configurations (reference 5.6 and 5.7).</summary>
internal static class CompanyResources
{
    public static IReadOnlyList<Resource> All { get; } =
    [
        new("companies", "company/companies", "company", "Company", """
            id int; identifier* str(30); name* str(50); status @companyStatuses; addressLine1 str(50); addressLine2 str(50); city str(50); state str(50);
            zip str(12); country @countries; phoneNumber str(30); faxNumber str(30); website str(255); territory @locations; market @markets; accountNumber str;
            defaultContact @contacts; dateAcquired time; sicCode @sicCodes; parentCompany @companies; annualRevenue num; numberOfEmployees int;
            yearEstablished int; revenueYear int; ownershipType @ownershipTypes; timeZoneSetup @timeZones; leadSource str(50); leadFlag bool; unsubscribeFlag bool;
            calendar @calendars; userDefinedField1 str(50); userDefinedField2 str(50); userDefinedField3 str(50); userDefinedField4 str(50);
            userDefinedField5 str(50); userDefinedField6 str(50); userDefinedField7 str(50); userDefinedField8 str(50); userDefinedField9 str(50);
            userDefinedField10 str(50); vendorIdentifier str; taxIdentifier str; taxCode @taxCodes; billingTerms @billingTerms; invoiceTemplate @invoiceTemplates; pricingSchedule @pricingSchedules;
            companyEntityType @entityTypes; billToCompany @companies; billingSite @sites; billingContact @contacts; invoiceDeliveryMethod @invoiceDeliveryMethods;
            invoiceToEmailAddress str; invoiceCCEmailAddress str; deletedFlag! bool; dateDeleted time; deletedBy str; mobileGuid! str; facebookUrl str;
            twitterUrl str; linkedInUrl str; currency @currencies; territoryManager @members; resellerIdentifier str; isVendorFlag bool;
            types @companyTypes[]; site @sites; integratorTags str[]; customFields custom; additionalDebt any; creditLimit any; emailTemplate any
            """)
            {
                Verbs = "LCGUPDNIiVW", Shown = "identifier name", Callback = "company", PodName = "Company", FirstId = 250, Children = ["notes", "sites", "teams"],
                Related = ["company/contacts", "finance/agreements", "service/tickets", "sales/activities", "company/configurations", "project/projects"],
                Info = "identifier name territory defaultContact phoneNumber city site isVendorFlag currency billToCompany billingSite billingContact "
                    + "billingTerms taxCode deletedFlag types status addressLine1 addressLine2 state country zip leadFlag faxNumber vendorIdentifier "
                    + "taxIdentifier facebookUrl twitterUrl linkedInUrl noServiceFlag=deletedFlag",
            },
        new("companyStatuses", "company/companies/statuses", "companyStatus", "Company Status", """
            id int; name* str(50); defaultFlag bool; inactiveFlag bool; notifyFlag bool; disallowSavingFlag bool; notificationMessage str(500);
            customNoteFlag bool; cancelOpenTracksFlag bool; track @tracks; connectWiseId! str
            """) { Verbs = "LCGUPDNVW" },
        new("companyTypes", "company/companies/types", "companyType", "Company Type", """
            id int; name* str(50); defaultFlag bool; vendorFlag bool; serviceAlertFlag bool; serviceAlertMessage str(150); connectWiseId! str
            """) { Verbs = "LCGUPDNVW", InfoPath = "company/companies/info/types", Info = "name isVendor=vendorFlag" },
        new("sites", "company/companies/{}/sites", "companySite", "Site", """
            id int; name* str(50); addressLine1 str(50); addressLine2 str(50); city str(50); stateReference @states; zip str(12); country @countries;
            addressFormat str; phoneNumber str(30); phoneNumberExt str(30); faxNumber str(30); taxCode @taxCodes; entityType @entityTypes; expenseReimbursement num;
            primaryAddressFlag bool; defaultShippingFlag bool; defaultBillingFlag bool; defaultMailingFlag bool; inactiveFlag bool; billSeparateFlag bool;
            mobileGuid! str; calendar @calendars; timeZone @timeZones; company! @companies; customFields custom
            """)
            {
                Verbs = "LCGUPDNIiJVW", Parent = "company/id", ParentTable = "companies", FirstId = 1000, PodName = "Site", Callback = "site",
                Info = "name addressLine1 addressLine2 city stateReference country zip addressFormat phoneNumber inactiveFlag defaultShippingFlag "
                    + "defaultBillingFlag primaryAddressFlag taxCode phoneNumberExt",
            },
        new("companyNotes", "company/companies/{}/notes", "companyNote", "Company Note", """
            id int; text* str; type @noteTypes; flagged bool; enteredBy! str; company! @companies
            """) { Parent = "company/id", ParentTable = "companies", Shown = "text" },
        new("companyTeams", "company/companies/{}/teams", "companyTeam", "Company Team", """
            id int; company! @companies; teamRole* @teamRoles; location @locations; department @departments; contact @contacts; member @members;
            accountManagerFlag bool; techFlag bool; salesFlag bool
            """) { Parent = "company/id", ParentTable = "companies", Shown = "id" },
        new("contacts", "company/contacts", "contact", "Contact", """
            id int; firstName* str; lastName str; company @companies; site @sites; addressLine1 str; addressLine2 str; city str; state str; zip str;
            country @countries; relationship @relationships; relationshipOverride str; department @contactDepartments; inactiveFlag bool;
            defaultMergeContactId int@contacts; securityIdentifier str; managerContact @contacts; assistantContact @contacts; title str; school str; nickName str;
            marriedFlag bool; childrenFlag bool; children str; significantOther str; portalPassword^ str; portalSecurityLevel int;
            disablePortalLoginFlag bool; unsubscribeFlag bool; gender {Female|Male}; birthDay str; anniversary str;
            presence {NoAgent|Online|DoNotDisturb|Away|Offline}; mobileGuid! str; facebookUrl str; twitterUrl str; linkedInUrl str; defaultPhoneType str;
            defaultPhoneNbr str; defaultPhoneExtension str; defaultBillingFlag bool; defaultFlag bool; userDefinedField1 str(50); userDefinedField2 str(50);
            userDefinedField3 str(50); userDefinedField4 str(50); userDefinedField5 str(50); userDefinedField6 str(50); userDefinedField7 str(50);
            userDefinedField8 str(50); userDefinedField9 str(50); userDefinedField10 str(50); companyLocation @locations; communicationItems any;
            types @contactTypes[]; integratorTags str[]; customFields custom; photo @documents; ignoreDuplicates^ bool; typeIds^ int[]
            """)
            {
                Verbs = "LCGUPDNIiJVW", Shown = "name=firstName+lastName", Callback = "contact", PodName = "Contact", FirstId = 58001, Children = ["communications", "notes", "tracks", "portalSecurity"],
                Related = ["sales/activities", "company/configurations", "service/tickets", "project/projects"],
                Info = "firstName lastName communicationItems defaultPhoneNbr defaultPhoneType defaultFlag company companyLocation site inactiveFlag "
                    + "title types addressLine1 addressLine2 city state country zip department defaultBillingFlag facebookUrl twitterUrl linkedInUrl",
            },
        new("contactTypes", "company/contacts/types", "contactType", "Contact Type", """
            id int; description* str(50); defaultFlag bool; serviceAlertFlag bool; serviceAlertMessage str(150); connectWiseId! str
            """) { Verbs = "LCGUPDNIjJ", Shown = "name=description", Info = "description defaultFlag serviceAlertFlag serviceAlertMessage" },
        new("contactDepartments", "company/contacts/departments", "contactDepartment", "Contact Department", """
            id int; name* str(30); connectWiseId! str
            """) { Verbs = "LCGUPDNIiJVW", Info = "name" },
        new("relationships", "company/contacts/relationships", "contactRelationship", "Relationship", """
            id int; name* str(50); connectWiseId! str
            """),
        new("communicationTypes", "company/communicationTypes", "communicationType", "Communication Type", """
            id int; description* str; phoneFlag bool; faxFlag bool; emailFlag bool; defaultFlag bool; exchangeXref str(50); iphoneXref str(50);
            androidXref str(50); googleXref str(50); disabled bool; connectWiseId! str
            """) { Verbs = "LCGUPDNIiJVW", Shown = "name=description", Info = "description phoneFlag faxFlag emailFlag defaultFlag" },
        new("noteTypes", "company/noteTypes", "noteType", "Note Type", """
            id int; identifier str(15); name* str(50); defaultFlag bool; importFlag bool; connectWiseId! str
            """) { Verbs = "LCGUPDNIjJ", Info = "identifier name defaultFlag" },
        new("teamRoles", "company/teamRoles", "teamRole", "Team Role", """
            id int; name* str(20); accountManagerFlag bool; techFlag bool; salesFlag bool
            """) { Verbs = "LCGUPDNIiJ", Info = "name" },
        new("countries", "company/countries", "country", "Country", """
            id int; name* str(50); defaultFlag bool; currency* @currencies; cityCaption str(25); stateCaption str(25); zipCaption str(25)
            zipMinimumLength int; dialingPrefix str(5); addressFormat @addressFormats; countryCode str(2); coreEntityCountryCode str
            localizationCaptionOne str(25); localizationValueOne str(50)
            """) { Verbs = "LCGUPDNIiJ", Shown = "name identifier=countryCode", Info = "name defaultFlag cityCaption stateCaption zipCaption dialingPrefix localizationCaptionOne currency" },
        new("states", "company/states", "state", "State", """
            id int; identifier* str(50); name* str(50); country* @countries
            """) { Verbs = "LCGUPDNIiJ", Shown = "identifier name", Info = "identifier name country" },
        new("configurations", "company/configurations", "companyConfiguration", "Configuration", """
            id int; name* str(100); type* @configurationTypes; status @configurationStatuses; company* @companies; contact @contacts; site @sites;
            locationId int@locations; location @locations; businessUnitId int@departments; department @departments; deviceIdentifier str(100); serialNumber str(250);
            modelNumber str(50); tagNumber str(50); purchaseDate time; installationDate time; installedBy @members; warrantyExpirationDate time;
            vendorNotes str; notes str; macAddress str(25); lastLoginName str(100); billFlag bool; backupSuccesses int; backupIncomplete int;
            backupFailed int; backupRestores int; lastBackupDate time; backupServerName str(50); backupBillableSpaceGb num; backupProtectedDeviceList str;
            backupYear int; backupMonth int; ipAddress str(50); defaultGateway str(50); osType str(250); osInfo str(250); cpuSpeed str(100); ram str(25);
            localHardDrives str; parentConfigurationId int@configurations; vendor @companies; manufacturer @manufacturers; questions any; activeFlag bool; managementLink str(1000);
            remoteLink str(1000); sla @slas; mobileGuid! str; displayVendorFlag bool; companyLocationId int@locations; showRemoteFlag bool; showAutomateFlag bool;
            needsRenewalFlag bool; manufacturerPartNumber str(50); customFields custom
            """) { Shown = "deviceIdentifier", Callback = "configuration", PodName = "Configuration", FirstId = 501 },
        new("configurationTypes", "company/configurations/types", "configurationType", "Configuration Type", """
            id int; name* str(50); inactiveFlag bool; systemFlag bool; connectWiseId! str
            """) { Verbs = "LCGUPDNJVW", Info = "name inactiveFlag systemFlag" },
        new("configurationTypeQuestions", "company/configurations/types/{}/questions", "configurationTypeQuestion", "Question", """
            id int; configurationType! @configurationTypes; fieldType* {TextArea|Currency|Date|Hyperlink|IPAddress|Checkbox|Number|Percent|Text|Password};
            entryType* {Date|EntryField|List|Option}; sequenceNumber* num; question* str(1000); numberOfDecimals int; requiredFlag bool; inactiveFlag bool
            """) { Parent = "configurationType/id", ParentTable = "configurationTypes", Shown = "question" },
        new("configurationStatuses", "company/configurations/statuses", "configurationStatus", "Configuration Status", """
            id int; description* str(50); closedFlag bool; defaultFlag bool; connectWiseId! str
            """) { Verbs = "LCGUPDNIiJVW", Shown = "name=description", Info = "description closedFlag defaultFlag" },
    ];
}
