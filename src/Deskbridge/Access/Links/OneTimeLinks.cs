using System.Security.Cryptography;
using System.Text;
using Deskbridge.Core.Audit;
using Deskbridge.Core.Common;
using Deskbridge.Core.Data;
using Deskbridge.Core.Directory;
using Microsoft.EntityFrameworkCore;

namespace Deskbridge.Access.Links;

/// <summary>Makes, finds, spends and revokes the links by which people choose a password.</summary>
internal sealed class OneTimeLinks(IDbContextFactory<AccessDb> contexts, HubStore store, Accounts accounts, AuditLog audit, RandomIds random, TimeProvider clock)
{
    /// <summary>Three days: an invitation sent on Friday still works on Monday.</summary>
    public static readonly TimeSpan InvitationLasts = TimeSpan.FromHours(72);

    public static readonly TimeSpan ResetLasts = TimeSpan.FromHours(2);

    /// <summary>A new link; the person's earlier ones stop working. The secret is told this once.</summary>
    public async Task<(OneTimeLink Row, string Secret)> MakeAsync(Guid personId, LinkPurpose purpose, CancellationToken cancel)
    {
        var now = clock.GetUtcNow();
        var secret = random.NewSecret();
        var row = new OneTimeLink
        {
            Id = random.NewId(),
            PersonId = personId,
            Purpose = purpose,
            Hash = Hash(secret),
            CreatedAt = now,
            ExpiresAt = now + (purpose == LinkPurpose.Invitation ? InvitationLasts : ResetLasts),
        };
        await audit.WriteAsync("link.made", personId, [("purpose", purpose.ToString()), ("link", row.Id.ToString()), ("expires", row.ExpiresAt.ToString("u", System.Globalization.CultureInfo.InvariantCulture))], cancel);
        await using var db = await contexts.CreateDbContextAsync(cancel);
        await using var transaction = await db.Database.BeginTransactionAsync(cancel);
        await db.Links.Where(l => l.PersonId == personId && l.UsedAt == null && l.RevokedAt == null)
            .ExecuteUpdateAsync(set => set.SetProperty(l => l.RevokedAt, now), cancel);
        db.Links.Add(row);
        await db.SaveChangesAsync(cancel);
        await transaction.CommitAsync(cancel);
        return (row, secret);
    }

    /// <summary>Whom an open link belongs to; null when it is unknown, spent, revoked or expired, or the person is deactivated.</summary>
    public async Task<(OneTimeLink Link, Person Person)?> FindAsync(string secret, CancellationToken cancel)
    {
        var hash = Hash(secret);
        await using var db = await contexts.CreateDbContextAsync(cancel);
        var row = await db.Links.AsNoTracking().SingleOrDefaultAsync(l => l.Hash == hash, cancel);
        if (row?.State(clock.GetUtcNow()) != LinkState.Open) return null;
        var person = await store.ReadAsync(hub => hub.People.SingleOrDefaultAsync(p => p.Id == row.PersonId && p.Active, cancel), cancel);
        return person is null ? null : (row, person);
    }

    /// <summary>Sets the password and spends the link; other sessions of the person end. A password that is refused leaves the link open.</summary>
    public async Task<Result<Person>> SpendAsync(string secret, string password, CancellationToken cancel)
    {
        if (await FindAsync(secret, cancel) is not var (link, person)) return new LinkDead();
        if (await accounts.CheckNewAsync(password) is { } weak) return weak;
        var now = clock.GetUtcNow();
        await using var db = await contexts.CreateDbContextAsync(cancel);
        var won = await db.Links.Where(l => l.Id == link.Id && l.UsedAt == null && l.RevokedAt == null && l.ExpiresAt > now)
            .ExecuteUpdateAsync(set => set.SetProperty(l => l.UsedAt, now), cancel);
        if (won == 0) return new LinkDead();
        Actor.Set(Actor.Current.As(person)); // the link is their proof
        await audit.WriteAsync("link.used", person.Id, [("link", link.Id.ToString())], CancellationToken.None);
        return await accounts.SetPasswordAsync(person.Id, password) is { } refused ? refused : person;
    }

    /// <summary>How many links the person was given since an instant.</summary>
    public async Task<int> CountAsync(Guid personId, DateTimeOffset since, CancellationToken cancel)
    {
        await using var db = await contexts.CreateDbContextAsync(cancel);
        return await db.Links.CountAsync(l => l.PersonId == personId && l.CreatedAt >= since, cancel);
    }

    /// <summary>The last invitation of each person, newest first.</summary>
    public async Task<IReadOnlyList<OneTimeLink>> InvitationsAsync(CancellationToken cancel)
    {
        await using var db = await contexts.CreateDbContextAsync(cancel);
        var rows = await db.Links.AsNoTracking().Where(l => l.Purpose == LinkPurpose.Invitation).OrderByDescending(l => l.CreatedAt).ThenBy(l => l.Id).ToListAsync(cancel);
        return [.. rows.DistinctBy(l => l.PersonId)];
    }

    public async Task<OneTimeLink?> GetAsync(Guid id, CancellationToken cancel)
    {
        await using var db = await contexts.CreateDbContextAsync(cancel);
        return await db.Links.AsNoTracking().SingleOrDefaultAsync(l => l.Id == id, cancel);
    }

    /// <summary>Takes an open link back; answers false when it is not open any more.</summary>
    public async Task<bool> RevokeAsync(Guid id, CancellationToken cancel)
    {
        var now = clock.GetUtcNow();
        await using var db = await contexts.CreateDbContextAsync(cancel);
        if (await db.Links.AsNoTracking().SingleOrDefaultAsync(l => l.Id == id && l.UsedAt == null && l.RevokedAt == null, cancel) is not { } open) return false;
        await audit.WriteAsync("link.revoked", open.PersonId, [("link", id.ToString())], cancel);
        return await db.Links.Where(l => l.Id == id && l.UsedAt == null && l.RevokedAt == null)
            .ExecuteUpdateAsync(set => set.SetProperty(l => l.RevokedAt, now), cancel) == 1;
    }

    /// <summary>Takes every open link of a person back.</summary>
    public async Task RevokeAllAsync(Guid personId, CancellationToken cancel)
    {
        List<Guid> open;
        await using (var db = await contexts.CreateDbContextAsync(cancel))
            open = await db.Links.Where(l => l.PersonId == personId && l.UsedAt == null && l.RevokedAt == null).Select(l => l.Id).ToListAsync(cancel);
        foreach (var id in open) await RevokeAsync(id, cancel);
    }

    private static string Hash(string secret) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(secret)));
}

internal sealed record LinkDead() : ConflictFailure(
    "This link does not work any more: it was used, replaced by a newer one, taken back, or it is too old. Ask for a new one on the sign-in page, or ask an administrator.");
