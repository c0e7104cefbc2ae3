using Deskbridge.Connectors;
using Deskbridge.Core.Common;

namespace Deskbridge.Core.Alerting;

#pragma warning disable CS1591 // the message of each refusal says what it means

public sealed record AlertNotFound(Guid Id) : NotFoundFailure($"Alert {Id} does not exist.");

public sealed record AlertAlreadyClosed(Guid Id)
    : ConflictFailure($"Alert {Id} is closed and cannot be acknowledged. Re-open it first if there is still something to do.");

public sealed record ClosedAlertNotAcknowledged(Guid Id)
    : ConflictFailure($"Alert {Id} is closed, so there is no acknowledgement to take back. Re-open it if there is still something to do.");

public sealed record ClosedAlertNotEscalated(Guid Id)
    : ConflictFailure($"Alert {Id} is closed, so there is nobody to escalate it to. Re-open it if there is still something to do.");

public sealed record TicketOfAlertGone(Guid Id, string Ticket)
    : ConflictFailure($"Alert {Id} cannot be opened again: its ticket {Ticket} no longer exists in the ticket system. If there is still something to do, enter a new ticket.");

public sealed record AlertFollowed(Guid Id, Guid CurrentId)
    : ConflictFailure($"Alert {Id} was followed by alert {CurrentId} on the same ticket. Add the note there.");

public sealed record ViewersOnlyLook(string Name)
    : ForbiddenFailure($"{Name} may look at everything but change nothing. An administrator can give the role Responder.");

public sealed record DispatchersOnly(string Name)
    : ForbiddenFailure($"{Name} may not do this for others. A dispatcher or an administrator can.");

public sealed record NoteEmpty() : InvalidFailure("text", "The note is empty. Write something first.");

public sealed record NoteTooLong(int Length)
    : InvalidFailure("text", $"The note has {Length} characters; a ticket note holds at most {AddAlertNote.MaxLength}. Shorten it or split it.");

public sealed record NoteKeyReused()
    : ConflictFailure("This Idempotency-Key was used for another note. Send each new note with a new key.");

public sealed record NoteNotFound(Guid Id) : NotFoundFailure($"This alert has no note {Id}.");

public sealed record NoteOfAnother(string Author) : ForbiddenFailure($"{Author} wrote this note. Only they and administrators may edit it; add a note of your own instead.");

public sealed record NoteEditedMeanwhile(string Text)
    : ConflictFailure($"The note was changed after you opened it; nothing was saved. It says now: \"{Text}\" Look at the alert, then edit it again.");

public sealed record FileEmpty() : InvalidFailure("file", "The file is empty. Choose another one.");

public sealed record FileTooLarge(long Size, long Most)
    : InvalidFailure("file", $"The file has {FileSize.Words(Size)}; at most {FileSize.Words(Most)} can be attached. Make it smaller, for example with a lower resolution.");

public sealed record FileKeyReused() : ConflictFailure("This Idempotency-Key was used for another file. Send each new file with a new key.");

public sealed record FilesNotTaken(string Connection)
    : ConflictFailure($"{Connection} takes no files. An administrator can allow it in the connection's settings, under \"Files of alerts become documents of the ticket\".");

public sealed record FileNotFound(Guid Id) : NotFoundFailure($"This alert has no file {Id}.");

public sealed record FileEmptied(string Name) : NotFoundFailure($"The hub's own copy of \"{Name}\" was deleted some time after it had arrived: it is a document of the ticket.");

public sealed record TeamNotFound(Guid Id) : NotFoundFailure($"Team {Id} does not exist.");

public sealed record TeamNameMissing() : InvalidFailure("name", "Give the team a name of 1 to 100 characters, in one line.");

public sealed record TeamNameTaken(string Name) : InvalidFailure("name", $"There is already a team named {Name}. Choose another name.");

public sealed record RepeatMinutesOutOfRange()
    : InvalidFailure("repeatMinutes", "Pages can be repeated every 1 to 1440 minutes.");

