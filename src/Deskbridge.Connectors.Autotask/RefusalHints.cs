namespace Deskbridge.Connectors.Autotask;

/// <summary>What to do about texts with which Autotask refuses (reference 1.3). It says what is wrong and never where to mend it. Pure.</summary>
internal static class RefusalHints
{
    private static readonly (string Part, string? Field, string Fix)[] Known =
    [
        ("Resource and Role combination", TicketFields.Owner, RoleFix),
        ("assignedResourceID and assignedResourceRoleID", TicketFields.Owner, RoleFix),
        ("There is no row at position 0", TicketFields.Owner, RoleFix),
        ("field: assignedResourceRoleID", TicketFields.Owner, RoleFix),
        ("field: assignedResourceID", TicketFields.Owner, ActiveFix),
        ("assignedResourceID: Value", TicketFields.Owner, ActiveFix),
        ("already the primary Resource", TicketFields.Owner, "The resource stands on the ticket twice: take it off the secondary resources."),
        ("does not exist for", null, "The value is not active in Autotask any more, or never was there: choose another one in the settings of the connection, or activate it under Admin > Features & Settings > Service Desk (Tickets)."),
        ("Missing Required Field", null, "The ticket's category demands that field: fill it in on the ticket, or take the demand out of the category under Admin > Features & Settings > Service Desk (Tickets) > Ticket Categories."),
        ("does not exist or is invalid", null, "What the ticket refers to was deactivated or deleted in Autotask, and it takes no change of such a ticket: activate it again, or choose another on the ticket."),
        ("is not associated", null, "The ticket names something of another company: correct that on the ticket."),
        ("cannot be associated", null, "The ticket names something of another company: correct that on the ticket."),
    ];

    private const string RoleFix = "The resource must hold an active role in a service desk queue: Admin > Resources/Users (HR) > the resource > Associations > Queues.";
    private const string ActiveFix = "The resource is not active, or no user who can be assigned: activate it under Admin > Resources/Users (HR), or choose another member for the person on the connection's page People.";

    /// <summary>The field that a text is about though it does not name it; null when that is not known.</summary>
    public static string? FieldOf(IEnumerable<string> texts) => Of(texts).Field;

    /// <summary>Where to mend it; empty when that is not known.</summary>
    public static string FixOf(IEnumerable<string> texts) => Of(texts).Fix is { } fix ? " " + fix : "";

    private static (string? Field, string? Fix) Of(IEnumerable<string> texts)
    {
        foreach (var text in texts)
        {
            foreach (var (part, field, fix) in Known)
            {
                if (text.Contains(part, StringComparison.OrdinalIgnoreCase)) return (field, fix);
            }
        }

        return (null, null);
    }
}
