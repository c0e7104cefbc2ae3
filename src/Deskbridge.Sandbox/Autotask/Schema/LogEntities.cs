namespace Deskbridge.Sandbox.Autotask.Schema;

/// <summary>What the system writes down itself, and the definitions of user-defined fields.</summary>
internal static class LogEntities
{
    public static readonly IReadOnlyList<Entity> All =
    [
        new("TicketHistory", "TicketHistory", "", """
            id*!~ long; action*!~ str(100); date*!~ time; detail*!~ str(1800); resourceID*!~ int @Resources; ticketID*! int @Tickets
            """),
        new("ServiceLevelAgreementResults", "ServiceLevelAgreementResults", "", """
            firstResponseElapsedHours! num; firstResponseInitiatingResourceID! int @Resources; firstResponseResourceID! int @Resources; isFirstResponseMet bool
            isResolutionMet bool; isResolutionPlanMet bool; resolutionElapsedHours! num; resolutionPlanElapsedHours! num; resolutionPlanResourceID! int @Resources
            resolutionResourceID! int @Resources; serviceLevelAgreementName! str(100); ticketID! int @Tickets
            """),
        new("NotificationHistory", "NotificationHistory", "", """
            companyID! long @Companies; entityNumber! str(50) ^; entityTitle! str(2000) ^; initiatingContactID! long @Contacts
            initiatingResourceID! long @Resources; isActive*! bool; isDeleted*! bool; isTemplateJob*! bool; notificationHistoryTypeID! int ^
            notificationSentTime! time; opportunityID! long @Opportunities; projectID! long @Projects; quoteID! long @Quotes; recipientDisplayName! str(200)
            recipientEmailAddress! str(2000); taskID! long @Tasks; templateName! str(100); ticketID! long @Tickets; timeEntryID! long @TimeEntries
            """),
        new("DeletedTicketLogs", "DeletedTicketLog", "", """
            ticketID*! int @Tickets; ticketNumber*! str(50); ticketTitle*! str(255); deletedByResourceID*! int @Resources; deletedDateTime*! time
            """),
        new("DeletedTicketActivityLogs", "DeletedTicketActivityLog", "", """
            typeID*! int ^; ticketID*! int @Tickets; ticketNumber*! str(50); noteOrAttachmentTitle*! str(255); createdByResourceID*! int @Resources
            activityDateTime*! time; startDateTime*! time; endDateTime*! time; hoursWorked*! num; deletedByResourceID*! int @Resources; deletedDateTime*! time
            """),
        new("WebhookEventErrorLogs", "WebhookEventErrorLog", "D", """
            accountWebhookID! int @CompanyWebhooks; contactWebhookID! int @ContactWebhooks; createDateTime! time; errorMessage! str(8000); payload! str(8000)
            sequenceNumber! int
            """),
        new("UserDefinedFieldDefinitions", "UserDefinedFieldDefinition", "CU", """
            createDate! time; crmToProjectUdfId long; dataType* int ^; defaultValue str(1024); description str(128); displayFormat int ^; isActive bool
            isEncrypted bool; isFieldMapping! bool; isPrivate bool; isProtected bool; isRequired bool; isVisibleToClientPortal bool; mergeVariableName str(100)
            name* str(45); numberOfDecimalPlaces int; sortOrder int; udfType* int ^
            """),
    ];
}
