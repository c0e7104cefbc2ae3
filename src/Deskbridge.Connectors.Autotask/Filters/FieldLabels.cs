using System.Text;

namespace Deskbridge.Connectors.Autotask.Filters;

/// <summary>What fields of tickets are called on Autotask's own pages. Its API tells labels of user-defined fields only.</summary>
internal static class FieldLabels
{
    /// <summary>The fields that people ask for most, in the order they are offered.</summary>
    private static readonly (string Field, string Label)[] First =
    [
        (TicketSchema.Status, "Status"), (TicketSchema.Priority, "Priority"), (TicketSchema.Queue, "Queue"), ("companyID", "Company"), ("title", "Title"),
        ("issueType", "Issue type"), ("subIssueType", "Sub-issue type"), ("source", "Source"), (TicketSchema.Type, "Ticket type"), ("ticketCategory", "Ticket category"),
        ("assignedResourceID", "Primary resource"), ("createDate", "Created"), ("dueDateTime", "Due"),
    ];

    private static readonly Dictionary<string, string> Known = First.Concat(
        [
            ("assignedResourceRoleID", "Role of the primary resource"), ("billingCodeID", "Work type"), ("creatorResourceID", "Created by"), ("completedDate", "Completed"),
            ("completedByResourceID", "Completed by"), ("firstResponseDateTime", "First response"), ("firstResponseDueDateTime", "First response due"), ("resolvedDateTime", "Resolved"),
            ("resolvedDueDateTime", "Resolution due"), ("resolutionPlanDateTime", "Resolution plan"), ("resolutionPlanDueDateTime", "Resolution plan due"),
            ("serviceLevelAgreementID", "Service level agreement"), ("lastActivityDate", "Last activity"),
        ]).ToDictionary(one => one.Item1, one => one.Item2, StringComparer.OrdinalIgnoreCase);

    /// <summary>A field's label; of a name that is not known, its words.</summary>
    public static string Of(string field) => Known.GetValueOrDefault(field) ?? Words(field);

    /// <summary>Where a field stands among those that are offered; the others come behind, by their labels.</summary>
    public static int RankOf(string field) => Array.FindIndex(First, one => one.Field.Equals(field, StringComparison.OrdinalIgnoreCase)) is >= 0 and var at ? at : First.Length;

    private static string Words(string field)
    {
        var name = field.EndsWith("ID", StringComparison.Ordinal) || field.EndsWith("Id", StringComparison.Ordinal) ? field[..^2]
            : field.EndsWith("DateTime", StringComparison.Ordinal) ? field[..^8]
            : field;
        var words = new StringBuilder();
        for (var at = 0; at < name.Length; at++)
        {
            var begins = at > 0 && char.IsUpper(name[at]) && !char.IsUpper(name[at - 1]);
            if (begins) words.Append(' ');
            words.Append(at == 0 ? char.ToUpperInvariant(name[at]) : begins ? char.ToLowerInvariant(name[at]) : name[at]);
        }

        return words.Length == 0 ? field : words.ToString();
    }
}