public sealed record MaxRepeatsOutOfRange()
    : InvalidFailure("maxRepeats", "The number of pages per person must lie between 0 (no end) and 1000.");

public sealed record TeamUsedByConnection(string Team, string Connection)
    : ConflictFailure($"{Team} cannot be deleted: connection {Connection} sends its alerts there. Choose another team for the connection first.");

public sealed record TeamHasAlerts(string Team, int Count)
    : ConflictFailure($"{Team} cannot be deleted: {Count} of its alerts are not closed. Close them first.");

public sealed record TeamInChain(string Team, string Asking)
    : ConflictFailure($"{Team} cannot be deleted: the escalation chain of {Asking} pages it. Change that chain first.");

public sealed record ChainTooLong(int Steps)
    : InvalidFailure("steps", $"The chain has {Steps} steps; it may have {Escalation.EscalationRules.MostSteps} at most. Leave some away; the chain is gone through again anyway.");

public sealed record ChainStepWrong(int Step, string Reason) : InvalidFailure($"steps[{Step - 1}]", $"Step {Step}: {Reason}");

public sealed record ChainChanged(string Team)
    : ConflictFailure($"Somebody else changed the escalation chain of {Team} meanwhile. Look at it as it is now, then change it again.");

public sealed record ScheduleWrong(string Field, string Reason) : InvalidFailure(Field, Reason);

public sealed record ScheduleChanged(string Team)
    : ConflictFailure($"Somebody else changed the duty schedule of {Team} meanwhile. Look at it as it is now, then change it again.");

public sealed record OverrideNotFound(Guid Id) : NotFoundFailure($"Override {Id} does not exist, or was removed already.");

public sealed record MemberNotFound(Guid PersonId)
    : InvalidFailure("members", $"Person {PersonId} does not exist or is not active, and cannot be a member of a team.");

public sealed record NotPagedWhileInactive(string Name)
    : ConflictFailure($"{Name} is deactivated and is not paged. Activate them first.");

public sealed record NotInTeam(string Name, string Team)
    : ConflictFailure($"{Name} is not a member of {Team} and cannot be on duty there. Add them to the team first.");

public sealed record ChannelNotFound(Guid Id) : NotFoundFailure($"Channel {Id} does not exist.");

public sealed record ChannelOwnerNotFound(Guid PersonId) : NotFoundFailure($"Person {PersonId} does not exist.");

public sealed record ChannelNameMissing() : InvalidFailure("name", "Give the channel a name of 1 to 100 characters, in one line.");

public sealed record ChannelAddressInvalid(string Reason) : InvalidFailure("address", Reason);

public sealed record ChannelSecretInvalid(string Reason) : InvalidFailure("secret", Reason);

public sealed record NumberNotConfirmed(string Number)
    : ConflictFailure($"{Number} is not confirmed yet. Have a code sent to it and enter that; until then nothing else is sent there.");

public sealed record NumberConfirmedAlready(string Number) : ConflictFailure($"{Number} is confirmed already; no code is needed.");

public sealed record NumberCodeTooSoon() : ConflictFailure("A code was sent a moment ago. Wait a minute before you ask for another one.");

public sealed record NumberCodeVoid() : ConflictFailure("No code is waiting to be entered: it was sent more than 15 minutes ago, or a wrong one was entered too often. Have a new one sent.");

public sealed record NumberCodeWrong(int Left)
    : InvalidFailure("code", Left > 0 ? $"That is not the code that was sent last. {(Left == 1 ? "One more try" : $"{Left} more tries")}." : "That is not the code that was sent last. Have a new one sent.");

public sealed record NumberOfAnother(string Number)
    : ConflictFailure($"{Number} is the confirmed number of somebody else, and an answer from it could be of either. They remove it first.");

public sealed record ChannelsOfOthers(string Name)
    : ForbiddenFailure($"{Name} may change only their own channels. An administrator can change those of others.");

public sealed record TeamsByDispatchers(string Name)
    : ForbiddenFailure($"{Name} may not change teams. A dispatcher or an administrator can.");
