namespace Deskbridge.Sandbox.ConnectWisePsa.Schema;

/// <summary>Schedule and time (reference 5.8 and 5.9).</summary>
internal static class ScheduleResources
{
    public static IReadOnlyList<Resource> All { get; } =
    [
        new("scheduleEntries", "schedule/entries", "scheduleEntry", "Schedule Entry", """
            id int; objectId int; name str(250); member @members; where @serviceLocations; dateStart time; dateEnd time; reminder @reminders;
            status @scheduleStatuses; type* @scheduleTypes; span @scheduleSpans; doneFlag bool; acknowledgedFlag bool; ownerFlag! bool; meetingFlag bool;
            allowScheduleConflictsFlag bool; addMemberToProjectFlag^ bool; projectRoleId int@projectSecurityRoles; mobileGuid! str; acknowledgedDate! time; closeDate! time;
            notifyResource^ bool; notificationSent! bool; notificationResponse str; hours num; startTimeSet bool; endTimeSet bool; ticketType! str
            """) { Callback = "schedule", FirstId = 4401, Shown = "description=name" },
        new("scheduleTypes", "schedule/types", "scheduleType", "Schedule Type", """
            id int; name* str(50); identifier* str(1); chargeCode @chargeCodes; where @serviceLocations; systemFlag bool; connectWiseId! str
            """) { Verbs = "LCGUPDNIiJVW", Shown = "identifier", Info = "name identifier chargeCode where systemFlag" },
        new("scheduleStatuses", "schedule/statuses", "scheduleStatus", "Schedule Status", """
            id int; name* str(30); defaultFlag bool; showAsTentativeFlag bool; connectWiseId! str
            """) { Verbs = "LCGUPDNIiJ", Info = "name defaultFlag showAsTentativeFlag" },
        new("reminders", "schedule/reminderTimes", "reminderTime", "Reminder", """
            id int; name str(10); time int; defaultFlag bool; connectWiseId! str
            """) { Verbs = "LGUPN" },
        new("timeEntries", "time/entries", "timeEntry", "Time Entry", """
            id int; company @companies; companyType str; chargeToId int; chargeToType {Company|ServiceTicket|ProjectTicket|ChargeCode|Activity};
            member @members; locationId int@locations; businessUnitId int@departments; businessGroupDesc str; location @locations; department @departments/name; workType @workTypes;
            workRole @workRoles; agreement @agreements; agreementType str; activity @activities; opportunityRecid int; projectActivity str; territory str; timeStart* time;
            timeEnd time; hoursDeduct num; actualHours num; billableOption {Billable|DoNotBill|NoCharge|NoDefault}; notes str; internalNotes str;
            addToDetailDescriptionFlag bool; addToInternalAnalysisFlag bool; addToResolutionFlag bool; emailResourceFlag bool; emailContactFlag bool;
            emailCcFlag bool; emailCc str; hoursBilled! num; invoiceHours! num; hourlyCost str; enteredBy! str; dateEntered! time; invoice @invoices;
            mobileGuid! str; hourlyRate num; overageRate num; agreementHours num; agreementAmount num; agreementAdjustment num; adjustment num;
            invoiceReady int; timeSheet! @timeSheets;
            status {Open|Rejected|PendingApproval|ErrorsCorrected|PendingProjectApproval|ApprovedByTierOne|RejectBySecondTier|ApprovedByTierTwo|ReadyToBill|Billed|WrittenOff|BilledAgreement};
            ticket @tickets+projectTickets; project @projects; phase @projectPhases; ticketBoard! str; ticketStatus! str; ticketType! str; ticketSubType! str; invoiceFlag bool;
            extendedInvoiceAmount num; locationName str; taxCode @taxCodes; customFields custom
            """) { Callback = "time", FirstId = 901, Shown = "id", PodName = "Time Entry" },
        new("workTypes", "time/workTypes", "workType", "Work Type", """
            id int; name* str(50); billTime* {Billable|DoNotBill|NoCharge}; rateType* {AdjAmount|Custom|Multiplier}; rate* num; hoursMin num; hoursMax num;
            roundBillHoursTo num; accrualType {Holiday|PTO|Sick|Vacation}; inactiveFlag bool; overallDefaultFlag bool; activityDefaultFlag bool;
            utilizationFlag bool; costMultiplier num; integrationXRef str(50); addAllAgreementExclusions bool; connectWiseId! str
            """) { Verbs = "LCGUPDNIiJVW", Info = "name defaultFlag=overallDefaultFlag inactiveFlag activityDefaultFlag" },
        new("workRoles", "time/workRoles", "workRole", "Work Role", """
            id int; name* str(50); hourlyRate num; integrationXref str(50); inactiveFlag bool; addAllLocations bool; removeAllLocations bool;
            addAllAgreementExclusions bool; locationIds int@locations[]; connectWiseId! str
            """) { Verbs = "LCGUPDNIiJVW", Info = "name inactiveFlag" },
    ];
}
