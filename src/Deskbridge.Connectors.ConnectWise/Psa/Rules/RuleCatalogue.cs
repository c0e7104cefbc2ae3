namespace Deskbridge.Connectors.ConnectWise.Psa.Rules;

/// <summary>What a clause is about.</summary>
internal enum RuleSubject
{
    CustomField, Status, Board, Priority, Type, Subtype, Item, Team, Company, Source, Owner, Location, Department,
    Severity, Impact, Summary, Age, Assigned, Responded, Closed,
}

/// <summary>How a clause tests its subject.</summary>
internal enum RuleTest
{
    IsTrue, IsFalse, Is, IsNot, Contains, DoesNotContain, LessThan, MoreThan, Holds, HoldsNot,
}

/// <summary>What stands in the variable place of a pattern.</summary>
internal enum RuleSlot
{
    None, Name, Text, Number,
}

/// <summary>
/// One row of the trigger catalogue: the words before and after the variable place. Patterns about a custom field
/// begin with the field's caption.
/// </summary>
internal sealed record ClausePattern(
    RuleSubject Subject, RuleTest Test, string Lead, RuleSlot Slot = RuleSlot.None, string Tail = "", TimeSpan Unit = default)
{
    /// <summary>The pattern as a person reads it: <c>Ticket is in {status} status</c>.</summary>
    public string Template => Write(
        "{custom field}",
        Slot == RuleSlot.Name ? $"{{{Subject.ToString().ToLowerInvariant()}}}" : $"{{{Slot.ToString().ToLowerInvariant()}}}");

    /// <summary>The pattern with its places filled.</summary>
    public string Write(string field, string value)
    {
        var text = Subject == RuleSubject.CustomField ? $"{field} {Lead}" : Lead;
        if (Slot != RuleSlot.None) text += " " + value;
        return Tail.Length == 0 ? text : $"{text} {Tail}";
    }
}

/// <summary>
/// The clause patterns, as data. The texts come from the vendor's rule screens; negations, further reference fields and
/// units follow the same wording. ConnectWise publishes no list, so an unknown clause is refused, never guessed.
/// </summary>
internal static class RuleCatalogue
{
    /// <summary>All patterns; where two fit the same words the earlier row is preferred.</summary>
    public static IReadOnlyList<ClausePattern> Patterns { get; } =
    [
        new(RuleSubject.Status, RuleTest.Is, "Ticket is in", RuleSlot.Name, "status"),
        new(RuleSubject.Status, RuleTest.IsNot, "Ticket is not in", RuleSlot.Name, "status"),
        new(RuleSubject.Assigned, RuleTest.Holds, "Ticket has been assigned"),
        new(RuleSubject.Assigned, RuleTest.HoldsNot, "Ticket is not currently assigned"),
        new(RuleSubject.Responded, RuleTest.Holds, "Ticket has been responded to"),
        new(RuleSubject.Responded, RuleTest.HoldsNot, "Ticket has not been responded to"),
        new(RuleSubject.Closed, RuleTest.Holds, "Ticket is closed"),
        new(RuleSubject.Closed, RuleTest.HoldsNot, "Ticket is not closed"),
        .. Ages("hours", TimeSpan.FromHours(1)),
        .. Ages("hour", TimeSpan.FromHours(1)),
        .. Ages("minutes", TimeSpan.FromMinutes(1)),
        .. Ages("minute", TimeSpan.FromMinutes(1)),
        .. Ages("days", TimeSpan.FromDays(1)),
        .. Ages("day", TimeSpan.FromDays(1)),
        .. References(
            RuleSubject.Priority, RuleSubject.Board, RuleSubject.Type, RuleSubject.Subtype, RuleSubject.Item,
            RuleSubject.Team, RuleSubject.Company, RuleSubject.Source, RuleSubject.Owner, RuleSubject.Location,
            RuleSubject.Department, RuleSubject.Severity, RuleSubject.Impact),
        new(RuleSubject.Summary, RuleTest.Contains, "Summary contains", RuleSlot.Text),
        new(RuleSubject.Summary, RuleTest.DoesNotContain, "Summary does not contain", RuleSlot.Text),
        new(RuleSubject.CustomField, RuleTest.IsTrue, "is true"),
        new(RuleSubject.CustomField, RuleTest.IsFalse, "is false"),
        new(RuleSubject.CustomField, RuleTest.Contains, "contains", RuleSlot.Text),
        new(RuleSubject.CustomField, RuleTest.DoesNotContain, "does not contain", RuleSlot.Text),
        new(RuleSubject.CustomField, RuleTest.Is, "equals", RuleSlot.Text),
        new(RuleSubject.CustomField, RuleTest.IsNot, "is not", RuleSlot.Text),
        new(RuleSubject.CustomField, RuleTest.Is, "is", RuleSlot.Text),
    ];

    /// <summary>First parts of a field-form path: the members of the ticket schema and the two date names taken from <c>_info</c>.</summary>
    public static IReadOnlySet<string> TicketMembers { get; } = Words(
        "lastUpdated dateEntered _info actualHours addressLine1 addressLine2 agreement agreementType allowAllClientsPortalView approved " +
        "automaticEmailCc automaticEmailCcFlag automaticEmailContactFlag automaticEmailResourceFlag billExpenses " +
        "billProducts billTime billingAmount billingMethod board budgetHours city closedBy closedDate closedFlag company " +
        "contact contactEmailAddress contactName contactPhoneExtension contactPhoneNumber country currency " +
        "customerUpdatedFlag dateResolved dateResplan dateResponded department duration escalationLastUpdateMinutes " +
        "escalationLevel escalationStartDateUTC estimatedStartDate externalXRef hasChildTicket hasMergedChildTicketFlag " +
        "hourlyRate id impact isInSla item knowledgeBaseLinkId location mergedParentTicket minutesBeforeWaiting " +
        "minutesWaiting mobileGuid opportunity owner parentTicketId poNumber predecessorClosedFlag predecessorId " +
        "predecessorType priority recordType requestForChangeFlag requiredDate resPlanMinutes resolutionGoalUTC " +
        "resolutionHours resolveMinutes resolvedBy resources resplanBy resplanGoalUTC resplanHours respondByGoalUTC " +
        "respondMinutes respondedBy respondedHours serviceLocation severity site siteName sla slaStatus source " +
        "stateIdentifier status subType summary team type workRole workType zip");

    /// <summary>Further parts of a path: the members of the schema's reference records and of <c>_info</c>.</summary>
    public static IReadOnlySet<string> ReferenceMembers { get; } =
        Words("id name identifier sort level lastUpdated updatedBy dateEntered enteredBy");

    private static IEnumerable<ClausePattern> Ages(string word, TimeSpan unit) =>
    [
        new(RuleSubject.Age, RuleTest.LessThan, "Ticket Actual Age is less than", RuleSlot.Number, word, unit),
        new(RuleSubject.Age, RuleTest.MoreThan, "Ticket Actual Age is more than", RuleSlot.Number, word, unit),
    ];

    private static IEnumerable<ClausePattern> References(params RuleSubject[] subjects) => subjects.SelectMany(
        subject => new ClausePattern[]
        {
            new(subject, RuleTest.IsNot, $"{subject} is not", RuleSlot.Name),
            new(subject, RuleTest.Is, $"{subject} is", RuleSlot.Name),
        });

    private static HashSet<string> Words(string words) => new(words.Split(' '), StringComparer.OrdinalIgnoreCase);
}
