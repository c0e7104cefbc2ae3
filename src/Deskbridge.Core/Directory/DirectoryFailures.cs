using Deskbridge.Core.Common;

namespace Deskbridge.Core.Directory;

#pragma warning disable CS1591 // the message of each refusal says what it means

public sealed record PersonNotFound(Guid Id) : NotFoundFailure($"Person {Id} does not exist.");

public sealed record AdministratorsOnly(string Name) : ForbiddenFailure($"{Name} may not change people. An administrator can.");

public sealed record SetupDone() : ConflictFailure("The first administrator exists already. Sign in, or ask an administrator to add you.");

public sealed record PersonNameMissing() : InvalidFailure("name", "Enter a name of 1 to 100 characters, in one line.");

public sealed record EmailInvalid(string Email) : InvalidFailure("email", $"\"{Email}\" is not an email address. Enter one such as mia@example.com.");

public sealed record EmailTaken(string Email)
    : InvalidFailure("email", $"Somebody else has the email {Email}, in use or deactivated. People are told apart by email; choose another or change that person.");

public sealed record TimeZoneUnknown(string Zone)
    : InvalidFailure("timeZone", $"\"{Zone}\" is not a time zone. Enter an IANA name such as Europe/Berlin or America/New_York.");

public sealed record LastAdministrator(string Name)
    : ConflictFailure($"{Name} is the last administrator and must stay one. Make somebody else an administrator first.");
