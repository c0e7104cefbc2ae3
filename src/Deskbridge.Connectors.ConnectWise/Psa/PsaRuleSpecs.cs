using Deskbridge.Connectors.ConnectWise.Psa.Rules;

namespace Deskbridge.Connectors.ConnectWise.Psa;

/// <summary>The three rules as they are made when missing (S18 to S20, S66 to S68).</summary>
internal static class PsaRuleSpecs
{
    public static IReadOnlyList<RuleSpec> For(ConnectWisePsaOptions options)
    {
        var texts = new DefaultConditions
        {
            Markers = new(options.RetrievedField, options.StatusField, options.UserField),
            NewStatus = options.NewStatus,
            InProgressStatus = options.InProgressStatus,
            ClosedStatus = options.ClosedStatus,
            AgeWindowHours = options.AgeHours,
        };
        return
        [
            new(PsaRoles.TriggerRule, options.TriggerRule, "Says which tickets become alerts.",
            [
                new(PsaRoles.RaiseEvent, "Raise an alert", texts.TriggerEvents[0], RuleRole.Retrieval),
                new(PsaRoles.ReentryEvent, "Reserved: the ticket is new again", texts.TriggerEvents[1], RuleRole.Reserved, TestsMarkers: false),
                new(PsaRoles.RetrievedEvent, "Reserved: the ticket was taken over", texts.TriggerEvents[2], RuleRole.Reserved, TestsMarkers: true),
            ]),
            new(PsaRoles.UpdateRule, options.UpdateRule, "Says when a ticket closes or acknowledges its alert.",
            [
                new(PsaRoles.CloseEvent, "Close the alert", texts.UpdateEvents[0], RuleRole.Close),
                new(PsaRoles.AcknowledgeEvent, "Acknowledge the alert", texts.UpdateEvents[1], RuleRole.Acknowledge),
            ]),
            new(PsaRoles.WriteRule, options.WriteRule, "Says what an acknowledge or close changes in the ticket.",
            [
                new(PsaRoles.WriteAcknowledgeEvent, "The alert was acknowledged", texts.OutboundEvents[0], RuleRole.OutboundAcknowledge,
                    Action: new(PsaRoles.AcknowledgeAction, options.AssignedStatus, nameof(options.AssignedStatus))),
                new(PsaRoles.WriteCloseEvent, "The alert was closed", texts.OutboundEvents[1], RuleRole.OutboundClose,
                    Action: new(PsaRoles.CloseAction, options.ClosedStatus, nameof(options.ClosedStatus))),
            ]),
        ];
    }

    /// <summary>The rules as they would read once made. A status that no id is known of is found by its name on the ticket's board.</summary>
    public static PsaRuleSource AsSource(ConnectWisePsaOptions options)
    {
        var rules = For(options).Select(rule => new RuleSnapshot(rule.Role, rule.Name, Active: false, [.. rule.Events.Select(Snapshot)])).ToList();
        return new(rules[0], rules[1], rules[2]);

        static EventSnapshot Snapshot(EventSpec one) => new(
            one.Role, one.Condition, one.Action is { } action ? [new(action.Role, "Change Ticket Status", new RemoteRef("", action.Status), null)] : []);
    }
}

/// <summary>A rule and its events.</summary>
internal sealed record RuleSpec(string Role, string Name, string Description, IReadOnlyList<EventSpec> Events);

/// <summary>An event; an existing one counts as it when it has the same purpose, whatever its ticket part says.</summary>
internal sealed record EventSpec(string Role, string Name, string Condition, RuleRole Purpose, bool? TestsMarkers = null, ActionSpec? Action = null)
{
    /// <summary>Events with an action run once, the others are checked every day.</summary>
    public bool RunsOnce => Action is not null;

    public bool Matches(RuleParts parts) =>
        parts.Role == Purpose && (TestsMarkers is not { } tests || parts.MarkerClauses.Count > 0 == tests);
}

/// <summary>Change Ticket Status to a status of this name.</summary>
internal sealed record ActionSpec(string Role, string Status, string Setting);
