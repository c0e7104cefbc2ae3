using System.Security.Cryptography;
using System.Text;
using Deskbridge.Core.Audit;
using Deskbridge.Core.Common;
using Deskbridge.Core.Data;
using Deskbridge.Core.Directory;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;

namespace Deskbridge.Access.SecondFactor;

/// <summary>Second factors of people: set up, check, take away. Wrong codes count towards the same lockout as wrong passwords.</summary>
internal sealed class SecondFactors(
    IDbContextFactory<AccessDb> contexts, UserManager<AccessUser> users, HubStore store, AuditLog audit, ISecretProtector protector, RandomIds random,
    AttemptTurns turns, TimeProvider clock)
{
    private const int SecretLength = 20;
    private const int RecoveryCodes = 10;
    private const int RecoveryLength = 15;

    /// <summary>How a person stands.</summary>
    public async Task<SecondFactorState> StateAsync(Person person, CancellationToken cancel)
    {
        await using var db = await contexts.CreateDbContextAsync(cancel);
        var since = await db.Authenticators.Where(a => a.PersonId == person.Id).Select(a => (DateTimeOffset?)a.Since).SingleOrDefaultAsync(cancel);
        return new SecondFactorState(since, await db.RecoveryCodes.CountAsync(c => c.PersonId == person.Id, cancel), await IsRequiredAsync(person, cancel));
    }

    /// <summary>Whether the person's role has to use one; the setting names the lowest such role.</summary>
    public Task<bool> IsRequiredAsync(Person person, CancellationToken cancel) => store.ReadAsync(db => IsRequiredAsync(db, person, cancel), cancel);

    /// <inheritdoc cref="IsRequiredAsync(Person, CancellationToken)"/>
    public static async Task<bool> IsRequiredAsync(HubDb db, Person person, CancellationToken cancel)
    {
        var from = await db.Settings.Where(s => s.Key == SettingKeys.SecondFactorFrom).Select(s => s.Value).SingleOrDefaultAsync(cancel);
        return Enum.TryParse<PersonRole>(from, out var least) && person.Role >= least;
    }

    public async Task<bool> HasAsync(Guid personId, CancellationToken cancel)
    {
        await using var db = await contexts.CreateDbContextAsync(cancel);
        return await db.Authenticators.AnyAsync(a => a.PersonId == personId, cancel);
    }

    /// <summary>Proposes a secret. Nothing is stored: the sealed form travels in the page until a code proves that the app has it.</summary>
    public ProposedSecret Propose(Person person) => Describe(person, random.NewBytes(SecretLength));

    /// <summary>The same proposal again, for a page that is redrawn; null when it is not this person's.</summary>
    public ProposedSecret? Read(Person person, string? sealedSecret) => Open(person.Id, sealedSecret) is { } secret ? Describe(person, secret) : null;

    /// <summary>Takes the app into use when the code is right. The person's other sessions end. Answers recovery codes, which are shown this once.</summary>
    public async Task<Result<string[]>> ConfirmAsync(Person person, string? sealedSecret, string code, CancellationToken cancel)
    {
        if (Open(person.Id, sealedSecret) is not { } secret) return new InvalidFailure(null, "This page is out of date. Begin again: a new code is shown.");
        var now = clock.GetUtcNow();
        if (Totp.Match(secret, code, now, lastStep: 0) is not { } step)
            return new InvalidFailure("code", "That is not the code of the app. Enter the six digits it shows now; if they never fit, set the phone's clock to automatic.");
        await audit.WriteAsync("second-factor.set-up", person.Id, [], cancel);
        await using var db = await contexts.CreateDbContextAsync(cancel);
        await using var transaction = await db.Database.BeginTransactionAsync(cancel);
        await db.Authenticators.Where(a => a.PersonId == person.Id).ExecuteDeleteAsync(cancel);
        db.Authenticators.Add(new Authenticator { PersonId = person.Id, Secret = protector.Protect(Convert.ToBase64String(secret)), LastStep = step, Since = now });
        var codes = await ReplaceCodesAsync(db, person.Id, cancel);
        await db.SaveChangesAsync(cancel);
        await transaction.CommitAsync(cancel);
        await EndSessionsAsync(person.Id);
        return codes;
    }

    /// <summary>Takes a code of the app, or a recovery code. Each works once.</summary>
    public async Task<Failure?> CheckAsync(Guid personId, string code, CancellationToken cancel)
    {
        using var turn = await turns.EnterAsync(personId.ToString(), cancel);
        var user = await users.FindByIdAsync(personId.ToString());
        if (user is null) return new WrongCode();
        if (await users.IsLockedOutAsync(user)) return new LockedOut();
        await using var db = await contexts.CreateDbContextAsync(cancel);
        var byApp = await TakeStepAsync(db, personId, code, cancel);
        if (byApp || await TakeRecoveryAsync(db, personId, code, cancel))
        {
            if (!byApp) await audit.WriteAsync("second-factor.recovery-code-used", personId, [], cancel);
            await users.ResetAccessFailedCountAsync(user);
            return null;
        }

        await users.AccessFailedAsync(user);
        await audit.WriteAsync("second-factor.refused", personId, [], cancel);
        return await users.IsLockedOutAsync(user) ? new LockedOut() : new WrongCode();
    }

    /// <summary>New recovery codes in place of the old ones; null when the person has no second factor.</summary>
    public async Task<string[]?> NewRecoveryCodesAsync(Guid personId, CancellationToken cancel)
    {
        await using var db = await contexts.CreateDbContextAsync(cancel);
        if (!await db.Authenticators.AnyAsync(a => a.PersonId == personId, cancel)) return null;
        await audit.WriteAsync("second-factor.new-recovery-codes", personId, [], cancel);
        await using var transaction = await db.Database.BeginTransactionAsync(cancel);
        var codes = await ReplaceCodesAsync(db, personId, cancel);
        await db.SaveChangesAsync(cancel);
        await transaction.CommitAsync(cancel);
        return codes;
    }

    /// <summary>Takes the second factor away and ends the person's sessions; answers false when there is none.</summary>
    public async Task<bool> RemoveAsync(Guid personId, CancellationToken cancel)
    {
        if (!await HasAsync(personId, cancel)) return false;
        await audit.WriteAsync("second-factor.removed", personId, [], cancel);
        await using var db = await contexts.CreateDbContextAsync(cancel);
        await using var transaction = await db.Database.BeginTransactionAsync(cancel);
        var removed = await db.Authenticators.Where(a => a.PersonId == personId).ExecuteDeleteAsync(cancel) > 0;
        await db.RecoveryCodes.Where(c => c.PersonId == personId).ExecuteDeleteAsync(cancel);
        await transaction.CommitAsync(cancel);
        if (removed) await EndSessionsAsync(personId);
        return removed;
    }

    private async Task EndSessionsAsync(Guid personId)
    {
        if (await users.FindByIdAsync(personId.ToString()) is { } user) await users.UpdateSecurityStampAsync(user);
    }

    /// <summary>One statement decides: of two requests with the same code, one finds the step already taken.</summary>
    private async Task<bool> TakeStepAsync(AccessDb db, Guid personId, string code, CancellationToken cancel)
    {
        if (await db.Authenticators.AsNoTracking().SingleOrDefaultAsync(a => a.PersonId == personId, cancel) is not { } row) return false;
        var secret = Convert.FromBase64String(protector.Unprotect(row.Secret));
        return Totp.Match(secret, code, clock.GetUtcNow(), row.LastStep) is { } step
            && await db.Authenticators.Where(a => a.PersonId == personId && a.LastStep < step)
                .ExecuteUpdateAsync(set => set.SetProperty(a => a.LastStep, step), cancel) == 1;
    }

    private static async Task<bool> TakeRecoveryAsync(AccessDb db, Guid personId, string code, CancellationToken cancel)
    {
        var hash = Hash(code);
        return await db.RecoveryCodes.Where(c => c.PersonId == personId && c.Hash == hash).ExecuteDeleteAsync(cancel) == 1;
    }

    private async Task<string[]> ReplaceCodesAsync(AccessDb db, Guid personId, CancellationToken cancel)
    {
        await db.RecoveryCodes.Where(c => c.PersonId == personId).ExecuteDeleteAsync(cancel);
        var codes = Enumerable.Range(0, RecoveryCodes).Select(_ => (random.NewMarker() + random.NewMarker())[..RecoveryLength]).ToList();
        db.RecoveryCodes.AddRange(codes.Select(code => new RecoveryCode { PersonId = personId, Hash = Hash(code) }));
        return [.. codes.Select(code => $"{code[..5]}-{code[5..10]}-{code[10..]}")];
    }

    private static string Hash(string code)
    {
        var plain = string.Concat(code.Where(char.IsAsciiLetterOrDigit)).ToLowerInvariant();
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.ASCII.GetBytes(plain)));
    }

    private ProposedSecret Describe(Person person, byte[] secret) => new(
        protector.Protect($"{person.Id:N} {Convert.ToBase64String(secret)}"), Totp.ToBase32(secret), Totp.Uri("Deskbridge", person.Email, secret));

    private byte[]? Open(Guid personId, string? sealedSecret)
    {
        try
        {
            var parts = protector.Unprotect(sealedSecret ?? "").Split(' ');
            return parts.Length == 2 && parts[0] == personId.ToString("N") ? Convert.FromBase64String(parts[1]) : null;
        }
        catch (InvalidOperationException)
        {
            return null; // not of this hub
        }
    }
}

/// <summary>How a person stands: <paramref name="Since"/> is null without a second factor.</summary>
internal sealed record SecondFactorState(DateTimeOffset? Since, int CodesLeft, bool Required);

/// <summary>A secret that an app may take.</summary>
/// <param name="Sealed">Comes back with the code.</param>
/// <param name="Key">For typing.</param>
/// <param name="Uri">For the QR code, and as a link on the phone itself.</param>
internal sealed record ProposedSecret(string Sealed, string Key, string Uri);

internal sealed record WrongCode() : InvalidFailure("code", "That code is wrong, or it was used before. Wait for the app's next code and enter it; each works once.");
