using Deskbridge.Sandbox.Autotask.Records;
using Deskbridge.Sandbox.Autotask.Schema;

namespace Deskbridge.Sandbox.Autotask.Rules;

/// <summary>Notes: a title is asked for, and the ticket's activity moves (reference 4.2).</summary>
internal sealed class TicketNoteRules : EntityRules
{
    public override void Check(Change change, Record after, Record? before, ICollection<string> errors)
    {
        if (string.IsNullOrEmpty(after.Text("title"))) errors.Add("Missing Required Field: title");
        if (after["createdByContactID"] is not null && after.Long("publish") != 1) errors.Add("A Note that is created by a Contact must be published to All Autotask Users.");
    }

    public override void Saved(Change change, Record after, Record? before) => Stamps.Activity(change, "Tickets", after.Long("ticketID"));
}

/// <summary>Who helps beside the primary resource.</summary>
internal sealed class SecondaryResourceRules : EntityRules
{
    public override void Check(Change change, Record after, Record? before, ICollection<string> errors)
    {
        var (ticket, resource) = (after.Long("ticketID"), after.Long("resourceID")!.Value);
        if (change.Find("Tickets", ticket)?.Long("assignedResourceID") == resource) errors.Add("The Resource is already the primary Resource.");
        else if (!ResourceRoles.Holds(change, resource, after.Long("roleID")!.Value)) errors.Add("The Ticket has an invalid Resource and Role combination.");
        else if (change.All("TicketSecondaryResources").Any(s => s.Long("ticketID") == ticket && s.Long("resourceID") == resource)) errors.Add("The Resource is already a secondary Resource.");
    }

    public override void Saved(Change change, Record after, Record? before) => Stamps.Activity(change, "Tickets", after.Long("ticketID"));
}

/// <summary>Who ticked an item off, and when.</summary>
internal sealed class ChecklistItemRules : EntityRules
{
    public override void Complete(Change change, Record after, Record? before)
    {
        var done = after.Flag("isCompleted");
        if (done && before?.Flag("isCompleted") == true) return;
        after["completedDateTime"] = done ? change.Now : null;
        after["completedByResourceID"] = done ? change.By.Resource : null;
    }
}

/// <summary>Files on tickets and notes: their kind follows from the name, large ones and many at once are refused (reference 1.4, 4.3).</summary>
internal sealed class AttachmentRules(string parent) : EntityRules
{
    private const int LargestFile = 7_000_000;
    private const long MostBytes = 10_000_000;
    private const long OnTicket = 4, OnNote = 11;

    private static readonly TimeSpan Window = TimeSpan.FromMinutes(5);

    private static readonly Dictionary<string, string> Kinds = new(StringComparer.OrdinalIgnoreCase)
    {
        [".txt"] = "text/plain",
        [".log"] = "text/plain",
        [".csv"] = "text/csv",
        [".eml"] = "message/rfc822",
        [".htm"] = "text/html",
        [".html"] = "text/html",
        [".json"] = "application/json",
        [".xml"] = "text/xml",
        [".pdf"] = "application/pdf",
        [".zip"] = "application/zip",
        [".png"] = "image/png",
        [".jpg"] = "image/jpeg",
        [".jpeg"] = "image/jpeg",
        [".gif"] = "image/gif",
        [".docx"] = "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        [".xlsx"] = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    };

    private static readonly string[] Refused = [".exe", ".bat", ".cmd", ".com", ".js", ".vbs", ".ps1", ".scr"];

    public override void Complete(Change change, Record after, Record? before)
    {
        var above = after.Long("parentID");
        if (parent == "Tickets") after["ticketID"] = above;
        else (after["ticketNoteID"], after["ticketID"]) = (above, change.Find("TicketNotes", above)?.Long("ticketID"));
        after["parentType"] = parent == "Tickets" ? OnTicket : OnNote;
        after["contentType"] = Kinds.GetValueOrDefault(Path.GetExtension(after.Text("fullPath") ?? ""), "application/octet-stream");
        after["fileSize"] = (decimal)Size(after);
    }

    public override void Check(Change change, Record after, Record? before, ICollection<string> errors)
    {
        if (after.Text("data") is { } data && !Convert.TryFromBase64String(data, new byte[data.Length], out _)) errors.Add("data is not a valid base64 string.");
        if (Refused.Contains(Path.GetExtension(after.Text("fullPath")), StringComparer.OrdinalIgnoreCase)) errors.Add("The file type is not allowed.");
        if (Size(after) > LargestFile) errors.Add($"The attachment exceeds the maximum size of {LargestFile} bytes.");
        var recent = change.All("TicketAttachments").Concat(change.All("TicketNoteAttachments")).Where(a => a.Time("attachDate") > change.Now - Window).Sum(Size);
        if (recent + Size(after) > MostBytes) errors.Add($"The attachments created in the last 5 minutes exceed {MostBytes} bytes. Try again in 5 minutes.");
    }

    public override void Saved(Change change, Record after, Record? before) => Stamps.Activity(change, "Tickets", after.Long("ticketID"));

    public override void Deleted(Change change, Record gone) => ActivityLog.Add(change, 3, gone.Long("ticketID"), gone.Text("title"), gone.Long("attachedByResourceID"), gone.Time("attachDate"));

    private static long Size(Record attachment) => (attachment.Text("data")?.Length ?? 0) / 4L * 3;
}

/// <summary>The trace that deleted time entries and attachments leave.</summary>
internal static class ActivityLog
{
    public static void Add(Change change, long type, long? ticket, string? title, long? creator, DateTimeOffset? at, decimal hours = 0)
    {
        if (change.Find("Tickets", ticket) is not { } of) return;
        change.Add(Entities.Of("DeletedTicketActivityLogs"), new Record
        {
            ["typeID"] = type,
            ["ticketID"] = ticket,
            ["ticketNumber"] = of.Text("ticketNumber"),
            ["noteOrAttachmentTitle"] = title ?? "",
            ["createdByResourceID"] = creator,
            ["activityDateTime"] = at,
            ["startDateTime"] = at,
            ["endDateTime"] = at,
            ["hoursWorked"] = hours,
            ["deletedByResourceID"] = change.By.Resource,
            ["deletedDateTime"] = change.Now,
        });
        Stamps.Activity(change, "Tickets", ticket);
    }
}
