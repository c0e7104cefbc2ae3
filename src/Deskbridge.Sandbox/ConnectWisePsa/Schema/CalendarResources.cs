namespace Deskbridge.Sandbox.ConnectWisePsa.Schema;

/// <summary>Calendars, holidays, charge codes and what hangs on time (reference 5.8 and 5.9).</summary>
internal static class CalendarResources
{
    public static IReadOnlyList<Resource> All { get; } =
    [
        new("calendars", "schedule/calendars", "calendar", "Calendar", """
            id int; name* str; holidayList @holidayLists; mondayStartTime str; mondayEndTime str; tuesdayStartTime str; tuesdayEndTime str
            wednesdayStartTime str; wednesdayEndTime str; thursdayStartTime str; thursdayEndTime str; fridayStartTime str; fridayEndTime str
            saturdayStartTime str; saturdayEndTime str; sundayStartTime str; sundayEndTime str; connectWiseId! str
            """) { Verbs = "LCGUPDNIiJVW", Info = "name holidayList mondayStartTime mondayEndTime tuesdayStartTime tuesdayEndTime wednesdayStartTime wednesdayEndTime thursdayStartTime thursdayEndTime fridayStartTime fridayEndTime saturdayStartTime saturdayEndTime sundayStartTime sundayEndTime" },
        new("holidayLists", "schedule/holidayLists", "holidayList", "Holiday List", """
            id int; name* str(50); connectWiseId! str
            """) { Verbs = "LCGUPDNVW" },
        new("holidays", "schedule/holidayLists/{}/holidays", "holiday", "Holiday", """
            id int; name* str(50); allDayFlag bool; date* str; timeStart str; timeEnd str; holidayList! @holidayLists
            """) { Parent = "holidayList/id", ParentTable = "holidayLists" },
        new("chargeCodes", "time/chargeCodes", "chargeCode", "Charge Code", """
            id int; name* str(50); company* @companies; location @locations; department @departments; billTime {Billable|DoNotBill|NoCharge|NoDefault}
            expenseEntryFlag bool; allowAllExpenseTypeFlag bool; timeEntryFlag bool; workType @workTypes; workRole @workRoles; integrationXref str(50)
            expenseTypeIds int@expenseTypes[]; connectWiseId! str
            """) { Verbs = "LCGUPDNIiJVW", Info = "name location department expenseEntryFlag allowAllExpenseTypeFlag timeEntryFlag workType workRole expenseTypeIds" },
        new("chargeCodeExpenseTypes", "time/chargeCodes/{}/expenseTypes", "chargeCodeExpenseType", "Expense Type", """
            id int; type* @expenseTypes; chargeCode! @chargeCodes
            """) { Parent = "chargeCode/id", ParentTable = "chargeCodes", Shown = "id" },
        new("workRoleLocations", "time/workRoles/{}/locations", "workRoleLocation", "Work Role Location", """
            id int; location* @locations; hourlyRate num; workRole! @workRoles
            """) { Parent = "workRole/id", ParentTable = "workRoles", Shown = "id" },
    ];
}
