namespace Deskbridge.Sandbox.ConnectWisePsa.Schema;

/// <summary>Workflow rules (reference 7).</summary>
internal static class WorkflowResources
{
    public static IReadOnlyList<Resource> All { get; } =
    [
        new("workflows", "system/workflows", "workflow", "Workflow", """
            id int; name* str(100); tableType* @workflowTableTypes; location @locations; department @departments; activateFlag bool; batchInterval int;
            batchFrequencyUnit {Minutes|Hours|Days}; batchLastRan! time; batchSchedule {AnyTime|MyCompanyOfficeHours|SlaHours}; board @boards;
            connectWiseID! str
            """) { FirstId = 31 },
        new("workflowEvents", "system/workflows/{}/events", "workflowEvent", "Workflow Event", """
            id int; name str; eventCondition* str; frequencyUnit {Minutes|Hours|Days|Months}; frequencyOfExecution int; maxNumberOfExecution int;
            executionTime {Once|MultipleTimes|Continuously}; dateTestedUTC! time; testRecordsMatched! int; parentId! int; parentConnectWiseId! str;
            connectWiseID! str
            """) { Parent = "parentId", ParentTable = "workflows", FlatPath = "system/workflows/events", FirstId = 81 },
        new("workflowActions", "system/workflows/{}/events/{}/actions", "workflowAction", "Workflow Action", """
            id int; notifyType* @workflowNotifyTypes; notifyWho @notificationRecipients; specificMemberTo @members; emailRecipient str(250);
            notifyFrom @notificationRecipients; specificMemberFrom @members; emailFrom str(250); ccContact @contacts; bccContact @contacts;
            subject str(100); notes str; activityStatus @activityStatuses; activityType @activityTypes; attachedTrack @tracks; daysToExecute int; board @boards; boardStatus @statuses;
            serviceType @types; serviceSubType @subTypes; serviceItem @items; group @groups; serviceTemplate @serviceTemplates; invoiceMinDays int; automateScript @automateScripts;
            scriptSuccessStatus @statuses; scriptFailStatus @statuses; detailNotesFlag bool; internalNotesFlag bool; auditNotesFlag bool;
            servicePriority @priorities; updateOwnerFlag bool; salesOrderStatus @salesOrderStatuses; projectStatus @projectStatuses; companyStatus @companyStatuses; attachments int@documents[];
            serviceSurvey @serviceSurveys; specificTeamTo @teams; attachConfigurationsFor {Company|Contact}; configurationType @configurationTypes;
            configurationStatus @configurationStatuses; parentId! int; grandParentId! int; parentConnectWiseId! str; grandParentConnectWiseId! str;
            connectWiseID! str
            """) { Parent = "parentId", ParentTable = "workflowEvents", FlatPath = "system/workflows/events/actions", Shown = "id", FirstId = 111 },
        new("automateParameters", "system/workflowActions/{}/automateParameters", "workflowActionAutomateParameter", "Automate Parameter", """
            id int; name* str; value str; parentId! int; parentConnectWiseId! str; connectWiseID! str
            """) { Parent = "parentId", ParentTable = "workflowActions", FlatPath = "system/workflowActions/automateParameters" },
        new("workflowActionFields", "system/workflows/userdefinedfields", "workflowActionUserDefinedField", "Workflow Action Field", """
            id int; eventId! int; actionId int; caption! str; userDefinedFieldId int; value str; overwriteFlag bool; podDescription! str; fieldTypeId! str;
            entryTypeId! str; requiredFlag! bool; inactiveFlag bool; parentId! int; grandParentId! int; parentConnectWiseId! str;
            grandParentConnectWiseId! str; connectWiseID! str
            """) { Verbs = "UP", Parent = "actionId", ParentTable = "workflowActions", Shown = "caption" },
        new("workflowNotifyTypes", "system/workflows/notifyTypes", "workflowNotifyType", "Notify Type", """
            id int; identifier str; name str; isSetupFlag bool; externalFlag bool; parentId int; parentConnectWiseId str; connectWiseID! str
            """) { Verbs = "", Shown = "identifier name", Info = "identifier name isSetupFlag" },
        new("workflowTableTypes", "system/workflows/tableTypes", "workflowTableType", "Table Type", """
            id int; identifier str; name str; connectWiseID! str
            """) { Verbs = "LGNIiJ", Shown = "identifier name", Info = "identifier name" },
        new("notificationRecipients", "system/notificationRecipients", "notificationRecipient", "Notification Recipient", """
            id int; identifier str; name str; externalFlag bool; serviceFlag bool; salesFlag bool; invoiceFlag bool; agreementFlag bool; memberFlag bool;
            configFlag bool; mspFlag bool; trackFlag bool; projectFlag bool; procurementFlag bool; knowledgeBaseFlag bool; connectWiseId! str
            """) { Verbs = "LGN", Shown = "identifier name" },
    ];
}
