using Deskbridge.Core.Audit;
using Deskbridge.Core.Common;
using Deskbridge.Core.Data;
using Deskbridge.Core.Directory;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;

namespace Deskbridge.Access;

/// <summary>Passwords of people: check, set, change.</summary>
internal sealed class Accounts(UserManager<AccessUser> users, IDbContextFactory<AccessDb> contexts, HubStore store, AuditLog audit, AttemptTurns turns)
{
    /// <summary>Longest password, characters; one that can be chosen can be typed.</summary>
    public const int LongestPassword = 200;

    /// <summary>
    /// The person with this email and password, or why they cannot come in. Wrong passwords count towards the lockout; the count begins anew
    /// with a whole sign-in only, or whoever knows the password could try second factors without end. Neither words nor time of a refusal
    /// tell which emails exist.
    /// </summary>
    public async Task<(Person? Person, Failure? Refused)> CheckAsync(string email, string password, CancellationToken cancel)
    {
        var key = email.Trim().ToLowerInvariant();
        var person = await store.ReadAsync(db => db.People.SingleOrDefaultAsync(p => p.EmailKey == key, cancel), cancel);
        using var turn = await turns.EnterAsync(key, cancel);
        var user = person is null ? null : await users.FindByIdAsync(person.Id.ToString());
        if (person is null || user is null)
        {
            TakeAsLong(password);
            return (null, new WrongPassword());
        }

        if (await users.IsLockedOutAsync(user))
        {
            TakeAsLong(password);
            return (null, new SignInLocked());
        }

        if (!await users.CheckPasswordAsync(user, password))
        {
            await users.AccessFailedAsync(user);
            return (null, await users.IsLockedOutAsync(user) ? new SignInLocked() : new WrongPassword());
        }

        if (!await HasSecondFactorAsync(person.Id, cancel)) await users.ResetAccessFailedCountAsync(user);
        return person.Active ? (person, null) : (null, new Deactivated());
    }

    /// <summary>Gives a person a password for the first time, or a new one in place of a forgotten one. Ends their sessions.</summary>
    public async Task<Failure?> SetPasswordAsync(Guid personId, string password)
    {
        var user = await users.FindByIdAsync(personId.ToString());
        if (user is null)
        {
            if (await CheckNewAsync(password) is { } weak) return weak;
            await audit.WriteAsync("password.set", personId, [], CancellationToken.None);
            user = new AccessUser { Id = personId, UserName = personId.ToString("N"), LockoutEnabled = true };
            return Refusal(await users.CreateAsync(user, password));
        }

        if (await CheckNewAsync(password) is { } refused) return refused;
        await audit.WriteAsync("password.set", personId, [], CancellationToken.None); // what began goes to its end
        await users.RemovePasswordAsync(user);
        await users.SetLockoutEndDateAsync(user, null);
        return Refusal(await users.AddPasswordAsync(user, password));
    }

    /// <summary>Why this cannot be anybody's new password; null when it can.</summary>
    public async Task<Failure?> CheckNewAsync(string password)
    {
        if (password.Length > LongestPassword) return new InvalidFailure("password", $"A password has at most {LongestPassword} characters, and this one {password.Length}.");
        foreach (var validator in users.PasswordValidators)
        {
            if (Refusal(await validator.ValidateAsync(users, new AccessUser(), password)) is { } refused) return refused;
        }

        return null;
    }

    /// <summary>Changes the password of someone who knows the old one. Their other sessions end.</summary>
    public async Task<Failure?> ChangePasswordAsync(Guid personId, string current, string next)
    {
        var user = await users.FindByIdAsync(personId.ToString());
        if (user is null) return new InvalidFailure(null, "You have no password to change; ask an administrator to set one.");
        if (!await users.CheckPasswordAsync(user, current)) return new InvalidFailure("current", "That is not your current password.");
        if (await CheckNewAsync(next) is { } weak) return weak;
        await audit.WriteAsync("password.changed", personId, [], CancellationToken.None);
        return Refusal(await users.ChangePasswordAsync(user, current, next));
    }

    /// <summary>Whether the person has a password at all: those invited have none yet.</summary>
    public async Task<bool> HasPasswordAsync(Guid personId) => (await users.FindByIdAsync(personId.ToString()))?.PasswordHash is not null;

    /// <summary>Changes with every change of password or second factor.</summary>
    public async Task<string?> StampAsync(Guid personId) => (await users.FindByIdAsync(personId.ToString()))?.SecurityStamp;

    /// <summary>As long as the check of a password.</summary>
    private void TakeAsLong(string password) => users.PasswordHasher.HashPassword(new AccessUser(), password);

    private async Task<bool> HasSecondFactorAsync(Guid personId, CancellationToken cancel)
    {
        await using var db = await contexts.CreateDbContextAsync(cancel);
        return await db.Authenticators.AnyAsync(a => a.PersonId == personId, cancel);
    }

    private static InvalidFailure? Refusal(IdentityResult result) => result.Succeeded
        ? null
        : new InvalidFailure("password", string.Join(' ', result.Errors.Select(e => e.Description)));
}

/// <summary>One sentence for all that can be wrong: with two, nine tries would tell whether an email exists.</summary>
internal abstract record SignInRefused() : Failure(
    "Email or password is wrong, or this sign-in is locked for ten minutes: eight wrong passwords lock it, for the right one too. Check both, or wait. If the password is lost, choose a new one by mail or ask an administrator.");

internal sealed record WrongPassword : SignInRefused;

internal sealed record SignInLocked : SignInRefused;

internal sealed record LockedOut() : Failure("Too many wrong passwords or codes: this sign-in is locked for ten minutes. Wait, or ask an administrator to set a new password.");

internal sealed record Deactivated() : Failure("This person is deactivated. Ask an administrator to activate them again.");
