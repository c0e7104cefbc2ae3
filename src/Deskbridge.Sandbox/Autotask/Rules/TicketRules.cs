using System.Globalization;
using Deskbridge.Sandbox.Autotask.Records;
using Deskbridge.Sandbox.Autotask.Schema;

namespace Deskbridge.Sandbox.Autotask.Rules;

/// <summary>The rules of tickets (reference 4.1).</summary>
internal sealed class TicketRules : EntityRules
{
    public const long New = 1, Done = 5;

    private static readonly string[] Noise = ["lastActivityDate", "lastActivityResourceID", "lastActivityPersonType"];

    public override void Complete(Change change, Record after, Record? before)
    {
        after["ticketNumber"] ??= Number(change);
        var completed = after.Long("status") == Done;
        if (completed && before?.Long("status") != Done)
        {
            after["completedDate"] = change.Now;
            after["completedByResourceID"] = change.By.Resource;
            after["resolvedDateTime"] = change.Now;
        }

        if (completed) return;
        foreach (var name in (string[])["completedDate", "completedByResourceID", "resolvedDateTime"]) after[name] = null;
    }

    public override void Check(Change change, Record after, Record? before, ICollection<string> errors)
    {
        var (resource, role) = (after.Long("assignedResourceID"), after.Long("assignedResourceRoleID"));
        if (resource is null != role is null)
            errors.Add("Data violation: When assigning a Resource, you must assign both a assignedResourceID and assignedResourceRoleID.");
        else if (resource is null && after["queueID"] is null)
            errors.Add("assignedResourceID, assignedResourceRoleID, and queueID cannot all be empty. Supply a queueID or both an assignedResourceID and assignedResourceRoleID.");
        else if (resource is not null && (before is null || before.Long("assignedResourceID") != resource || before.Long("assignedResourceRoleID") != role)) Assign(change, after, resource.Value, role!.Value, errors);
        Belongs(change, after, errors);
    }

    public override void Saved(Change change, Record after, Record? before)
    {
        if (before is null)
        {
            History(change, after.Id, "Created", $"Ticket {after.Text("ticketNumber")} created");
            return;
        }

        foreach (var name in Record.Changed(before, after).Except(Noise, StringComparer.Ordinal))
            History(change, after.Id, "Edited", $"{name} changed from {Values.Text(before[name])} to {Values.Text(after[name])}");
    }

    public override void Deleted(Change change, Record gone) => change.Add(Entities.Of("DeletedTicketLogs"), new Record
    {
        ["ticketID"] = gone.Id,
        ["ticketNumber"] = gone.Text("ticketNumber"),
        ["ticketTitle"] = gone.Text("title"),
        ["deletedByResourceID"] = change.By.Resource,
        ["deletedDateTime"] = change.Now,
    });

    private static void Assign(Change change, Record ticket, long resource, long role, ICollection<string> errors)
    {
        var name = ticket.Text("title");
        if (change.Find("Resources", resource)?.Text("resourceType") == ApiUser.ResourceType) errors.Add($"The Ticket \"{name}\" cannot be assigned to an API user.");
        else if (!ResourceRoles.Holds(change, resource, role)) errors.Add($"The Ticket \"{name}\" has an invalid Resource and Role combination.");
        if (change.All("TicketSecondaryResources").Any(s => s.Long("ticketID") == ticket.Id && s.Long("resourceID") == resource))
            errors.Add("The Resource is already a secondary Resource.");
    }

    private static void Belongs(Change change, Record ticket, ICollection<string> errors)
    {
        var company = ticket.Long("companyID");
        long? Of(string entity, string field) => change.Find(entity, ticket.Long(field))?.Long("companyID");
        if (Of("Contacts", "contactID") is { } contact && contact != company && contact != change.Find("Companies", company)?.Long("parentCompanyID"))
            errors.Add("contactID is not associated to the companyID or its Parent Company");
        if (Of("ConfigurationItems", "configurationItemID") is { } asset && asset != company)
            errors.Add($"The configurationItemID [{ticket.Long("configurationItemID")}] is not associated with Company [{company}]");
        if (Of("CompanyLocations", "companyLocationID") is { } location && location != company)
            errors.Add($"The companyLocationID[{ticket.Long("companyLocationID")}] cannot be associated with the Ticket. The CompanyLocation must belong to the Ticket's, ConfigurationItem's, or the Contact's Company.");
    }

    private static void History(Change change, long ticket, string action, string detail) => change.Add(Entities.Of("TicketHistory"), new Record
    {
        ["ticketID"] = ticket,
        ["action"] = action,
        ["date"] = change.Now,
        ["detail"] = detail.Length > 1800 ? detail[..1800] : detail,
        ["resourceID"] = change.By.Resource,
    });

    // Counted within the day.
    private static string Number(Change change)
    {
        var day = change.Now.ToString("'T'yyyyMMdd'.'", CultureInfo.InvariantCulture);
        var number = change.Next(day, () => change.All("Tickets").Select(t => t.Text("ticketNumber")!)
            .Where(n => n.StartsWith(day, StringComparison.Ordinal))
            .Select(n => int.Parse(n.AsSpan(day.Length), CultureInfo.InvariantCulture)).DefaultIfEmpty(0).Max());
        return string.Create(CultureInfo.InvariantCulture, $"{day}{number:0000}");
    }
}

/// <summary>The API user of the sandbox.</summary>
internal static class ApiUser
{
    public const long Resource = 29_682_940;

    /// <summary>An API user has no license to work on tickets.</summary>
    public const string ResourceType = "API User";
}

/// <summary>Who may work in which role. ResourceRoles is a view of three other tables.</summary>
internal static class ResourceRoles
{
    /// <summary>Whether a resource holds an active role, and one that a queue can have.</summary>
    public static bool Holds(Change change, long resource, long role) =>
        change.Find("Roles", role)?.Flag("isActive") == true
        && change.All("ResourceServiceDeskRoles").Any(r => r.Long("resourceID") == resource && r.Long("roleID") == role && r.Flag("isActive"))
        && change.All("ResourceRoleQueues").Any(q => q.Long("resourceID") == resource);
}
