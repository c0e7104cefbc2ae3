using Deskbridge.Sandbox.Autotask.Records;

namespace Deskbridge.Sandbox.Autotask.Rules;

/// <summary>Time: on tickets it needs a role that the resource holds, and a start and end (reference 4.5).</summary>
internal sealed class TimeEntryRules : EntityRules
{
    private const long OnTicket = 2, General = 10;
    private const int MostHours = 24;

    public override void Complete(Change change, Record after, Record? before)
    {
        if (before is not null) after["ticketID"] = before["ticketID"]; // silently, as the vendor does
        after["timeEntryType"] = after["ticketID"] is null ? General : OnTicket;
        if (after.Time("startDateTime") is not { } start || after.Time("endDateTime") is not { } end) return;
        after["dateWorked"] ??= new DateTimeOffset(start.UtcDateTime.Date, TimeSpan.Zero);
        after["hoursWorked"] = Math.Round((decimal)(end - start).TotalHours, 4);
        after["hoursToBill"] = after.Flag("isNonBillable") ? 0m : after["hoursWorked"];
    }

    public override void Check(Change change, Record after, Record? before, ICollection<string> errors)
    {
        if (after["hoursWorked"] is decimal and (<= 0 or > MostHours)) errors.Add("hoursWorked must be greater than 0 and less than or equal to 24.");
        if (change.Find("Resources", after.Long("resourceID"))?.Text("resourceType") == ApiUser.ResourceType) errors.Add("The resourceID of a TimeEntry cannot be an API user.");
        if (after["ticketID"] is null) return;
        if (after.Long("roleID") is not { } role) errors.Add("TimeEntries for Tickets must have a roleID.");
        else if (!ResourceRoles.Holds(change, after.Long("resourceID")!.Value, role)) errors.Add("There is no row at position 0.");
        if (after["startDateTime"] is null || after["endDateTime"] is null) errors.Add("TimeEntries for Service tickets require a start and stop time.");
    }

    public override void Saved(Change change, Record after, Record? before) => Stamps.Activity(change, "Tickets", after.Long("ticketID"));

    public override void Deleted(Change change, Record gone) =>
        ActivityLog.Add(change, 2, gone.Long("ticketID"), gone.Text("summaryNotes"), gone.Long("resourceID"), gone.Time("startDateTime"), gone["hoursWorked"] as decimal? ?? 0);
}

/// <summary>A service call lasts from its start to its end.</summary>
internal sealed class ServiceCallRules : EntityRules
{
    public override void Complete(Change change, Record after, Record? before)
    {
        if (after.Time("startDateTime") is { } start && after.Time("endDateTime") is { } end) after["duration"] = Math.Round((decimal)(end - start).TotalHours, 4);
        after["isComplete"] ??= 0L;
    }

    public override void Check(Change change, Record after, Record? before, ICollection<string> errors)
    {
        if (after.Time("endDateTime") < after.Time("startDateTime")) errors.Add("endDateTime must be later than startDateTime.");
    }
}
