using System.Text.Json;
using Deskbridge.Core.Common;

namespace Deskbridge.Core.Connections;

/// <summary>No such connection.</summary>
/// <param name="Id">The id asked for.</param>
public sealed record ConnectionNotFound(Guid Id) : NotFoundFailure($"Connection {Id} does not exist.");

/// <summary>Only administrators change connections.</summary>
public sealed record OnlyAdministrators() : ForbiddenFailure("Only administrators change connections. Ask one of them, or have your role changed.");

/// <summary>This build has no such connector.</summary>
/// <param name="Kind">The kind asked for.</param>
/// <param name="Known">The kinds there are.</param>
public sealed record UnknownConnectorKind(string Kind, string Known)
    : InvalidFailure("kind", $"There is no connector '{Kind}'. Choose one of: {Known}.");

/// <summary>Names of connections are unique.</summary>
/// <param name="Name">The name.</param>
public sealed record ConnectionNameTaken(string Name)
    : InvalidFailure("name", $"Another connection is called '{Name}'. Choose another name.");

/// <summary>The settings cannot be used.</summary>
/// <param name="Problems">One per setting.</param>
public sealed record SettingsRefused(IReadOnlyList<Connectors.SettingProblem> Problems)
    : InvalidFailure(
        Problems.FirstOrDefault(problem => !problem.IsNotice)?.Setting is { } setting ? JsonNamingPolicy.CamelCase.ConvertName(setting) : null,
        string.Join(' ', Problems.Where(problem => !problem.IsNotice).Select(problem => problem.Message)));

/// <summary>The connection's state forbids it.</summary>
/// <param name="Name">The connection.</param>
/// <param name="State">Its state.</param>
/// <param name="Wish">What was asked for.</param>
/// <param name="Fix">What to do instead.</param>
public sealed record WrongConnectionState(string Name, ConnectionState State, string Wish, string Fix)
    : ConflictFailure($"'{Name}' is {State.ToString().ToLowerInvariant()} and cannot be {Wish}. {Fix}");

/// <summary>The stored secrets cannot be decrypted any more.</summary>
/// <param name="Name">The connection.</param>
/// <param name="Reason">Why.</param>
public sealed record SecretsLost(string Name, string Reason)
    : ConflictFailure($"The stored secrets of '{Name}' cannot be read: {Reason} Enter every secret of this connection again.");

/// <summary>This kind of system has no rights that could be looked at.</summary>
/// <param name="Name">The connection.</param>
public sealed record NoRights(string Name) : NotFoundFailure($"'{Name}' is a kind of system whose rights cannot be looked at.");

/// <summary>This kind of system has no members that could be read.</summary>
/// <param name="Name">The connection.</param>
public sealed record NoMembers(string Name) : NotFoundFailure($"'{Name}' is a kind of system without members.");

/// <summary>A member that is not there cannot be chosen.</summary>
/// <param name="Id">What was given.</param>
public sealed record NoSuchMember(string Id) : InvalidFailure("memberId", $"There is no active member with the id '{Id}'. Choose one from the list.");

/// <summary>There is no second key to switch to.</summary>
/// <param name="Name">The connection.</param>
public sealed record NoSecondKey(string Name) : ConflictFailure($"'{Name}' has no second key. Enter one under More settings first.");

/// <summary>The second key has not proved itself; the first stays.</summary>
/// <param name="Reason">Why.</param>
public sealed record SecondKeyRefused(string Reason) : ConflictFailure($"The first key stays. {Reason}");

/// <summary>The remote system could not be asked just now.</summary>
/// <param name="Reason">Why.</param>
public sealed record RemoteNotAsked(string Reason) : ConflictFailure(Reason);

/// <summary>Another run is at work.</summary>
/// <param name="Name">The connection.</param>
/// <param name="Kind">What is at work.</param>
/// <param name="RunId">That run.</param>
public sealed record RunInProgress(string Name, ConnectionRunKind Kind, Guid RunId)
    : ConflictFailure($"{Kind} of '{Name}' is at work (run {RunId}). Wait for its end or cancel it.");

/// <summary>No changed rule waits.</summary>
/// <param name="Name">The connection.</param>
public sealed record NoRuleChangeHeld(string Name) : ConflictFailure($"No changed rule of '{Name}' waits for a confirmation.");

/// <summary>The connection is paused, switched off or gone.</summary>
/// <param name="Id">The connection.</param>
public sealed record ConnectionNotRunning(Guid Id) : ConflictFailure($"Connection {Id} does not run, so the ticket system cannot be asked. Resume or install it first.");

/// <summary>A ticket that is there cannot be confirmed as deleted.</summary>
/// <param name="RemoteId">The ticket.</param>
public sealed record TicketNotMissing(string RemoteId) : InvalidFailure("tickets", $"Ticket {RemoteId} is not missing. Read the list again; it changes when a ticket is found.");

/// <summary>The last look before a deletion is believed failed.</summary>
/// <param name="Reason">Why.</param>
public sealed record DeletionNotChecked(string Reason) : ConflictFailure($"The ticket system could not be asked once more: {Reason} What was not asked is not treated as deleted. Try again.");

/// <summary>Another connection to the same system runs already.</summary>
/// <param name="Name">The connection that was to be installed.</param>
/// <param name="Twin">The other one.</param>
public sealed record SecondConnection(string Name, string Twin) : ConflictFailure(
    $"'{Twin}' already works on the same system as '{Name}'. With both, every ticket that matches both raises two alerts and pages twice, taking one leaves the other open, and with the same custom fields each overwrites the other's markers. "
    + "Remove one of them, or confirm the second connection (on its page, or by \"confirmSecond\": true).");
