namespace Deskbridge.Sandbox.Autotask.Schema;

/// <summary>Tickets and what hangs on them.</summary>
internal static class TicketEntities
{
    public static readonly IReadOnlyList<Entity> All =
    [
        new("Tickets", "Ticket", "CU", """
            apiVendorID! int ^; assignedResourceID int @Resources; assignedResourceRoleID int @Roles; billingCodeID int @BillingCodes; changeApprovalBoard int ^
            changeApprovalStatus int ^; changeApprovalType int ^; changeInfoField1 str(8000); changeInfoField2 str(8000); changeInfoField3 str(8000)
            changeInfoField4 str(8000); changeInfoField5 str(8000); companyID* int @Companies; companyLocationID int @CompanyLocations
            completedByResourceID! int @Resources; completedDate! time; configurationItemID int @ConfigurationItems; contactID int @Contacts
            contractID int @Contracts; contractServiceBundleID long @ContractServiceBundles; contractServiceID long @ContractServices; createDate! time
            createdByContactID int @Contacts; creatorResourceID! int @Resources; creatorType!~ int ^; currentServiceThermometerRating! int ^
            description str(8000); dueDateTime time; estimatedHours num; externalID str(50); firstResponseAssignedResourceID! int; firstResponseDateTime! time
            firstResponseDueDateTime! time; firstResponseInitiatingResourceID! int; hoursToBeScheduled! num; impersonatorCreatorResourceID! int @Resources
            isAssignedToComanaged bool; issueType int ^; isVisibleToComanaged bool; lastActivityDate! time; lastActivityPersonType!~ int ^
            lastActivityResourceID! int @Resources; lastCustomerNotificationDateTime! time; lastCustomerVisibleActivityDateTime! time
            lastTrackedModificationDateTime! time; monitorID long; monitorTypeID int ^; opportunityID int @Opportunities
            organizationalLevelAssociationID int @OrganizationalLevelAssociations; previousServiceThermometerRating! int ^; priority* int ^
            problemTicketId int @Tickets; projectID int @Projects; purchaseOrderNumber str(50); queueID int ^; resolution str(32000); resolutionPlanDateTime! time
            resolutionPlanDueDateTime! time; resolvedDateTime! time; resolvedDueDateTime! time; rmaStatus int ^; rmaType int ^; rmmAlertID str(50)
            serviceLevelAgreementHasBeenMet! bool; serviceLevelAgreementID int ^; serviceLevelAgreementPausedNextEventHours!~ num
            serviceThermometerTemperature! int; source int ^; status* int ^; subIssueType int ^issueType; ticketCategory int ^; ticketNumber str(50)
            ticketType int ^; title* str(255)
            """) { HasUdfs = true },
        new("TicketNotes", "TicketNote", "CU", """
            createDateTime! time; createdByContactID int @Contacts; creatorResourceID! int @Resources; description* str(32000)
            impersonatorCreatorResourceID! int @Resources; impersonatorUpdaterResourceID! int @Resources; lastActivityDate! time; noteType* int ^; publish* int ^
            ticketID* int @Tickets; title str(250)
            """) { Parent = new("Tickets", "ticketID", "Notes"), WritesUnderParent = true },
        new("TicketAttachments", "TicketAttachment", "CD", """
            attachDate! time; attachedByContactID long @Contacts; attachedByResourceID! long @Resources; attachmentType* str(30) ^; contentType! str(100)
            creatorType!~ int ^; fileSize!~ num; fullPath* str(255); impersonatorCreatorResourceID! int @Resources; opportunityID! long @Opportunities
            parentAttachmentID int; parentID! long; publish* int ^; ticketID int; ticketNoteID int; timeEntryID int; title* str(255); data*~ data
            parentType*! int ^
            """) { Parent = new("Tickets", "parentID", "Attachments"), WritesUnderParent = true },
        new("TicketNoteAttachments", "TicketNoteAttachment", "CD", """
            attachDate! time; attachedByContactID long @Contacts; attachedByResourceID! long @Resources; attachmentType* str(30) ^; contentType! str(100)
            creatorType!~ int ^; fileSize!~ num; fullPath* str(255); impersonatorCreatorResourceID! int @Resources; opportunityID! long @Opportunities
            parentID! long; publish* int ^; ticketID int; ticketNoteID int; title* str(255); data*~ data; parentType*! int ^
            """) { Parent = new("TicketNotes", "parentID", "Attachments"), WritesUnderParent = true },
        new("AttachmentInfo", "AttachmentInfo", "", """
            articleID int; attachDate! time; attachedByContactID long @Contacts; attachedByResourceID! long @Resources; attachmentType*! str(30) ^; companyID int
            companyNoteID int; configurationItemID int; configurationItemNoteID int; contentType! str(100); contractID int; contractNoteID int
            creatorType!~ int ^; documentID int; expenseItemID int; expenseReportID int; fileSize!~ num; fullPath*! str(255)
            impersonatorCreatorResourceID! int @Resources; opportunityID! long @Opportunities; parentAttachmentID int; parentID! long; parentType*! int ^
            projectID int; projectNoteID int; publish*! int ^; resourceID int; salesOrderID int; taskID int; taskNoteID int; ticketID int; ticketNoteID int
            timeEntryID int; title*! str(255)
            """),
        new("TicketSecondaryResources", "TicketSecondaryResource", "CD", """
            resourceID* long @Resources; roleID* long @Roles; ticketID* long @Tickets
            """) { Parent = new("Tickets", "ticketID", "SecondaryResources"), WritesUnderParent = true },
        new("TicketAdditionalConfigurationItems", "TicketAdditionalInstalledProduct", "CD", """
            configurationItemID* int @ConfigurationItems; ticketID* int @Tickets
            """) { Parent = new("Tickets", "ticketID", "AdditionalConfigurationItems"), WritesUnderParent = true },
        new("TicketAdditionalContacts", "TicketAdditionalContact", "CD", """
            contactID* int @Contacts; ticketID* int @Tickets
            """) { Parent = new("Tickets", "ticketID", "AdditionalContacts"), WritesUnderParent = true },
        new("TicketChangeRequestApprovals", "TicketChangeRequestApproval", "CD", """
            approveRejectDateTime! time; approveRejectNote str(2000); contactID int @Contacts; isApproved bool; resourceID int @Resources; ticketID* int @Tickets
            """) { Parent = new("Tickets", "ticketID", "ChangeRequestApprovals"), WritesUnderParent = true },
        new("ChangeRequestLinks", "ChangeRequestLink", "CD", """
            changeRequestTicketID* int @Tickets; problemOrIncidentTicketID* int @Tickets
            """),
        new("TicketChecklistItems", "TicketChecklistItem", "CUD", """
            completedByResourceID! int @Resources; completedDateTime! time; isCompleted bool; isImportant bool; itemName* str(255); knowledgebaseArticleID int ^
            position int; ticketID*! int @Tickets
            """) { Parent = new("Tickets", "ticketID", "ChecklistItems"), WritesUnderParent = true },
        new("TicketCategories", "TicketCategory", "U", """
            displayColorRGB* int ^; isActive* bool; isApiOnly bool; isGlobalDefault! bool; name* str(30); nickname str(3)
            """),
        new("TicketCategoryFieldDefaults", "TicketCategoryFieldDefaults", "", """
            description! str(8000); estimatedHours! num; issueTypeID! int ^; organizationalLevelAssociationID! int @OrganizationalLevelAssociations
            priority! int ^; purchaseOrderNumber! str(50); queueID! int ^; resolution! str(8000); serviceLevelAgreementID! int ^; sourceID! int ^; status! int ^
            subIssueTypeID! int ^; ticketCategoryID*! int @TicketCategories; ticketTypeID! int ^; title! str(255); workTypeID! int @BillingCodes
            """) { Parent = new("TicketCategories", "ticketCategoryID", "FieldDefaults") },
    ];
}
