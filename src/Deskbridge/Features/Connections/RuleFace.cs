using System.ComponentModel;
using System.Reflection;
using Deskbridge.Connectors;

namespace Deskbridge.Features.Connections;

/// <summary>What the events of rules are called.</summary>
internal static class RuleFace
{
    /// <summary>What an event is for.</summary>
    public static string Title(RuleEventPurpose purpose) => purpose switch
    {
        RuleEventPurpose.Raises => "Raises an alert",
        RuleEventPurpose.Acknowledges => "Acknowledges the alert",
        RuleEventPurpose.Closes => "Closes the alert",
        RuleEventPurpose.OnAcknowledge => "When the alert is acknowledged",
        RuleEventPurpose.OnClose => "When the alert is closed",
        RuleEventPurpose.Unreadable => "Cannot be read",
        _ => "Reserved",
    };

    /// <summary>The same in a sentence.</summary>
    public static string About(RuleEventPurpose purpose) => purpose switch
    {
        RuleEventPurpose.Raises => "A ticket that matches raises an alert, once.",
        RuleEventPurpose.Acknowledges => "When a ticket comes to match, its alert is acknowledged.",
        RuleEventPurpose.Closes => "When a ticket comes to match, its alert is closed.",
        RuleEventPurpose.OnAcknowledge => "Its actions are applied to the ticket when somebody acknowledges the alert here.",
        RuleEventPurpose.OnClose => "Its actions are applied to the ticket when somebody closes the alert here.",
        RuleEventPurpose.Unreadable => "Deskbridge cannot tell what it is for, so the rules as they were before stay in force. Mend it here or in ConnectWise.",
        _ => "Kept for other programs that read this rule. What happens to tickets that come back is chosen at each event that raises alerts.",
    };

    /// <summary>What tickets can do that come back.</summary>
    public static IReadOnlyList<(ReturnPolicy Policy, string Says)> Returns { get; } =
        [.. Enum.GetValues<ReturnPolicy>().Select(policy => (policy, typeof(ReturnPolicy).GetField($"{policy}")!.GetCustomAttribute<DescriptionAttribute>()!.Description))];

    /// <summary>The event may be changed here.</summary>
    public static bool IsEdited(RuleEventPurpose purpose) => purpose != RuleEventPurpose.Reserved;

    /// <summary>The event looks at tickets and matches some of them.</summary>
    public static bool Looks(RuleEventPurpose purpose) => purpose is RuleEventPurpose.Raises or RuleEventPurpose.Acknowledges or RuleEventPurpose.Closes;

    /// <summary>The event is about what is written, not about what matches.</summary>
    public static bool Writes(RuleEventPurpose purpose) => purpose is RuleEventPurpose.OnAcknowledge or RuleEventPurpose.OnClose;
}
