namespace Deskbridge.Sandbox.Autotask.Schema;

/// <summary>Configuration items.</summary>
internal static class AssetEntities
{
    public static readonly IReadOnlyList<Entity> All =
    [
        new("ConfigurationItems", "InstalledProduct", "CU", """
            apiVendorID! int ^; configurationItemCategoryID int @ConfigurationItemCategories; companyID*! int @Companies; companyLocationID int @CompanyLocations
            configurationItemType int ^; contactID int @Contacts; contractID int @Contracts; contractServiceBundleID int @ContractServiceBundles
            contractServiceID int @ContractServices; createDate! time; createdByPersonID! int @Resources; dailyCost num; dattoAvailableKilobytes! long
            dattoDeviceMemoryMegabytes! int; dattoDrivesErrors! bool; dattoHostname! str(255); dattoInternalIP! str(255); dattoKernelVersionID! int ^
            dattoLastCheckInDateTime! time; dattoNICSpeedKilobitsPerSecond! int; dattoNumberOfAgents! int; dattoNumberOfDrives! int; dattoNumberOfVolumes! int
            dattoOffsiteUsedBytes! long; dattoOSVersionID! int ^; dattoPercentageUsed! num; dattoProtectedKilobytes! long; dattoRemoteIP! str(255)
            dattoSerialNumber! str(100); dattoUptimeSeconds! int; dattoUsedKilobytes! long; dattoZFSVersionID! int ^; deviceNetworkingID! str(100); domain str
            domainRegistrarID int; domainRegistrationDateTime time; domainLastUpdatedDateTime time; domainExpirationDateTime time; hourlyCost num
            impersonatorCreatorResourceID! int @Resources; installDate time; installedByContactID! int @Contacts; installedByID! int @Resources; isActive* bool
            lastActivityPersonID! int @Resources; lastActivityPersonType!~ int ^; lastModifiedTime! time; location str(100); monthlyCost num; notes str(5000)
            numberOfUsers num; parentConfigurationItemID int @ConfigurationItems; perUseCost num; productID* int @Products; referenceNumber str(100)
            referenceTitle str(200); rmmDeviceAuditAntivirusStatusID! int ^; rmmDeviceAuditArchitectureID! int ^; rmmDeviceAuditBackupStatusID! int ^
            rmmDeviceAuditDescription! str(255); rmmDeviceAuditDeviceTypeID! int ^; rmmDeviceAuditDisplayAdaptorID! int ^; rmmDeviceAuditDomainID! int ^
            rmmDeviceAuditExternalIPAddress! str(255); rmmDeviceAuditHostname! str(255); rmmDeviceAuditIPAddress! str(255); rmmDeviceAuditLastUser! str(50)
            rmmDeviceAuditMacAddress! str(255); rmmDeviceAuditManufacturerID! int ^; rmmDeviceAuditFirmwareID int; rmmDeviceAuditMemoryBytes! long
            rmmDeviceAuditMissingPatchCount! int; rmmDeviceAuditMobileNetworkOperatorID! int ^; rmmDeviceAuditMobileNumber! str(255); rmmDeviceAuditModelID! int ^
            rmmDeviceAuditMotherboardID! int ^; rmmDeviceAuditOperatingSystem!~ str(255); rmmDeviceAuditPatchStatusID! int ^; rmmDeviceAuditProcessorID! int ^
            rmmDeviceAuditServicePackID! int ^; rmmDeviceAuditSNMPContact! str(255); rmmDeviceAuditSNMPLocation! str(255); rmmDeviceAuditSNMPName! str(255)
            rmmDeviceAuditSoftwareStatusID! int ^; rmmDeviceAuditStorageBytes! long; rmmDeviceID! long; rmmDeviceUID! str(255); rmmVsaxDeviceID str
            rmmOpenAlertCount! int; serialNumber str(100); serviceBundleID int @ServiceBundles; serviceID int @Services; serviceLevelAgreementID int ^
            setupFee num; sourceChargeID int; sourceChargeType int; sslSource str; sslCommonName str; sslValidFromDateTime time; sslValidUntilDateTime time
            sslIssuedBy str; sslOrganization str; sslOrganizationUnit str; sslLocation str; sslSerialNumber str; sslSignatureAlgorithm str
            vendorID int @Companies; warrantyExpirationDate time; rmmIsInMaintenanceMode bool; rmmIsMobileDeviceManagementEnrolled bool; rmmDeviceUrl str
            """) { HasUdfs = true },
        new("ConfigurationItemTypes", "InstalledProductType", "CUD", """
            isActive* bool; name* str(100)
            """),
        new("ConfigurationItemCategories", "InstalledProductCategory", "CU", """
            displayColorRGB* int ^; isActive* bool; isClientPortalDefault bool; isGlobalDefault! bool; name* str(100); nickname str(3)
            """),
    ];
}
