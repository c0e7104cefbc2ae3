using Deskbridge.Connectors.ConnectWise.Psa.Rules;

namespace Deskbridge.Connectors.ConnectWise.Psa;

/// <summary>Ready-made rules (S66 to S71), with the names this instance has. A template keeps the locked clauses of the event it is offered for.</summary>
internal sealed class PsaRuleTemplates(ConnectWisePsaOptions options, PsaRuleReader reader)
{
    private const string Urgent = "Priority 1";
    private const string Normal = "Priority 3";

    public async Task<IReadOnlyList<RuleTemplate>> FillAsync(RuleEventState edited, Func<string, Task<IReadOnlyList<RuleValue>>> values)
    {
        if (edited.Purpose is RuleEventPurpose.Reserved or RuleEventPurpose.Unreadable) return [];
        var (statuses, priorities) = (await values("status"), await values("priority"));
        return [.. Wishes(edited.Purpose).Select(wish => Fill(edited, wish, statuses, priorities))];
    }

    private IEnumerable<Wish> Wishes(RuleEventPurpose purpose) => purpose switch
    {
        RuleEventPurpose.Raises =>
        [
            new("new", "Every new ticket", "Ticket is in {status} status", options.NewStatus),
            new("urgent", "New tickets of the highest priority", "Ticket is in {status} status and Priority is {priority}", options.NewStatus, Urgent),
            new("waiting", "Urgent, new, and nobody took it for four hours",
                "Ticket is in {status} status and Ticket is not currently assigned and Ticket Actual Age is more than 4 hours and Priority is {priority}", options.NewStatus, Urgent),
        ],
        RuleEventPurpose.Acknowledges =>
        [
            new("in-progress", "Somebody works on it", "Ticket is in {status} status", options.InProgressStatus),
            new("responded", "Somebody works on it, is assigned and has responded",
                "Ticket is in {status} status and Ticket has been assigned and Ticket has been responded to", options.InProgressStatus),
        ],
        RuleEventPurpose.Closes => [new("closed", "It is in the closed status", "Ticket is in {status} status", options.ClosedStatus)],
        RuleEventPurpose.OnAcknowledge =>
        [
            new("assigned", "Set the status for assigned tickets", null, options.AssignedStatus),
            new("in-progress-normal", "Set it in progress, with normal priority", null, options.InProgressStatus, Normal),
        ],
        _ => [new("closed", "Set the closed status", null, options.ClosedStatus)],
    };

    private RuleTemplate Fill(RuleEventState edited, Wish wish, IReadOnlyList<RuleValue> statuses, IReadOnlyList<RuleValue> priorities)
    {
        var status = statuses.FirstOrDefault(one => one.Name.Equals(wish.Status, StringComparison.OrdinalIgnoreCase));
        var priority = wish.Priority is null ? null : priorities.FirstOrDefault(one => one.Name.StartsWith(wish.Priority, StringComparison.OrdinalIgnoreCase));
        List<string> missing = [];
        if (status is null) missing.Add($"the status \"{wish.Status}\"");
        if (wish.Priority is not null && priority is null) missing.Add($"a priority whose name begins with \"{wish.Priority}\"");
        if (wish.Part is null) return new(wish.Key, wish.Name, edited.Condition, Actions(status, priority), missing);
        var part = wish.Part.Replace("{status}", status?.Name ?? wish.Status, StringComparison.Ordinal).Replace("{priority}", priority?.Name ?? wish.Priority, StringComparison.Ordinal);
        return new(wish.Key, wish.Name, WithLocks(edited, part), edited.Actions, missing);
    }

    private static List<RuleActionState> Actions(RuleValue? status, RuleValue? priority)
    {
        (string Key, RuleValue? Value)[] wanted = [(TicketFields.Status, status), (TicketFields.Priority, priority)];
        return [.. wanted.Where(one => one.Value is not null).Select(one => new RuleActionState(
            null, one.Key, PsaActionKinds.Offered.First(kind => kind.Key == one.Key).Name, new(one.Value!.Id, one.Value.Name)))];
    }

    /// <summary>The part between the clauses that stay, in the order of the vendor's own rules.</summary>
    private string WithLocks(RuleEventState edited, string part)
    {
        if (reader.PartsOf(edited.Condition).Parts is not { } parts || reader.Parse(part).Expression is not { } read) return part;
        var middle = RuleParts.Conjuncts(read);
        IEnumerable<RuleExpression> age = parts.FixedAge is { } window ? [window] : [];
        IEnumerable<RuleExpression> whole = edited.Purpose == RuleEventPurpose.Raises ? [.. parts.MarkerClauses, .. middle, .. age] : [.. middle, .. age, .. parts.MarkerClauses];
        return RuleText.Print(RuleParts.Join(whole));
    }

    private sealed record Wish(string Key, string Name, string? Part, string Status, string? Priority = null);
}
