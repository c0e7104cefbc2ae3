using Deskbridge.Connectors;
using Deskbridge.Core.Common;

namespace Deskbridge.Core.Connections.Rules;

/// <summary>The connector's rules are not edited here.</summary>
internal sealed record RulesNotEdited(string Name) : ConflictFailure($"The rules of '{Name}' cannot be edited here: its connector has none that it can write.");

/// <summary>No rule has such an event.</summary>
internal sealed record RuleEventNotFound(string Id, string Name) : NotFoundFailure($"No rule of '{Name}' has an event {Id}. It may have been deleted meanwhile; open the rules again.");

/// <summary>The rules could not be read from the remote system.</summary>
internal sealed record RulesNotRead(string Reason) : ConflictFailure($"The rules could not be read: {Reason}");

/// <summary>Only events that raise alerts have a choice of their own, and are added and deleted here.</summary>
internal sealed record NoTrigger(string Id) : ConflictFailure($"Event {Id} raises no alerts, so there is no choice for tickets that come back by it, and it is neither copied nor deleted here.");

/// <summary>Without it nothing would raise an alert.</summary>
internal sealed record OnlyTrigger(string Id, string Rule) : ConflictFailure($"Event {Id} is the only one of rule \"{Rule}\" that raises alerts, so it stays. Pause or disable the connection if no ticket shall page.");

/// <summary>The condition is a setting, of which there is one.</summary>
internal sealed record OneTrigger(string Name) : ConflictFailure($"'{Name}' has one condition, which its settings hold. Join what is wanted beside it by a group \"any of these\".");

/// <summary>Somebody changed the event since it was opened.</summary>
/// <param name="Now">As it is now.</param>
/// <param name="Preferences">The connection's settings.</param>
/// <param name="Deletes">It was to be deleted, not saved.</param>
internal sealed record RuleChangedSince(RuleEventState Now, IAlertingPreferences Preferences, bool Deletes = false) : ConflictFailure(
    $"Event {Now.Id} of rule \"{Now.Rule}\" was changed since you opened it{(Now.UpdatedBy is { } by ? $", last by {by}" : "")}. "
    + (Deletes ? "Nothing was deleted. Look at the event as it is now; if it shall still go, delete it with that version." : "Nothing was written. Compare your text with the one that is there now, and save again."));

/// <summary>The text cannot be saved.</summary>
/// <param name="Problems">Why; each with its fix.</param>
/// <param name="Field">Where it is: in the condition or in the actions.</param>
internal sealed record RuleRefused(IReadOnlyList<string> Problems, string Field) : InvalidFailure(Field, string.Join(' ', Problems));

/// <summary>The change would page for tickets that exist; a person must have seen how many.</summary>
/// <param name="Count">How many.</param>
internal sealed record RuleWouldRaise(int Count) : ConflictFailure(
    Count == 0 ? "No open ticket would newly match any more, so there are no alerts to confirm. Save again without a number. Nothing was written."
    : $"{(Count == 1 ? "1 open ticket" : $"{Count} open tickets")} would newly match and raise {(Count == 1 ? "an alert" : "alerts")} as soon as the rule is saved. Confirm that number, or narrow the condition. Nothing was written.");

/// <summary>The remote system refused the write or did not answer.</summary>
internal sealed record RuleNotWritten(string Reason) : ConflictFailure($"The rule was not saved as asked: {Reason}");

/// <summary>Only conditions of events that look at tickets are tried on tickets.</summary>
internal sealed record NothingToPreview() : ConflictFailure("This event matches no tickets: its actions are applied when an alert is acknowledged or closed. There is nothing to preview.");
